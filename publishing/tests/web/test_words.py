"""What scripts of readers' pages say."""

import json
import re

import pytest
from django.conf import settings
from django.urls import reverse

from publishing.tests.factories import make_article
from publishing.web import words

pytestmark = pytest.mark.django_db
SCRIPTS = settings.BASE_DIR / "static/js"


def test_a_page_names_the_file_of_the_words_which_browsers_keep(client):
    answer = client.get(words.address())

    assert f'data-words="{words.address()}"' in client.get(make_article().get_absolute_url()).text
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, s-maxage=31536000, immutable"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.json()["reply"] == "Reply to %(name)s"


def test_each_language_has_a_file_at_an_address_of_its_own(client, settings):
    english = words.address()
    settings.LANGUAGE_CODE = "ar"
    answer = client.get(english)

    assert (answer.status_code, answer.headers["Location"]) == (302, words.address())
    assert client.get(words.address()).json().keys() == json.loads(words._content("en")).keys()
    assert words.address() != english


def test_an_outdated_address_leads_to_the_words(client):
    answer = client.get(reverse("words", args=["0" * 12]))

    assert (answer.status_code, answer.headers["Location"]) == (302, words.address())
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_scripts_say_each_of_the_words_and_no_others(client):
    known = client.get(words.address()).json().keys()
    scripts = [text for file in SCRIPTS.glob("*.js") if "await words()" in (text := file.read_text())]
    code = "\n".join(scripts)
    taken = re.findall(r"const \{ (.+) \} = await words\(\)", code)
    used = {*re.findall(r"(?:\bsaid|await words\(\)\))\.(\w+)", code), *", ".join(taken).split(", ")}

    assert used - known == set()
    assert {name for name in known - used if f'"{name}"' not in code} == set()
