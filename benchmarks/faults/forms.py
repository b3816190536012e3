"""Every form that readers send, filled in, with the text that a refusal has to return."""

import json
import re
import secrets
import sqlite3
from contextlib import closing
from typing import NamedTuple
from urllib.parse import urlsplit

import psycopg

from .site import ARTICLE, COMMENTS, Answer, ask, form_of

QUIZ = "/quizzes/read-the-traceback/"
TYPED = "Typed with care, & kept."
MAIL = """
import json
from django.core import signing
from comments.models import Comment, EmailAddress
from comments.models.people import CONFIRM_SALT, STOP_SALT
seen = Comment.objects.visible().filter(article__slug="{slug}").first()
one = EmailAddress.objects.create(reader="{reader}", email="one{reader}@example.org")
confirm, stop = signing.dumps(one.pk, salt=CONFIRM_SALT), signing.dumps([one.pk, seen.pk], salt=STOP_SALT)
print(json.dumps([f"/comments/mail/confirm/{{confirm}}/", f"/comments/mail/stop/{{stop}}/", seen.pk]))
"""


class Form(NamedTuple):
    name: str
    path: str
    fields: dict
    keeps: str | None = None
    headers: dict = {}
    # What it answers when nothing is broken.
    answers: tuple = (200, 303)


def readers_forms(site) -> list[Form]:
    """Those of articles, comments and reports. Writes one comment and one address first."""
    written = ask(site, "POST", COMMENTS, comment("Before anything is broken."), network="192.0.2.200")
    cookie = {"Cookie": written.headers["set-cookie"].split(";")[0]}
    receipt = written.headers["location"].split("#")[0]
    command = MAIL.format(slug=ARTICLE.split("/")[2], reader=secrets.token_hex(16))
    confirm, stop, seen = json.loads(site.manage("shell", "--verbosity", "0", "--command", command))
    typed = {"name": "Ann Other", "body": TYPED}
    return [
        Form("comment", COMMENTS, comment(TYPED), "Typed with care, &amp; kept."),
        Form("edit of a comment", f"{receipt}edit/", typed, "Typed with care, &amp; kept.", cookie),
        Form("withdrawing it", f"{receipt}withdraw/", {"sure": "on"}, 'action="', cookie),
        Form("erasing it", f"{receipt}erase/", {"sure": "on"}, 'name="sure"', cookie),
        Form("erasing all of mine", "/comments/mine/erase/", {"sure": "on"}, 'name="sure"', cookie),
        Form("report", f"/comments/{seen}/report/", {"reason": "spam"}, 'name="reason"'),
        Form("heart", f"{ARTICLE}heart/", {}),
        Form("heart, by its script", f"{ARTICLE}heart/", {}, headers={"Sec-Fetch-Dest": "empty"}),
        Form("beacon of a view", f"{ARTICLE}view/", {}, headers={"Sec-Fetch-Dest": "empty"}, answers=(204,)),
        Form("confirming an address", confirm, {"sure": "on"}, 'action="'),
        Form("ending mails", stop, {"what": "everything"}, 'name="what"'),
    ]


def comment(body) -> dict:
    return {"name": "Ann Other", "body": body, "homepage": ""}


def quiz_forms(paper: Answer) -> list[Form]:
    """Those of a quiz, from its page: they go on without a database."""
    fields = {"ticket": form_of(paper)["ticket"], "confirm": "on", "key": secrets.token_hex(16)}
    for name, value in re.findall(r'type="radio" name="(q\d+)"\s+value="([0-9a-f]{16})"', paper.text):
        fields.setdefault(name, value)
    return [
        Form("start of a quiz", f"{QUIZ}start/", {"extension": "0"}, answers=(303,)),
        Form("progress of a quiz", f"{QUIZ}progress/", {"stage": "seen"}, answers=(204,)),
        Form("handing in a quiz", QUIZ, fields, " checked", answers=(303,)),
    ]


def send(site, form: Form) -> Answer:
    return ask(site, "POST", form.path, form.fields, **form.headers)


def counted(site, table="comments_comment") -> int:
    """How many rows there are, by the database itself."""
    address = site.environment["DATABASE_URL"]
    is_sqlite = address.startswith("sqlite:")
    connection = sqlite3.connect(urlsplit(address).path) if is_sqlite else psycopg.connect(address)
    with closing(connection):
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
