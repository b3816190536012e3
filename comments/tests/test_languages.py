"""A site in another language than its desk: who reads what in which language."""

from datetime import timedelta

import polib
import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone, translation

from comments.models import Comment, CommentSettings, EmailAddress
from comments.tests.admin.test_review_page import decide
from comments.tests.factories import comment_url, make_comment, sent
from comments.tests.mail.test_digest import with_address
from publishing.models import Publication
from publishing.tests.factories import make_article
from publishing.tests.worker import run_worker

pytestmark = pytest.mark.django_db

# Not the words of the catalogues, which may change.
WORDS = {
    "A reply on “%(article)s”": "رد على «%(article)s»",
    "%(name)s replied to your comment on “%(article)s”:": "رد %(name)s على تعليقك:",
    "Read it on the page:": "اقرأه:",
    "Waiting for a moderator": "بانتظار المشرف",
    "Shown next to your comment.": "يظهر بجانب تعليقك.",
    "The name contains a web or e-mail address.": "الاسم يحتوي على عنوان.",
    "Question": "سؤال",
}


@pytest.fixture(autouse=True)
def arabic_site(fresh_words, settings, tmp_path):
    """The site is in Arabic, with `WORDS`; the desk is in English."""
    folder = tmp_path / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=2; plural=(n != 1);"}
    for english, arabic in WORDS.items():
        plural = {"msgid_plural": "%(count)s replies on “%(article)s”", "msgstr_plural": {0: arabic, 1: arabic}}
        catalogue.append(polib.POEntry(msgid=english, **(plural if "A reply" in english else {"msgstr": arabic})))
    catalogue.save_as_mofile(str(folder / "django.mo"))
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGE_CODE, settings.DESK_LANGUAGE = "ar", "en"


def test_a_mail_that_a_moderator_causes_at_an_english_desk_is_in_the_language_of_the_site(client, moderator, clock):
    address = EmailAddress.objects.create(reader="r", email="w@reader.example", confirmed_at=timezone.now())
    parent = make_comment(make_article(title="Tea"), status="approved")
    Comment.objects.update(notify=address, reader="r")
    clock.shift(timedelta(minutes=1))
    reply = make_comment(parent.article, parent=parent, name="Bo")

    desk = decide(client, reply, "approve").content.decode()
    clock.shift(timedelta(minutes=2))
    # As a worker that serves the desk, too.
    with translation.override("en"):
        run_worker()

    assert '<html lang="en"' in desk
    (message,) = mail.outbox
    assert message.subject == f"رد على «Tea» · {Publication.current().name}"
    assert message.body.startswith("رد Bo على تعليقك:") and "اقرأه:" in message.body


def test_mails_to_moderators_are_in_the_language_of_the_desk(post_from_site, clock):
    with_address()
    assert post_from_site(comment_url(make_article()), sent(kind="question")).status_code == 303

    clock.shift(timedelta(minutes=17))
    run_worker()

    (message,) = mail.outbox
    assert message.subject.startswith("1 comment is waiting")
    assert ", Question, 17 minutes ago" in message.body


def test_the_form_and_the_status_are_in_the_language_of_the_site(client, post_from_site):
    article = make_article()

    page = client.get(article.get_absolute_url()).content.decode()
    receipt = post_from_site(comment_url(article), sent(), follow=True).content.decode()

    assert "يظهر بجانب تعليقك." in page and '<option value="question">سؤال</option>' in page
    assert "بانتظار المشرف" in receipt


def test_why_a_comment_is_held_is_said_to_everyone_in_their_language(client, moderator, post_from_site):
    CommentSettings(links_held=1).save()
    post_from_site(comment_url(make_article()), sent(name="example.com"))
    comment = Comment.objects.get()

    desk = client.get(reverse("admin:comments_comment_change", args=[comment.pk])).content.decode()
    with translation.override("ar"):
        assert comment.hold_reasons == ["الاسم يحتوي على عنوان."]

    assert "The name contains a web or e-mail address." in desk


@pytest.mark.usefixtures("moderator")
def test_a_file_for_a_writer_is_in_the_language_of_the_site(client):
    make_comment(name="Odalys")

    data = client.post(reverse("admin:comments_comment_requests"), {"name": "Odalys", "_export": ""}).json()

    assert data["comments"][0]["state_in_words"] == "بانتظار المشرف"
