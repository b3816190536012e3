"""Whoever ends all mails gets none, whoever types the address again, until they start again by their last link."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail, signing
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment, EmailAddress, EndedMailbox
from comments.models.people import ENDED, STOP_SALT, WRITER
from comments.tests.factories import comment_url, make_comment, sent
from publishing.tests.factories import make_article
from publishing.tests.worker import run_worker
from publishing.text.mailboxes import hashes

pytestmark = pytest.mark.django_db

ADDRESS = "ann.bell@gmail.com"
SAME_MAILBOX = [ADDRESS, "AnnBell+x@googlemail.com"]


@pytest.fixture
def write(client, post_from_site, clock):
    """Send a comment with an address from a new browser, a day after the last one; returns how it stands."""
    clock.move_to(datetime(2026, 12, 1, 8, tzinfo=UTC))

    def send(email):
        clock.shift(timedelta(days=1))
        client.cookies.clear()
        response = post_from_site(comment_url(make_article()), sent(email=email))
        run_worker()
        return client.get(response.url).content.decode()

    return send


def stop_link(message):
    return re.findall(r"http://testserver(/comments/mail/stop/\S+)", message.body)[0]


def links_without_hashes():
    """As they were in mails before they had them."""
    address = EmailAddress.objects.get()
    return reverse("comments:stop", args=[signing.dumps([address.pk, None], salt=STOP_SALT)])


@pytest.fixture
def ended(write, client):
    """The link of the only mail that was ever sent."""
    write(ADDRESS)
    link = stop_link(mail.outbox.pop())
    assert client.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    return link


@pytest.mark.parametrize("typed", SAME_MAILBOX)
def test_typing_the_address_again_sends_nothing_and_says_the_same(write, ended, typed):
    told = write(typed)
    assert mail.outbox == []
    told_others = write("bob@reader.example")
    assert len(mail.outbox) == 1

    def sentence(html):
        return re.search("To get e-mails about replies[^<]*", html)[0]

    assert sentence(told) == sentence(told_others)
    assert "use the link in the last one" in told


def test_no_address_is_kept_of_whoever_ended_them(ended):
    row = EndedMailbox.objects.get()

    assert EmailAddress.objects.count() == 0
    assert row.hash == hashes(ADDRESS, ENDED)[0] and "bell" not in repr(vars(row))


def test_it_ends_for_every_spelling_and_every_browser_that_gave_it(write, client):
    for email in SAME_MAILBOX:
        write(email)

    client.post(stop_link(mail.outbox[-1]))

    assert not EmailAddress.objects.exists()


def test_the_last_link_starts_again_by_its_button_only(write, client, ended):
    page = client.get(ended).content.decode()
    assert "Allow e-mails" in page and "You are unsubscribed" in page
    assert "Unsubscribe from all" not in page
    assert EndedMailbox.objects.exists()

    page = client.post(ended, {"what": "again"}).content.decode()

    assert "E-mails are allowed again" in page
    assert "Unsubscribe from all" in client.get(ended).content.decode()
    write(ADDRESS)
    assert len(mail.outbox) == 1
    client.post(stop_link(mail.outbox.pop()))
    write(ADDRESS)
    assert mail.outbox == []


def test_an_old_link_ends_them_though_its_address_was_purged(write, client):
    write(ADDRESS)
    link = stop_link(mail.outbox.pop())
    EmailAddress.objects.all().delete()

    client.post(link)

    write(ADDRESS)
    assert mail.outbox == []


def test_a_link_from_before_it_knew_the_mailbox_ends_them_and_starts_again(write, client):
    write(ADDRESS)
    mail.outbox.clear()
    link = links_without_hashes()

    client.post(link)
    write(ADDRESS)
    assert mail.outbox == []
    client.post(link, {"what": "again"})
    write(ADDRESS)
    assert len(mail.outbox) == 1


def test_a_link_whose_address_nobody_knows_keeps_nothing(client):
    link = reverse("comments:stop", args=[signing.dumps([12, None], salt=STOP_SALT)])

    assert client.post(link).status_code == 200
    assert not EndedMailbox.objects.exists()


def test_a_change_of_the_secret_key_changes_nothing(write, client, ended, settings):
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [old]

    write(ADDRESS)
    assert mail.outbox == []
    # Known by the new key from now on.
    settings.SECRET_KEY_FALLBACKS = []
    write(ADDRESS)
    assert mail.outbox == []
    settings.SECRET_KEY_FALLBACKS = [old]
    client.post(ended, {"what": "again"})
    write(ADDRESS)
    assert len(mail.outbox) == 1


def test_one_conversation_ends_for_the_mailbox_however_it_was_typed(write, client):
    root = make_comment(status="approved")
    for number, email in enumerate(SAME_MAILBOX):
        address = EmailAddress.objects.create(reader=f"{number}" * 32, email=email, confirmed_at=timezone.now())
        other = make_comment(status="approved")
        reply = make_comment(root.article, parent=root)
        Comment.objects.filter(pk__in=[reply.pk, other.pk]).update(notify=address)

    client.post(address.get_stop_url(root.pk), {"what": "conversation"})

    assert not Comment.objects.filter(root=root).exclude(notify=None).exists()
    assert Comment.objects.exclude(notify=None).count() == 2


def test_a_comment_of_a_confirmed_address_keeps_its_hash_and_no_other_does(client):
    """So that its writer can ask for it by letter; who typed the address of somebody else is not that person."""
    comments = []
    for number, confirmed_at in enumerate([timezone.now(), None]):
        address = EmailAddress.objects.create(reader=f"{number}" * 32, email=ADDRESS, confirmed_at=confirmed_at)
        comments.append(make_comment(status="approved"))
        Comment.objects.filter(pk=comments[-1].pk).update(notify=address)

    client.post(address.get_stop_url())

    found = Comment.objects.in_bulk([comment.pk for comment in comments])
    assert [found[comment.pk].writer_hash for comment in comments] == [hashes(ADDRESS, WRITER)[0], ""]
    assert EndedMailbox.objects.get().hash != hashes(ADDRESS, WRITER)[0]
