"""The review page: what it shows of a comment, what its buttons do, and undo."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment, ModerationEntry, RejectReason, Report, Thread
from comments.models.draft import Draft
from comments.moderation import decisions
from comments.privacy import erasure
from comments.tests.factories import make_comment
from comments.writing import submitting
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def review(comment, queue="pending"):
    path = reverse("admin:comments_comment_change", args=[comment.pk])
    return f"{path}?queue={queue}" if queue else path


def next_in(queue="pending", query=""):
    return reverse("admin:comments_comment_next", args=[queue]) + query


def shown(comment):
    """What the form sends beside the button."""
    return {"seen": comment.digest, "was": comment.status}


def decide(client, comment, verb, value="1", queue="pending", **fields):
    return client.post(review(comment, queue), shown(comment) | fields | {f"_{verb}": value}, follow=True)


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\xa0", " ").split())


def undo_url(entry):
    return reverse("admin:comments_moderationentry_undo", args=[entry.pk])


# --- what it shows ---


@pytest.mark.usefixtures("moderator")
def test_the_review_page_shows_what_a_decision_needs(client):
    article = make_article(title="On queues", summary="Why they grow.")
    root = make_comment(article, name="Ada", body="Who began it", status="approved")
    parent = make_comment(article, name="Bo", body="What is answered", status="approved", parent=root)
    comment = make_comment(article, name="Cleo <3", body="See https://docs.example <script>", parent=parent, kind="tip")

    html = client.get(review(comment)).content.decode()

    for part in ("On queues", "Why they grow.", "Who began it", "What is answered", "Cleo &lt;3", "&lt;script&gt;"):
        assert part in html, part
    assert '<span class="label">Tip</span>' in html
    assert 'rel="nofollow ugc noopener"' in html and "<script>alert" not in html
    assert article.get_absolute_url() in html
    assert not re.search(r'<(input|textarea|select)[^>]*name="(body|status)"', html)


@pytest.mark.usefixtures("moderator")
def test_the_review_page_says_what_became_of_the_writers_other_comments(client):
    decided = [make_comment(body=f"Earlier {n}") for n in range(4)]
    comment = make_comment()
    Comment.objects.update(reader="a" * 32)
    moderator = make_user("moderator")
    for earlier, verb in zip(decided[:3], (decisions.approve, decisions.approve, decisions.mark_spam), strict=True):
        verb(Comment.objects.get(pk=earlier.pk), moderator)
    decisions.reject(Comment.objects.get(pk=decided[3].pk), moderator, "unkind")

    response = client.get(review(comment))

    assert response.context["writer"]["counts"] == [("approved", 2), ("rejected", 1), ("spam", 1)]
    text = text_of(response)
    assert "Rejected Earlier 3 It attacks a person instead of an opinion." in text


@pytest.mark.usefixtures("moderator")
def test_the_review_page_shows_reports_with_their_reasons(client):
    comment = make_comment(status="approved")
    Report.objects.bulk_create(
        Report(comment=comment, reader=str(n), reason=reason) for n, reason in enumerate(["spam", "spam", "unkind"])
    )
    Comment.objects.update(open_reports=3)

    text = text_of(client.get(review(comment, "reported")))

    assert "It is advertising or spam: 2" in text and "It attacks someone: 1" in text
    assert "Keep a" in text


@pytest.mark.usefixtures("moderator")
def test_the_review_page_shows_what_an_edit_changed(client):
    comment = make_comment(body="The old words stand here")
    submitting.revise(comment, Draft(comment.name, "The new words stand here"))

    html = client.get(review(comment)).content.decode()

    assert re.search(r"<del>.*?old.*?</del><ins>.*?new.*?</ins>", html, re.DOTALL)


@pytest.mark.usefixtures("moderator")
def test_the_review_page_marks_what_screening_found_and_says_why(client):
    comment = make_comment(body="Buy cheap pills")
    hold = {
        "rule": "word",
        "detail": "The suspect word “pills”",
        "field": "body",
        "start": 10,
        "end": 15,
        "rejects": False,
    }
    Comment.objects.update(holds=[hold], is_suspect=True)

    html = client.get(review(comment, "suspect")).content.decode()

    assert "<li>The suspect word “pills”</li>" in html
    assert re.search(r"Buy cheap <mark\s*>pills", html)


@pytest.mark.usefixtures("moderator")
def test_the_review_page_costs_the_same_whatever_the_queue_and_the_thread(client, count_queries):
    article, numbers = make_article(), []
    for size in (2, 12):
        while Comment.objects.count() < size:
            make_comment(article)
            make_comment(article, status="approved")
        Comment.objects.update(reader="a" * 32)
        comment = Comment.objects.filter(status="pending").first()
        # Rules and words are read once until they change.
        client.get(review(comment))
        with count_queries() as queries:
            client.get(review(comment))
        numbers.append(len(queries))

    assert numbers[0] == numbers[1] <= 22


@pytest.mark.usefixtures("moderator")
@pytest.mark.parametrize("number", ["0", "999999999", "9" * 30, "abc", "%00", "-1", "1 OR 1"])
def test_an_unknown_comment_is_not_found(client, number):
    make_comment()
    path = f"/admin/comments/comment/{number}/change/"

    assert client.get(path).status_code == 404
    assert client.post(path, {"_approve": "1"}).status_code == 404


@pytest.mark.usefixtures("moderator")
def test_a_queue_or_kind_that_there_is_not_is_refused(client):
    comment = make_comment()

    assert client.get(next_in("nonsense")).status_code == 404
    assert client.get(next_in(query="?kind=nonsense")).status_code == 400
    assert client.get(review(comment, "nonsense")).status_code == 400
    assert client.post(next_in(), {"after": "abc"}).status_code == 404
    assert client.get(review(comment) + "&decided=abc").status_code == 200
    assert client.get(review(comment) + "&decided=" + "9" * 30).status_code == 200


# --- deciding, one after another ---


@pytest.mark.parametrize(
    ("verb", "value", "status", "old"),
    [
        ("approve", "1", "approved", "pending"), ("reject", "unkind", "rejected", "pending"),
        ("spam", "1", "spam", "pending"), ("remove", "1", "removed", "approved"), ("restore", "1", "pending", "spam"),
    ],
)  # fmt: skip
def test_a_button_decides_and_the_next_comment_is_claimed_and_undo_offered(client, moderator, verb, value, status, old):
    now = timezone.now()
    first, second = (make_comment(status=old, created_at=now - timedelta(hours=hours)) for hours in (2, 1))
    queue = "pending" if old == "pending" else old

    response = decide(client, first, verb, value, queue, note="Kindly." if verb == "reject" else "")

    first.refresh_from_db()
    second.refresh_from_db()
    entry = first.entries.last()
    assert (first.status, first.reason, first.note) == (
        (status, "unkind", "Kindly.") if verb == "reject" else (status, "", "")
    )
    assert (entry.moderator, entry.old_status, entry.new_status) == (moderator, old, status)
    assert response.context["comment"] == second
    assert second.claimed_by == moderator and second.claimed_until > now + timedelta(minutes=4)
    assert undo_url(entry) in response.content.decode()
    assert f"{first.get_status_display()}: {first}" in text_of(response)


@pytest.mark.usefixtures("moderator")
def test_the_last_one_of_a_queue_leads_to_an_empty_queue_with_undo(client):
    comment = make_comment()

    response = decide(client, comment, "approve")

    assert "The queue is empty" in text_of(response)
    assert f"<kbd>1</kbd> to <kbd>{len(RejectReason)}</kbd>" in response.content.decode()
    assert undo_url(comment.entries.last()) in response.content.decode()


def test_next_and_previous_go_through_the_queue_and_come_round(client, moderator):
    now = timezone.now()
    one, two, three = (make_comment(created_at=now - timedelta(hours=hours)) for hours in (3, 2, 1))

    def go(**fields):
        return client.post(next_in(), fields, follow=True).context["comment"]

    assert go() == one
    assert go(after=one.pk) == two
    assert Comment.objects.get(pk=one.pk).claimed_by is None
    assert go(after=two.pk) == three
    assert go(after=three.pk) == one
    assert go(before=two.pk) == one
    assert go(before=one.pk) == one
    assert Comment.objects.get(pk=one.pk).claimed_by == moderator


@pytest.mark.usefixtures("moderator")
@pytest.mark.parametrize("queue", ["approved", "rejected", "spam", "removed"])
def test_what_was_decided_is_gone_through_from_the_latest_decision_back(client, queue):
    now = timezone.now()
    early, late = (make_comment(status=queue, created_at=now - timedelta(hours=hours)) for hours in (2, 1))

    assert client.post(next_in(queue), follow=True).context["comment"] == late
    assert client.post(next_in(queue), {"after": late.pk}, follow=True).context["comment"] == early


@pytest.mark.usefixtures("moderator")
def test_one_kind_of_a_queue_can_be_reviewed(client):
    make_comment()
    asked, again = make_comment(kind="question"), make_comment(kind="question")

    assert client.post(next_in(query="?kind=question"), follow=True).context["comment"] == asked
    response = client.post(review(asked) + "&kind=question", shown(asked) | {"_approve": "1"}, follow=True)
    assert response.context["comment"] == again
    assert "kind=question" in response.redirect_chain[-1][0]


@pytest.mark.usefixtures("moderator")
def test_a_rejection_without_a_reason_is_asked_for_one_and_keeps_the_note(client):
    comment = make_comment()

    response = decide(client, comment, "reject", "nonsense", note="Kept note")

    assert response.status_code == 422
    assert "note" in response.context["form"].errors and "Kept note" in response.content.decode()
    assert Comment.objects.get().status == "pending"


@pytest.mark.usefixtures("moderator")
@pytest.mark.parametrize("note", ["x" * 301, "a\x00b", "two\nlines"])
def test_a_note_that_cannot_be_stored_is_refused(client, note):
    assert decide(client, make_comment(), "reject", "unkind", note=note).status_code == 422
    assert Comment.objects.get().status == "pending"


@pytest.mark.usefixtures("moderator")
@pytest.mark.parametrize("fields", [{}, {"_save": "1", "body": "Other"}, {"_approve": "1", "_spam": "1"}])
def test_a_post_that_presses_none_of_the_buttons_or_two_changes_nothing(client, fields):
    comment = make_comment()

    assert client.post(review(comment), shown(comment) | fields).status_code == 400
    stored = Comment.objects.get()
    assert (stored.body, stored.status) == (comment.body, "pending")


@pytest.mark.usefixtures("moderator")
def test_a_decision_without_a_queue_goes_on_with_what_waits_or_stays(client):
    comment, other = make_comment(), make_comment()
    approved = make_comment(status="approved")

    assert decide(client, comment, "approve", queue="").context["comment"] == other
    assert decide(client, approved, "remove", queue="").context["comment"] == approved


# --- not decided ---


@pytest.mark.usefixtures("moderator")
@pytest.mark.parametrize(("verb", "value"), [("approve", "1"), ("reject", "unkind"), ("spam", "1"), ("remove", "1")])
def test_a_text_that_changed_is_answered_with_the_difference(client, verb, value):
    comment = make_comment(body="I like the first part")
    before = shown(comment)
    submitting.revise(comment, Draft(comment.name, "I like the second part"))

    response = client.post(review(comment), before | {f"_{verb}": value})

    html = response.content.decode()
    assert response.status_code == 409
    assert response.context["refusal"]["what"] == "changed"
    taken, put = (rf"<{tag}><span[^>]*>[^<]*</span>{word}<span[^>]*>[^<]*</span></{tag}>"
                  for tag, word in (("del", "first"), ("ins", "second")))  # fmt: skip
    assert re.search(f"I like the {taken}{put} part", html)
    assert (Comment.objects.get().status, ModerationEntry.objects.count()) == ("pending", 1)

    again = client.post(review(comment), shown(Comment.objects.get()) | {f"_{verb}": value})
    assert again.status_code == 302
    assert Comment.objects.get().status != "pending"


@pytest.mark.usefixtures("moderator")
@pytest.mark.parametrize("missing", ["seen", "was"])
def test_a_decision_that_does_not_say_what_was_shown_is_refused(client, missing):
    comment = make_comment()
    data = shown(comment) | {"_approve": "1"}
    del data[missing]

    assert client.post(review(comment), data).status_code == 409
    assert Comment.objects.get().status == "pending"


@pytest.mark.usefixtures("moderator")
def test_what_a_colleague_decided_first_stays_and_the_page_says_who_and_what(client, colleague):
    comment = make_comment()
    before = shown(comment)
    decisions.reject(comment, colleague, "off-topic")

    response = client.post(review(comment), before | {"_approve": "1"})

    assert response.status_code == 409
    text = text_of(response)
    assert response.context["refusal"]["what"] == "decided"
    assert "Noor Haddad" in text and "Waiting → Rejected" in text and str(RejectReason.OFF_TOPIC.label) in text
    assert next_in() in response.content.decode()
    assert Comment.objects.get().status == "rejected"


def test_what_a_colleague_has_claimed_is_decided_only_when_that_is_said(client, moderator, colleague):
    comment = make_comment()
    decisions.claim(comment, colleague)

    assert "Claimed by Noor Haddad" in text_of(client.get(review(comment)))
    response = client.post(review(comment), shown(comment) | {"_reject": "unkind", "note": "A note"})

    html = response.content.decode()
    assert response.status_code == 409
    assert response.context["refusal"]["what"] == "claimed" and "Noor Haddad" in text_of(response)
    assert Comment.objects.get().status == "pending"
    form = html[html.index('class="refusal"') :]
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]))
    sent |= {"_reject": re.search(r'name="_reject" value="([^"]*)"', form)[1]}
    assert client.post(review(comment), sent).status_code == 302
    stored = Comment.objects.get()
    assert (stored.status, stored.reason, stored.note) == ("rejected", "unkind", "A note")
    assert stored.entries.last().moderator == moderator


@pytest.mark.usefixtures("moderator")
def test_the_next_comment_is_none_that_a_colleague_has_claimed(client, colleague, clock):
    now = timezone.now()
    held, free = (make_comment(created_at=now - timedelta(hours=hours)) for hours in (2, 1))
    decisions.claim(held, colleague)

    assert client.get(next_in(), follow=True).context["comment"] == free
    assert client.post(next_in(), follow=True).context["comment"] == free
    decisions.approve(free, colleague)
    assert "claimed by colleagues" in text_of(client.get(next_in(), follow=True))

    clock.shift(timedelta(minutes=5, seconds=1))
    assert client.get(next_in(), follow=True).context["comment"] == held


def test_two_moderators_get_two_comments(client, moderator, colleague):
    make_comment(), make_comment()
    first = client.post(next_in(), follow=True).context["comment"]
    client.force_login(colleague)

    assert client.post(next_in(), follow=True).context["comment"] != first


def test_opening_a_comment_by_a_link_claims_nothing_until_a_button_does(client, moderator, colleague):
    comment = make_comment()

    client.get(review(comment))
    client.get(next_in(), follow=True)
    assert Comment.objects.get().claimed_by is None

    assert client.post(review(comment), {"_claim": "1", "quiet": "1"}).status_code == 204
    assert Comment.objects.get().claimed_by == moderator
    client.force_login(colleague)
    assert client.post(review(comment), {"_claim": "1", "quiet": "1"}).status_code == 409
    assert client.post(review(comment), {"_claim": "1"}).status_code == 409


@pytest.mark.usefixtures("moderator")
@pytest.mark.parametrize("method", ["get", "head", "options", "put", "delete", "patch"])
def test_no_method_but_post_decides(client, method):
    comment = make_comment()
    query = "&" + "&".join(f"{name}={value}" for name, value in shown(comment).items()) + "&_approve=1"

    getattr(client, method)(review(comment) + query)
    getattr(client, method)(next_in(query="?after=1"))
    getattr(client, method)(undo_url(comment.entries.last()))

    stored = Comment.objects.get()
    assert (stored.status, stored.claimed_by, ModerationEntry.objects.count()) == ("pending", None, 1)


# --- the way back ---


def test_an_undone_decision_claims_the_comment(client, moderator):
    comment = make_comment()
    make_comment()
    decide(client, comment, "reject", "unkind", note="Too sharp.")

    response = client.post(undo_url(comment.entries.last()) + "?queue=pending", follow=True)

    stored = Comment.objects.get(pk=comment.pk)
    assert response.context["comment"] == stored
    assert (stored.status, stored.reason, stored.note, stored.claimed_by) == ("pending", "", "", moderator)
    assert "Undone." in text_of(response)
    assert stored.entries.last().undoes.new_status == "rejected"


@pytest.mark.usefixtures("moderator")
def test_the_notice_of_a_decision_that_was_undone_is_gone(client):
    comment = make_comment()
    make_comment()
    address = decide(client, comment, "approve").redirect_chain[-1][0]
    entry = comment.entries.last()
    assert undo_url(entry) in client.get(address).content.decode()

    client.post(undo_url(entry))

    assert undo_url(entry) not in client.get(address).content.decode()


@pytest.mark.usefixtures("moderator")
def test_what_happened_since_cannot_be_undone_and_the_answer_says_what_that_was(client, colleague):
    comment = make_comment()
    decide(client, comment, "approve")
    entry = comment.entries.last()
    decisions.remove(comment, colleague)

    response = client.post(undo_url(entry))

    assert response.status_code == 409
    assert response.context["refusal"]["what"] == "undo"
    assert "Noor Haddad: Approved → Removed" in text_of(response)
    assert Comment.objects.get().status == "removed"


@pytest.mark.usefixtures("moderator")
@pytest.mark.parametrize("number", ["0", "999999999", "9" * 30, "abc", "%00", "-1"])
def test_a_decision_that_there_is_not_cannot_be_undone(client, number):
    assert client.post(f"/admin/comments/moderationentry/{number}/undo/").status_code == 404


@pytest.mark.usefixtures("moderator")
def test_a_decision_about_a_comment_that_is_gone_cannot_be_undone(client):
    comment = make_comment()
    decide(client, comment, "spam")
    entry = ModerationEntry.objects.last()
    Comment.objects.all().delete()

    response = client.post(undo_url(entry))

    assert response.status_code == 409
    assert "no longer exists" in text_of(response)
    assert client.get(reverse("admin:comments_moderationentry_changelist")).status_code == 200


# --- who may ---


def test_without_the_permission_nothing_is_shown_or_decided(client):
    comment = make_comment(status="approved")
    entry = comment.entries.last()
    client.force_login(make_user("author"))

    for path in (review(comment), next_in()):
        assert client.get(path).status_code == 403
        assert client.post(path, shown(comment) | {"_remove": "1"}).status_code == 403
    assert client.post(undo_url(entry)).status_code == 403
    assert Comment.objects.get().status == "approved"


def test_an_editor_reads_a_comment_and_gets_no_button_to_decide(client):
    comment = make_comment(body="Not this", status="rejected")
    client.force_login(make_user("editor"))

    html = client.get(review(comment, "rejected")).content.decode()
    assert "Not this" in html and "New → Rejected" in html
    assert not re.search(r'name="(_approve|_reject|_spam|_remove|_restore|_claim|after|before)"', html)

    for verb in ("approve", "reject", "spam", "remove", "restore", "claim"):
        assert client.post(review(comment), shown(comment) | {f"_{verb}": "1"}).status_code == 403
    assert client.post(next_in("rejected")).status_code == 403
    assert client.post(undo_url(comment.entries.last())).status_code == 403
    assert Comment.objects.get().status == "rejected"


def test_the_review_page_needs_a_token():
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user("moderator"))
    comment = make_comment()

    for path in (review(comment), next_in(), undo_url(comment.entries.last())):
        assert browser.post(path, shown(comment) | {"_approve": "1"}).status_code == 403
    assert Comment.objects.get().status == "pending"


# --- answering, and the pin ---


@pytest.fixture
def answering(client, moderator):
    moderator.user_permissions.add(Permission.objects.get(codename="answer_comment"))
    User.objects.filter(pk=moderator.pk).update(first_name="Ines", last_name="Okafor")
    client.force_login(User.objects.get(pk=moderator.pk))
    return moderator


def test_an_answer_is_on_the_page_at_once_marked_and_signed(client, answering):
    comment = make_comment(status="approved")
    html = client.get(review(comment, "approved")).content.decode()
    assert 'value="Ines Okafor"' in html

    client.post(review(comment, "approved"), {"_answer": "1", "body": "Thank you.", "name": "Ines Okafor"})

    answer = Comment.objects.get(parent=comment)
    assert (answer.body, answer.name, answer.is_editorial, answer.is_visible) == (
        "Thank you.",
        "Ines Okafor",
        True,
        True,
    )
    assert answer.entries.get().moderator == answering
    assert Thread.objects.get(article=comment.article).comment_count == 2


@pytest.mark.usefixtures("answering")
@pytest.mark.parametrize(
    ("body", "name"), [("", "Ines"), ("x" * 4001, "Ines"), ("Kept <text>", ""), ("Kept", "\u200b")]
)
def test_an_answer_that_cannot_be_stored_comes_back_with_its_text(client, body, name):
    comment = make_comment(status="approved")

    response = client.post(review(comment, "approved"), {"_answer": "1", "body": body, "name": name})

    assert response.status_code == 422
    assert body.replace("<", "&lt;").replace(">", "&gt;") in response.content.decode()
    assert Comment.objects.count() == 1


@pytest.mark.usefixtures("answering")
def test_what_is_not_on_the_page_cannot_be_answered(client):
    comment = make_comment()

    response = client.post(review(comment), {"_answer": "1", "body": "Too early", "name": "Ines"})

    assert response.status_code == 422
    assert "Too early" in response.content.decode()
    assert Comment.objects.count() == 1


@pytest.mark.usefixtures("moderator")
def test_who_only_decides_cannot_answer_but_pin(client):
    comment = make_comment(status="approved")
    assert 'name="_answer"' not in client.get(review(comment, "approved")).content.decode()
    assert client.post(review(comment), {"_answer": "1", "body": "x", "name": "x"}).status_code == 403

    client.post(review(comment, "approved"), {"_pin": "1"})
    assert Thread.objects.get(article=comment.article).pinned == comment
    assert 'name="_unpin"' in client.get(review(comment, "approved")).content.decode()
    client.post(review(comment, "approved"), {"_unpin": "1"})
    assert Thread.objects.get(article=comment.article).pinned is None


@pytest.mark.usefixtures("moderator")
def test_what_waits_cannot_be_pinned(client):
    comment = make_comment()

    assert client.post(review(comment), {"_pin": "1"}).status_code == 409
    assert Thread.objects.get(article=comment.article).pinned is None


@pytest.mark.usefixtures("moderator")
def test_what_was_erased_can_only_be_removed(client):
    comment = make_comment(name="Ada", body="Personal", status="approved")
    before = shown(comment)
    erasure.erase([comment])
    erased = Comment.objects.get()

    html = client.get(review(erased, "approved")).content.decode()
    assert "Ada" not in html and "Personal" not in html
    assert 'name="_remove"' in html and not re.search(r'name="_(approve|spam|reject|restore)"', html)
    assert client.post(review(erased), before | {"_spam": "1"}).status_code == 409
    assert client.post(review(erased), shown(erased) | {"_spam": "1"}).status_code == 409

    assert client.post(review(erased), shown(erased) | {"_remove": "1"}).status_code == 302
    assert Comment.objects.get().status == "removed"
