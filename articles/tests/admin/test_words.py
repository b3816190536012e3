"""The admin of articles has no word that is not in the catalogue: each is shown with marks around it here."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import trans_real

from articles.bulk import running
from articles.models import Author, Category, Tag, Version
from articles.trash import moving
from articles.versions import clock, saving
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
SPOKEN = ("alt", "title", "placeholder", "aria-label")
# Keys of a keyboard, names of languages in themselves, what is written like that in Markdown and in addresses.
SILENT_TAGS = ("script", "style", "kbd", "code", "datalist")
AS_THEY_ARE = re.compile(r"\(Ctrl[+\w]*\)|Markdown|Ctrl|/about/ or https://…|A publication|^Search$")
FORMAT = re.compile(r"[DljMFYHisT .,:]+")


class _Shown(HTMLParser):
    """The words of the content of a page. Without forms that other apps add to one of ours."""

    def __init__(self, html: str):
        super().__init__()
        self.words, self.silent = [], []
        self.feed(html[html.index('id="content"') - 5 :])

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        is_silent = tag in SILENT_TAGS or "inline-group" in (attributes.get("class") or "")
        if is_silent or (self.silent and tag == self.silent[-1]):
            self.silent.append(tag)
        if not self.silent:
            is_button = tag == "input" and attributes.get("type") == "submit"
            self.words += [attributes.get(name) or "" for name in (*SPOKEN, *(["value"] if is_button else []))]

    def handle_endtag(self, tag):
        if self.silent and tag == self.silent[-1]:
            self.silent.pop()

    def handle_data(self, data):
        if not self.silent:
            self.words.append(data)


@pytest.fixture
def marked(fresh_words, settings, monkeypatch):
    """The desk in a language in which each message is in marks."""
    settings.DESK_LANGUAGE = "de"
    german = trans_real.translation("de")

    def mark(text):
        # Behind the context of `pgettext`.
        return text if FORMAT.fullmatch(text) else f"⟦{text.rpartition(trans_real.CONTEXT_SEPARATOR)[2]}⟧"

    monkeypatch.setattr(german, "gettext", mark)
    monkeypatch.setattr(german, "ngettext", lambda one, many, number: f"⟦{one if number == 1 else many}⟧")


@pytest.fixture
def owner(client):
    user = make_user("superuser")
    user.username = "7"
    user.save()
    client.force_login(user)
    return user


def unmarked(html: str) -> set[str]:
    """What is in no mark, and has a word in small letters: rows have capitals and numbers."""
    # Tags inside of a sentence are between its marks.
    whole = "\x00".join(_Shown(html).words)
    while re.search(r"⟦[^⟦⟧]*⟧", whole):
        whole = re.sub(r"⟦[^⟦⟧]*⟧", "", whole)
    found = (AS_THEY_ARE.sub("", words).strip() for words in whole.split("\x00"))
    return {words for words in found if re.search(r"[^\W\d_A-Z]{2}", words)}


def url(name: str, *arguments) -> str:
    return reverse(f"admin:{name}", args=arguments)


def test_every_page_of_the_admin_of_articles_is_of_the_catalogue(client, owner, marked):
    category = Category.objects.create(name="NEWS", slug="1")
    rows = {
        "authors": [Author.objects.create(name="ANN", slug="4")],
        "category": category,
        "summary": "IN SHORT.",
        "body": "TEXT.",
    }
    article = make_article(title="TITLE", slug="2", **rows)
    lying = make_article(title="GONE", slug="3", **rows)
    moving.trash(lying, by=owner)
    tags = [Tag.objects.create(name=name, slug=str(place)) for place, name in enumerate(("ONE", "TWO"))]
    keys = "&".join(f"key={tag.pk}" for tag in tags)
    bulk = running.ask("archive", [article.pk], by=owner)
    of_one = ("change", "delete", "history", "versions")
    pages = [
        *(url(f"articles_{model}_changelist") for model in ("article", "category", "tag", "author", "series", "page")),
        *(url(f"articles_{model}_changelist") for model in ("image", "linkcard", "correction", "menu")),
        *(url(f"articles_{model}_add") for model in ("category", "tag", "author", "series", "image", "frontpage")),
        *(url(f"articles_article_{name}", article.pk) for name in of_one),
        *(url(f"articles_category_{name}", category.pk) for name in of_one[:2]),
        url("articles_article_changelist") + "?whose=mine&q=ZZZ",
        url("articles_article_trash"),
        url("articles_article_bulk", bulk.pk),
        url("articles_tag_merge") + f"?{keys}",
        url("articles_menu_change", "header"),
        *(url(name) for name in ("auth_user_changelist", "auth_user_add", "auth_user_mails")),
        url("auth_user_colleague", owner.pk),
        reverse("staff:forgotten"),
    ]

    found = {page: unmarked(client.get(page).content.decode()) for page in pages}

    assert {page: words for page, words in found.items() if words} == {}


def test_what_is_said_after_each_step_is_of_the_catalogue(client, owner, marked):
    rows = {
        "authors": [Author.objects.create(name="ANN", slug="4")],
        "category": Category.objects.create(name="NEWS", slug="1"),
    }
    article = make_article(title="TITLE", slug="2", status="draft", published_at=None, body="## A\n\n#### B", **rows)
    form = url("articles_article_change", article.pk)
    when = {"at_0": "2099-01-01", "at_1": "10:00"}
    base = {"title": "TITLE", "slug": "2", "category": article.category_id, "byline": Author.objects.get().pk}
    steps = [("publish", {}), ("save", {}), ("review", {"note": "N"}), ("send_back", {"note": "N"})]
    steps += [("schedule", when), ("unpublish", {}), ("publish", {"override": "R"}), ("archive_later", when)]
    steps += [("publish", {"body": "C", "change_kind": "correction"}), ("keep", {}), ("copy", {}), ("archive", {})]

    found = {}
    for step, more in steps:
        sent = base | {"step": step, "token": saving.shown(article).digest, "body": article.body} | more
        found[step, *more] = unmarked(client.post(form, sent, follow=True).content.decode())
    for name in ("history", "versions"):
        found[name] = unmarked(client.get(url(f"articles_article_{name}", article.pk)).content.decode())

    assert {step: words for step, words in found.items() if words} == {}


def test_the_preview_of_a_text_is_in_the_language_of_readers(client, owner, marked):
    answer = client.post(url("articles_article_render"), {"body": "Text.[^1]\n\n:::details\nMore.\n:::\n\n[^1]: N."})

    assert "Details" in answer.json()["html"] and "⟦" not in answer.json()["html"]


def test_what_the_clock_does_is_written_down_in_the_language_of_the_desk(owner, marked):
    article = make_article()
    saving.save_working(saving.current(saving.locked(article.pk)), saving.current(article).fields | {"title": "NEW"},
                        by=owner, token=saving.current(article).digest)  # fmt: skip
    clock.schedule_changes(article, by=owner, at=timezone.now() + timedelta(hours=1))
    Version.objects.scheduled().update(goes_live_at=timezone.now())

    clock.make_changes()

    assert LogEntry.objects.latest("pk").change_message == "⟦⟦Published changes by the clock⟧. Changed: ⟦title⟧⟧"


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("articles_article_add", ["title", "summary", "body", "cover_letters", "seo_title", "note", "byline_typed"]),
        ("articles_page_add", ["title", "summary", "body"]),
        ("articles_image_add", ["alt", "caption", "credit"]),
        ("articles_author_add", ["name", "biography"]),
    ],
)
def test_what_is_written_is_typed_in_the_direction_of_its_letters(client, owner, page, fields):
    html = client.get(url(page)).content.decode()

    for name in fields:
        assert re.search(rf'<(?:input|textarea)[^>]*\bname="{name}"[^>]*>', html)[0].count('dir="auto"') == 1
