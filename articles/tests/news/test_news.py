"""Colleagues are told by mail what others did with an article."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.translation import trans_real
from django_tasks_db.models import DBTaskResult

from articles.models import MailChoice, News
from articles.news import telling
from articles.notes import writing
from articles.versions import clock, saving, steps
from publishing.tests.factories import make_article, make_author, make_user
from publishing.tests.worker import run_worker

pytestmark = pytest.mark.django_db


def person(role):
    user = make_user(role)
    user.email = f"{user.username}@magazine.example"
    user.save()
    return user


@pytest.fixture
def author():
    return person("author")


@pytest.fixture
def editor():
    return person("editor")


@pytest.fixture
def draft(author):
    article = make_article(status="draft", published_at=None, authors=[make_author(user=author)], title="Looms")
    saving.record(article)
    return article


def later(minutes=5):
    """Time goes by, and the worker does what is due."""
    News.objects.update(happened_at=timezone.now() - timedelta(minutes=minutes))
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
    run_worker()


def sent():
    """(address, subject without the name of the site) of each mail."""
    return sorted((message.to[0], message.subject.rpartition(" · ")[0]) for message in mail.outbox)


def test_a_mail_to_a_colleague_is_in_the_language_of_the_desk(draft, author, editor, settings, monkeypatch):
    settings.DESK_LANGUAGE = "de"
    monkeypatch.setattr(trans_real.translation("de"), "gettext", lambda text: text.replace("review", "Durchsicht"))

    steps.send_for_review(draft, by=author)
    later()

    assert sent() == [(editor.email, "“Looms”: sent for Durchsicht")]
    assert mail.outbox[0].body.startswith(f"{author.get_username()} sent for Durchsicht “Looms”")


def test_editors_hear_of_a_review_and_the_author_of_the_answer(draft, author, editor):
    other = person("editor")
    steps.send_for_review(draft, by=author, note="Please look.")
    later()
    assert sent() == sorted((user.email, "“Looms”: sent for review") for user in (editor, other))
    assert "> Please look." in mail.outbox[0].body
    assert f"/admin/articles/article/{draft.pk}/change/" in mail.outbox[0].body

    mail.outbox.clear()
    steps.send_back(draft, by=editor, note="No sources.")
    later()
    assert sent() == [(author.email, "“Looms”: sent back")]
    assert "> No sources." in mail.outbox[0].body


@pytest.mark.parametrize(
    ("step", "subject"),
    [
        (lambda article, by: steps.publish(article, by=by), "published"),
        (lambda article, by: steps.publish(article, by=by, at=timezone.now() + timedelta(days=1)), "scheduled"),
        (lambda article, by: steps.archive(article, by=by), "withdrawn"),
        (lambda article, by: steps.unpublish(article, by=by), "withdrawn"),
    ],
)
def test_the_author_hears_what_somebody_else_did(draft, author, editor, step, subject):
    step(draft, editor)
    later()

    assert sent() == [(author.email, f"“Looms”: {subject}")]


def test_nobody_hears_of_what_they_did_themselves(editor):
    article = make_article(authors=[make_author(user=editor)])
    steps.archive(article, by=editor)
    later()

    assert mail.outbox == []


def test_steps_of_a_few_minutes_are_one_mail_and_one_done_twice_is_said_once(draft, author, editor):
    for _ in range(2):
        steps.send_for_review(draft, by=author)
        steps.send_back(draft, by=editor, note="No sources.")
    # The task of the first step is due, and more has just happened.
    News.objects.filter(what=News.What.REVIEW).update(happened_at=timezone.now() - timedelta(minutes=4))
    DBTaskResult.objects.filter(pk=DBTaskResult.objects.earliest("enqueued_at").pk).update(run_after=timezone.now())
    run_worker()
    assert mail.outbox == []
    later()

    bodies = {message.to[0]: message.body for message in mail.outbox}
    assert list(bodies) == [editor.email, author.email] or list(bodies) == [author.email, editor.email]
    assert bodies[author.email].count("sent back") == 1
    assert bodies[editor.email].count("sent for review") == 1
    assert not News.objects.exists()


def test_mails_about_one_article_are_one_conversation(draft, author, editor):
    steps.send_for_review(draft, by=author)
    later()
    steps.send_for_review(draft, by=author)
    later()

    threads = {message.extra_headers["References"] for message in mail.outbox}
    assert len(mail.outbox) == 2
    assert threads == {f"<article-{draft.pk}@testserver>"} or len(threads) == 1


def test_who_wants_no_mails_gets_none(draft, author, editor):
    client = Client()
    client.force_login(editor)
    client.post("/admin/auth/user/mails/", {})
    steps.send_for_review(draft, by=author)
    later()
    assert mail.outbox == []

    client.post("/admin/auth/user/mails/", {"news": "on"})
    steps.send_for_review(draft, by=author)
    later()
    assert [address for address, _ in sent()] == [editor.email]


def test_an_owner_chooses_for_a_colleague(client, editor):
    client.force_login(make_user("owner"))
    page = f"/admin/auth/user/{editor.pk}/colleague/"
    assert client.get(page).context["form"].initial["news"] is True

    fields = {"name": "Ada Obi", "email": editor.email, "role": "Editor", "byline": ""}
    client.post(page, fields)
    assert not telling.wants_news(editor)
    client.post(page, fields | {"news": "on"})
    assert telling.wants_news(editor)
    assert MailChoice.objects.count() == 1


def test_a_note_goes_to_the_other_side(draft, author, editor):
    note = writing.write(draft, by=editor, text="Which one?\nBcc: x", start=0, token=saving.shown(draft).digest)
    later()
    assert sent() == [(author.email, "“Looms”: a note")]
    assert "> Which one?" in mail.outbox[0].body

    mail.outbox.clear()
    person("editor")
    writing.answer(note, by=author, text="The first.")
    later()
    assert sent() == [(editor.email, "“Looms”: an answer to a note")]


def test_a_change_that_could_not_be_published_is_told_to_who_scheduled_it(author, editor):
    article = make_article(authors=[make_author(user=author)])
    now = saving.record(article)
    saving.save_working(now, now.fields | {"title": ""}, by=editor, token=now.digest)
    clock.schedule_changes(article, by=editor, at=timezone.now() + timedelta(minutes=1))
    article.versions.scheduled().update(goes_live_at=timezone.now() - timedelta(minutes=1))
    clock.make_changes()
    later()

    assert (editor.email, f"“{article.title}”: changes not published") in sent()


def test_a_step_is_taken_although_no_mail_can_be_sent(draft, author, editor, monkeypatch, settings):
    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", lambda self: 1 / 0)
    steps.send_for_review(draft, by=author)
    later()
    draft.refresh_from_db()
    assert draft.status == "review"

    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    News.objects.all().delete()
    steps.send_back(draft, by=editor, note="No.")
    assert not News.objects.exists()


def test_a_title_adds_no_header(draft, author, editor):
    draft.title = "A" + "\u2028" + "Bcc: x@reader.example"
    type(draft).objects.filter(pk=draft.pk).update(title=draft.title)
    telling.editors(draft, News.What.REVIEW, by=author)
    later()

    message = mail.outbox[0].message()
    assert message["Bcc"] is None
    assert "\n" not in mail.outbox[0].subject
