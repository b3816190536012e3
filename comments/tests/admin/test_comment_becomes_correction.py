"""A comment becomes a correction of its article, which thanks the writer by the name given."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Correction
from articles.versions import steps
from articles.versions.notes import Change
from comments.models import Status
from comments.tests.factories import make_comment
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def signed_in(role):
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(make_user(role))
    return client


def button(client, comment):
    """Where the button on the review page leads, or None."""
    page = client.get(reverse("admin:comments_comment_change", args=[comment.pk])).content.decode()
    found = re.search(r'href="([^"]+)">Use for a correction', page)
    return found and html.unescape(found[1])


def begun(client, url):
    """The note that the form at this address begins with."""
    form = client.get(url).context["adminform"].form
    return form.initial.get("public_note", "")


def test_the_button_opens_the_form_of_the_article_with_thanks_to_the_writer():
    comment, editor = make_comment(make_article(), name="Ada", body="It is nine."), signed_in("editor")
    url = button(editor, comment)

    assert "Ada" not in url
    assert begun(editor, url) == "… Thanks to Ada."
    assert editor.get(url).context["adminform"].form.initial["change_kind"] == "correction"
    assert begun(editor, url.partition("?")[0]) == ""


def test_a_name_is_text_and_no_markup(client):
    article, editor = make_article(), signed_in("editor")
    name = "[A](http://x.example) <b>*C* &amp;"
    url = button(editor, make_comment(article, name=name))
    assert "<b>*C*" not in editor.get(url).content.decode()

    note = begun(editor, url).replace("…", "It is nine.")
    steps.publish(article, by=None, change=Change("correction", note))

    foot = client.get(article.get_absolute_url()).content.decode().partition("Corrections</h2>")[2]
    assert f"It is nine. Thanks to {html.escape(name)}." in foot
    assert Correction.objects.count() == 1


def test_only_who_may_publish_and_see_comments_has_it():
    article = make_article()
    comment = make_comment(article, name="Ada")
    url = button(signed_in("owner"), comment)

    assert button(signed_in("moderator"), comment) is None
    assert signed_in("moderator").get(url).status_code == 403
    assert "Ada" not in signed_in("author").get(url).content.decode()


def test_what_is_refused_erased_of_another_article_or_made_up_begins_no_note():
    article, editor = make_article(), signed_in("editor")
    spam = make_comment(article, name="Ada", status=Status.SPAM)
    other = make_comment(make_article(), name="Ada")
    hidden = make_comment(make_article(status="draft"), name="Ada")
    form = reverse("admin:articles_article_change", args=[article.pk])

    assert button(editor, spam) is None
    assert button(editor, hidden) is None
    for value in (f"comment:{spam.pk}", f"comment:{other.pk}", "comment:", "comment:9" + "9" * 30, "x:1", "comment:²"):
        assert begun(editor, f"{form}?correction={value}") == "", value
