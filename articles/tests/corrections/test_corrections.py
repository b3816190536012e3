"""A change of what readers have seen: a typo in silence, the rest with a dated note."""

import html
import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Correction
from articles.versions import steps
from articles.versions.notes import Change
from publishing.tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=30)
LIST, FEED = "/corrections/", "/corrections/feed.xml"
NOTE = "The loop ends at *nine*, not at ten."


@pytest.fixture
def article():
    return make_article(title="Loops", body="It ends at ten.", published_at=LONG_AGO, modified_at=LONG_AGO)


@pytest.fixture
def editor():
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(make_user("editor"))
    return client


def press(client, article, step="publish", **typed):
    """Send the form of the article, with a button pressed."""
    url = reverse("admin:articles_article_change", args=[article.pk])
    form = client.get(url).context["adminform"].form
    fields = {name: value for name, value in form.version.fields.items() if value not in (None, False)}
    fields["byline"] = fields.pop("authors")
    sent = fields | {"token": form.version.digest, "at_0": "", "at_1": "", "step": step} | typed
    return client.post(url, sent)


def errors(response):
    return response.context["adminform"].form.errors


def page(client, url):
    return client.get(url).content.decode()


def dates(client, article):
    """When the article last changed, as each machine-readable page has it, and which day."""
    found = re.search(r'"dateModified":"([^"]+)"', page(client, article.get_absolute_url()))[1]
    atom = re.search(r"</id>.*?<updated>([^<]+)</updated>", page(client, "/atom.xml").partition("<entry>")[2], re.S)
    entry = atom or re.search(r"<updated>([^<]+)</updated>", page(client, "/atom.xml").partition("<entry>")[2])
    day = re.search(rf"{article.get_absolute_url()}</loc><lastmod>([^<]+)<", page(client, "/sitemap-articles-1.xml"))[1]
    return found[:10], entry[1][:10], day


def test_a_typo_is_mended_in_silence(client, editor, article):
    before = dates(client, article)
    press(editor, article, body="It ends at nine.", change_kind="typo")

    assert "It ends at nine." in page(client, article.get_absolute_url())
    assert "Corrections</h2>" not in page(client, article.get_absolute_url())
    assert dates(client, article) == before == (f"{LONG_AGO:%Y-%m-%d}",) * 3
    assert "Loops" not in page(client, LIST)
    assert not Correction.objects.exists()


@pytest.mark.parametrize("kind", ["clarification", "correction", "update"])
def test_other_changes_stand_at_the_foot_in_the_list_and_in_its_feed_and_move_the_date(client, editor, article, kind):
    assert "Loops" not in page(client, LIST) + page(client, FEED)
    press(editor, article, body="It ends at nine.", change_kind=kind, public_note=NOTE)

    foot = page(client, article.get_absolute_url()).partition("Corrections</h2>")[2]
    today = f"{timezone.localdate():%Y-%m-%d}"
    assert "The loop ends at <em>nine</em>, not at ten." in foot
    assert f'<time datetime="{today}' in foot
    assert kind.capitalize() in foot
    assert dates(client, article) == (today,) * 3
    link = f"{article.get_absolute_url()}#correction-{Correction.objects.get().pk}"
    for url in (LIST, FEED):
        assert link in page(client, url), url
        assert "nine" in page(client, url), url
    assert f"{LIST}</loc><lastmod>{today}<" in page(client, "/sitemap-corrections-1.xml")


def test_corrections_are_newest_first(client, article):
    for note in ("First.", "Second."):
        steps.publish(article, by=None, change=Change("correction", note))

    for url in (article.get_absolute_url(), LIST, FEED):
        text = page(client, url)
        assert 0 < text.index("Second.") < text.index("First."), url


def test_a_note_is_asked_for_and_nothing_is_published_without_it(client, editor, article):
    for typed, field in [
        ({"change_kind": "correction", "public_note": ""}, "public_note"),
        ({"change_kind": "update", "public_note": "  "}, "public_note"),
        ({"change_kind": "update", "public_note": "a\u202eb"}, "public_note"),
        ({"change_kind": "correction", "public_note": "… Thanks to Ada."}, "public_note"),
        ({"change_kind": "typo", "public_note": NOTE}, "change_kind"),
        ({"change_kind": "scandal", "public_note": NOTE}, "change_kind"),
    ]:
        response = press(editor, article, body="It ends at nine.", **typed)
        assert field in errors(response), typed

    assert "It ends at ten." in page(client, article.get_absolute_url())
    assert not Correction.objects.exists()


def test_a_note_cannot_bring_html_or_scripts(client, article):
    note = '<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=y> [`ok`](https://example.com/"a")'
    steps.publish(article, by=None, change=Change("update", note))

    for url in (article.get_absolute_url(), LIST):
        text = page(client, url)
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert 'href="javascript' not in text


def test_an_author_is_not_asked_and_cannot_send_a_note(editor, article):
    author = Client(headers={"host": "127.0.0.1"})
    author.force_login(make_user("author"))
    url = reverse("admin:articles_article_change", args=[article.pk])

    assert "change_kind" not in page(author, url)
    assert author.post(url, {"step": "publish", "change_kind": "update", "public_note": "x"}).status_code == 403
    assert "change_kind" in page(editor, url)
    draft = make_article(status="draft", published_at=None, authors=[make_author()])
    assert "change_kind" not in page(editor, reverse("admin:articles_article_change", args=[draft.pk]))
    press(editor, draft, change_kind="update", public_note="x", override="A test.")
    assert Article.objects.published().filter(pk=draft.pk).exists()
    assert not Correction.objects.exists()


def test_what_is_withdrawn_takes_its_corrections_along(client, article):
    steps.publish(article, by=None, change=Change("correction", NOTE))
    assert "Loops" in page(client, LIST)
    steps.archive(article, by=None)

    assert "Loops" not in page(client, LIST) + page(client, FEED)
    assert client.get("/sitemap-corrections-1.xml").status_code == 404
    steps.publish(article, by=None)
    assert "Loops" in page(client, LIST)
    Article.objects.get(pk=article.pk).delete()
    assert "Loops" not in page(client, LIST)


def test_a_scheduled_change_keeps_its_note_until_it_goes_live(clock, client, editor, article):
    at = timezone.localtime() + timedelta(days=1)
    press(editor, article, "schedule", body="It ends at nine.", change_kind="correction", public_note=NOTE,
          at_0=f"{at:%Y-%m-%d}", at_1=f"{at:%H:%M}")  # fmt: skip
    scheduled = article.versions.get(state="scheduled")

    assert (scheduled.change_kind, scheduled.public_note) == ("correction", NOTE)
    assert "Loops" not in page(client, LIST)

    assert NOTE in page(editor, reverse("admin:articles_article_change", args=[article.pk]))
    clock.move_to(at)
    assert "<em>nine</em>" in page(client, LIST)
    steps.publish(article, by=None)
    assert Correction.objects.count() == 1


def test_the_list_has_pages(client, article):
    for number in range(31):
        Correction.objects.create(article=article, kind="update", note=f"Note {number}.")

    assert "Note 30." in page(client, LIST)
    assert "Note 0." in page(client, f"{LIST}?page=2")
    assert client.get(f"{LIST}?page=3").status_code == 404
    assert client.get(f"{LIST}?page=x").status_code == 404


def test_a_typo_in_a_note_is_mended_and_a_note_is_deleted_and_the_log_of_the_article_says_so(client, editor, article):
    correction = Correction.objects.create(article=article, kind="update", note="The lopo ends.")
    assert "The lopo ends." in page(client, article.get_absolute_url())
    change = reverse("admin:articles_correction_change", args=[correction.pk])

    editor.post(change, {"kind": "clarification", "note": "The *loop* ends."})
    for url in (article.get_absolute_url(), LIST, FEED):
        assert "The <em>loop</em> ends." in html.unescape(page(client, url)), url
    assert dates(client, article)[0] == f"{article.modified_at:%Y-%m-%d}"
    editor.post(reverse("admin:articles_correction_delete", args=[correction.pk]), {"post": "yes"})

    assert "loop" not in page(client, article.get_absolute_url())
    logged = LogEntry.objects.filter(content_type__model="article").values_list("change_message", flat=True)
    assert sorted(logged) == ["Changed a public note: The *loop* ends.", "Deleted a public note: The *loop* ends."]
