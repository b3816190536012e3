"""The verbs of moderation: one transaction each, with its entry, a true count and a fresh page."""

import random
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from comments.models import Comment, ModerationEntry, Status, Thread
from comments.models.draft import Draft
from comments.moderation import decisions
from comments.tests.factories import import_comment, make_comment
from comments.writing import submitting
from publishing.cache import changes
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

VERBS = {
    "approved": decisions.approve,
    "rejected": decisions.reject,
    "spam": decisions.mark_spam,
    "removed": decisions.remove,
    "pending": decisions.restore,
}


@pytest.mark.parametrize("new", Status.values)
@pytest.mark.parametrize("old", Status.values)
def test_every_decision_is_recorded_once_with_who_when_and_what_was_seen(old, new):
    comment, moderator = make_comment(status=old), make_user("moderator")
    before = ModerationEntry.objects.count()

    changed = bool(VERBS[new](comment, moderator))

    stored = Comment.objects.get()
    assert changed == (old != new)
    assert stored.status == comment.status == new
    assert (stored.decided_at is None) == (new == "pending")
    assert ModerationEntry.objects.count() == before + changed
    if changed:
        entry = ModerationEntry.objects.last()
        assert (entry.comment, entry.moderator, entry.old_status, entry.new_status) == (comment, moderator, old, new)
        assert entry.digest == comment.digest
        assert entry.reason == ("other" if new == "rejected" else "")


def test_a_rejection_keeps_its_reason_until_it_is_taken_back():
    comment, moderator = make_comment(), make_user("moderator")

    decisions.reject(comment, moderator, "unkind", "Say it about the text.")
    assert (comment.reason, comment.note) == ("unkind", "Say it about the text.")

    decisions.restore(comment, moderator)
    comment.refresh_from_db()
    assert (comment.status, comment.reason, comment.note) == ("pending", "", "")
    assert ModerationEntry.objects.get(new_status="rejected").note == "Say it about the text."


@pytest.mark.parametrize("verb", VERBS.values())
@pytest.mark.parametrize("field", ["name", "body"])
def test_a_text_that_changed_since_it_was_shown_is_not_decided_about(verb, field):
    comment = make_comment()
    seen = comment.digest
    Comment.objects.update(**{field: "Buy this"})

    with pytest.raises(decisions.DecisionRefused) as refusal:
        verb(comment, make_user("moderator"), seen=seen)

    assert refusal.value.outcome == decisions.Outcome.CHANGED
    assert Comment.objects.get().status == "pending"
    assert ModerationEntry.objects.count() == 1


def test_what_is_approved_is_shown_as_it_was_seen():
    comment = make_comment()
    submitting.revise(comment, Draft("Marisol", "New text"))

    with pytest.raises(decisions.DecisionRefused) as refusal:
        decisions.approve(comment, make_user("moderator"), seen=comment.digest)
    assert refusal.value.outcome == decisions.Outcome.CHANGED
    decisions.approve(comment, make_user("other"), seen=Comment.objects.get().digest)

    assert Comment.objects.get().html == "<p>New text</p>"


def test_a_name_cannot_be_moved_into_the_text_unseen():
    assert Comment(name="ab", body="c").digest != Comment(name="a", body="bc").digest


@pytest.mark.parametrize("seed", range(5))
def test_the_number_in_thread_equals_a_fresh_count_after_any_decisions(seed):
    chance = random.Random(seed)
    articles = [make_article(), make_article()]
    for article in articles:
        Thread.objects.create(article=article)
    comments = [make_comment(chance.choice(articles), status=chance.choice(Status.values)) for _ in range(8)]
    moderator = make_user("moderator")

    for _ in range(60):
        # Instances that know nothing of each other, as in the hands of two moderators.
        comment = Comment(pk=chance.choice(comments).pk)
        chance.choice(list(VERBS.values()))(comment, moderator)
        for article in articles:
            assert Thread.objects.get(article=article).comment_count == Comment.objects.in_thread(article).count()


def test_pages_are_made_anew_only_when_readers_see_a_difference():
    comment, moderator = make_comment(), make_user("moderator")

    def changes_by(verb):
        before = changes.current()
        verb(comment, moderator)
        return changes.current() - before

    assert changes_by(decisions.reject) == 0
    assert changes_by(decisions.approve) > 0
    assert changes_by(decisions.approve) == 0
    assert changes_by(decisions.remove) > 0


def test_a_decision_costs_the_same_whatever_the_thread(count_queries):
    article, moderator = make_article(), make_user("moderator")
    numbers = []
    for size in (2, 12):
        while article.comments.count() < size:
            make_comment(article, status="approved")
        comment = make_comment(article)
        with count_queries() as queries:
            decisions.approve(comment, moderator)
        numbers.append(len(queries))

    assert numbers[0] == numbers[1] <= 6


def test_entries_are_written_once():
    entry = make_comment().entries.get()

    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()
    with pytest.raises(TypeError):
        ModerationEntry.objects.update(new_status="approved")
    with pytest.raises(TypeError):
        ModerationEntry.objects.all().delete()
    assert ModerationEntry.objects.get().new_status == "pending"


def test_the_record_outlives_the_account_and_goes_with_the_article():
    comment, moderator = make_comment(), make_user("moderator")
    decisions.approve(comment, moderator)

    moderator.delete()
    assert ModerationEntry.objects.filter(new_status="approved", moderator=None).exists()

    comment.article.delete()
    assert not Comment.objects.exists()
    assert not ModerationEntry.objects.exists()


def test_an_import_keeps_date_and_state_and_is_recorded():
    article, moment = make_article(), timezone.now() - timedelta(days=900)

    approved = import_comment(article, "Ada", "One\r\ntwo", moment, "approved", "")
    rejected = import_comment(article, "Ada", "Three", moment, "rejected", "unkind")

    assert (approved.body, approved.created_at, approved.decided_at) == ("One\ntwo", moment, moment)
    assert (rejected.status, rejected.reason) == ("rejected", "unkind")
    assert Thread.objects.get(article=article).comment_count == 1
    assert import_comment(article, "Ada", "Four", moment, "rejected", "We do no homework.").note[:5] == "We do"
    assert [entry.created_at for entry in ModerationEntry.objects.all()] == [moment] * 3


@pytest.mark.parametrize(("name", "body"), [("", "text"), ("Ada", ""), ("Ada", "x" * 4001), ("\u200b", "text")])
def test_an_import_of_what_nobody_could_write_stores_nothing(name, body):
    with pytest.raises(ValidationError):
        import_comment(make_article(), name, body, timezone.now(), "approved", "")

    assert not Comment.objects.exists()
