"""Who else has the form of an article open."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Presence
from articles.versions import saving
from publishing.tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    article = make_article()
    saving.record(article)
    return article


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def ask(client, article, tab="one"):
    return client.post(reverse("admin:articles_article_presence", args=[article.pk]), {"tab": tab})


def test_both_are_told_by_name_and_not_of_those_at_another_article(article):
    ada, ben, eve = make_user("editor"), make_user("editor"), make_user("editor")
    ada.first_name, ada.last_name = "Ada", "Obi"
    ada.save()
    ask(client_of(eve), make_article())

    assert ask(client_of(ada), article).json()["others"] == []
    assert ask(client_of(ben), article).json()["others"] == ["Ada Obi"]
    assert ask(client_of(ada), article).json()["others"] == [ben.username]


def test_two_tabs_of_one_person_are_counted_and_one_that_asks_again_is_not(article):
    client = client_of(make_user("editor"))

    ask(client, article)
    assert ask(client, article).json()["tabs"] == 0
    assert (ask(client, article, "two").json()["tabs"], ask(client, article).json()["others"]) == (1, [])


def test_a_form_that_was_closed_is_forgotten(article):
    ask(client_of(make_user("editor")), article)
    ask(client_of(make_user("editor")), make_article())
    Presence.objects.update(seen_at=timezone.now() - timedelta(minutes=2))

    assert ask(client_of(make_user("editor")), article).json()["others"] == []
    assert Presence.objects.count() == 1


def test_the_token_tells_that_somebody_saved(article):
    client, editor = client_of(make_user("editor")), make_user("editor")
    before = ask(client, article).json()["token"]

    now = saving.shown(article)
    saved = saving.save_working(now, now.fields | {"title": "Other"}, by=editor, token=now.digest)

    assert before == now.digest
    assert ask(client, article).json()["token"] == saved.token


def test_it_costs_four_queries_however_many_are_here(article):
    for _ in range(3):
        ask(client_of(make_user("editor")), article)
    client = client_of(make_user("editor"))
    ask(client, article)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        ask(client, article)

    tables = [re.search(r"(?:FROM|INTO) \"(\w+)", query["sql"]) for query in queries]
    counted = [table[1] for table in tables if table and table[1].startswith("articles_")]
    # The token is read with the article.
    assert counted == ["articles_version", "articles_presence", "articles_presence", "articles_paragraphnote"]


def test_only_who_may_change_the_article_asks(article):
    own = make_user("author")
    theirs = make_article(authors=[make_author(user=own)])

    assert ask(client_of(own), theirs).status_code == 200
    assert ask(client_of(own), article).status_code == 404
    assert ask(client_of(make_user("moderator")), article).status_code == 403
    assert ask(Client(), article).status_code == 302
    assert not Presence.objects.filter(article=article).exists()


@pytest.mark.parametrize("tab", ["", "x" * 41, "a b", "<i>", "a\n"])
def test_a_forged_name_of_a_tab_is_refused(article, tab):
    assert ask(client_of(make_user("editor")), article, tab).status_code == 400


def test_an_open_form_does_not_keep_somebody_signed_in(article):
    client = client_of(make_user("editor"))
    row = client.session.model.objects.get()
    row.expire_date -= timedelta(hours=3)
    row.save()

    ask(client, article)

    assert client.session.model.objects.get().expire_date == row.expire_date
