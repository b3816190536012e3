"""Cards of addresses that stand alone in a paragraph: fetched once in a task, shown from here, never from elsewhere."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from PIL import Image as Picture

from articles.models import Article, LinkCard, Version
from articles.models.cards.link_card import State, fetch_card
from articles.versions import saving
from publishing.outbound import client
from publishing.tests.factories import make_article, make_user
from publishing.tests.outbound.web import serve
from publishing.tests.pictures import picture
from publishing.tests.worker import run_worker, waiting_tasks

pytestmark = pytest.mark.django_db
HEAD = """<title>Plain</title><meta property="og:title" content="A report &lt;2026&gt;">
<meta property="og:description" content="What &quot;they&quot; found."><meta property="og:site_name" content="The Desk">
<meta property="og:image" content="cover.png">"""


@pytest.fixture
def elsewhere():
    with serve() as server:
        yield server


def shown(client, article):
    page = client.get(article.get_absolute_url()).content.decode()
    card = re.search(r'<div class="box bookmark">.*?</div>', page, re.DOTALL)
    return card and card[0].replace("\n", "")


def test_a_page_shows_a_link_until_the_worker_has_fetched_the_card(client, elsewhere, settings):
    url = elsewhere.page("/report", HEAD)
    elsewhere.page("/cover.png", picture(size=(1200, 600)), "image/png")
    article = make_article(body=f"Before.\n\n{url}\n\nAfter.")
    assert f'<p><a href="{url}">{url}</a></p>' in client.get(article.get_absolute_url()).content.decode()
    assert shown(client, article) is None

    run_worker()

    card = LinkCard.objects.get()
    image = f'<img src="/media/{card.picture}" alt="" width="480" height="240" loading="lazy" decoding="async">'
    assert shown(client, article) == (
        f'<div class="box bookmark"><p dir="auto"><a href="{url}">A report &lt;2026&gt;</a></p>'
        f'<p dir="auto">What "they" found.</p><p><small>The Desk</small></p>{image}</div>'
    )
    with default_storage.open(card.picture) as file, Picture.open(file) as stored:
        assert (stored.format, stored.size) == ("WEBP", (480, 240))
    article.refresh_from_db()
    assert article.word_count == 2, "the words of others are not read here"
    assert "A report <2026>" in article.text
    feed = client.get("/feed.json").json()["items"][0]["content_html"]
    assert f'<a href="{url}">A report &lt;2026&gt;</a>' in feed
    assert f'src="{settings.SITE_URL}/media/{card.picture}"' in feed


def test_a_page_is_fetched_once_however_many_articles_have_it(client, elsewhere):
    url = elsewhere.page("/report", HEAD)
    articles = [make_article(body=f"{url}\n\n<{url}>") for _ in range(3)]
    run_worker()
    articles[0].save()
    later = make_article(body=url)
    run_worker()

    assert [path for path, _ in elsewhere.requests] == ["/report", "/cover.png"]
    assert all(shown(client, article) for article in [*articles, later])


@pytest.mark.parametrize(
    "body",
    ["See {url}", "{url} and more", "[a]({url})", "`{url}`", "```\n{url}\n```", "- {url}", "> {url}",
     ":::note\n{url}\n:::", "- a\n\n  {url}", "Text[^1].\n\n[^1]: {url}", "# {url}", "{url}\n{url}", "    {url}"],
)  # fmt: skip
def test_only_an_address_alone_in_a_paragraph_of_the_text_is_asked_for(body, elsewhere):
    make_article(body=body.format(url=elsewhere.url))

    assert not LinkCard.objects.exists()


def test_an_address_of_this_site_has_no_card(settings):
    make_article(body=f"{settings.SITE_URL}/articles/first/")

    assert waiting_tasks() == []


def test_a_text_has_a_limited_number_of_cards():
    article = make_article(body="\n\n".join(f"https://example.org/{number}" for number in range(1000)))

    assert article.link_cards.count() == LinkCard.objects.count() == 30
    assert article.html.count("<a href=") == 1000


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ({"status": 404}, "404"),
        ({"body": "<p>nothing</p>"}, "no title"),
        ({"body": "<title>\u202e\u200b</title>"}, "no title"),
        ({"body": "<title>e" + "\u0301" * 30 + "</title>"}, "no title"),
        ({"body": HEAD, "kind": "application/pdf"}, "not text/html"),
        ({"status": 302, "Location": "http://169.254.169.254/"}, "public internet"),
    ],
)
def test_what_cannot_be_fetched_stays_a_link_and_says_why(client, elsewhere, page, reason):
    article = make_article(body=elsewhere.page("/", **page))
    run_worker()

    assert shown(client, article) is None
    assert f'<a href="{elsewhere.url}/">' in client.get(article.get_absolute_url()).content.decode()
    card = LinkCard.objects.get()
    assert card.state == State.FAILED
    assert reason in card.error


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "cover",
    [
        {"body": SVG, "kind": "image/svg+xml"},
        {"body": SVG, "kind": "image/png"},
        {"body": picture(size=(8000, 8000), mode="1"), "kind": "image/png"},
        {"body": picture(size=(1, 1)), "kind": "image/png"},
        {"body": picture()[:50], "kind": "image/png"},
        {"body": b"x" * 6_000_000, "kind": "image/png"},
        {"body": "", "status": 302, "Location": "http://[::ffff:127.0.0.1]/"},
    ],
    ids=["svg", "hidden svg", "bomb", "pixel", "cut", "large", "private"],
)
def test_a_picture_that_is_none_leaves_a_card_without_it(client, elsewhere, cover):
    article = make_article(body=elsewhere.page("/report", HEAD))
    elsewhere.page("/cover.png", **cover)
    run_worker()

    assert "<img" not in shown(client, article)
    assert LinkCard.objects.get().picture == ""


def test_hostile_texts_are_text_in_one_line_that_fits(client, elsewhere):
    text = '"><script>alert(1)</script>\u202e\x00 {{ x }} ' + "word " * 500
    quoted = text.replace("&", "&amp;").replace('"', "&quot;")
    url = elsewhere.page(
        "/", f'<meta property="og:title" content="{quoted}"><meta name="description" content="{quoted}">'
    )
    article = make_article(body=url)
    run_worker()

    card = LinkCard.objects.get()
    assert (len(card.title), len(card.description)) == (200, 300)
    assert card.title.startswith('"><script>alert(1)</script> {{ x }} word')
    assert "<script>alert" not in shown(client, article)
    assert "&lt;script&gt;alert(1)" in shown(client, article)


def test_fetching_again_replaces_card_and_picture_and_keeps_them_if_it_fails(client, elsewhere):
    article = make_article(body=elsewhere.page("/report", HEAD))
    elsewhere.page("/cover.png", picture(size=(200, 200)), "image/png")
    run_worker()
    first = LinkCard.objects.get()

    elsewhere.page("/report", HEAD.replace("2026", "2027"))
    first.fetch_again()
    run_worker()
    second = LinkCard.objects.get()
    assert "2027" in shown(client, article)
    assert second.picture != first.picture
    assert waiting_tasks() == ["delete_files"]

    elsewhere.page("/report", status=500)
    second.fetch_again()
    run_worker()
    assert "2027" in shown(client, article)
    assert LinkCard.objects.get().state == State.READY
    assert "500" in LinkCard.objects.get().error


def test_a_card_that_is_deleted_meanwhile_leaves_no_file(elsewhere):
    make_article(body=elsewhere.page("/report", HEAD))
    elsewhere.page("/cover.png", picture(size=(200, 200)), "image/png")
    card, files = LinkCard.objects.get(), set(default_storage.listdir("")[1])
    fetch = client.fetch

    def fetch_and_delete(url, **options):
        LinkCard.objects.all().delete()
        return fetch(url, **options)

    with patch.object(client, "fetch", fetch_and_delete):
        assert card.fetch() == "gone"
    assert set(default_storage.listdir("")[1]) == files
    assert fetch_card.func(card.pk) == "gone"


def test_an_article_that_is_saved_while_its_card_arrives_gets_it(elsewhere, django_capture_on_commit_callbacks):
    """The task that stores the card does not see the article, whose transaction is open."""
    url = elsewhere.page("/report", HEAD)
    card = LinkCard.objects.create(url=url)
    known = LinkCard.objects.known

    def known_and_stored(urls):
        found = known(urls)
        LinkCard.objects.filter(pk=card.pk).update(state=State.READY, title="Came meanwhile")
        return found

    with (
        django_capture_on_commit_callbacks(execute=True),
        patch("articles.models.article.LinkCard.objects.known", known_and_stored),
    ):
        article = make_article(body=url)

    article.refresh_from_db()
    assert "Came meanwhile" in article.html


def test_cards_are_deleted_a_week_after_the_last_text_lost_them(elsewhere):
    elsewhere.page("/cover.png", picture(size=(200, 200)), "image/png")
    urls = {name: elsewhere.page(f"/{name}", HEAD) for name in ("used", "working", "unused", "new")}
    article = make_article(body=urls["used"])
    version = saving.current(article)
    fields = version.fields | {"body": f"{urls['used']}\n\n{urls['working']}\n"}
    saving.save_working(version, fields, by=None, token=version.digest)
    LinkCard.objects.of(urls.values())
    run_worker()
    picture_of = {card.url: card.picture for card in LinkCard.objects.all()}
    LinkCard.objects.exclude(url=urls["new"]).update(asked_at=timezone.now() - timedelta(days=8))

    call_command("delete_unused_cards", verbosity=0)

    assert set(LinkCard.objects.values_list("url", flat=True)) == {urls["used"], urls["working"], urls["new"]}
    assert not default_storage.exists(picture_of[urls["unused"]])
    assert default_storage.exists(picture_of[urls["working"]])
    Version.objects.all().delete()
    Article.objects.all().delete()
    call_command("delete_unused_cards", verbosity=0)
    assert [card.url for card in LinkCard.objects.all()] == [urls["new"]]


# --- for editors ---


def test_the_preview_shows_a_card_and_the_checks_say_what_failed(client, elsewhere):
    client.force_login(make_user("editor"))
    good, bad = elsewhere.page("/good", HEAD), elsewhere.page("/bad", status=404)
    LinkCard.objects.of([good, bad])
    run_worker()

    rendered = client.post("/admin/articles/article/render/", {"body": f"{good}\n\n{bad}"}).json()["html"]
    assert rendered.count('class="box bookmark"') == 1
    assert f'<a href="{bad}">{bad}</a>' in rendered

    listed = client.post("/admin/articles/article/check/", {"body": f"{good}\n\n{bad}", "title": "A"}).content.decode()
    assert f"{bad} is a link without a card. Its server answers 404." in listed
    assert f"{good} is" not in listed


def test_an_address_that_is_being_typed_is_not_asked_for(client):
    client.force_login(make_user("editor"))
    article = make_article(status="draft", published_at=None)
    token = saving.current(article).digest

    def autosave(body):
        nonlocal token
        fields = saving.shown(article).fields | {"body": body, "byline": [], "token": token}
        sent = {name: value for name, value in fields.items() if value is not None}
        token = client.post(f"/admin/articles/article/{article.pk}/autosave/", sent).json()["token"]

    autosave("https://exa")
    autosave("https://example.org/a")
    assert not LinkCard.objects.exists()
    autosave("https://example.org/a\n\nText goes on.")
    assert [card.url for card in LinkCard.objects.all()] == ["https://example.org/a"]


def test_editors_see_the_cards_and_fetch_them_again(client, elsewhere):
    editor, author = make_user("editor"), make_user("author")
    make_article(body=elsewhere.page("/", status=404), title="With a card")
    run_worker()
    card = LinkCard.objects.get()
    address = "/admin/articles/linkcard/"

    client.force_login(editor)
    assert "Its server answers 404." in client.get(address).content.decode()
    page = client.get(f"{address}{card.pk}/change/").content.decode()
    assert "With a card" in page
    assert 'name="_save"' not in page
    elsewhere.page("/", HEAD)
    client.post(address, {"action": "fetch_again", "_selected_action": [card.pk]})
    run_worker()
    card.refresh_from_db()
    assert (card.state, card.error, card.title) == (State.READY, "", "A report <2026>")

    client.force_login(author)
    assert client.get(address).status_code == 403
