"""Two page stores in one process. `make freshness` makes all changes in front of two workers."""

import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client, RequestFactory

from publishing.cache import changes, values
from publishing.cache.changes import SITE
from publishing.cache.page_store import PageStore
from publishing.tests.factories import make_user
from publishing.wsgi import django_application

from . import CHANGES
from .magazine import Magazine

pytestmark = pytest.mark.django_db
REQUESTS = RequestFactory()
NOT_SHOWN = {
    "BulkChange",
    "BulkPart",
    "DailyViews",
    "Presence", "ParagraphNote", "News", "MailChoice",
    "ModerationEntry", "Revision", "Report", "Batch", "BatchItem", "EmailAddress", "EndedMailbox", "NetworkKey",
    "Change", "PassLink", "Proof",
    "Transfer", "TransferPost", "UnfinishedImport",
    "BankCategory", "QuestionTag", "Attempt", "FunnelCount", "VisitorSalt", "View",
}  # fmt: skip
# Changes before pages are compared with new ones, which costs most of the time.
TOGETHER = 6


@contextmanager
def _one_connection():
    """The connection of the test stays open, as Django's test client keeps it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@_one_connection()
def get(application, url):
    """The status, body and headers of a GET."""
    path, _, query = url.partition("?")
    environ = REQUESTS.get(path, QUERY_STRING=query, HTTP_HOST="testserver").environ
    answer = []
    chunks = application(environ, lambda status, headers, exc_info=None: answer.extend([status, dict(headers)]))
    try:
        status, headers = answer
        return status, b"".join(chunks), headers
    finally:
        if hasattr(chunks, "close"):
            chunks.close()


class Process:
    """The cached values of a process, in front of Django or of a page store."""

    def __init__(self, application):
        self.application, self.values = application, {}

    @contextmanager
    def running(self):
        for value in values.CachedValue._all:
            value._cached = self.values.get(id(value))
        yield
        self.values = {id(value): value._cached for value in values.CachedValue._all}

    def get(self, url):
        with self.running():
            return get(self.application, url)


class Site:
    """Every public URL in two processes, with the responses that they gave last."""

    def __init__(self, magazine):
        self.magazine, self.processes = magazine, [Process(PageStore(django_application)) for _ in range(2)]
        self.seen = {url: self.responses(url)[-1] for url in magazine.urls()}

    def responses(self, url):
        return [process.get(url) for process in self.processes]

    def stale(self) -> list[str]:
        """URLs whose response differs from a new one."""
        new = Process(django_application)
        fresh = {url: new.get(url)[:2] for url in self.magazine.urls()}
        return [url for url in fresh if any(found[:2] != fresh[url] for found in self.responses(url))]

    def rendered_in_vain(self, names: set[str]) -> list[str]:
        """URLs that are found, were rendered for one of `names` since the last call, and did not change."""
        found = []
        for url, before in self.seen.items():
            # The second process gets from the first what that has rendered.
            now, _ = self.responses(url)
            self.seen[url] = now
            is_rendered = now[0].startswith("200") and "Age" not in now[2]
            # Two names may share a counter.
            is_named = names & {SITE, *before[2].get("Cache-Tag", "").split(",")}
            if is_rendered and is_named and now[:2] == before[:2]:
                found.append(url)
        return found


def test_no_page_is_stale_after_a_change_and_none_is_rendered_that_does_not_change(clock, tmp_path, monkeypatch):
    # The lives of pages are measured by it, and `clock` does not move it.
    monkeypatch.setattr(time, "monotonic", time.time)
    owner, admin = make_user("owner"), Client()
    admin.force_login(owner)
    reader = Client(headers={"sec-fetch-site": "same-origin"})
    magazine = Magazine(tmp_path, owner, admin, reader, clock.move_to, soon=timedelta(minutes=2))
    site, problems, names = Site(magazine), [], set()
    record = changes.record
    monkeypatch.setattr(changes, "record", lambda *changed: (names.update(changed), record(*changed)))
    made = [change for change in CHANGES if change.short]
    for number, change in enumerate(made, 1):
        names.clear()
        with site.processes[0].running():
            change.make(site.magazine)
        problems += [f"{change.name}: {url} in vain" for url in site.rendered_in_vain(names) if not change.allows(url)]
        # A stale page stays so until a later change renders it.
        if number % TOGETHER == 0 or number == len(made):
            problems += [f"{change.name}, or one before: {url} is stale" for url in site.stale()]

    assert "\n".join(problems) == ""


def test_every_model_is_changed_or_shown_nowhere():
    ours = ("articles", "comments", "quizzes", "publishing")
    models = {model.__name__ for model in apps.get_models() if model.__module__.split(".")[0] in ours}
    changed = {model for change in CHANGES for model in change.models}

    assert changed | NOT_SHOWN == models
    assert not changed & NOT_SHOWN
