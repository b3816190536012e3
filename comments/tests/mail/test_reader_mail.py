"""Mails to readers: the confirmation of an address, news of replies, and how to end them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail, signing
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment, EmailAddress, Status
from comments.moderation import decisions
from comments.tests.factories import comment_url, make_comment, sent
from publishing.maintenance import announcements
from publishing.models import Publication
from publishing.tests.factories import make_article, make_user
from publishing.tests.worker import run_worker, waiting_tasks

pytestmark = pytest.mark.django_db

ADDRESS = "writer@reader.example"


@pytest.fixture
def write(post_from_site, clock):
    """Send a comment as a browser does, a quarter of an hour after the last one; returns it."""
    # Far from midnight, when the hashes of networks change.
    clock.move_to(datetime(2026, 12, 1, 8, tzinfo=UTC))

    def send(article=None, **fields):
        clock.shift(timedelta(minutes=15))
        known = set(Comment.objects.values_list("pk", flat=True))
        response = post_from_site(comment_url(article or make_article()), sent(**fields))
        assert response.status_code == 303
        return Comment.objects.exclude(pk__in=known).get()

    return send


def links_in(message):
    return re.findall(r"http://testserver(/\S+)", message.body)


def confirmed_comment(write, post_from_site, article=None):
    """A visible comment whose writer gets news of replies."""
    comment = write(article, email=ADDRESS)
    run_worker()
    assert post_from_site(links_in(mail.outbox.pop())[0]).status_code == 303
    decisions.approve(comment, make_user("moderator"))
    comment.refresh_from_db()
    return comment


def reply_to(comment, clock, **fields):
    reply = make_comment(comment.article, parent=comment, **fields)
    decisions.approve(reply, make_user("moderator"))
    clock.shift(timedelta(seconds=61))
    return reply


# --- the confirmation ---


def test_an_address_is_asked_for_its_confirmation_by_a_task(write):
    comment = write(email=ADDRESS, name="Cheap pills", body="Buy cheap pills at https://pills.example")
    assert mail.outbox == []

    run_worker()

    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    assert comment.article.title in message.body
    assert "pills" not in message.subject + message.body
    assert message.message().get_content_type() == "text/plain"
    assert waiting_tasks() == ["start_digest"]


def test_no_link_in_a_mail_carries_the_address(write):
    write(email=ADDRESS)
    run_worker()

    for link in links_in(mail.outbox[0]):
        assert "reader" not in link and "writer" not in link


def test_only_the_button_confirms(client, write, post_from_site):
    write(email=ADDRESS)
    run_worker()
    link = links_in(mail.outbox[0])[0]

    for look in (client.get, client.head):
        response = look(link)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "private, no-store"
        assert "noindex" in response.headers["X-Robots-Tag"]
    assert EmailAddress.objects.get().confirmed_at is None
    assert "Confirm address" in client.get(link).content.decode()

    assert post_from_site(link).url == f"{link}#main"
    assert EmailAddress.objects.get().confirmed_at is not None
    assert "Your address is confirmed" in client.get(link).content.decode()


def test_confirming_in_another_browser_shows_a_warning(client, write):
    """It makes the browser known that gave the address, whoever sits there."""
    write(email=ADDRESS)
    run_worker()
    link = links_in(mail.outbox[0])[0]

    assert "Only confirm if that was you" not in client.get(link).content.decode()
    assert "Only confirm if that was you" in Client().get(link).content.decode()


def test_another_site_cannot_confirm(client, write):
    write(email=ADDRESS)
    run_worker()

    response = client.post(links_in(mail.outbox[0])[0], headers={"sec-fetch-site": "cross-site"})

    assert response.status_code == 403
    assert EmailAddress.objects.get().confirmed_at is None


def test_a_confirmation_that_is_late_forged_or_for_something_else_is_not_found(client, write, post_from_site, clock):
    comment = write(email=ADDRESS)
    run_worker()
    address, token = EmailAddress.objects.get(), links_in(mail.outbox[0])[0].split("/")[-2]
    forged = [
        token[:-1] + ("A" if token[-1] != "A" else "B"), "x", "a:b:c", signing.dumps(address.pk),
        comment.get_receipt_url().split("/")[-2], address.get_stop_url(comment.pk).split("/")[-2],
        signing.dumps(address.pk + 1, salt="comments.confirm"),
    ]  # fmt: skip

    for other in forged:
        for ask in (client.get, post_from_site):
            response = ask(reverse("comments:confirm", args=[other]))
            assert response.status_code == 404, other
            assert "more than 3 days old" in " ".join(response.content.decode().split())
    clock.shift(timedelta(days=3, seconds=1))
    assert post_from_site(reverse("comments:confirm", args=[token])).status_code == 404
    assert EmailAddress.objects.get().confirmed_at is None


def test_confirming_again_changes_nothing(write, post_from_site):
    write(email=ADDRESS)
    run_worker()
    link = links_in(mail.outbox[0])[0]
    post_from_site(link)
    first = EmailAddress.objects.get().confirmed_at

    assert post_from_site(link).status_code == 303
    assert EmailAddress.objects.get().confirmed_at == first


def test_a_confirmed_address_is_not_asked_again(write, post_from_site):
    confirmed_comment(write, post_from_site)

    write(email=ADDRESS)
    run_worker()

    assert mail.outbox == []


@pytest.mark.parametrize("body", ["Does it hold for two people?", "Another remark."], ids=["repeated", "new"])
def test_another_spelling_of_a_confirmed_address_is_not_asked_again(write, post_from_site, clock, body):
    comment = confirmed_comment(write, post_from_site)
    data = sent(email="Writer+x@Reader.example", body=body)

    clock.shift(timedelta(minutes=15))
    assert post_from_site(comment_url(comment.article), data).status_code == 303
    run_worker()

    assert mail.outbox == []
    assert {row.notify.email for row in Comment.objects.select_related("notify")} == {ADDRESS}
    assert EmailAddress.objects.count() == 1


@pytest.mark.parametrize(
    "typed",
    [
        [f"writer+{number}@Reader.example" for number in range(5)],
        [f"{name}@gmail.com" for name in ("annbell", "ann.bell", "a.n.n.bell", "annb.ell+x")]
        + ["Annbell@googlemail.com"],
    ],
    ids=["plus", "dots"],
)
def test_a_mailbox_gets_three_confirmations_a_day_and_no_comment_is_lost(write, client, typed):
    for number, email in enumerate(typed):
        client.cookies.clear()
        write(email=email, REMOTE_ADDR=f"203.0.113.{number}")
        run_worker()

    assert len(mail.outbox) == 3
    assert Comment.objects.count() == 5


def test_one_network_causes_ten_confirmations_a_day(write, clock):
    for number in range(12):
        write(email=f"somebody-{number}@reader.example")
    run_worker()

    assert len(mail.outbox) == 10
    clock.shift(timedelta(days=1))
    write(email="somebody-else@reader.example")
    run_worker()
    assert len(mail.outbox) == 11


def test_nothing_is_sent_for_a_comment_that_was_refused_meanwhile(write):
    decisions.mark_spam(write(email=ADDRESS), make_user("moderator"))

    run_worker()

    assert mail.outbox == []


# --- news of replies ---


def test_a_published_reply_is_mailed_once(write, post_from_site, clock):
    parent = confirmed_comment(write, post_from_site)
    reply = make_comment(parent.article, parent=parent, name="Odalys", body="First line.\n\nSecond line.")
    run_worker()
    moderator = make_user("moderator")
    decisions.approve(reply, moderator)
    run_worker()
    assert mail.outbox == []

    clock.shift(timedelta(seconds=61))
    run_worker()

    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    assert f"“{parent.article.title}”" in message.subject
    assert "Odalys replied to your comment" in message.body
    assert "> First line." in message.body and "> Second line." in message.body
    assert f"http://testserver{reply.get_absolute_url()}" in message.body
    decisions.remove(reply, moderator)
    decisions.approve(reply, moderator)
    clock.shift(timedelta(hours=1))
    run_worker()
    assert len(mail.outbox) == 1


def test_a_reply_of_an_editor_is_marked(write, post_from_site, clock):
    parent = confirmed_comment(write, post_from_site)
    decisions.answer(parent, "Thank you.", make_user("editor"), "The desk")

    clock.shift(timedelta(seconds=61))
    run_worker()

    assert "The desk, an editor, replied to your comment" in mail.outbox[0].body


def hide(comment):
    decisions.remove(comment, make_user("moderator"))


@pytest.mark.parametrize(
    "what",
    [
        lambda parent, reply: hide(reply),
        lambda parent, reply: hide(parent),
        lambda parent, reply: EmailAddress.objects.update(confirmed_at=None),
        lambda parent, reply: EmailAddress.objects.all().delete(),
        lambda parent, reply: type(parent.article).objects.update(status="archived"),
        lambda parent, reply: Comment.objects.filter(pk=reply.pk).update(erased_at=timezone.now()),
        lambda parent, reply: Comment.objects.filter(pk=reply.pk).delete(),
    ],
    ids=["reply hidden", "comment hidden", "not confirmed", "address gone", "article gone", "erased", "deleted"],
)
def test_no_mail_about_a_reply_that_cannot_be_read(write, post_from_site, clock, what):
    parent = confirmed_comment(write, post_from_site)
    reply = reply_to(parent, clock)
    what(parent, reply)

    run_worker()

    assert mail.outbox == []


def test_a_reply_hidden_before_the_mail_is_mailed_once_it_is_restored(write, post_from_site, clock):
    parent = confirmed_comment(write, post_from_site)
    reply = reply_to(parent, clock)
    hide(reply)
    run_worker()

    decisions.approve(reply, make_user("moderator"))
    clock.shift(timedelta(seconds=61))
    run_worker()

    assert len(mail.outbox) == 1


def test_replies_to_oneself_are_not_mailed(write, post_from_site, clock):
    parent = confirmed_comment(write, post_from_site)
    own = write(parent.article, parent=parent.pk, body="And another thing.")

    decisions.approve(own, make_user("moderator"))
    clock.shift(timedelta(minutes=2))

    assert "mail_reply" not in waiting_tasks()


def test_a_decision_that_is_rolled_back_sends_nothing(write, post_from_site, clock):
    parent = confirmed_comment(write, post_from_site)
    reply = make_comment(parent.article, parent=parent)

    class Broken(Exception):
        pass

    with pytest.raises(Broken), transaction.atomic():
        decisions.approve(reply, make_user("moderator"))
        raise Broken
    clock.shift(timedelta(minutes=2))
    run_worker()

    assert mail.outbox == []


# --- headers and names ---


def test_nothing_typed_adds_a_header(write, post_from_site, clock):
    evil = "Line\r\nBcc: victim@evil.example\u2028Next\u0085Vertical\x0bTab"
    parent = confirmed_comment(write, post_from_site)
    Publication(name="The Indent\nBcc: victim@evil.example").save()
    type(parent.article).objects.update(title=evil)
    reply = reply_to(parent, clock)
    Comment.objects.filter(pk=reply.pk).update(name=f"<b>x</b>{evil}")

    run_worker()
    write(parent.article, email="another@reader.example", body="Under a title with lines.")
    run_worker()

    assert len(mail.outbox) == 2
    for message in mail.outbox:
        assert not re.search(r"[\r\n\x0b\x0c\x85\u2028\u2029]", message.subject)
        parsed = message.message()
        assert parsed["Bcc"] is None
        assert message.recipients() == message.to
        assert parsed.get_content_type() == "text/plain"
        assert not re.search("^Bcc:", message.body, re.M)
    assert "<b>x</b>Line Bcc" in mail.outbox[0].body


# --- ending them ---


@pytest.fixture
def news(write, post_from_site, clock):
    """A mail of news about one of two conversations that the same reader wants to hear of."""
    first = confirmed_comment(write, post_from_site)
    second = write(email=ADDRESS)
    decisions.approve(second, make_user("moderator"))
    second.refresh_from_db()
    reply_to(first, clock)
    run_worker()
    message = mail.outbox.pop()
    message.conversations = first, second
    return message


def one_click(message):
    return message.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")


def number_told(conversations, clock):
    for comment in conversations:
        reply_to(comment, clock)
    clock.shift(timedelta(minutes=15))
    run_worker()
    return len(mail.outbox)


def test_a_mail_says_how_its_program_can_end_it(news):
    assert news.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<http://testserver/comments/mail/stop/[\w:-]+/>", news.extra_headers["List-Unsubscribe"])
    assert "\n" not in news.message()["List-Unsubscribe"]


def test_looking_at_the_way_out_changes_nothing(news, client, clock):
    for look in (client.get, client.head):
        response = look(one_click(news))
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "private, no-store"

    assert number_told(news.conversations, clock) == 2


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "cross-site", "origin": "https://mail.example"}])
def test_the_mail_program_ends_all_mails_with_one_post(news, client, clock, headers):
    client.cookies.clear()

    for _ in range(2):
        response = client.post(one_click(news), {"List-Unsubscribe": "One-Click"}, headers=headers)
        assert response.status_code == 200
        assert "You are unsubscribed" in response.content.decode()

    assert EmailAddress.objects.count() == 0
    assert number_told(news.conversations, clock) == 0


def test_one_conversation_can_be_ended_alone(news, client, clock):
    first, second = news.conversations

    response = client.post(one_click(news), {"what": "conversation"})

    assert "You are unsubscribed from this conversation" in response.content.decode()
    assert number_told([first], clock) == 0
    assert number_told([second], clock) == 1


@pytest.mark.parametrize("state", ["read-only", "closed"])
def test_mails_end_during_maintenance_too(news, client, state):
    """Mail programs do not try again."""
    announcements.announce(state, ends_at=timezone.now() + timedelta(hours=1))

    assert client.get(one_click(news)).status_code == 200
    assert client.post(one_click(news), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert EmailAddress.objects.count() == 0


def test_a_way_out_that_is_forged_is_not_found(news, client):
    token = one_click(news).split("/")[-2]
    address = EmailAddress.objects.get()
    others = [
        token[:-1] + ("A" if token[-1] != "A" else "B"), "x", address.get_confirm_url().split("/")[-2],
        signing.dumps([address.pk, None]), news.conversations[0].get_receipt_url().split("/")[-2],
    ]  # fmt: skip

    for other in others:
        for ask in (client.get, client.post):
            response = ask(reverse("comments:stop", args=[other]))
            assert response.status_code == 404, other
            page = " ".join(response.content.decode().split())
            assert "Unsubscribe links never expire." in page and "3 days" not in page
    assert EmailAddress.objects.count() == 1


def test_whoever_never_asked_can_have_the_address_deleted_from_the_first_mail(write, client):
    write(email=ADDRESS)
    write(email=ADDRESS)
    run_worker()
    path = links_in(mail.outbox[0])[1]

    assert client.post(path).status_code == 200

    assert EmailAddress.objects.count() == 0
    assert Comment.objects.filter(status=Status.PENDING).count() == 2
