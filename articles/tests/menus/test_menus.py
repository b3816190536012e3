"""The menus in the head and at the foot of every page: what the site chooses, and what editors choose."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import MenuEntry, Page
from publishing.tests.factories import make_article, make_category, make_user
from quizzes.tests.factories import make_quiz

pytestmark = pytest.mark.django_db
HEADER, FOOTER = (reverse("admin:articles_menu_change", args=[place]) for place in ("header", "footer"))


@pytest.fixture
def editor():
    client = Client()
    client.force_login(make_user("editor"))
    return client


def entries(html, label="Sections"):
    """The words and addresses of the entries of a menu."""
    part = html.partition(f'<nav aria-label="{label}">')[2].partition("</ul>")[0]
    return re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', part)


def words(client, label="Sections", path="/search/"):
    return [name for _, name in entries(client.get(path).content.decode(), label)]


def rows(*leading):
    """The form of a menu with these (address, words)."""
    sent = {"entries-TOTAL_FORMS": len(leading), "entries-INITIAL_FORMS": 0}
    for number, (address, name) in enumerate(leading):
        row = {"position": number + 1, "leads_to": address, "words": name}
        sent |= {f"entries-{number}-{field}": value for field, value in row.items()}
    return sent


def make_page(slug="about", title="About us"):
    page = Page.objects.create(title=title, slug=slug)
    page.publish(by=None)
    return page


def test_without_a_menu_the_head_has_sections_with_articles_and_the_quizzes(client):
    make_category("Empty")
    make_article(category=make_category("Practice"), status="draft")
    make_article()

    assert words(client) == ["Opinion", "Quizzes"]


def test_a_section_comes_with_its_first_article_and_goes_with_its_last_one(client):
    assert words(client) == ["Quizzes"]
    article = make_article()
    assert words(client) == ["Opinion", "Quizzes"]
    article.category = make_category("Practice")
    article.save()
    assert words(client) == ["Practice", "Quizzes"]
    article.archive(by=None)
    assert words(client) == ["Quizzes"]


def test_a_section_comes_with_a_scheduled_article_when_that_appears(client):
    make_article(published_at=timezone.now() + timedelta(seconds=90))
    before = client.get("/search/")

    assert [name for _, name in entries(before.content.decode())] == ["Quizzes"]
    assert re.search(r"s-maxage=(8\d|90)\b", before.headers["Cache-Control"]), "it is not cached for longer"
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        assert words(client) == ["Opinion", "Quizzes"]


def test_without_a_menu_the_foot_has_the_published_pages(client):
    make_page()
    Page.objects.create(title="Draft", slug="draft")

    assert words(client, "A publication") == [
        "About us", "Authors", "Tags", "Series", "Archive", "Corrections",
    ]  # fmt: skip


def test_an_editor_makes_a_menu_of_sections_pages_quizzes_and_addresses(client, editor):
    make_article()
    make_page()
    quiz = make_quiz(title="Routing")
    chosen = [
        ("/quizzes/", "Test yourself"),
        ("/about/", ""),
        ("/categories/opinion/", ""),
        (quiz.get_absolute_url(), "A quiz"),
        ("https://example.org/shop", "Shop"),
    ]

    assert editor.post(HEADER, rows(*chosen)).status_code == 302

    assert entries(client.get("/search/").content.decode()) == [
        ("/quizzes/", "Test yourself"),
        ("/about/", "About us"),
        ("/categories/opinion/", "Opinion"),
        (quiz.get_absolute_url(), "A quiz"),
        ("https://example.org/shop", "Shop"),
    ]
    assert "/categories/opinion/" in editor.get(HEADER).content.decode()


def test_entries_follow_their_pages_and_are_left_out_while_those_are_hidden(client, editor):
    page, quiz = make_page(), make_quiz(title="Routing")
    editor.post(FOOTER, rows(("/about/", ""), (quiz.get_absolute_url(), "")))

    page.slug, page.title = "us", "Us"
    page.save()
    quiz.archive(by=None)

    html = client.get("/search/").content.decode()
    assert entries(html, "A publication") == [("/us/", "Us")]
    quiz.publish(by=None)
    assert words(client, "A publication") == ["Us", "Routing"]
    page.delete()
    assert words(client, "A publication") == ["Routing"]


def test_the_seventh_entry_is_in_the_folded_menu_alone(client, editor):
    editor.post(HEADER, rows(*((f"https://example.org/{n}", f"Number {n}") for n in range(8))))

    html = client.get("/search/").content.decode()
    seen, folded = html.partition('<ul class="sections">')[2].split("<details", 1)
    assert "Number 5" in seen
    assert "Number 6" not in seen
    assert "Number 7" in folded.partition("</details>")[0]


def test_forty_sections_fill_neither_head_nor_foot(client):
    for number in range(40):
        make_article(category=make_category(f"Section{number:02}"))

    html = client.get("/search/").content.decode()
    seen = html.partition('<ul class="sections">')[2].partition("</ul>")[0]
    foot = [name for _, name in entries(html, "All sections")]
    assert seen.count("<a ") == 6
    assert len(foot) == 12
    assert foot[-1] == "All sections"


@pytest.mark.parametrize(
    ("address", "name", "sentence"),
    [
        ("javascript:alert(1)", "Go", "Begin with https://"),
        ("data:text/html,x", "Go", "Begin with https://"),
        ("//evil.example/", "Go", "Begin with https://"),
        ("/no/such/page/", "Go", "There is no page at /no/such/page/ on this site."),
        ("/articles/none/", "Go", "There is no page at /articles/none/ on this site."),
        ("/admin/", "Go", "Readers cannot open this page."),
        ("https://", "Go", "This is not a complete address"),
        ("mailto:nobody", "Go", "This is not a complete address"),
        ("/archive/", "", "Say what the entry is called"),
        ("", "Go", "Say where the entry leads"),
        ("/archive/", "x" * 61, "at most 60 characters"),
        ("/" + "x" * 500, "Go", "at most 400 characters"),
    ],
)
def test_an_entry_that_cannot_be_is_refused_with_a_sentence(editor, address, name, sentence):
    answer = editor.post(HEADER, rows((address, name)))

    assert sentence in answer.content.decode()
    assert not MenuEntry.objects.exists()


def test_a_menu_has_no_entry_twice_and_not_too_many(editor):
    twice = editor.post(HEADER, rows(("/archive/", "A"), ("/archive/", "B"))).content.decode()
    many = editor.post(HEADER, rows(*((f"https://example.org/{n}", "x") for n in range(25)))).content.decode()

    assert "This is in the menu already." in twice
    assert "A menu has at most 24 entries." in many
    assert not MenuEntry.objects.exists()


def test_menus_cost_a_page_no_query(client, editor, count_queries):
    make_page()
    editor.post(HEADER, rows(("/about/", "")))
    client.get("/corrections/")

    with count_queries() as queries:
        client.get("/corrections/")
    assert [query for query in queries if "menu" in query or "articles_page" in query] == []
