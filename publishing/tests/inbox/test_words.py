"""The words of the admin's scripts."""

import re

import pytest
from django.urls import reverse

from publishing.inbox import words
from publishing.tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/admin/", "/admin/articles/article/add/", "/admin/articles/tag/add/?_popup=1"])
def test_each_page_of_the_admin_loads_the_words_before_our_scripts(client, path):
    client.force_login(make_user("owner"))
    scripts = re.findall(r'<script[^>]* src="([^"]+)"', client.get(path).content.decode())

    assert scripts.index(words.address()) < scripts.index("/static/js/admin-names.js")


def test_the_words_are_there_before_somebody_signs_in(client):
    assert words.address() in client.get("/admin/login/").content.decode()
    answer = client.get(words.address())
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "django.ngettext" in answer.content.decode()


def test_an_outdated_address_leads_to_the_words(client):
    answer = client.get(reverse("desk-words", args=["0" * 12]))

    assert (answer.status_code, answer.headers["Location"]) == (302, words.address())
