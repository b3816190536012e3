"""Sessions of staff: they roll while somebody works, end, and bring the cookie that shows the edit link."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

PASSWORD = "a password of this test"  # noqa: S105
NAME = "sessionid"


@pytest.fixture
def editor():
    user = make_user("editor")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(user):
    browser = Client()
    response = browser.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    assert response.status_code == 302
    return browser


def works(browser):
    return browser.get("/admin/password_change/").status_code == 200


def test_a_session_lasts_while_somebody_works_and_a_day_at_most(editor, clock):
    browser = sign_in(editor)
    for _ in range(3):
        clock.shift(timedelta(hours=7))
        assert works(browser)

    clock.shift(timedelta(hours=2, minutes=59))
    assert works(browser)
    clock.shift(timedelta(minutes=2))
    assert not works(browser)


def test_a_session_ends_twelve_hours_after_the_last_work(editor, clock):
    browser = sign_in(editor)
    clock.shift(timedelta(hours=12, minutes=1))

    assert not works(browser)


def test_a_new_sign_in_begins_a_new_day(editor, clock):
    browser = sign_in(editor)
    clock.shift(timedelta(hours=11))
    assert works(browser)
    clock.shift(timedelta(hours=11))
    browser.post("/admin/login/", {"username": editor.username, "password": PASSWORD})

    clock.shift(timedelta(hours=11))
    assert works(browser)


def test_a_session_is_stored_once_an_hour_at_most(editor, clock, count_queries):
    browser = sign_in(editor)
    ends_at = Session.objects.get().expire_date
    clock.shift(timedelta(minutes=59))
    with count_queries() as queries:
        assert NAME not in browser.get("/admin/password_change/").cookies
    assert not [query for query in queries if query.startswith(("UPDATE", "INSERT"))]

    clock.shift(timedelta(minutes=2))
    rolled = browser.get("/admin/password_change/")
    assert rolled.cookies[NAME]["max-age"] == rolled.cookies["staff"]["max-age"] == 12 * 60 * 60
    assert Session.objects.get().expire_date > ends_at + timedelta(hours=1)


def test_the_cookie_for_scripts_comes_with_the_sign_in_and_goes_with_it(editor):
    browser = sign_in(editor)
    cookie = browser.cookies["staff"]
    assert (cookie.value, cookie["path"], cookie["samesite"], cookie["httponly"]) == ("1", "/", "Lax", "")

    browser.post("/admin/logout/")
    assert browser.cookies["staff"].value == ""
    assert "staff" not in Client().get("/admin/login/").cookies


def test_public_pages_are_the_same_for_staff(editor):
    article = make_article()
    staff, reader = sign_in(editor), Client()
    pages = [browser.get(article.get_absolute_url()) for browser in (staff, reader)]

    assert pages[0].content == pages[1].content
    assert f'data-edit="{reverse("admin:articles_article_change", args=[article.pk])}"' in pages[0].content.decode()
    assert not pages[0].cookies
