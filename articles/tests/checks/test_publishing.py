"""Checks stop the first publication, and nothing later; an editor gives a reason to publish anyway."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from publishing.tests.factories import make_article, make_author, make_category, make_user
from publishing.tests.worker import run_worker

pytestmark = pytest.mark.django_db
ADD = reverse("admin:articles_article_add")
LIST = reverse("admin:articles_article_changelist")


@pytest.fixture
def editor(client):
    user = make_user("editor")
    client.force_login(user)
    return user


def press(client, step, article=None, **typed):
    sent = {"title": "A title", "slug": "a-title", "summary": "What.", "body": "Text.", "series_position": ""}
    address = ADD
    if article:
        address = reverse("admin:articles_article_change", args=[article.pk])
        form = client.get(address).context["adminform"].form
        sent |= {name: value for name, value in form.version.fields.items() if value not in (None, False)}
        sent |= {"byline": sent.pop("authors"), "token": form.version.digest}
    return client.post(address, sent | {"at_0": "", "at_1": "", "step": step} | typed)


def errors(answer):
    return dict(answer.context["adminform"].form.errors)


def make_draft(**fields):
    return make_article(**{"status": "draft", "published_at": None, "summary": ""} | fields)


def test_what_is_missing_is_said_beside_each_field_with_its_line(client, editor):
    draft = make_draft(body="Text.\n\nTK\n")

    answer = press(client, "publish", draft)

    found = errors(answer)
    assert set(found) == {"__all__", "summary", "byline", "body"}
    assert "Line 3" in found["body"][0]
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_a_draft_is_saved_and_sent_for_review_whatever_is_found(client, editor):
    draft = make_draft()

    for step in ("save", "review"):
        assert press(client, step, draft).status_code == 302


def test_a_reason_overrides_and_is_kept(client, editor):
    draft = make_draft(body="Text.\n\nTK\n", authors=[make_author()])

    press(client, "publish", draft, override="TK is the name of a company.", note="Checked twice.")

    draft.refresh_from_db()
    assert draft.is_published
    assert draft.versions.live().get().note == "Checked twice. – despite checks: TK is the name of a company."
    kept = "Published despite checks: TK is the name of a company.. Found: no-summary, placeholder (line 3)"
    assert LogEntry.objects.filter(change_message=kept, user=editor).count() == 1


def test_a_reason_that_was_not_needed_is_not_kept(client, editor):
    draft = make_draft(summary="What.", authors=[make_author()])

    press(client, "publish", draft, override="Because.", note="n" * 300)

    assert draft.versions.live().get().note == "n" * 300
    assert not LogEntry.objects.filter(change_message__contains="despite").exists()


def test_note_and_reason_have_to_fit_together(client, editor):
    assert set(errors(press(client, "publish", make_draft(), override="Because.", note="n" * 300))) == {"note"}


def test_no_reason_overrides_a_missing_category(client, editor):
    assert set(errors(press(client, "publish", override="Because.", body="TK"))) == {"category"}
    assert set(errors(press(client, "publish", body="TK"))) == {"__all__", "category", "body"}


def test_a_new_article_gets_a_byline_and_needs_a_summary(client, editor):
    category = make_category().pk

    assert set(errors(press(client, "publish", category=category, summary=""))) == {"__all__", "summary"}
    assert press(client, "publish", category=category).status_code == 302
    assert Article.objects.get().byline == [editor.author]


def test_an_article_that_readers_saw_once_is_not_stopped(client, editor):
    live, archived = make_article(body="TK"), make_article(body="TK", status="archived")

    for article in (live, archived):
        assert press(client, "publish", article, summary="").status_code == 302


def test_of_a_scheduled_article_only_what_a_change_brings_in_stops(client, editor):
    article = make_article(published_at=timezone.now() + timedelta(days=2), body="TK")
    at = timezone.localtime() + timedelta(days=3)
    later = {"at_0": f"{at:%Y-%m-%d}", "at_1": f"{at:%H:%M}"}

    assert press(client, "schedule", article, **later).status_code == 302
    for step in ("save", "schedule", "publish"):
        assert set(errors(press(client, step, article, body="TK\n\n### Deep", **later))) == {"__all__", "body"}
    assert press(client, "unpublish", article, body="TK\n\n### Deep").status_code == 302


def test_what_a_colleague_saved_meanwhile_is_checked_too(client, editor):
    draft = make_draft(summary="What.", body="One.\n\nTwo.", authors=[make_author()])
    token = client.get(reverse("admin:articles_article_change", args=[draft.pk])).context["adminform"].form.version
    press(client, "save", draft, body="One.\n\nTK.")

    answer = press(client, "publish", draft, body="Changed.\n\nTwo.", token=token.digest)

    assert "Line 3" in errors(answer)["body"][0]
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_only_who_may_publish_may_override(client):
    user = make_user("author")
    article = make_article(authors=[make_author(user=user)], published_at=timezone.now() + timedelta(days=2))
    client.force_login(user)

    answer = press(client, "save", article, body="TK", override="Because.")

    assert set(errors(answer)) == {"__all__", "body"}


def test_many_are_published_but_for_those_that_checks_stop(client, editor):
    right, wrong = make_draft(summary="What.", authors=[make_author()]), make_draft(title="Wrong")

    chosen = {"action": "publish", "_selected_action": [right.pk, wrong.pk]}
    page = client.post(LIST, chosen)["Location"]
    client.post(page, {"confirm": ""})
    run_worker()

    assert list(Article.objects.published()) == [right]
    assert "<b>1</b> skipped: stopped by its checks" in client.get(page).content.decode()
