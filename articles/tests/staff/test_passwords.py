"""Links by which somebody chooses a password: they work once, for a while, and tell nobody who has an account."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django_tasks_db.models import DBTaskResult

from articles.staff.links import link_for
from publishing.tests.factories import make_user
from publishing.tests.worker import run_worker

pytestmark = pytest.mark.django_db

PASSWORD = "heron-ladder-quartz-91"  # noqa: S105
CHOSEN = {"new_password1": PASSWORD, "new_password2": PASSWORD}
FORGOTTEN = "/admin/password/"
ADDRESS = "ada@magazine.example"


@pytest.fixture
def invited():
    user = make_user("author")
    user.email = ADDRESS
    user.set_unusable_password()
    user.save()
    return user


@pytest.fixture
def member(invited):
    invited.set_password("their old password 7")
    invited.save()
    return invited


def opened(link, browser=None):
    """The page that a link leads to, in a new browser."""
    browser = browser or Client()
    return browser, browser.get(urlsplit(link).path, follow=True)


def signs_in(user, password=PASSWORD):
    answer = Client().post("/admin/login/", {"username": user.username, "password": password})
    return answer.status_code == 302


def links_in_mails():
    run_worker()
    return [re.search(r"http\S+/admin/password/\S+", message.body)[0] for message in mail.outbox]


def test_an_invited_colleague_chooses_a_password_and_signs_in(invited, client):
    client.force_login(make_user("owner"))
    client.post(f"/admin/auth/user/{invited.pk}/colleague/", {"_link": ""})
    (link,) = links_in_mails()
    assert not signs_in(invited, "")

    browser, page = opened(link)
    path = page.redirect_chain[-1][0]
    assert link.split("/")[-2] not in path
    weak = browser.post(path, {"new_password1": "author", "new_password2": "author"})
    assert weak.status_code == 200 and weak.context["form"].errors
    chosen = browser.post(path, CHOSEN, follow=True)
    assert invited.username in chosen.content.decode()
    assert signs_in(invited)

    _, again = opened(link)
    assert again.status_code == 410
    assert str(invited.pk) not in str(DBTaskResult.objects.values_list("return_value", "traceback"))
    assert ADDRESS not in str(DBTaskResult.objects.values())


def test_a_link_ends_in_time_and_with_the_account(invited, clock):
    link = link_for(invited)
    clock.shift(timedelta(days=2, hours=23))
    assert opened(link)[1].status_code == 200
    clock.shift(timedelta(hours=2))
    assert opened(link)[1].status_code == 410

    fresh = link_for(invited)
    invited.is_active = False
    invited.save()
    assert opened(fresh)[1].status_code == 410


def test_who_forgot_a_password_has_an_hour(member, clock, client):
    answer = client.post(FORGOTTEN, {"email": ADDRESS.upper()})
    assert answer.status_code == 200
    (link,) = links_in_mails()
    clock.shift(timedelta(minutes=58))
    browser, page = opened(link)
    path = page.redirect_chain[-1][0]
    assert page.status_code == 200

    clock.shift(timedelta(minutes=3))
    assert browser.post(path, CHOSEN).status_code == 410
    assert signs_in(member, "their old password 7")


@pytest.mark.parametrize("link", ["Mg/abc-def/", "x/set-password/", "_/a-b/", "OTk5OTk5OTk5OTk5OTk5OTk5OTk/c8-0/"])
def test_a_wrong_link_says_so(link):
    assert Client().get(f"{FORGOTTEN}{link}").status_code == 410


def test_the_answer_is_the_same_with_and_without_an_account(member, count_queries):
    seen = []
    for address in (ADDRESS, "nobody@magazine.example"):
        browser = Client()
        token = browser.get(FORGOTTEN) and browser.cookies["csrftoken"].value
        with count_queries() as queries:
            answer = browser.post(FORGOTTEN, {"email": address}, REMOTE_ADDR="192.0.2.9")
        seen.append((answer.status_code, answer.content.decode().replace(token, ""), len(queries)))

    assert seen[0] == seen[1]
    assert len(links_in_mails()) == 1


def test_links_are_limited_by_address_without_a_word_and_by_network(member):
    answers = [Client().post(FORGOTTEN, {"email": ADDRESS}) for _ in range(12)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    assert len(links_in_mails()) == 1


def test_choosing_a_password_is_limited_by_network(invited):
    browser, page = opened(link_for(invited))
    path = page.redirect_chain[-1][0]
    answers = [browser.post(path, {"new_password1": "a", "new_password2": "b"}).status_code for _ in range(12)]

    assert answers == [200] * 10 + [429] * 2


def test_without_a_mail_server_the_page_says_whom_to_ask(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

    assert FORGOTTEN in client.get("/admin/login/").content.decode()
    assert "Ask an owner" in client.get(FORGOTTEN).content.decode()
    client.post(FORGOTTEN, {"email": ADDRESS})
    assert not DBTaskResult.objects.exists()
