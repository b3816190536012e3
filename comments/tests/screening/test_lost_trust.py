"""What ends trust in a known writer, and that it does not come back by itself."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from comments.models import Comment, CommentSettings, EmailAddress, ModerationEntry
from comments.models.draft import Draft, Sender
from comments.moderation import decisions, reports
from comments.privacy import erasure
from comments.writing import submitting, trust
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

ANN, OTHER = "a" * 32, "b" * 32


@pytest.fixture(autouse=True)
def _trust_after_one():
    CommentSettings(policy="trust", trusted_after=1).save()


@pytest.fixture
def article():
    return make_article()


@pytest.fixture
def mod():
    return make_user("moderator")


@pytest.fixture
def write(article):
    def send(reader=ANN):
        comment = submitting.submit(article, Draft("Ann", f"Remark {Comment.objects.count()}"), Sender(reader))
        Comment.objects.update(network="")
        return comment

    return send


@pytest.fixture
def approved(write, mod):
    comment = write()
    decisions.approve(comment, mod)
    return comment


def confirmed(reader, email="ann@mail.example"):
    return EmailAddress.objects.create(reader=reader, email=email, confirmed_at=timezone.now())


# --- a rejection stands against an old approval ---


@pytest.mark.usefixtures("_reported")
def test_keeping_an_old_comment_against_reports_does_not_outweigh_a_later_rejection(write, mod, approved):
    decisions.reject(write(), mod)
    assert not trust.is_known(ANN)

    reports.report(approved, OTHER, "spam")
    assert decisions.approve(Comment.objects.get(pk=approved.pk), mod)

    assert not trust.is_known(ANN)


@pytest.fixture
def _reported():
    CommentSettings.objects.update(report_threshold=1)


def test_taking_back_a_mistake_about_an_old_comment_does_not_outweigh_a_later_rejection(write, mod, approved):
    decisions.reject(write(), mod)
    decisions.mark_spam(approved, mod)
    decisions.undo(approved.entries.last(), mod)
    assert Comment.objects.get(pk=approved.pk).status == "approved"

    assert not trust.is_known(ANN)


def test_an_undo_that_is_taken_back_itself_ends_trust_again(mod, approved):
    decisions.reject(approved, mod)
    decisions.undo(approved.entries.last(), mod)
    assert trust.is_known(ANN)
    decisions.undo(approved.entries.last(), mod)

    assert not trust.is_known(ANN)


# --- a removal ---


def test_a_removal_by_a_moderator_ends_trust_and_putting_it_back_gives_it_back(write, mod, approved):
    live = write()
    assert live.status == "approved"

    decisions.remove(live, mod)
    assert not trust.is_known(ANN)

    decisions.undo(live.entries.last(), mod)
    assert trust.is_known(ANN)


def test_a_removal_by_an_account_that_is_gone_still_ends_trust(write, mod, approved):
    gone = make_user("moderator")
    decisions.remove(write(), gone)
    gone.delete()

    assert not trust.is_known(ANN)


@pytest.mark.usefixtures("approved")
def test_what_a_writer_withdraws_or_has_erased_ends_nothing(write, mod):
    for end in (submitting.withdraw, lambda comment: erasure.erase([comment])):
        comment = write()
        decisions.restore(comment, mod)
        end(comment)
        assert Comment.objects.get(pk=comment.pk).status == "removed"

        assert trust.is_known(ANN)


# --- however long ago ---


def test_a_rejection_is_remembered_behind_any_number_of_other_decisions(write, mod, monkeypatch):
    monkeypatch.setattr(trust, "REMEMBERED_DECISIONS", 3)
    confirmed(ANN)
    bad = write()
    decisions.reject(bad, mod)
    for _ in range(5):
        submitting.withdraw(write())

    assert not trust.is_known(ANN)
    decisions.undo(bad.entries.last(), mod)
    assert trust.is_known(ANN)


# --- an e-mail address ---


@pytest.mark.parametrize("email", ["ann@mail.example", "Ann@Mail.Example", "ann+again@mail.example"])
@pytest.mark.parametrize("verb", [decisions.reject, decisions.mark_spam, decisions.remove])
def test_a_cleared_cookie_and_the_same_mailbox_do_not_bring_trust_back(write, mod, email, verb):
    confirmed(ANN)
    comment = write()
    verb(comment, mod)
    confirmed(OTHER, email)

    assert not trust.is_known(OTHER)
    assert write(OTHER).status == "pending"

    decisions.undo(comment.entries.last(), mod)
    assert trust.is_known(OTHER)


def test_who_is_rejected_first_and_confirms_in_another_browser_is_not_known(write, mod):
    EmailAddress.objects.create(reader=ANN, email="ann@mail.example")
    decisions.reject(write(), mod)
    confirmed(OTHER)

    assert not trust.is_known(OTHER)


def test_another_mailbox_and_approvals_are_not_touched_by_it(write, mod, approved):
    confirmed(ANN)
    stranger = "c" * 32
    confirmed(stranger, "anne@mail.example")
    confirmed(OTHER)
    decisions.reject(write(OTHER), mod)

    assert trust.is_known(stranger)
    assert trust.is_known(ANN), "by an approved comment"


def test_a_purged_rejection_still_stands_against_the_mailbox(write, mod, clock):
    confirmed(ANN)
    decisions.reject(write(), mod)
    clock.shift(timedelta(days=40))
    erasure.purge(30)
    confirmed(OTHER)

    assert not Comment.objects.exists()
    assert not trust.is_known(OTHER)


def test_asking_about_a_mailbox_takes_two_queries_that_read_indexes(write, mod, count_queries):
    confirmed(OTHER)
    for number in range(12):
        EmailAddress.objects.create(reader=f"{number:032x}", email="ann@mail.example")
        decisions.approve(write(f"{number:032x}"), mod)
    CommentSettings.current()

    with count_queries() as queries:
        assert trust.is_known(OTHER)
    assert len(queries) == 2

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = trust._trusted_addresses(OTHER).explain()
    assert "email_by_mailbox" in plan and "entry_by_reader" in plan, plan
    assert ModerationEntry._meta.db_table not in str([line for line in plan.splitlines() if "SCAN" in line]), plan
