"""Pages at the root: written in the admin, read at `/word/`, found, moved and withdrawn."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.translation import get_language

from articles.models import Image, Page
from publishing import urls
from publishing.tests.factories import make_article, make_user
from publishing.tests.pictures import uploaded
from publishing.tests.worker import run_worker

pytestmark = pytest.mark.django_db
ADD, LIST = reverse("admin:articles_page_add"), reverse("admin:articles_page_changelist")
# Routes of a later version.
urlpatterns = [path("about/team/", lambda request: None), *urls.urlpatterns]


@pytest.fixture
def editor():
    client = Client()
    client.force_login(make_user("editor"))
    return client


def make_page(title="About us", slug="about", *, published=True, **fields):
    page = Page.objects.create(title=title, slug=slug, **{"body": "Who we *are*."} | fields)
    if published:
        page.publish(by=None)
    return page


def form(**changes):
    fields = {"title": "About us", "slug": "about", "summary": "Who we are.", "body": "We *write*."}
    return fields | {"published_at_0": "", "published_at_1": ""} | changes


def change_url(page):
    return reverse("admin:articles_page_change", args=[page.pk])


def test_an_editor_writes_a_page_previews_it_and_publishes_it(client, editor):
    editor.post(ADD, form())
    page = Page.objects.get()
    preview = client.get(page.get_preview_url())

    assert client.get("/about/").status_code == 404
    assert "We <em>write</em>." in preview.content.decode()
    assert preview.headers["Cache-Control"] == "private, no-store"

    editor.post(change_url(page), form(_publish="1"))

    html = client.get("/about/").content.decode()
    assert "We <em>write</em>." in html
    assert '<meta name="description" content="Who we are.">' in html
    assert '<link rel="canonical" href="http://testserver/about/">' in html
    assert "BreadcrumbList" in html
    assert client.get(page.get_preview_url()).headers["Location"] == "/about/"


def test_a_page_appears_at_the_date_that_is_set(client, editor):
    tomorrow = timezone.localtime() + timedelta(days=1)

    editor.post(ADD, form(_publish="1", published_at_0=f"{tomorrow:%Y-%m-%d}", published_at_1="12:00:00"))

    assert client.get("/about/").status_code == 404
    with time_machine.travel(tomorrow + timedelta(days=1), tick=False):
        assert client.get("/about/").status_code == 200


@pytest.mark.parametrize(
    "slug", ["admin", "articles", "categories", "search", "static", "media", "healthz", "metrics", "quizzes", "Admin"]
)
def test_no_page_has_an_address_of_the_site(editor, slug):
    html = editor.post(ADD, form(slug=slug)).content.decode()

    assert f"The site itself uses /{slug}/." in html
    assert not Page.objects.exists()


def test_a_page_may_have_the_letters_of_any_script_in_its_address(editor, client):
    editor.post(ADD, form(slug="über", _publish=""))

    page = Page.objects.get(slug="über")
    page.publish(by=None)
    assert client.get("/%C3%BCber/").status_code == 200


@pytest.mark.parametrize("slug", ["feed.xml", "a/b", "", "two words"])
def test_an_address_is_one_word(editor, slug):
    assert editor.post(ADD, form(slug=slug)).status_code == 200
    assert not Page.objects.exists()


def test_migrating_warns_of_pages_that_a_new_route_hides(capsys):
    make_page()

    call_command("check", databases=["default"])
    assert "articles.W001" not in capsys.readouterr().err
    with override_settings(ROOT_URLCONF=__name__):
        call_command("check", databases=["default"])
    assert "a route of the site has its address, /about/" in capsys.readouterr().err


def test_old_addresses_lead_to_the_page_and_a_withdrawn_one_says_so(client, editor):
    page = make_page()

    editor.post(change_url(page), form(slug="us", published_at_0="2026-01-01", published_at_1="12:00:00"))
    assert client.get("/about/").headers["Location"] == "/us/"
    assert client.get("/about").headers["Location"] == "/us/"

    editor.post(LIST, {"action": "archive", "_selected_action": [page.pk]})
    assert client.get("/us/").status_code == 410

    editor.post(reverse("admin:articles_page_delete", args=[page.pk]), {"post": "yes"})
    assert client.get("/us/").status_code == 410


def test_an_address_without_the_last_slash_leads_to_the_page(client):
    make_page()

    assert client.get("/about").headers["Location"] == "/about/"


def test_words_that_are_no_page_cost_no_query(client):
    client.get("/wp-login/")

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get("/xmlrpc/").status_code == 404
    assert [query["sql"] for query in queries if "articles_page" in query["sql"]] == []


def test_links_to_a_page_are_offered_and_follow_it(client, editor):
    page = make_page()
    article = make_article(body="Read [about us](/about/).")
    found = editor.get(reverse("admin:articles_article_links"), {"q": "about"}).json()["pages"]

    page.slug = "us"
    page.save()
    run_worker()

    assert [(one["kind"], one["address"]) for one in found] == [("Page", "/about/")]
    assert 'href="/us/"' in client.get(article.get_absolute_url()).content.decode()


def test_the_sitemap_has_published_pages_with_the_day_of_their_last_change(client):
    make_page()
    make_page(slug="later", published=False)

    sitemap = client.get("/sitemap-pages-1.xml").content.decode()

    assert f"<loc>http://testserver/about/</loc><lastmod>{timezone.localdate():%Y-%m-%d}</lastmod>" in sitemap
    assert "later" not in sitemap


@pytest.mark.parametrize("name", ["about", "imprint", "privacy"])
def test_a_page_from_a_template_is_not_published_before_it_is_filled_in(client, editor, name):
    begun = editor.get(ADD, {"template": name}).context["adminform"].form.initial
    sent = form(title=begun["title"], slug=begun["slug"], body=begun["body"])

    refused = editor.post(ADD, sent | {"_publish": "1"})
    editor.post(ADD, sent)
    editor.post(LIST, {"action": "publish", "_selected_action": [Page.objects.get().pk]})

    assert "[Fill in: " in begun["body"]
    assert ("A publication" in begun["body"]) == (name != "imprint")
    assert "still marked" in refused.content.decode()
    assert client.get(f"/{name}/").status_code == 404


@pytest.mark.parametrize("name", ["about", "imprint", "privacy"])
def test_a_template_is_in_the_language_of_the_site_and_its_marks_are_known(
    editor, settings, monkeypatch, fresh_words, name
):
    settings.LANGUAGE_CODE = "fr"
    real = translation._trans.gettext
    french = lambda words: f"⟦{words}⟧" if get_language() == "fr" else real(words)  # noqa: E731
    monkeypatch.setattr(translation._trans, "gettext", french)

    body = editor.get(ADD, {"template": name}).context["adminform"].form.initial["body"]
    refused = editor.post(ADD, form(slug=name, body=body, _publish="1")).content.decode()

    assert re.findall(r"\w{3,}", re.sub(r"⟦[^⟧]*⟧", "", body)) == []
    assert f"{body.count('[⟦Fill in⟧: ')} places are still marked “[⟦Fill in⟧: …]”" in refused


def test_a_template_that_does_not_exist_gives_an_empty_form(editor):
    assert not editor.get(ADD, {"template": "../../secret", "title": "x"}).context["adminform"].form.initial


def test_a_picture_in_a_page_is_known_to_be_used_and_leaves_it_when_it_is_deleted(editor):
    loom = Image.objects.create(file=uploaded(), alt="A loom")
    page = make_page(body=f"![A loom]({loom.file.url})")

    library = editor.get(reverse("admin:articles_image_changelist")).content.decode()
    Image.objects.get().delete()
    page.refresh_from_db()

    assert "Used 1 time" in library
    assert "<img" not in page.html


def test_a_search_finds_published_pages_beside_articles(client):
    make_page("Privacy", "privacy", summary="What we store.", body="A cookie, only when you write.")
    make_page("Draft", "draft", published=False, body="A cookie.")

    def found(query):
        html = client.get("/search/", {"q": query}).content.decode()
        return 'href="/privacy/">Privacy' in html.partition("<main")[2].partition("</main>")[0]

    assert found("COOKIES")
    assert found("cook")
    assert found('write "a cookie"')
    assert not found('"cookie only when we"')
    assert not found("cookie -write")
    assert "draft" not in client.get("/search/", {"q": "cookie"}).content.decode().partition("<main")[2]


def test_migrating_renders_a_page_again_that_an_earlier_renderer_made(client):
    page = make_page()
    Page.objects.filter(pk=page.pk).update(html="<p>Old.</p>", modified_at=page.modified_at - timedelta(days=9))

    call_command("render_articles", verbosity=0)

    again = Page.objects.get()
    assert "Who we <em>are</em>." in client.get("/about/").content.decode()
    assert again.modified_at < page.modified_at, "readers are not told of a change"
