"""Every word of the interface goes through gettext: it is put in brackets there, and none is without on any page."""

import re
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils import translation

from ..test_access import ADMIN_EXTRAS, ADMINS, PUBLIC, admin_url, browsers, rows, things  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db

_WORD = re.compile(r"[^\W\d_]{3,}")
_SPOKEN = ("alt", "title", "placeholder", "aria-label", "aria-description", "label")
# Code, keys, and the names of languages in themselves.
SILENT = ("script", "style", "code", "kbd", "datalist")
# Names that are the same in every language, formats, and what Django's own templates do not translate.
NAMES = {
    *(
        "rss",
        "atom",
        "json",
        "feed",
        "xml",
        "html",
        "csv",
        "markdown",
        "gift",
        "moodle",
        "qti",
        "aiken",
        "python",
        "utc",
    ),
    *("django", "search", "true", "false", "null", "ctrl", "shift"),
}
# Addresses, names of files, and parts of addresses in braces.
_MACHINES = re.compile(r"https?://\S+|/?\S+/\S+|\{\w+\}|\b[0-9a-f]{20,}\S*")


@pytest.fixture
def brackets(fresh_words, monkeypatch):
    """Every message comes in brackets, Django's own too."""
    real = translation._trans
    for name in ("gettext", "ngettext", "pgettext", "npgettext"):
        call = getattr(real, name)
        monkeypatch.setattr(real, name, lambda *args, call=call: f"⟦{call(*args)}⟧")


class _Words(HTMLParser):
    """The words of a page that are not in brackets."""

    def __init__(self, page):
        super().__init__()
        self.depth, self.silent, self.found = 0, 0, []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.silent += tag in SILENT
        given = dict(attributes)
        # What search engines and other sites show of a page.
        is_told = tag == "meta" and str(given.get("name") or given.get("property")).endswith(("description", "title"))
        for name, value in attributes:
            is_said = name in _SPOKEN or (name == "value" and (tag, given.get("type")) == ("input", "submit"))
            if value and (is_said or (name == "content" and is_told)) and tag != "link":
                self.look(value)

    def handle_endtag(self, tag):
        self.silent -= tag in SILENT

    def handle_data(self, data):
        if not self.silent:
            self.look(data)

    def look(self, text):
        for part in re.split(r"([⟦⟧])", text):
            self.depth += {"⟦": 1, "⟧": -1}.get(part, 0)
            if not self.depth:
                self.found += _WORD.findall(_MACHINES.sub(" ", part))


_TEXT = models.CharField | models.TextField | models.JSONField


def stored_words():
    """The words that people typed: those of all texts in the database."""
    texts = []
    for model in apps.get_models():
        names = [field.name for field in model._meta.fields if isinstance(field, _TEXT)]
        texts += [str(value) for row in model._base_manager.values_list(*names) for value in row] if names else []
    return {word.lower() for word in _WORD.findall(" ".join(texts))}


def outside(response):
    if not response.headers.get("Content-Type", "").startswith("text/html") or response.status_code in (301, 302, 303):
        return set()
    page = b"".join(response).decode()
    return {word for word in _Words(page).found if word.lower() not in NAMES}


def test_every_page_for_readers_is_made_of_messages(client, things, brackets):  # noqa: F811
    found = {}
    for name, (about, _, _) in PUBLIC.items():
        path = reverse(name, args=things[about])
        for kind, ask in (("", client.get), (" refused", client.post)):
            if words := outside(ask(path)):
                found[name + kind] = words
    known = stored_words()
    assert {name: left for name, words in found.items() if (left := {w for w in words if w.lower() not in known})} == {}


def test_every_page_of_the_admin_is_made_of_messages(browsers, rows, brackets):  # noqa: F811
    owner, found = browsers["owner"], {"index": outside(browsers["owner"].get(reverse("admin:index")))}
    for label in ADMINS:
        for action, args in (
            ("changelist", ()),
            ("add", ()),
            ("change", (rows[label].pk,)),
            ("delete", (rows[label].pk,)),
        ):
            found[f"{label} {action}"] = outside(owner.get(admin_url(label, action, *args)))
        found[f"{label} refused"] = outside(owner.post(admin_url(label, "add"), {}))
    for name, (about, _, _) in ADMIN_EXTRAS.items():
        if about in rows:
            found[name] = outside(owner.get(reverse(f"admin:{name}", args=[rows[about].pk])))
        elif about == "":
            found[name] = outside(owner.get(reverse(f"admin:{name}")))
    known = stored_words()
    assert {name: left for name, words in found.items() if (left := {w for w in words if w.lower() not in known})} == {}
