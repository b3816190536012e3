"""A page to link to is found by its title on the writing screen."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from publishing.tests.browser import sign_in
from publishing.tests.factories import make_article, make_author, make_user
from publishing.text.markdown import render_article
from quizzes.tests.factories import make_quiz

URL = reverse("admin:articles_article_links")


def found(client, **query):
    answer = client.get(URL, query)
    assert answer.status_code == 200, answer.content
    return [(page["kind"], page["title"], page["address"], page["state"]) for page in answer.json()["pages"]]


@pytest.mark.django_db
def test_an_editor_finds_articles_and_quizzes_by_the_words_of_their_titles(client):
    client.force_login(make_user("editor"))
    make_article(title="Caching is a conversation", slug="caching")
    make_article(title="Other", slug="other", body="All about caching.", summary="Caching.")
    make_article(title="More on caching", slug="draft", status="draft", published_at=None)
    make_article(title="Caching later", slug="later", published_at=timezone.now() + timedelta(days=1))
    make_article(title="Caching then", slug="then").archive(by=None)
    make_quiz(title="A quiz about caching", slug="quiz")
    make_quiz(title="Caching, unfinished", slug="unfinished", published=False)

    assert set(found(client, q="cach")) == {
        ("Article", "Caching is a conversation", "/articles/caching/", ""),
        ("Article", "More on caching", "/articles/draft/", "draft"),
        ("Article", "Caching later", "/articles/later/", "scheduled"),
        ("Quiz", "A quiz about caching", "/quizzes/quiz/", ""),
        ("Quiz", "Caching, unfinished", "/quizzes/unfinished/", "draft"),
    }
    assert found(client, q="conversation caching")[0][2] == "/articles/caching/"
    assert found(client, q="caching nowhere") == []
    assert ("Article", "Other", "/articles/other/", "") in found(client)


@pytest.mark.django_db
def test_an_author_finds_what_is_published_and_their_own_drafts(client):
    user = make_user("author")
    client.force_login(user)
    make_article(title="Loom, published")
    own = make_article(title="Loom, own", status="draft", published_at=None, authors=[make_author(user=user)])
    make_article(title="Loom, of another", status="draft", published_at=None, authors=[make_author("Someone")])
    make_quiz(title="Loom, unfinished", published=False)
    make_quiz(title="Loom, own quiz", published=False, articles=[own])

    for query in ("loom", ""):
        titles = {title for _, title, *_ in found(client, q=query)}
        assert "Loom, published" in titles
        assert not titles & {"Loom, of another", "Loom, unfinished"}
    assert {"Loom, own", "Loom, own quiz"} < {title for _, title, *_ in found(client, q="loom")}


@pytest.mark.django_db
def test_five_queries_find_the_pages(client, count_queries):
    for role in ("editor", "author"):
        client.force_login(make_user(role))
        for _ in range(12):
            make_article(title="Loom")
            make_quiz(title="Loom")
        # What every page of the admin caches.
        client.get(URL, {"q": "other"})
        with count_queries() as queries:
            assert len(found(client, q="loom")) == 20
        account = ("django_session", "auth_user", "auth_permission")
        assert len([query for query in queries if not any(name in query for name in account)]) <= 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ['"', "title:x", "a OR b", "NEAR(a b)", "-x", "*", "x' & !y:*", "%_", "\u202e\u05d0", "(", "😀"]
)
def test_whatever_is_typed_is_no_syntax(client, query):
    client.force_login(make_user("editor"))
    make_article(title="A plain title")

    assert found(client, q=query) == []


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["x" * 10_000, "a\x00b"])
def test_a_query_that_is_none_is_refused(client, query):
    client.force_login(make_user("editor"))

    assert client.get(URL, {"q": query}).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    "title",
    [
        "A [bracket", "a ] b", "[x](y)", "f(x) and (y", "`code` *star* __init__ ~~gone~~", "a\\", "<b>bold</b> & &amp;",
        "AT&T <3", "\u05d0\u05d1 (latin) \u05d2", "![x]", "C# | x",
    ],
)  # fmt: skip
def test_the_link_shows_the_title_as_it_is(client, title):
    client.force_login(make_user("editor"))
    article = make_article(title=title)

    page = next(page for page in client.get(URL).json()["pages"] if page["title"] == title)
    rendered = render_article(f"See [{page['text']}]({page['address']}).")
    assert rendered.text == f"See {title}."
    assert f'<a href="{article.get_absolute_url()}">' in rendered.html


def test_two_brackets_open_the_picker_and_undo_takes_the_link_back(page, site):
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Security Policy" in message.text else None)
    sign_in(page, "editor")
    page.goto("/admin/articles/article/add/", wait_until="networkidle")
    body, picker = page.locator("#id_body"), page.get_by_role("dialog", name="Link to a page")
    body.press_sequentially("See [[")
    picker.get_by_role("combobox", name="Words of its title").press_sequentially("promises")
    page.keyboard.press("Enter")
    picker.wait_for(state="hidden")
    assert body.input_value().startswith("See [")
    assert body.input_value().endswith("/)")
    page.keyboard.press("Control+Z")
    assert body.input_value() == "See [["

    # What is selected becomes the text of the link.
    body.fill("What a [cookie")
    body.press("Control+A")
    page.keyboard.press("Control+Shift+K")
    picker.get_by_role("combobox").fill("cookie")
    page.get_by_role("option", name="What a cookie promises").click()
    assert body.input_value() == "[What a \\[cookie](/articles/what-a-cookie-promises/)"

    # In code they are two brackets, and Escape leaves them.
    body.fill("```sh\nif ")
    body.press_sequentially("[[ -f x ]]\n```\n[[")
    page.keyboard.press("Escape")
    page.keyboard.type("x")
    assert body.input_value() == "```sh\nif [[ -f x ]]\n```\n[[x"
    assert faults == []
