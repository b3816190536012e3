"""Each test starts like a new process, with its own clock and requests."""

import gc
import os
from datetime import UTC, datetime
from unittest.mock import patch

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import caches
from django.core.files.storage import FileSystemStorage
from django.template.base import Template
from django.test import Client
from django.test.signals import template_rendered

from publishing.cache import changes, values
from publishing.database import away
from publishing.web import limits

# The time that a random example takes is the machine's, and says nothing of the code.
hypothesis.settings.register_profile("suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])


def pytest_configure():
    """Static files by their own names: the served site of the browser tests has the hashed ones."""
    hypothesis.settings.load_profile("suite")
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STATIC_ROOT.mkdir(exist_ok=True)


def pytest_sessionstart():
    """In this process, what is stored need not survive the computer, and passwords need not resist one."""
    # About one of these a test, which waits for the disk for some milliseconds.
    os.fsync = lambda file: None
    # A quarter of a second each otherwise.
    PBKDF2PasswordHasher.iterations = 1000


def pytest_collectstart():
    """Nothing of what is collected is garbage."""
    gc.disable()


def pytest_collection_finish():
    """The garbage collector no longer looks at thousands of collected tests, and less often at what they leave: it took
    a tenth of the time.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _contexts_of_views(django_test_environment):
    """The test client keeps what a view gave its template. Django's copies the context of each template that is
    included or extended as well, which took some hundredths of the time.
    """

    def render(template, context):
        if context.template is template:
            template_rendered.send(sender=template, template=template, context=context)
        return template.nodelist.render(context)

    with patch.object(Template, "_render", render):
        yield


@pytest.fixture(autouse=True)
def _fresh_process(request, monkeypatch):
    """Nothing is cached and no limit is used up."""
    values.CachedValue.clear_all()
    limits.reset()
    away.forget()
    caches["local"].clear()
    if "transactional_db" not in request.fixturenames:
        # The test's own transaction never commits; what would be invalidated then is invalidated at once.
        monkeypatch.setattr(changes, "after_commit", lambda invalidate: invalidate())


@pytest.fixture(autouse=True)
def _closed_files(monkeypatch):
    """Whatever opens an upload closes it. What a test does not read of an answer is closed with that, as servers do."""
    opened, answers = [], []
    open_file, request = FileSystemStorage._open, Client.request

    def opens(storage, name, mode="rb"):
        opened.append(open_file(storage, name, mode))
        return opened[-1]

    def answered(client, **sent):
        answer = request(client, **sent)
        if answer.streaming:
            answers.append(answer)
        return answer

    monkeypatch.setattr(FileSystemStorage, "_open", opens)
    monkeypatch.setattr(Client, "request", answered)
    yield
    for answer in answers:
        for close in answer._resource_closers:
            close()
    left = [file.name for file in opened if not file.closed]
    for file in opened:
        file.close()
    assert left == []


@pytest.fixture
def clock(time_machine):
    """Time that runs on by itself and can be moved: `clock.shift(timedelta)`, `clock.move_to(moment)`."""
    time_machine.move_to(datetime.now(UTC))
    return time_machine


@pytest.fixture
def post_from_site(client):
    """Post a form as a browser does from one of our own pages."""

    def post(path, data=None, **extra):
        return client.post(
            path, data or {}, headers={"sec-fetch-site": "same-origin"} | extra.pop("headers", {}), **extra
        )

    return post
