"""The same text once more: a second press of the button leads to the first receipt, all else is its own comment."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from comments.models import Ban, Comment, EmailAddress, Status
from comments.moderation import decisions
from comments.screening import bans
from comments.tests.factories import comment_url, sent
from publishing.tests.factories import make_article, make_user
from publishing.tests.worker import run_worker

pytestmark = pytest.mark.django_db
OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def article():
    return make_article()


@pytest.fixture
def send(article):
    def post(browser=None, address="192.0.2.1", **fields):
        data = sent(**fields)
        return (browser or Client()).post(comment_url(article), data, headers=OURS, REMOTE_ADDR=address)

    return post


def test_a_button_pressed_twice_before_there_is_a_cookie_makes_one_comment(send):
    first, second = send(), send()

    assert (second.status_code, second.url) == (303, first.url)
    assert Comment.objects.count() == 1


def test_a_stranger_elsewhere_does_not_get_the_receipt_of_who_said_the_same(send):
    first, second = send(), send(address="198.51.100.1")

    assert second.status_code == 303 and second.url != first.url
    assert [hold["rule"] for hold in Comment.objects.latest("pk").holds] == ["duplicate"]


def test_once_it_was_decided_about_a_stranger_in_the_same_network_does_not_get_it_either(send, clock):
    first = send()
    decisions.approve(Comment.objects.get(), make_user("moderator"))
    clock.shift(timedelta(seconds=16))

    second = send()

    assert second.status_code == 303 and second.url != first.url
    assert Comment.objects.latest("pk").is_suspect


def test_the_same_reader_gets_it_from_anywhere_and_in_any_state(client, send):
    first = send(client)
    decisions.reject(Comment.objects.get(), make_user("moderator"))

    assert send(client, address="198.51.100.1").url == first.url
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("browser", ["the same", "another"])
def test_what_was_withdrawn_can_be_sent_again(client, send, clock, browser):
    first = send(client)
    assert client.post(first.url.replace("#main", "withdraw/"), headers=OURS).status_code == 303
    clock.shift(timedelta(seconds=16))

    second = send(client if browser == "the same" else None)

    assert second.status_code == 303 and second.url != first.url
    assert list(Comment.objects.order_by("pk").values_list("status", flat=True)) == [Status.REMOVED, Status.PENDING]


# --- with an address that was left out before ---


def test_an_address_that_comes_with_the_repetition_is_added_and_asked_for_its_confirmation(client, send):
    first = send(client)

    assert send(client, email="ann@mail.example").url == first.url

    assert Comment.objects.get().notify.email == "ann@mail.example"
    run_worker()
    assert [message.to for message in mail.outbox] == [["ann@mail.example"]]


def test_a_mistyped_address_is_replaced_and_the_same_one_is_not_asked_again(client, send):
    send(client, email="ann@mial.example")
    for _ in range(2):
        send(client, email="ann@mail.example")

    assert Comment.objects.get().notify.email == "ann@mail.example"
    run_worker()
    assert [message.to for message in mail.outbox] == [["ann@mail.example"]]
    send(client)
    assert Comment.objects.get().notify.email == "ann@mail.example"


def test_a_stranger_adds_no_address_to_what_waits(send):
    first = send()

    assert send(email="stranger@mail.example").url == first.url
    assert Comment.objects.get().notify is None
    assert not EmailAddress.objects.exists()


def test_a_banned_address_is_not_added(client, send):
    send(client)
    bans.impose(bans.of_email("ann@mail.example"), by=None)

    response = send(client, email="ann@mail.example")

    assert response.status_code == 403
    assert "Does it hold for two people?" in response.content.decode()
    assert Comment.objects.get().notify is None and Ban.objects.count() == 1
