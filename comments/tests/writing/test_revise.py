"""What a writer can still do: change a comment, withdraw it, have it erased."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from comments.models import Comment, CommentKind, EmailAddress, ModerationEntry, Revision, Status
from comments.moderation import decisions
from comments.reading import writer_status
from comments.screening import bans
from comments.tests.factories import comment_url, sent
from comments.views.receipts import NOT_YOURS
from comments.writing import submitting
from publishing.maintenance import announcements
from publishing.tests.factories import make_article, make_user
from publishing.web.refusals import FOREIGN, UNREAD

pytestmark = pytest.mark.django_db

VERBS = ["edit", "withdraw", "erase"]
CHANGE = {"name": "Marisol Vega", "kind": "question", "body": "Does it hold for two people, or for <three>?"}


@pytest.fixture
def comment(post_from_site):
    """A waiting comment that this test's browser wrote."""
    assert post_from_site(comment_url(make_article()), sent()).status_code == 303
    return Comment.objects.get()


def path(comment, verb):
    return f"{comment.get_receipt_url()}{verb}/"


def post(client, where, data=None, site="same-origin"):
    return client.post(where, data or {}, headers={"sec-fetch-site": site})


def unchanged(comment):
    current = Comment.objects.get(pk=comment.pk)
    return (current.body, current.status, current.erased_at) == (comment.body, comment.status, comment.erased_at)


# --- edit ---


def test_a_waiting_comment_can_be_changed(client, comment):
    html = client.get(path(comment, "edit")).content.decode()
    assert comment.body in html and 'value="Marisol"' in html

    response = post(client, path(comment, "edit"), CHANGE)

    assert response.status_code == 303 and response.url == f"{comment.get_receipt_url()}#main"
    comment.refresh_from_db()
    assert (comment.name, comment.kind) == ("Marisol Vega", CommentKind.QUESTION)
    assert "&lt;three&gt;" in comment.html
    assert Revision.objects.get().body == "Does it hold for two people?"
    assert "Changed on" in client.get(response.url).content.decode()


def test_sending_the_same_again_is_no_change(client, comment):
    post(client, path(comment, "edit"), {"name": comment.name, "kind": comment.kind, "body": comment.body})

    assert Revision.objects.count() == 0
    assert Comment.objects.get().edited_at is None


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Enter your name"),
        ("body", "", "Enter your comment"),
        ("body", "x" * 4001, "4,001 characters long"),
        ("kind", "sermon", "Choose one of these kinds"),
        ("name", "admin\u202e", "hidden character"),
    ],
)
def test_what_can_be_mended_comes_back_as_it_was_sent(client, comment, field, value, message):
    response = post(client, path(comment, "edit"), CHANGE | {field: value})

    html = response.content.decode()
    assert response.status_code == 422
    assert message in html
    assert field == "body" or "or for &lt;three&gt;?" in html
    assert unchanged(comment)


def test_what_was_decided_meanwhile_is_not_changed_and_the_text_comes_back(client, comment):
    decisions.reject(comment, make_user("moderator"))

    response = post(client, path(comment, "edit"), CHANGE)

    assert response.status_code == 409
    assert "or for &lt;three&gt;?" in response.content.decode()
    assert client.get(path(comment, "edit")).status_code == 409
    assert unchanged(comment)


def test_a_decision_between_look_and_change_wins(client, comment, monkeypatch):
    revise = submitting.revise

    def overtaken(row, draft, address):
        decisions.approve(Comment.objects.get(pk=row.pk), make_user("moderator"))
        return revise(row, draft, address)

    monkeypatch.setattr(submitting, "revise", overtaken)
    response = post(client, path(comment, "edit"), CHANGE)

    assert response.status_code == 409
    assert "or for &lt;three&gt;?" in response.content.decode()
    assert Comment.objects.get().body == comment.body


def test_changes_are_limited_and_no_text_is_lost(client, comment, clock):
    for number in range(10):
        assert post(client, path(comment, "edit"), CHANGE | {"body": f"Version {number}"}).status_code == 303

    response = post(client, path(comment, "edit"), CHANGE | {"body": "One too many"})

    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) <= 600
    assert "One too many" in response.content.decode()
    assert Comment.objects.get().body == "Version 9"
    clock.shift(timedelta(minutes=10, seconds=1))
    assert post(client, path(comment, "edit"), CHANGE).status_code == 303


def test_a_body_too_big_to_be_read_is_refused_in_words(client, comment, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    response = post(client, path(comment, "edit"), CHANGE | {"body": "x" * 2000})

    assert response.status_code == 413
    assert str(UNREAD) in response.content.decode()


@pytest.mark.parametrize("extra", ["status", "is_visible", "article", "created_at", "reader", "parent", "email"])
def test_other_fields_are_ignored(client, comment, extra):
    before = Comment.objects.values("status", "is_visible", "article", "created_at", "reader", "parent", "notify").get()

    post(client, path(comment, "edit"), CHANGE | {extra: "approved"})

    after = Comment.objects.values("status", "is_visible", "article", "created_at", "reader", "parent", "notify").get()
    assert before == after


def banned_browser(comment):
    return bans.of_comment(comment, "reader")


def banned_email(comment):
    EmailAddress.objects.create(reader=comment.reader, email="ann@mail.example")
    return bans.of_email("ann@mail.example")


def banned_range(comment):
    return bans.of_range(bans.normal_range("127.0.0.1"), to_store=True)


@pytest.mark.parametrize("ban", [banned_browser, banned_email, banned_range])
def test_who_is_banned_meanwhile_cannot_change_it_and_keeps_the_text(client, comment, ban):
    made = ban(comment)
    bans.validate_end(made)
    bans.impose(made, by=None)

    response = post(client, path(comment, "edit"), CHANGE)

    html = response.content.decode()
    assert response.status_code == 403
    assert "You cannot comment here" in html and "or for &lt;three&gt;?" in html
    assert unchanged(comment) and not Revision.objects.exists()
    assert post(client, path(comment, "withdraw")).status_code == 303


def test_more_fields_than_anybody_sends_are_refused_in_words(client, comment):
    for verb in ("edit",):
        response = post(client, path(comment, verb), CHANGE | {f"field-{number}": "" for number in range(1001)})

        assert response.status_code == 413
        assert str(UNREAD) in response.content.decode()
    assert unchanged(comment)


# --- withdraw ---


def test_a_waiting_comment_can_be_withdrawn(client, comment):
    response = post(client, path(comment, "withdraw"))

    assert response.status_code == 303
    assert Comment.objects.get().status == Status.REMOVED
    assert ModerationEntry.objects.get().moderator is None
    receipt = client.get(comment.get_receipt_url())
    assert receipt.context["writer_status"] == writer_status.WITHDRAWN
    assert comment.body in receipt.text and "You withdrew your comment" in receipt.text
    assert post(client, path(comment, "withdraw")).status_code == 409


def test_a_decided_comment_cannot_be_withdrawn(client, comment):
    decisions.approve(comment, make_user("moderator"))

    assert client.get(path(comment, "withdraw")).status_code == 409
    assert post(client, path(comment, "withdraw")).status_code == 409
    assert Comment.objects.get().status == Status.APPROVED


# --- erase ---


@pytest.mark.parametrize("decide", [None, decisions.approve, decisions.reject])
def test_a_comment_can_be_erased_in_any_state(client, comment, decide):
    if decide:
        decide(comment, make_user("moderator"))

    assert post(client, path(comment, "erase"), {"sure": "on"}).status_code == 303

    current = Comment.objects.get()
    assert (current.name, current.body, current.html) == ("", "", "")
    receipt = client.get(comment.get_receipt_url())
    assert receipt.context["writer_status"] == writer_status.ERASED
    assert comment.body not in receipt.text and "Your comment was erased" in receipt.text
    assert post(client, path(comment, "erase"), {"sure": "on"}).status_code == 409


def test_erasing_needs_a_tick(client, comment):
    response = post(client, path(comment, "erase"))

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"sure"} and "This cannot be undone." in response.text
    assert unchanged(comment)


# --- who may ---


@pytest.mark.parametrize("verb", VERBS)
def test_the_link_alone_only_reads(comment, verb):
    stranger = Client()
    assert stranger.get(comment.get_receipt_url()).status_code == 200
    other = Client()
    post(other, comment_url(make_article()), sent(body="Mine."))

    for browser in (stranger, other):
        page = browser.get(path(comment, verb))
        assert page.status_code == 403
        assert str(NOT_YOURS) in page.text
        answer = post(browser, path(comment, verb), CHANGE | {"sure": "on"})
        assert answer.status_code == 403
        assert verb != "edit" or "or for &lt;three&gt;?" in answer.content.decode()
    assert unchanged(comment)


@pytest.mark.parametrize("verb", VERBS)
def test_a_forged_cookie_changes_nothing(client, comment, verb):
    client.cookies["reader"] = f"{comment.reader}:forged"

    assert post(client, path(comment, verb), CHANGE | {"sure": "on"}).status_code == 403
    assert unchanged(comment)


@pytest.mark.parametrize("verb", VERBS)
def test_the_cookie_alone_changes_nothing(client, comment, verb):
    token = comment.get_receipt_url().split("/")[-2]

    for other in (token[:-1] + "_", "x", str(comment.pk)):
        assert post(client, reverse(f"comments:{verb}", args=[other]), CHANGE | {"sure": "on"}).status_code == 404
    assert unchanged(comment)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_changes_nothing(client, comment, verb, site):
    response = post(client, path(comment, verb), CHANGE | {"sure": "on"}, site=site)

    assert response.status_code == 403
    assert str(FOREIGN) in response.text
    assert verb != "edit" or "or for &lt;three&gt;?" in response.content.decode()
    assert unchanged(comment)


@pytest.mark.parametrize("verb", VERBS)
def test_during_maintenance_nothing_changes_and_the_text_comes_back(client, comment, verb):
    announcements.announce("read-only", reason="Works")

    response = post(client, path(comment, verb), CHANGE | {"sure": "on"})

    assert response.status_code == 503
    assert "Retry-After" in response.headers
    assert verb != "edit" or "or for &lt;three&gt;?" in response.content.decode()
    assert unchanged(comment)


@pytest.mark.parametrize("verb", VERBS)
def test_looking_changes_nothing_and_is_kept_by_no_cache(client, comment, verb):
    for look in (client.get, client.head):
        response = look(path(comment, verb), {"sure": "on"} | CHANGE)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "private, no-store"
        assert "noindex" in response.headers["X-Robots-Tag"]
    assert unchanged(comment)
