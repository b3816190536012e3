"""What its writer took back, or had erased, stays so: no moderator decides about it any more."""

import re

import pytest
from django.urls import reverse

from comments.models import Batch, Comment, ModerationEntry
from comments.moderation import bulk, decisions
from comments.privacy import erasure
from comments.tests.factories import make_comment
from comments.tests.queue_pages import QUEUE, act, messages_of
from comments.writing import submitting
from publishing.tests.factories import make_user

pytestmark = pytest.mark.django_db

LOG = reverse("admin:comments_moderationentry_changelist")
VERBS = {
    "approve": decisions.approve,
    "reject": decisions.reject,
    "spam": decisions.mark_spam,
    "restore": decisions.restore,
}


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\xa0", " ").split())


def review(comment):
    return reverse("admin:comments_comment_change", args=[comment.pk])


def undo_url(entry):
    return reverse("admin:comments_moderationentry_undo", args=[entry.pk])


def receipt_of(client, comment):
    return text_of(client.get(comment.get_receipt_url()))


@pytest.fixture
def withdrawn():
    return submitting.withdraw(make_comment(body="Taken back"))


@pytest.fixture
def erased():
    """Removed by a moderator and then erased."""
    comment = make_comment(status="approved")
    decisions.remove(comment, make_user("moderator"))
    erasure.erase([comment])
    return Comment.objects.get(pk=comment.pk)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("was", ["pending", "removed", None])
def test_nobody_decides_about_what_its_writer_withdrew(withdrawn, verb, was):
    with pytest.raises(decisions.AlreadyDecided) as refusal:
        VERBS[verb](withdrawn, make_user("moderator"), was=was, seen=withdrawn.digest)

    assert refusal.value.outcome == decisions.Outcome.FINAL
    assert Comment.objects.get().status == "removed"
    assert ModerationEntry.objects.filter(comment=withdrawn).last().rule == "withdrawn"


def test_removing_what_was_withdrawn_changes_nothing(withdrawn):
    assert not decisions.remove(withdrawn, make_user("moderator"))


def test_a_withdrawal_cannot_be_undone(withdrawn):
    with pytest.raises(decisions.CannotUndo, match="withdrew it"):
        decisions.undo(withdrawn.entries.last(), make_user("moderator"))

    assert Comment.objects.get().status == "removed"


def test_what_waits_again_after_a_removal_can_still_be_withdrawn_and_then_stays():
    comment, moderator = make_comment(), make_user("moderator")
    decisions.remove(comment, moderator)
    decisions.restore(comment, moderator)
    submitting.withdraw(comment)

    with pytest.raises(decisions.AlreadyDecided):
        decisions.approve(comment, moderator)


@pytest.mark.usefixtures("moderator")
def test_the_page_of_a_withdrawn_comment_says_so_and_offers_nothing(client, withdrawn):
    Comment.objects.update(reader="a" * 32)

    response = client.get(review(withdrawn))

    html = response.content.decode()
    assert 'id="withdrawn"' in html
    assert not re.search(r'name="_\w+"', html)
    assert "Ban" not in html.split('id="withdrawn"')[1].split('id="writer"')[0]


@pytest.mark.usefixtures("moderator")
@pytest.mark.parametrize("was", ["pending", "removed"])
def test_deciding_about_a_withdrawn_comment_is_refused_with_the_reason(client, withdrawn, was):
    response = client.post(review(withdrawn), {"seen": withdrawn.digest, "was": was, "_approve": "1"})

    assert response.status_code == 409
    assert response.context["refusal"]["what"] == "final"
    assert "withdrew it" in text_of(response)


@pytest.mark.usefixtures("moderator")
@pytest.mark.parametrize(("state", "why"), [("withdrawn", "The writer withdrew it."), ("erased", "erased.")])
def test_the_record_offers_no_undo_of_what_was_withdrawn_or_erased(client, request, state, why):
    comment = request.getfixturevalue(state)
    last = comment.entries.last()
    assert undo_url(last) not in client.get(LOG).content.decode()
    assert undo_url(last) not in client.get(review(comment), {"decided": last.pk}).content.decode()

    response = client.post(undo_url(last))

    assert response.status_code == 409
    assert response.context["refusal"]["what"] == "undo" and why in text_of(response)
    assert Comment.objects.get().status == "removed"


@pytest.mark.usefixtures("moderator")
def test_many_put_back_at_once_leave_what_was_withdrawn_and_say_so(client, withdrawn):
    other = make_comment(status="removed")

    said = messages_of(act(client, "restore", [withdrawn, other], QUEUE + "?queue=removed"))

    assert "Taken back" not in said[0] and "Taken back" in said[1]
    assert bulk.progress(Batch.objects.get()).outcomes == {"done": 1, "final": 1}
    assert Comment.objects.get(pk=withdrawn.pk).status == "removed"


def test_a_removal_by_an_account_that_is_gone_is_not_the_writers(client, moderator):
    comment, gone = make_comment(), make_user("moderator")
    decisions.remove(comment, gone)
    gone.delete()

    assert "A moderator removed it" in receipt_of(client, comment)
    assert "a deleted account" in text_of(client.get(review(comment)))
    assert decisions.restore(comment, moderator)


@pytest.mark.usefixtures("moderator")
def test_the_record_says_that_it_was_the_writer_or_an_erasure(client, withdrawn):
    waiting = make_comment()
    erasure.erase([waiting])

    assert "Waiting → Removed, its writer" in text_of(client.get(review(withdrawn)))
    assert "Waiting → Removed, an erasure on request" in text_of(client.get(review(waiting)))


def test_putting_back_what_was_removed_costs_one_query_more_at_most(count_queries):
    comment = make_comment(status="approved")
    moderator = make_user("moderator")
    decisions.remove(comment, moderator)
    with count_queries() as queries:
        decisions.approve(comment, moderator)

    assert len(queries) <= 7
