"""Taking decisions back, and who has a comment in hand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Comment, ModerationEntry, Report, Status, Thread
from comments.moderation import decisions
from comments.tests.factories import make_comment
from comments.tests.writing.test_parallel_comments import at_once
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

VERBS = {
    "approved": decisions.approve,
    "rejected": decisions.reject,
    "spam": decisions.mark_spam,
    "removed": decisions.remove,
    "pending": decisions.restore,
}
REFUSED = object()


def last_entry():
    return ModerationEntry.objects.order_by("pk").last()


def true_count(article):
    return Thread.objects.get(article=article).comment_count == Comment.objects.in_thread(article).count()


# --- undo ---


@pytest.mark.parametrize("new", Status.values)
@pytest.mark.parametrize("old", Status.values)
def test_every_decision_can_be_taken_back_and_that_too(old, new):
    comment, moderator = make_comment(status=old, reason="unkind" if old == "rejected" else ""), make_user("moderator")
    if not VERBS[new](comment, moderator):
        return

    back = decisions.undo(last_entry(), moderator)
    assert (back.status, back.reason) == (old, "unkind" if old == "rejected" else "")
    assert last_entry().undoes.new_status == new
    assert true_count(comment.article)

    assert decisions.undo(last_entry(), moderator).status == new
    assert true_count(comment.article)


def test_a_rejection_that_comes_back_has_its_reason_and_note():
    comment, moderator = make_comment(), make_user("moderator")
    decisions.reject(comment, moderator, "unkind", "Too sharp.")
    decisions.approve(comment, moderator)

    back = decisions.undo(last_entry(), moderator)

    assert (back.status, back.reason, back.note) == ("rejected", "unkind", "Too sharp.")


def test_reports_wait_again_when_keeping_the_comment_is_taken_back():
    comment, moderator = make_comment(status="approved"), make_user("moderator")
    Report.objects.create(comment=comment, reader="a", reason="spam")
    Comment.objects.update(open_reports=1)
    decisions.approve(comment, moderator)
    assert Comment.objects.get().open_reports == 0

    decisions.undo(last_entry(), moderator)

    assert Comment.objects.get().open_reports == 1
    assert Report.objects.get().answered_at is None


def test_only_the_last_thing_that_happened_can_be_taken_back():
    comment, moderator = make_comment(), make_user("moderator")
    decisions.approve(comment, moderator)
    first = last_entry()
    decisions.remove(comment, moderator)

    with pytest.raises(decisions.CannotUndo) as refusal:
        decisions.undo(first, moderator)

    assert refusal.value.comment == comment
    assert Comment.objects.get().status == "removed"


def test_what_came_decided_and_what_is_gone_cannot_be_taken_back():
    comment, moderator = make_comment(status="approved"), make_user("moderator")
    with pytest.raises(decisions.CannotUndo):
        decisions.undo(comment.entries.get(), moderator)

    decisions.remove(comment, moderator)
    entry = ModerationEntry.objects.select_related("comment").last()
    Comment.objects.all().delete()
    with pytest.raises(decisions.CannotUndo):
        decisions.undo(entry, moderator)
    with pytest.raises(decisions.CannotUndo):
        decisions.undo(last_entry(), moderator)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_same_decision_back_at_once_one_does():
    comment, moderator = make_comment(), make_user("moderator")
    decisions.approve(comment, moderator)
    number = last_entry().pk

    def undo():
        try:
            return decisions.undo(ModerationEntry.objects.get(pk=number), moderator).status
        except decisions.CannotUndo:
            return REFUSED

    assert sorted(at_once(*[undo] * 4), key=str) == sorted(["pending", REFUSED, REFUSED, REFUSED], key=str)
    assert ModerationEntry.objects.filter(undoes=number).count() == 1


# --- parents and answers ---


def test_answers_follow_what_they_answer_out_of_sight_and_back():
    article, moderator = make_article(), make_user("moderator")
    parent = make_comment(article, status="approved")
    child = make_comment(article, status="approved", parent=parent)
    rejected = make_comment(article, status="rejected", parent=parent)
    grandchild = make_comment(article, status="approved", parent=child)

    def seen():
        assert true_count(article)
        return set(Comment.objects.in_thread(article))

    decisions.reject(parent, moderator)
    assert seen() == set()
    decisions.restore(parent, moderator)
    assert seen() == set()
    decisions.approve(rejected, moderator)
    assert seen() == set()
    decisions.approve(parent, moderator)
    assert seen() == {parent, child, rejected, grandchild}
    decisions.remove(child, moderator)
    assert seen() == {parent, rejected}
    decisions.undo(last_entry(), moderator)
    assert seen() == {parent, child, rejected, grandchild}


# --- costs ---


@pytest.mark.parametrize("answers", [0, 3])
def test_approving_takes_six_queries_at_most_whatever_the_thread(count_queries, answers):
    article, moderator, numbers = make_article(), make_user("moderator"), []
    for size in (2, 12):
        while article.comments.count() < size:
            make_comment(article, status="approved")
        comment = make_comment(article)
        for _ in range(answers):
            make_comment(article, status="approved", parent=comment)
        with count_queries() as queries:
            decisions.approve(Comment.objects.get(pk=comment.pk), moderator, seen=comment.digest, was="pending")
        numbers.append(len([query for query in queries if not query.startswith(("BEGIN", "SAVEPOINT", "RELEASE"))]) - 1)

    assert numbers[0] == numbers[1] <= 6


# --- claims ---


def test_a_claim_holds_five_minutes_against_others_and_can_be_prolonged(clock):
    comment, one, other = make_comment(), make_user("moderator"), make_user("moderator")

    assert decisions.claim(comment, one)
    assert not decisions.claim(comment, other)
    clock.shift(timedelta(minutes=4))
    assert decisions.claim(comment, one)
    clock.shift(timedelta(minutes=4))
    assert not decisions.claim(comment, other)
    clock.shift(timedelta(minutes=1, seconds=1))
    assert decisions.claim(comment, other)


def test_a_decision_ends_the_claim_and_a_colleague_cannot_give_it_up():
    comment, one, other = make_comment(), make_user("moderator"), make_user("moderator")
    decisions.claim(comment, one)
    decisions.release([comment.pk], other)
    assert Comment.objects.get().claimed_by == one

    decisions.approve(comment, one)
    assert Comment.objects.get().claimed_by is None


def test_what_a_colleague_has_claimed_is_decided_only_over_the_claim(clock):
    comment, one, other = make_comment(), make_user("moderator"), make_user("moderator")
    decisions.claim(comment, one)

    with pytest.raises(decisions.DecisionRefused) as refusal:
        decisions.approve(comment, other, over_claim=False)
    assert refusal.value.outcome == decisions.Outcome.CLAIMED
    assert Comment.objects.get().status == "pending"

    clock.shift(timedelta(minutes=5, seconds=1))
    assert decisions.approve(comment, other, over_claim=False)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_take_one_comment_one_claim_at_once_one_has_it():
    comment = make_comment()
    moderators = [make_user("moderator") for _ in range(4)]

    got = at_once(*[lambda user=user: decisions.claim(Comment(pk=comment.pk), user) for user in moderators])

    assert sorted(got) == [False, False, False, True]
    stored = Comment.objects.get()
    assert stored.claimed_by == moderators[got.index(True)] and stored.claimed_until > timezone.now()


@pytest.mark.django_db(transaction=True)
def test_of_two_opposite_decisions_at_once_about_what_was_shown_one_is_told_so():
    comment, moderator = make_comment(), make_user("moderator")
    seen = comment.digest

    def decide(verb):
        try:
            return bool(verb(Comment(pk=comment.pk), moderator, seen=seen, was="pending"))
        except decisions.AlreadyDecided as refusal:
            return refusal.comment.status

    told = at_once(lambda: decide(decisions.approve), lambda: decide(decisions.mark_spam))

    assert told in ([True, "approved"], ["spam", True])
    assert ModerationEntry.objects.exclude(old_status="").count() == 1
