"""The demo publication in a new database, and what readers and moderators do there through Django's test client.

The client calls Django directly, so no page store answers. It finds pages by the names of their URLs, and fills in
the forms that they show, so it does not depend on where the code is.
"""

import os
import sys
from collections.abc import Callable
from functools import partial
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ARTICLE = "sqlite-is-the-database-you-already-run"
QUIZ = "routing-and-requests"


def prepare(directory: str) -> None:
    """Start Django with an empty SQLite database in `directory`."""
    (Path(directory) / "static").mkdir()
    os.environ.update(
        VAR_DIR=directory, SECRET_KEY="x" * 50, DEBUG="False", DJANGO_SETTINGS_MODULE="publishing.settings",
        LOG_LEVEL="ERROR", SITE_URL="http://testserver", ALLOWED_HOSTS="testserver", REDIS_URL="",
    )  # fmt: skip
    os.environ.pop("DATABASE_URL", None)
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    call_command("migrate", verbosity=0, skip_checks=True)


class Forms(HTMLParser):
    """The forms of a page: `of(page, name)` is the first one that has a control of that name, filled in."""

    def __init__(self):
        super().__init__()
        self.forms, self.select, self.names = [], "", []

    @classmethod
    def of(cls, response, name: str) -> dict[str, str]:
        parser = cls()
        parser.feed(response.content.decode())
        return next(fields for fields, names in zip(parser.forms, parser.names, strict=True) if name in names)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        name, value, kind = found.get("name") or "", found.get("value") or "", found.get("type", "text")
        if tag == "form":
            self.forms.append({})
            self.names.append(set())
        elif tag == "option" and self.select and value:
            self.forms[-1].setdefault(self.select, value)
        elif self.forms and name:
            self.names[-1].add(name)
            self.select = name if tag == "select" else ""
            if tag == "input" and kind in ("hidden", "radio", "checkbox", "text"):
                self.forms[-1].setdefault(name, value or ("1" if kind == "text" else ""))


def send(client, address, fields):
    response = client.post(address, fields)
    assert response.status_code in (302, 303), (address, response.status_code)


def get(client, address):
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return response


def discussed() -> str:
    """The address of an article with twenty comments, which it gets here."""
    from django.utils import timezone

    from articles.models import Article
    from comments.tests.factories import import_comment

    found = Article.objects.published().filter(comments=None).newest_first()[0]
    for minute in range(20):
        import_comment(found, f"Reader {minute}", "Does it hold for two?\n\nNot here.", timezone.now())
    return found.get_absolute_url()


def steps() -> dict[str, Callable[[], Callable[[], None]]]:
    """What people do, by name. Each value prepares one request, as often as it is called, and returns what sends it."""
    from django.apps import apps
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse

    call_command("load_demo")
    call_command("maintenance", "off", stdout=StringIO())
    moderator = Client(headers={"sec-fetch-site": "same-origin"})
    moderator.force_login(get_user_model().objects.get(username="owner"))
    category = apps.get_model("articles.Category").objects.first()
    article, quiz = reverse("articles:detail", args=[ARTICLE]), reverse("quizzes:paper", args=[QUIZ])
    number = 0

    def reader():
        """A new reader in another network, so that no limit applies."""
        nonlocal number
        number += 1
        return Client(headers={"sec-fetch-site": "same-origin"}, REMOTE_ADDR=f"10.0.{number}.1")

    def reading(address):
        return lambda: partial(get, reader(), address)

    def comment():
        client = reader()
        said = {"name": "Ann", "body": f"What is line {number} for?", "homepage": ""}
        fields = Forms.of(get(client, article), "body") | said
        return partial(send, client, reverse("comments:thread", args=[ARTICLE]), fields)

    def approval():
        comment()()
        card = reverse(
            "admin:comments_comment_change", args=[apps.get_model("comments.Comment").objects.latest("pk").pk]
        )
        fields = Forms.of(get(moderator, card), "_approve") | {"_approve": "1"}
        return partial(send, moderator, card, fields)

    def submit():
        client = reader()
        fields = Forms.of(get(client, quiz), "ticket") | {"key": f"{number:032x}"}
        return partial(send, client, quiz, fields)

    return {
        "article page": reading(article),
        "with 20 comments": reading(discussed()),
        "home page": reading(reverse("articles:home")),
        "category page": reading(category.get_absolute_url()),
        "quiz paper": reading(quiz),
        "quiz submitted": submit,
        "comment posted": comment,
        "comment approved": approval,
    }
