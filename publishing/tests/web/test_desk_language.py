"""The language of the admin, beside that of the site."""

import re

import pytest

from publishing.inbox import words
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(make_user("owner"))
    return client


def language_of(answer):
    return re.search(r'<html[^>]*? lang="(\w+)" dir="(\w+)"', answer.text).groups()


def test_the_admin_of_a_german_site_is_german(desk, settings):
    settings.LANGUAGE_CODE = settings.DESK_LANGUAGE = "de"
    page = desk.get("/admin/articles/article/add/")

    assert language_of(page) == ("de", "ltr")
    assert "Abmelden" in page.text
    assert 'DECIMAL_SEPARATOR": ","' in desk.get(words.address()).text


def test_the_admin_of_an_arabic_site_is_english_and_its_pages_and_previews_arabic(desk, settings):
    settings.LANGUAGE_CODE, settings.DESK_LANGUAGE = "ar", "en"
    article, draft = make_article(), make_article(status="draft", published_at=None)

    assert language_of(desk.get("/admin/articles/article/add/")) == ("en", "ltr")
    assert "Log out" in desk.get("/admin/").text
    for path in (
        "/",
        article.get_absolute_url(),
        draft.get_preview_url(),
        "/admin/publishing/publication/preview/front-page/",
    ):
        assert language_of(desk.get(path)) == ("ar", "rtl"), path


def test_who_signs_in_too_often_is_refused_in_the_language_of_the_desk(client, settings):
    settings.LANGUAGE_CODE, settings.DESK_LANGUAGE, settings.SIGN_INS_FROM_NETWORK = "ar", "en", "1/hour"
    for _ in range(2):
        answer = client.post("/admin/login/", {"username": "a", "password": "b"})

    assert answer.status_code == 429
    assert language_of(answer) == ("en", "ltr")
    assert "The password was not checked." in answer.text
