from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from articles.bulk import running
from articles.lists.recounting import recount
from articles.models import Article, BulkChange, Tag
from articles.versions import saving
from publishing.tests.factories import make_article, make_author, make_category, make_user
from publishing.tests.worker import run_worker

pytestmark = pytest.mark.django_db
LIST = reverse("admin:articles_article_changelist")


@pytest.fixture
def editor(client):
    user = make_user("editor")
    client.force_login(user)
    return user


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(running, "AT_ONCE", 2)


def ask(client, action, articles):
    """The address of the page that asks."""
    answer = client.post(LIST, {"action": action, "_selected_action": [article.pk for article in articles]})
    assert answer.status_code == 302
    return answer["Location"]


def do(client, action, articles, **fields):
    """Confirmed and carried out."""
    page = ask(client, action, articles)
    assert client.post(page, {"confirm": "", **fields}).status_code == 302
    run_worker()
    return page


def undo(client, page):
    answer = client.post(page, {"undo": ""})
    run_worker()
    return answer["Location"]


def states():
    return list(Article.objects.order_by("pk").values_list("status", "published_at", "category"))


def test_nothing_changes_before_it_is_confirmed_and_the_page_says_what_will(client, editor):
    articles = [make_article(), make_article(status="draft", published_at=None)]

    page = ask(client, "archive", articles)
    run_worker()
    html = client.get(page).content.decode()

    assert "<b>1</b> on the site now" in html
    assert "addresses answer that they are gone" in html
    assert not Article.objects.filter(status="archived").exists()


def test_archived_articles_leave_the_site_and_come_back_as_they_were(client, editor):
    now = timezone.now()
    old, new, coming, draft = articles = [
        make_article(published_at=now - timedelta(400)), make_article(published_at=now),
        make_article(published_at=now + timedelta(9)), make_article(status="draft", published_at=None),
    ]  # fmt: skip
    before = states()
    for article in (old, new):
        assert client.get(article.get_absolute_url()).status_code == 200

    page = do(client, "archive", articles)

    assert {status for status, *_ in states()} == {"archived"}
    assert client.get(old.get_absolute_url()).status_code == 410
    assert new.title not in client.get("/").content.decode()
    assert recount(repair=False) == {}
    assert LogEntry.objects.filter(change_message="Archived").count() == 4

    undo(client, page)

    assert states() == before
    assert client.get(old.get_absolute_url()).status_code == 200
    assert new.title in client.get("/").content.decode()
    assert recount(repair=False) == {}
    assert "Undone" in client.get(page).content.decode()


def test_publishing_again_does_not_change_the_date_of_publication(client, editor):
    article = make_article()
    then = article.published_at

    do(client, "archive", [article])
    do(client, "publish", [article])

    article.refresh_from_db()
    assert (article.status, article.published_at) == ("published", then)


def test_drafts_are_published_with_what_is_worked_on_unless_a_check_stops_them(client, editor):
    ready = make_article(status="draft", published_at=None, authors=[make_author()])
    now = saving.current(saving.locked(ready.pk))
    fields = now.fields | {"body": "Typed since."}
    saving.save_working(now, fields, by=editor, token=now.digest)
    stopped = make_article(status="draft", published_at=None, summary="", body="TK")

    page = do(client, "publish", [ready, stopped])

    texts = dict(Article.objects.values_list("pk", "status"))
    assert texts[stopped.pk] == "draft"
    assert "stopped by its checks" in client.get(page).content.decode()
    assert texts[ready.pk] == "published"
    assert "Typed since." in client.get(ready.get_absolute_url()).content.decode()


def test_a_category_moves_with_what_is_worked_on(client, editor):
    article, tools = make_article(), make_category("Tools")
    was = article.category_id
    now = saving.current(saving.locked(article.pk))
    saving.save_working(now, now.fields | {"body": "Typed."}, by=editor, token=now.digest)

    page = do(client, "category", [article], category=tools.pk)

    assert article.title in client.get(tools.get_absolute_url()).content.decode()
    assert {version.fields["category"] for version in article.versions.exclude(state="old")} == {tools.pk}
    assert article.versions.working().get().fields["body"] == "Typed."

    undo(client, page)

    article.refresh_from_db()
    assert article.category_id == was
    assert {version.fields["category"] for version in article.versions.exclude(state="old")} == {was}
    assert recount(repair=False) == {}


def test_a_tag_is_added_and_taken_from_those_that_did_not_have_it(client, editor):
    tag = Tag.objects.create(name="http", slug="http")
    had, without = make_article(tags=[tag]), make_article()

    page = do(client, "tag", [had, without], tag=tag.pk)
    assert without.title in client.get(tag.get_absolute_url()).content.decode()
    assert recount(repair=False) == {}

    undo(client, page)
    assert list(tag.articles.all()) == [had]
    assert recount(repair=False) == {}


def test_the_language_of_many_articles_is_set_with_all_that_follows_and_taken_back(client, editor):
    first, second = articles = [make_article(body='He said "yes".') for _ in range(2)]
    now = saving.current(saving.locked(second.pk))
    saving.save_working(now, now.fields | {"body": "Typed."}, by=editor, token=now.digest)
    assert "lang=" not in client.get(first.get_absolute_url()).content.decode().partition("<article")[2][:300]

    page = do(client, "language", articles, language="he")

    html = client.get(first.get_absolute_url()).content.decode()
    first.refresh_from_db()
    assert (first.language, first.text_language) == ("he", "he")
    assert 'lang="he" dir="rtl"' in html and "”yes”" in html
    assert 'lang="he" dir="rtl"' in client.get("/").content.decode()
    assert {version.fields["language"] for version in second.versions.exclude(state="old")} == {"he"}
    assert second.versions.working().get().fields["body"] == "Typed."
    assert "Change the language: Hebrew" in client.get(page).content.decode()
    assert LogEntry.objects.filter(change_message="Changed the language").count() == 2

    Article.objects.filter(pk=second.pk).update(language="yi")
    assert "<b>1</b> skipped: changed since" in client.get(undo(client, page)).content.decode()

    first.refresh_from_db()
    assert (first.language, first.text_language) == ("", "en")
    assert "“yes”" in client.get(first.get_absolute_url()).content.decode()


def test_what_is_no_language_is_told_before_anything_changes(client, editor):
    page = ask(client, "language", [make_article()])

    answer = client.post(page, {"confirm": "", "language": "klingon!"})

    assert "is not a language tag" in answer.content.decode()
    assert BulkChange.objects.get().confirmed_at is None


def test_undo_leaves_what_was_changed_since_and_counts_what_vanished(client, editor):
    changed, gone, kept = articles = [make_article() for _ in range(3)]
    page = do(client, "archive", articles)
    Article.objects.get(pk=changed.pk).publish(by=editor)
    Article.objects.get(pk=gone.pk).delete()
    Article.objects.filter(pk=changed.pk).update(published_at=timezone.now() - timedelta(5))

    html = client.get(undo(client, page)).content.decode()

    assert "<b>1</b> changed" in html
    assert "<b>1</b> skipped: changed since" in html
    assert "<b>1</b> skipped: gone" in html
    assert Article.objects.get(pk=kept.pk).is_published


def test_a_change_goes_on_where_its_task_was_stopped(client, editor, monkeypatch):
    articles = [make_article() for _ in range(5)]
    real, calls = running._do_next, []

    def stop_after_two(key):
        calls.append(key)
        if len(calls) == 3:
            raise MemoryError
        return real(key)

    monkeypatch.setattr(running, "_do_next", stop_after_two)
    page = do(client, "archive", articles)
    assert Article.objects.filter(status="archived").count() == 4
    assert "4 of 5" in client.get(page).content.decode()

    client.post(page, {"continue": ""})
    run_worker()

    assert Article.objects.filter(status="archived").count() == 5
    assert BulkChange.objects.get().finished_at
    assert LogEntry.objects.filter(change_message="Archived").count() == 5


def test_what_lost_too_many_related_articles_gets_others(client, editor):
    articles = [make_article(published_at=timezone.now() - timedelta(hours=10 + number)) for number in range(12)]
    shown = client.get(articles[-1].get_absolute_url()).context["related"]
    stored = Article.objects.get(pk=articles[-1].pk).related.keys

    do(client, "archive", [article for article in articles if article.pk in stored])

    found = client.get(articles[-1].get_absolute_url()).context["related"]
    assert len(found) == len(shown)
    assert not {article.pk for article in found} & {*stored}


def test_those_who_may_not_publish_are_refused(client, editor):
    page = ask(client, "archive", [make_article()])
    client.force_login(make_user("author"))

    assert client.get(page).status_code == 403
    assert client.post(page, {"confirm": ""}).status_code == 403
    client.post(LIST, {"action": "archive", "_selected_action": [Article.objects.get().pk]})
    assert BulkChange.objects.count() == 1


def test_a_second_press_and_a_second_undo_change_nothing(client, editor):
    page = do(client, "archive", [make_article()])
    client.post(page, {"confirm": ""})
    undo(client, page)
    undo(client, page)

    assert BulkChange.objects.count() == 2
    assert Article.objects.get().is_published


# --- the trash ---


def test_many_articles_go_to_the_trash_and_come_back_as_they_were(client, editor):
    articles = [make_article(), make_article(status="draft", published_at=None), make_article(status="archived")]
    before = states()

    page = do(client, "trash", articles)
    assert not Article.objects.exists()
    assert client.get(articles[0].get_absolute_url()).status_code == 410

    undo(client, page)
    assert states() == before
    assert client.get(articles[0].get_absolute_url()).status_code == 200


def test_authors_move_their_own_drafts_to_the_trash_and_no_others(client):
    user = make_user("author")
    client.force_login(user)
    own = make_author(user=user)
    articles = [make_article(status="draft", published_at=None, authors=[own]), make_article(authors=[own])]

    page = do(client, "trash", articles)

    assert list(Article.objects.all()) == articles[1:]
    assert "not yours to delete" in client.get(page).content.decode()
    undo(client, page)
    assert Article.objects.count() == 2
