"""Many replies at once are one mail, and no mailbox gets more than ten a day. Nothing is lost by it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from comments.models import Comment, EmailAddress, EndedMailbox
from comments.models.people import ENDED
from comments.moderation import decisions
from comments.tests.factories import make_comment
from publishing.tests.factories import make_user
from publishing.tests.worker import results, run_worker
from publishing.text.mailboxes import hashes

pytestmark = pytest.mark.django_db

ADDRESS = "ann.bell@gmail.com"


@pytest.fixture(autouse=True)
def _morning(clock):
    clock.move_to(datetime(2026, 12, 1, 8, tzinfo=UTC))


@pytest.fixture
def moderator():
    return make_user("moderator")


def followed(number=1, email=ADDRESS, **fields):
    """Conversations whose writer wants news of replies; a browser of its own for each."""
    found = [make_comment(status="approved", **fields) for _ in range(number)]
    for comment in found:
        address = EmailAddress.objects.create(reader=f"{comment.pk:032x}", email=email, confirmed_at=timezone.now())
        Comment.objects.filter(pk=comment.pk).update(notify=address, reader=address.reader)
    return found


@pytest.fixture
def answer(moderator):
    """Approve replies to a comment; the names tell them apart."""

    def approve(comment, *names):
        for name in names:
            decisions.approve(make_comment(comment.article, parent=comment, name=name), moderator)

    return approve


def after(clock, **time):
    """Let time pass and the worker work; the mails that came."""
    clock.shift(timedelta(**time))
    run_worker()
    found, mail.outbox[:] = list(mail.outbox), []
    return found


def told(message):
    return re.findall("^(.*) replied to your comment", message.body, re.M)


def test_replies_that_are_approved_together_are_one_mail(clock, answer):
    (comment,) = followed()
    answer(comment, "Ada", "Bea", "Cleo", "Dora", "Elin")

    (message,) = after(clock, seconds=61)

    assert told(message) == ["Ada", "Bea", "Cleo", "Dora", "Elin"]
    assert message.subject.startswith("5 ") and f"“{comment.article.title}”" in message.subject
    urls = [f"http://testserver{reply.get_absolute_url()}" for reply in comment.replies.all()]
    assert [url for url in urls if url in message.body] == urls and len(urls) == 5
    assert after(clock, days=1) == []


def test_the_next_mail_of_a_conversation_comes_a_quarter_of_an_hour_later_with_all(clock, answer):
    (comment,) = followed()
    answer(comment, "Ada")
    assert [told(message) for message in after(clock, seconds=61)] == [["Ada"]]

    answer(comment, "Bea")
    assert after(clock, minutes=2) == []
    answer(comment, "Cleo")
    assert after(clock, minutes=12) == []
    (message,) = after(clock, minutes=1)

    assert told(message) == ["Bea", "Cleo"]
    assert ("mail_reply", "SUCCESSFUL", "not yet") in results()


def test_another_conversation_does_not_wait_for_it(clock, answer):
    one, other = followed(2)
    answer(one, "Ada")
    answer(other, "Bea")

    assert sorted(told(message) for message in after(clock, seconds=61)) == [["Ada"], ["Bea"]]


def test_a_mailbox_gets_ten_mails_a_day_and_the_rest_with_the_next(clock, answer):
    conversations = followed(6) + followed(6, email="AnnBell@googlemail.com")
    for comment in conversations:
        answer(comment, "Ada")
    (elsewhere,) = followed(email="bob@reader.example")
    answer(elsewhere, "Zoe")

    messages = after(clock, seconds=61)
    assert len(messages) == 11
    for comment in conversations[10:]:
        answer(comment, "Bea")
    assert after(clock, hours=12) == []
    assert after(clock, hours=11, minutes=59) == []
    messages = after(clock, minutes=1)

    assert [told(message) for message in messages] == [["Ada", "Bea"]] * 2
    assert after(clock, days=2) == []


def test_a_long_mail_says_how_many_it_leaves_out(clock, answer):
    (comment,) = followed()
    answer(comment, *(f"Name {number}" for number in range(23)))

    (message,) = after(clock, seconds=61)

    assert len(told(message)) == 20 and "… and 3 more." in message.body
    assert message.subject.startswith("23 replies")
    assert after(clock, days=1) == []


def test_replies_published_before_the_address_was_confirmed_are_not_mailed(clock, answer):
    (comment,) = followed()
    EmailAddress.objects.update(confirmed_at=None)
    answer(comment, "Ada")
    assert after(clock, hours=1) == []
    EmailAddress.objects.update(confirmed_at=timezone.now())

    answer(comment, "Bea")

    assert [told(message) for message in after(clock, hours=1)] == [["Bea"]]


def test_a_mailbox_that_ended_its_mails_gets_no_news_by_another_browser_s_address(clock, answer):
    """The link was that of an address which is deleted by now, so only the hash says that this one is the same."""
    (comment,) = followed()
    EndedMailbox.objects.create(hash=hashes("AnnBell@googlemail.com", ENDED)[0])
    answer(comment, "Ada")

    assert after(clock, hours=1) == []


def test_a_try_that_failed_is_repeated_for_all_that_are_still_there(clock, answer, moderator, monkeypatch):
    (comment,) = followed()
    answer(comment, "Ada", "Bea", "Cleo")
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", lambda self: (_ for _ in ()).throw(OSError()))
        assert after(clock, seconds=61) == []
    hidden = comment.replies.get(name="Bea")
    decisions.remove(hidden, moderator)

    (message,) = after(clock, minutes=2)

    assert told(message) == ["Ada", "Cleo"]
    decisions.approve(hidden, moderator)
    assert [told(message) for message in after(clock, hours=1)] == [["Bea"]]


def test_the_number_of_queries_does_not_grow_with_the_replies(clock, answer, count_queries):
    costs = []
    for number in (2, 12):
        (comment,) = followed(email=f"reader{number}@reader.example")
        answer(comment, *(f"Name {index}" for index in range(number)))
        with count_queries() as queries:
            assert len(after(clock, seconds=61)) == 1
        costs.append(sum("comments_" in sql for sql in queries) / number)

    # One look for each reply's own task, which finds it told of.
    assert costs[1] <= costs[0]
