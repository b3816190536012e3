"""Changes that the clock makes, and preview links that end."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.models import Article
from articles.versions import buttons, clock, saving, steps
from publishing.tests.factories import make_article, make_author, make_category, make_user

pytestmark = pytest.mark.django_db
IN_A_DAY = timedelta(days=1)


def change(article, **fields):
    """What an editor types into the form of the article."""
    version = saving.current(saving.locked(article.pk))
    saving.save_working(version, version.fields | fields, by=make_user("editor"), token=version.digest)


def schedule(article, **fields):
    change(article, **fields)
    clock.schedule_changes(article, by=make_user("editor"), at=timezone.now() + IN_A_DAY, note="")


@pytest.fixture
def a_day_later(monkeypatch):
    def move():
        later = timezone.now() + IN_A_DAY + timedelta(minutes=1)
        monkeypatch.setattr(timezone, "now", lambda: later)

    return move


def test_a_scheduled_change_is_on_the_page_at_its_time_without_a_worker(client, a_day_later):
    article = make_article(body="Live.", title="Old headline")
    schedule(article, body="Changed.", title="New headline", slug="new-headline")
    assert "Live." in client.get(article.get_absolute_url()).content.decode()

    a_day_later()

    assert client.get(article.get_absolute_url()).headers["Location"] == "/articles/new-headline/"
    assert "Changed." in client.get("/articles/new-headline/").content.decode()
    assert "New headline" in client.get("/").content.decode()
    assert LogEntry.objects.filter(change_message__startswith="Published changes by the clock").count() == 1


def test_the_task_of_a_scheduled_change_waits_for_its_time():
    article = make_article()
    schedule(article, body="Changed.")

    task = DBTaskResult.objects.get()
    assert task.run_after - timezone.now() > timedelta(hours=23)
    assert clock.make_changes() == 0


def test_a_cached_page_of_the_article_ends_when_its_change_is_due(client):
    article = make_article()
    schedule(article, body="Changed.")

    soon = timezone.now() + timedelta(seconds=100)
    article.versions.scheduled().update(goes_live_at=soon)
    steps.clock_changes(article)

    cached = client.get(article.get_absolute_url()).headers["Cache-Control"]
    seconds = int(cached.split("s-maxage=")[1].split(",")[0])
    assert seconds <= 100


def test_what_is_worked_on_when_a_change_goes_live_goes_on(a_day_later):
    article = make_article(body="One.\n\nTwo.")
    schedule(article, body="One!\n\nTwo.")
    change(article, body="One!\n\nTwo!")

    a_day_later()
    clock.make_changes()

    article.refresh_from_db()
    assert article.body == "One!\n\nTwo."
    assert article.versions.working().get().fields["body"] == "One!\n\nTwo!"


def test_a_change_that_is_not_valid_any_more_is_worked_on_again_and_says_why(a_day_later):
    article = make_article(body="Live.")
    schedule(article, slug="taken", body="Changed.")
    make_article(slug="taken")

    a_day_later()
    clock.make_changes()

    article.refresh_from_db()
    assert article.body == "Live."
    working = article.versions.working().get()
    assert working.fields["body"] == "Changed."
    assert "already exists" in working.note


def test_a_change_that_is_published_before_its_time_is_not_published_twice(a_day_later):
    article = make_article()
    schedule(article, body="Changed.")
    steps.publish(article, by=None)

    a_day_later()

    assert clock.make_changes() == 0
    assert article.versions.live().get().fields["body"] == "Changed."


def test_an_author_neither_publishes_nor_cancels_a_change_that_is_scheduled():
    author = make_user("author")
    article = make_article(authors=[make_author(user=author)])
    schedule(article, body="Changed.")

    offered = [step.name for step in buttons.steps_for(article, saving.shown(article), author)]

    assert offered == ["review", "save", "copy"]


def test_an_article_leaves_the_site_at_its_time(client, a_day_later):
    article = make_article()
    clock.archive_later(article, by=make_user("editor"), at=timezone.now() + IN_A_DAY)
    assert client.get(article.get_absolute_url()).status_code == 200

    a_day_later()

    assert client.get(article.get_absolute_url()).status_code == 410
    article.refresh_from_db()
    assert (article.status, article.archives_at) == ("archived", None)


def test_a_preview_shows_what_is_typed(client):
    draft = make_article(status="draft", published_at=None, body="Saved.", category=make_category())
    live = make_article(body="Live.")
    for article in (draft, live):
        change(article, body="Typed.")

        html = client.get(article.get_preview_url()).content.decode()
        assert "Typed." in html
    assert "Live." in client.get(live.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("step", "status"), [("archive", 410), ("publish", 302), ("revoke_previews", 410)])
def test_a_preview_link_ends_with_the_state_that_it_was_made_for(client, step, status):
    article = make_article(status="draft", published_at=None)
    link = article.get_preview_url()
    assert client.get(link).status_code == 200

    getattr(steps, step)(article, by=make_user("editor"))

    assert client.get(link).status_code == status
    assert client.get(Article.objects.get().get_preview_url()).status_code in (200, 302)
