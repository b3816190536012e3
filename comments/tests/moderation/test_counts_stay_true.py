"""Whatever happens to a thread, in whatever order: what is stored equals what is counted afresh, after every step."""

import contextlib
import itertools
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from articles.models import Article
from comments.models import (
    MAX_DEPTH,
    Comment,
    CommentSettings,
    EmailAddress,
    ModerationEntry,
    Policy,
    Report,
    Status,
    Thread,
)
from comments.models.draft import Draft, Sender
from comments.moderation import count_check, decisions, reports
from comments.privacy import erasure
from comments.reading import thread_pages
from comments.tests.factories import make_comment
from comments.writing import submitting
from publishing.bases.addressed import Gone
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
READERS = ["a" * 32, "b" * 32]
picks = st.integers(0, 3) | st.integers(0, 30)


class ThreadMachine(RuleBasedStateMachine):
    """Readers, moderators and the owner at work on two threads."""

    def __init__(self):
        super().__init__()
        self.texts = itertools.count(1)
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    @initialize(policy=st.sampled_from([Policy.HOLD_ALL, Policy.TRUST_KNOWN]))
    def begin(self, policy):
        CommentSettings(policy=policy, trusted_after=1).save()
        self.articles = [make_article(), make_article()]
        self.moderators = [make_user("moderator"), make_user("moderator")]
        above = None
        for _ in range(3):
            above = make_comment(self.articles[0], status="approved", parent=above)

    def a_comment(self, pick):
        numbers = list(Comment.objects.order_by("pk").values_list("pk", flat=True))
        return Comment.objects.get(pk=numbers[pick % len(numbers)])

    def has_comments(self):
        return Comment.objects.exists()

    @rule(article=st.integers(0, 1), reader=st.sampled_from(READERS), parent=st.none() | picks)
    def submit(self, article, reader, parent):
        article, text = self.articles[article], f"Text {next(self.texts)}"
        answerable = [c for c in Comment.objects.in_thread(article) if c.may_be_answered]
        above = answerable[parent % len(answerable)] if parent is not None and answerable else None
        # Each from another network, so that no limit is met.
        sender = Sender(reader, f"192.0.{next(self.texts)}.1", "Mozilla/5.0")
        submitting.submit(article, Draft("Ann", text, parent=above), sender)

    @rule(article=st.integers(0, 1), status=st.sampled_from(Status.values), parent=st.none() | picks)
    def come_from_elsewhere(self, article, status, parent):
        above = None
        if parent is not None and self.has_comments():
            above = self.a_comment(parent)
            above = above.parent if above.depth == MAX_DEPTH else above
        article = above.article if above else self.articles[article]
        make_comment(article, status=status, parent=above, body=f"Text {next(self.texts)}")

    @precondition(has_comments)
    @rule(pick=picks, by=st.integers(0, 1))
    def approve(self, pick, by):
        with contextlib.suppress(decisions.AlreadyDecided):
            decisions.approve(self.a_comment(pick), self.moderators[by])

    @precondition(has_comments)
    @rule(verb=st.sampled_from([decisions.reject, decisions.mark_spam, decisions.remove]), pick=picks)
    def take_off(self, verb, pick):
        with contextlib.suppress(decisions.AlreadyDecided):
            verb(self.a_comment(pick), self.moderators[0])

    @precondition(has_comments)
    @rule(pick=picks)
    def restore(self, pick):
        with contextlib.suppress(decisions.AlreadyDecided):
            decisions.restore(self.a_comment(pick), self.moderators[0])

    @precondition(has_comments)
    @rule(pick=picks)
    def put_back_and_approve(self, pick):
        with contextlib.suppress(decisions.AlreadyDecided):
            decisions.restore(self.a_comment(pick), self.moderators[0])
            decisions.approve(self.a_comment(pick), self.moderators[1])

    @precondition(has_comments)
    @rule(pick=picks)
    def answer(self, pick):
        parent = self.a_comment(pick)
        if parent.may_be_answered:
            decisions.answer(parent, f"Answer {next(self.texts)}", self.moderators[0], "Mei Castellan")

    @rule(pick=picks)
    def undo(self, pick):
        entries = list(ModerationEntry.objects.order_by("-pk")[:5])
        if entries:
            with contextlib.suppress(decisions.DecisionRefused):
                decisions.undo(entries[pick % len(entries)], self.moderators[0])

    @precondition(has_comments)
    @rule(pick=picks, reader=st.sampled_from([*READERS, "c" * 32]))
    def report(self, pick, reader):
        with contextlib.suppress(Gone):
            reports.report(self.a_comment(pick), reader, "wrong")

    @precondition(has_comments)
    @rule(pick=picks)
    def withdraw(self, pick):
        with contextlib.suppress(submitting.NotWaiting):
            submitting.withdraw(self.a_comment(pick))

    @precondition(has_comments)
    @rule(pick=picks, more=st.sampled_from(["", " https://a.example https://b.example"]))
    def revise(self, pick, more):
        with contextlib.suppress(submitting.NotWaiting):
            submitting.revise(self.a_comment(pick), Draft("Ann", f"Again {next(self.texts)}{more}"))

    @precondition(has_comments)
    @rule(pick=picks)
    def pin(self, pick):
        with contextlib.suppress(ValueError):
            decisions.pin(self.a_comment(pick))

    @precondition(has_comments)
    @rule(pick=picks)
    def unpin(self, pick):
        decisions.unpin(self.a_comment(pick))

    @precondition(has_comments)
    @rule(pick=picks)
    def erase(self, pick):
        erasure.erase([self.a_comment(pick)])

    @rule(reader=st.sampled_from(READERS))
    def erase_reader(self, reader):
        erasure.erase_reader(reader)

    @rule()
    def purge(self):
        Comment.objects.filter(decided_at__isnull=False).update(decided_at=timezone.now() - timedelta(days=31))
        erasure.purge(30)

    @rule(reader=st.sampled_from(READERS))
    def confirm_address(self, reader):
        EmailAddress.objects.get_or_create(
            reader=reader, email="a@example.org", defaults={"confirmed_at": timezone.now()}
        )

    @invariant()
    def everything_is_true(self):
        comments = {c.pk: c for c in Comment.objects.order_by("depth")}
        open_reports = Counter(Report.objects.filter(answered_at=None).values_list("comment", flat=True))
        standing = dict(ModerationEntry.objects.order_by("created_at", "pk").values_list("comment", "new_status"))
        shown = Counter()
        for number, comment in comments.items():
            above = comments.get(comment.parent_id)
            is_visible = comment.status == "approved" and (above is None or above.is_visible)
            assert comment.is_visible == is_visible
            assert comment.depth == (above.depth + 1 if above else 1)
            assert comment.open_reports == open_reports[number]
            assert bool(comment.erased_at) == (comment.body == "")
            assert standing.get(number, "pending") == comment.status
            assert (comment.decided_at is None) == (comment.status == "pending")
            assert comment.is_suspect == bool(comment.holds)
            shown[comment.article_id] += is_visible
        for thread in Thread.objects.all():
            assert thread.comment_count == shown[thread.article_id]
            assert thread.comment_count == Comment.objects.in_thread(thread.article_id).count()
            pinned = comments.get(thread.pinned_id)
            if pinned:
                assert (pinned.article_id, pinned.depth, pinned.erased_at) == (thread.article_id, 1, None)
            page = thread_pages.page(Article.objects.get(pk=thread.article_id))
            at_the_top = [pinned.pk] if pinned and pinned.is_visible else []
            assert [found.root.pk for found in page.conversations if found.is_pinned] == at_the_top
            assert [found.root.pk for found in page.conversations][: len(at_the_top)] == at_the_top

    def teardown(self):
        try:
            for article in Article.objects.filter(pk__in=[article.pk for article in getattr(self, "articles", ())]):
                assert count_check.differences(article) == []
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)


def test_counts_are_true_after_every_step_of_any_story():
    run_state_machine_as_test(
        ThreadMachine,
        settings=settings(
            max_examples=30, stateful_step_count=30, phases=[Phase.generate],
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )  # fmt: skip
