"""The mail that tells moderators that something waits: one in a window, and none for nothing."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from comments.mail import notify as comment_mail
from comments.mail.tasks import start_digest
from comments.models import Comment, CommentSettings
from comments.moderation import decisions, reports
from comments.tests.factories import comment_url, make_comment, sent
from comments.tests.writing.test_parallel_comments import at_once
from publishing.tests.factories import make_article, make_user
from publishing.tests.worker import run_worker, waiting_tasks

pytestmark = pytest.mark.django_db


def with_address(role="moderator", address=None):
    user = make_user(role)
    user.email = address or f"{user.username}@desk.example"
    user.save()
    return user


@pytest.fixture
def moderator(db):
    return with_address()


@pytest.fixture
def hold(clock):
    """Have a number of comments held, some seconds apart."""

    def make(number=1, article=None, **fields):
        article = article or make_article()
        comments = []
        for _ in range(number):
            clock.shift(timedelta(seconds=5))
            comments.append(make_comment(article, **fields))
            comment_mail.schedule_digest()
        return comments

    return make


def after(clock, **time):
    clock.shift(timedelta(**time))
    run_worker()
    return len(mail.outbox)


def test_nothing_waits_and_nothing_is_sent(moderator, clock):
    assert after(clock, hours=100) == 0
    assert waiting_tasks() == []


def test_a_comment_that_is_sent_schedules_one_digest(moderator, clock, post_from_site):
    for number in range(3):
        post_from_site(comment_url(make_article()), sent(body=f"Question {number}?"))
        clock.shift(timedelta(seconds=20))

    assert waiting_tasks() == ["start_digest"]
    assert after(clock, minutes=13) == 0
    assert after(clock, minutes=2) == 1


def test_a_hundred_comments_in_a_window_are_one_mail(moderator, hold, clock):
    for _ in range(20):
        hold(5)
        after(clock, minutes=10)

    assert len(mail.outbox) == 1
    assert after(clock, hours=1) == 2


def test_everybody_who_moderates_gets_one_mail(hold, clock):
    moderator, owner = with_address("moderator"), with_address("owner")
    with_address("editor"), with_address("author"), make_user("moderator")
    with_address("moderator", address=moderator.email.upper())
    User.objects.filter(pk=with_address("moderator").pk).update(is_active=False)
    hold()

    after(clock, hours=1)

    assert sorted(message.to[0].lower() for message in mail.outbox) == sorted([moderator.email, owner.email])
    assert {len(message.recipients()) for message in mail.outbox} == {1}


def test_what_was_decided_in_time_is_not_in_the_digest(moderator, hold, clock):
    (comment,) = hold()
    decisions.approve(comment, moderator)

    assert after(clock, hours=1) == 0
    assert waiting_tasks() == []
    hold()
    assert after(clock, minutes=16) == 1


def test_while_something_waits_there_is_a_mail_in_each_window(moderator, hold, clock):
    (comment,) = hold()

    assert after(clock, minutes=16) == 1
    assert after(clock, hours=3, minutes=50) == 1
    assert after(clock, minutes=15) == 2
    decisions.approve(comment, moderator)
    assert after(clock, hours=5) == 2
    assert waiting_tasks() == []


def test_the_next_digest_keeps_the_distance_to_the_last(moderator, hold, clock):
    (comment,) = hold()
    assert after(clock, minutes=16) == 1
    decisions.approve(comment, moderator)
    after(clock, hours=3, minutes=50)
    hold()

    assert after(clock, minutes=5) == 1
    assert after(clock, minutes=10) == 2


def test_digests_can_be_switched_off(moderator, hold, clock):
    CommentSettings(digest_hours=0).save()
    hold(3)

    assert waiting_tasks() == []
    assert after(clock, hours=10) == 0


@pytest.fixture
def change_rules(client):
    """Save the rules in the admin, as an editor does; the form was opened when `before` happened."""
    client.force_login(make_user("editor"))
    data = {"policy": "hold", "close_after_days": 0, "trusted_after": 2, "links_held": 2, "report_threshold": 3}

    def save(**fields):
        address = "/admin/comments/commentsettings/" + ("1/change/" if CommentSettings.objects.exists() else "add/")
        assert client.post(address, data | fields).status_code == 302

    return save


def test_saving_the_rules_does_not_put_back_when_the_next_digest_is_due(hold):
    CommentSettings().save()
    read_before, written_anew = CommentSettings.objects.get(), CommentSettings(report_threshold=5)
    hold()
    due_at = CommentSettings.objects.get().digest_due_at
    CommentSettings.objects.update(digest_sent_at=due_at)

    for rules in (read_before, written_anew):
        rules.links_held = 9
        rules.save()

    stored = CommentSettings.objects.get()
    assert (stored.digest_due_at, stored.digest_sent_at) == (due_at, due_at)
    assert (stored.links_held, stored.report_threshold) == (9, 5)
    assert CommentSettings.current().links_held == 9


@pytest.mark.django_db(transaction=True)
def test_digests_switched_on_include_what_waits(clock, client, change_rules):
    moderator = with_address()
    change_rules(digest_hours=0)
    make_comment()
    comment_mail.schedule_digest()
    assert after(clock, hours=10) == 0

    change_rules(digest_hours=4)

    assert waiting_tasks() == ["start_digest"]
    assert after(clock, minutes=14) == 0
    assert after(clock, minutes=2) == 1
    assert mail.outbox[0].to == [moderator.email]


def test_when_nothing_waits_switching_digests_on_schedules_none(change_rules):
    change_rules(digest_hours=0)
    change_rules(digest_hours=4)

    assert waiting_tasks() == []


def test_digests_switched_off_meanwhile_are_not_sent(moderator, hold, clock):
    hold()
    CommentSettings.objects.update(digest_hours=0)

    assert after(clock, hours=10) == 0
    assert CommentSettings.objects.get().digest_due_at is None


def test_scheduling_costs_nothing_while_it_is_scheduled(moderator, hold, count_queries):
    hold()
    assert CommentSettings.current().digest_due_at

    with count_queries() as queries:
        comment_mail.schedule_digest()

    assert queries == []


def test_a_lost_digest_is_scheduled_again(moderator, hold, clock):
    hold()
    DBTaskResult.objects.all().delete()
    clock.shift(timedelta(hours=2))

    hold()

    assert waiting_tasks() == ["start_digest"]
    assert after(clock, minutes=16) == 1


def test_a_worker_that_was_away_sends_one_digest(moderator, hold, clock):
    for _ in range(6):
        hold()
        clock.shift(timedelta(hours=2))

    assert after(clock, hours=1) == 1


def test_the_mail_lists_the_oldest_first_and_counts_by_article(moderator, hold, clock):
    busy, quiet = make_article(title="The busy one"), make_article(title="The quiet one")
    hold(1, quiet, name="Odalys", body="First of all.\n\nA second paragraph.", kind="question")
    hold(22, busy)

    after(clock, minutes=16)

    (message,) = mail.outbox
    body = message.body
    assert message.subject.startswith("23 comments ")
    assert "22 · The busy one" in body and "1 · The quiet one" in body
    assert body.index("22 · The busy one") < body.index("1 · The quiet one")
    assert "1. Odalys, Question, 17 minutes ago" in body
    assert "First of all. A second paragraph." in body
    assert body.count("/change/") == 20
    assert "… and 3 more." in body


def test_its_links_only_open_the_queues(moderator, hold, clock, client):
    (comment,) = hold()
    after(clock, minutes=16)
    paths = [line.strip() for line in mail.outbox[0].body.splitlines() if line.strip().startswith("http")]

    assert len(paths) == 2
    for path in paths:
        for look in (client.get, client.head):
            assert look(path.removeprefix("http://testserver")).status_code == 302
    client.force_login(moderator)
    for path in paths:
        assert client.get(path.removeprefix("http://testserver")).status_code == 200
    comment.refresh_from_db()
    assert comment.status == "pending"


def test_it_says_no_more_than_an_excerpt_and_no_address(moderator, hold, clock):
    evil = "Name\r\nBcc: victim@evil.example"
    (comment,) = hold(body="word " * 700)
    Comment.objects.filter(pk=comment.pk).update(name=evil, network="4/32:" + "a" * 40)

    after(clock, minutes=16)

    (message,) = mail.outbox
    assert message.body.count("word") < 40
    assert "4/32" not in message.body and "\nBcc" not in message.body
    assert message.message()["Bcc"] is None


def test_reported_comments_are_in_the_digest(moderator, clock):
    comment = make_comment(status="approved", name="Marisol")
    for number in range(3):
        assert waiting_tasks() == []
        reports.report(comment, f"{number:032x}", "unkind")

    assert after(clock, minutes=16) == 1
    assert "reported by readers" in mail.outbox[0].body


def test_a_comment_put_back_into_the_queue_is_in_the_digest(moderator, clock):
    comment = make_comment()
    decisions.approve(comment, moderator)
    decisions.restore(comment, moderator)

    assert after(clock, minutes=16) == 1


@pytest.mark.django_db(transaction=True)
def test_many_processes_schedule_one_digest():
    def hold():
        with transaction.atomic():
            comment_mail.schedule_digest()

    at_once(*[hold] * 8)

    assert waiting_tasks() == ["start_digest"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_digest(mailoutbox):
    with_address()
    make_comment()
    CommentSettings(digest_due_at=timezone.now() - timedelta(seconds=1)).save()
    for _ in range(4):
        start_digest.enqueue()

    # As they were started at the same moment: whoever does not get the first task takes the next.
    at_once(*[start_digest.func] * 4)
    run_worker()

    assert len(mailoutbox) == 1


# --- nobody who could get it ---

LIST = "/admin/comments/comment/"
NOTICE = 'id="no-digest"'


@pytest.mark.parametrize(("role", "has_link"), [("moderator", False), ("owner", True)])
def test_the_queues_say_that_no_digest_can_be_sent(client, role, has_link):
    user = make_user(role)
    User.objects.update(email="")
    client.force_login(user)

    html = client.get(LIST).content.decode()

    assert NOTICE in html
    assert ('href="/admin/auth/user/">Add' in html) is has_link


def test_the_queues_say_nothing_while_somebody_gets_it_or_digests_are_off(client, moderator):
    client.force_login(moderator)
    assert NOTICE not in client.get(LIST).content.decode()

    User.objects.update(email="")
    CommentSettings(digest_hours=0).save()
    assert NOTICE not in client.get(LIST).content.decode()
