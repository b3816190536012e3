"""What checks find stands beside the text, when the page is loaded and after each save."""

import pytest
from django.urls import reverse

from publishing.tests.browser import sign_in
from publishing.tests.factories import make_article, make_author, make_user

URL = reverse("admin:articles_article_check")
SOURCE = "[Source](https://example.org/)\n"


def typed(**fields):
    return {"title": "A title", "summary": "What.", "body": SOURCE, "category": 1, "byline": [1]} | fields


def listed(html):
    """The rows of the list, as words."""
    return [" ".join(row.split("</li>")[0].split(">", 1)[1].split()) for row in html.split("<li")[1:]]


@pytest.mark.django_db
def test_the_form_is_checked_as_it_is_typed(client):
    client.force_login(make_user("editor"))

    assert "nothing found" in client.post(URL, typed()).content.decode()
    html = client.post(URL, typed(body=f"{SOURCE}\nTK\n\n```\nx\n```\n", summary="")).content.decode()
    assert "2 before publication, 1 to consider" in html
    assert [row.split("</a> ")[-1][:14] for row in listed(html)] == [
        "Write a summar",
        "Write what TK ",
        "Say the langua",
    ]
    assert client.post(URL, typed(body="a\x00b")).status_code == 400


@pytest.mark.django_db
def test_of_a_published_article_all_are_warnings_and_those_of_the_change_are_new(client):
    client.force_login(make_user("editor"))
    article = make_article(body=f"{SOURCE}\nTK\n", authors=[make_author()])
    sent = typed(key=article.pk, title=article.title, slug=article.slug, body=f"Before.\n\n{SOURCE}\nTK\n\n### Deep\n")

    rows = listed(client.post(URL, sent).content.decode())

    assert ["<b>new</b>" in row for row in rows] == [True, False]
    assert "Line 7" in rows[0]
    assert not any("stops" in row for row in rows)


@pytest.mark.django_db
def test_the_page_has_the_list_of_what_is_worked_on_without_a_script(client):
    client.force_login(make_user("editor"))
    article = make_article(body="TK", authors=[make_author()])
    html = client.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()

    assert "2 to consider" in html
    assert "Write what TK stands for" in html


@pytest.mark.django_db
def test_only_who_may_change_an_article_has_it_checked(client):
    article = make_article()
    for role, status in (("moderator", 403), ("author", 404)):
        client.force_login(make_user(role))
        assert client.post(URL, typed(key=article.pk)).status_code == status
    assert client.get(URL).status_code in (404, 405)


@pytest.mark.django_db
def test_a_text_of_the_greatest_length_is_checked(client):
    client.force_login(make_user("editor"))

    assert client.post(URL, typed(body="x\n" * 250_000)).status_code == 200
    assert client.post(URL, typed(body="x" * 500_001)).status_code == 400


def test_a_click_puts_the_caret_at_the_line_and_a_save_updates_the_list(page, site):
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Security Policy" in message.text else None)
    sign_in(page, "editor")
    page.goto("/admin/articles/article/add/", wait_until="networkidle")
    page.get_by_label("Title", exact=True).fill("Checks of a new article")
    body = page.locator("#id_body")
    body.fill("One.\n\n" * 60 + "TK here.\n")
    body.press("Control+s")

    checks = page.get_by_role("region", name="Checks")
    checks.get_by_text("Choose a category.").wait_for()
    # The byline is that of the editor.
    assert checks.get_by_role("link", name="Authors").count() == 0
    checks.get_by_role("link", name="Line 121").click()
    selected = body.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)")
    scrolled = page.evaluate("window.scrollY")
    page.keyboard.type("Done.")
    body.press("Control+s")
    checks.get_by_text("Write what TK").wait_for(state="detached")

    assert (selected, scrolled > 0) == ("TK here.", True)
    assert body.input_value().endswith("One.\n\nDone.\n")
    assert faults == []
