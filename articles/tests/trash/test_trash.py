"""What is deleted lies in the trash and nowhere else, and comes back as it was."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Correction, ListCount, Series, Tag, TrashedArticle
from articles.trash import moving
from articles.versions import clock, saving, steps
from comments.models import Comment, Status
from comments.tests.factories import make_comment
from publishing.tests.factories import make_article, make_author, make_user
from quizzes.tests.factories import make_quiz

pytestmark = pytest.mark.django_db
LIST, TRASH = reverse("admin:articles_article_changelist"), reverse("admin:articles_article_trash")
WORD = "Zeppelin"


@pytest.fixture
def editor(client):
    user = make_user("editor")
    client.force_login(user)
    return user


def delete(client, article):
    return client.post(reverse("admin:articles_article_delete", args=[article.pk]), {"post": "yes"})


def page_of(client, *arguments, **query):
    response = client.get(*arguments, **query)
    assert response.status_code == 200, arguments
    return response.content.decode()


@pytest.fixture
def placed():
    """A published article that many pages show, among others."""
    tag, series = Tag.objects.create(name="Airships", slug="airships"), Series.objects.create(title="Air", slug="air")
    author = make_author("Ines Okafor")
    make_article(tags=[tag], authors=[author], series=series, series_position=1)
    article = make_article(
        title=WORD, slug="zeppelin", body=f"{WORD} flies.\n\n## A heading\n", tags=[tag], authors=[author],
        series=series, series_position=2,
    )  # fmt: skip
    make_quiz(title="Quiz", slug="quiz", articles=[article])
    make_comment(article, body="A visible remark", status=Status.APPROVED)
    return article


# Other articles leave some of these with the last one.
SHOWING = [
    "/", "/categories/opinion/", "/tags/airships/", "/authors/{author}/", "/series/air/", "/archive/",
    "/archive/{0:%Y}/{0.month}/", "/search/?q=zeppelin", "/feed.xml", "/atom.xml", "/feed.json",
    "/sitemap-articles-1.xml", "/llms.txt", "/comments/feed.xml", "/quizzes/quiz/", "/tags/airships/feed.xml",
]  # fmt: skip


def shown(client, article):
    """The pages that lists, feeds and others are, as text."""
    author = article.bylines.get().author
    moment = timezone.localtime(article.published_at)
    return {path: page_of(client, path.format(moment, author=author.slug)) for path in SHOWING}


def names_it(text):
    return WORD in text or "/articles/zeppelin" in text


def test_what_is_deleted_is_nowhere_else(client, editor, placed):
    assert [path for path, text in shown(client, placed).items() if not names_it(text)] == ["/archive/"]
    make_comment(placed, body="A remark that waits")
    Correction.objects.create(article=placed, kind="correction", note="It flies.")
    corrections = reverse("admin:articles_correction_changelist")
    assert all("It flies." in page_of(client, path) for path in (corrections, "/corrections/"))

    assert delete(client, placed)["Location"] == LIST

    assert "is in the trash" in page_of(client, LIST)
    assert not any("It flies." in page_of(client, path) for path in (corrections, "/corrections/"))

    placed.refresh_from_db()
    assert {path for path, text in shown(client, placed).items() if names_it(text)} == set()
    for address in (
        "/articles/zeppelin/",
        "/articles/zeppelin/comments/feed.xml",
        f"/comments/{Comment.objects.first().pk}/",
    ):
        assert client.get(address).status_code == 410, address
    for query in ("", "?whose=all", "?q=zeppelin", "?state=published", f"?tag={placed.tags.get().pk}"):
        assert WORD not in page_of(client, LIST + query), query
    found = client.get(
        reverse("admin:autocomplete"),
        {"app_label": "quizzes", "model_name": "question", "field_name": "article", "term": "zeppelin"},
    )
    assert found.json()["results"] == []
    assert client.get(reverse("admin:articles_article_change", args=[placed.pk])).status_code == 302
    assert WORD in page_of(client, TRASH)


def test_its_comments_wait_for_nobody_and_are_not_exported(client, placed):
    make_comment(placed, body="A remark that waits")
    moving.trash(placed, by=None)
    moderator = make_user("moderator")
    client.force_login(moderator)

    for query in ("", "?queue=pending", "?queue=approved"):
        assert "remark" not in page_of(client, reverse("admin:comments_comment_changelist") + query), query
    assert Comment.objects.pending().count() == 0
    out = StringIO()
    call_command("export_comments", stdout=out)
    assert "remark" not in out.getvalue()

    moving.restore(TrashedArticle.objects.get(), by=None)
    assert "A remark that waits" in page_of(client, reverse("admin:comments_comment_changelist") + "?queue=pending")


def test_a_restored_article_is_as_it_was(client, editor, placed):
    placed = Article.objects.get(pk=placed.pk)
    placed.featured, placed.source = True, "zeppelin.md"
    placed.save()
    version = saving.record(placed)
    pages, numbers = (
        shown(client, placed),
        list(ListCount.objects.order_by("kind", "key").values_list("kind", "number")),
    )
    address = placed.get_absolute_url()
    before = page_of(client, address)

    answer = page_of(client, delete(client, placed)["Location"])
    assert "Publish again" in answer
    client.post(TRASH, {"restore": placed.pk, "back": "articles"})

    assert page_of(client, address) == before
    assert shown(client, placed) == pages
    assert list(ListCount.objects.order_by("kind", "key").values_list("kind", "number")) == numbers
    again = Article.objects.get(pk=placed.pk)
    assert (again.source, again.series_position, again.published_at) == ("zeppelin.md", 2, placed.published_at)
    assert again.versions.live().get() == version
    assert client.get(f"/comments/{Comment.objects.first().pk}/").status_code == 302
    assert not TrashedArticle.objects.exists()
    log = LogEntry.objects.filter(object_id=placed.pk).values_list("change_message", flat=True)
    assert list(log) == ["Restored from the trash: published", "Moved to the trash"]


def test_a_published_article_can_come_back_as_a_draft(client, editor, placed):
    delete(client, placed)

    assert "Restore as a draft" in page_of(client, TRASH)
    client.post(TRASH, {"draft": placed.pk})

    assert Article.objects.get(pk=placed.pk).status == "draft"
    assert client.get("/articles/zeppelin/").status_code == 410


@pytest.mark.parametrize(("status", "label"), [("draft", "Restore"), ("review", "Restore"), ("archived", "Restore")])
def test_what_readers_did_not_see_keeps_its_state(client, editor, status, label):
    article = make_article(status=status, slug="hidden")

    delete(client, article)
    assert f">{label}</button>" in page_of(client, TRASH)
    client.post(TRASH, {"restore": article.pk})

    assert Article.objects.get(pk=article.pk).status == status
    assert client.get("/articles/hidden/").status_code in (404, 410)


def test_a_scheduled_article_is_scheduled_again_until_its_time_has_come(client, editor):
    article = make_article(published_at=timezone.now() + timedelta(days=2), slug="soon")
    delete(client, article)
    assert "Schedule again" in page_of(client, TRASH)
    client.post(TRASH, {"restore": article.pk})
    assert Article.objects.scheduled().get() == article

    delete(client, article)
    Article.everything.update(published_at=timezone.now() - timedelta(minutes=1))
    TrashedArticle.objects.update(at=timezone.now() - timedelta(hours=1))
    client.post(TRASH, {"restore": article.pk})

    again = Article.objects.get()
    assert (again.status, again.published_at) == ("draft", None)
    assert client.get("/articles/soon/").status_code == 404


def test_a_change_that_was_scheduled_is_not_made_while_it_lies_there(client, editor, placed):
    article = Article.objects.get(pk=placed.pk)
    now = saving.current(article)
    saving.save_working(now, now.fields | {"title": "Changed"}, by=editor, token=now.digest)
    clock.schedule_changes(article, by=editor, at=timezone.now() + timedelta(hours=1))
    article.versions.scheduled().update(goes_live_at=timezone.now())

    moving.trash(article, by=editor)
    clock.make_changes()
    client.post(TRASH, {"restore": article.pk})

    assert Article.objects.get(pk=article.pk).title == WORD
    assert article.versions.working().get().fields["title"] == "Changed"


def test_another_article_may_take_address_and_place_and_the_restored_one_says_so(client, editor, placed):
    saving.record(Article.objects.get(pk=placed.pk))
    delete(client, placed)
    other = make_article(slug="zeppelin", series=placed.series, series_position=2)
    assert client.get("/articles/zeppelin/").status_code == 200

    answer = client.post(TRASH, {"restore": placed.pk}, follow=True).content.decode()

    again = Article.objects.get(pk=placed.pk)
    assert (again.slug, again.series_position) == ("zeppelin-2", None)
    assert "address “zeppelin-2”" in answer
    assert "has none" in answer
    assert client.get("/articles/zeppelin-2/").status_code == 200
    assert other.title in page_of(client, "/articles/zeppelin/")
    # It can be worked on.
    steps.save(again, by=editor)
    assert Article.objects.get(pk=placed.pk).slug == "zeppelin-2"


def test_deleted_for_ever_is_asked_first_and_takes_the_comments_along(client, editor, placed):
    delete(client, placed)

    asked = client.post(TRASH, {"delete": placed.pk}).content.decode()
    assert "Nobody can undo it" in asked
    assert TrashedArticle.objects.exists()
    client.post(TRASH, {"delete_for_ever": "", "chosen": [placed.pk]})

    assert not Article.everything.filter(pk=placed.pk).exists()
    assert not Comment.objects.exists()
    assert client.get("/articles/zeppelin/").status_code == 410
    assert LogEntry.objects.filter(object_id=placed.pk, change_message="Deleted for ever").exists()


def test_many_are_restored_at_once_and_one_that_vanished_is_no_fault(client, editor):
    articles = [make_article(), make_article(status="draft", published_at=None)]
    for article in articles:
        delete(client, article)

    for _ in range(2):
        answer = client.post(TRASH, {"restore": "", "chosen": [article.pk for article in articles]}, follow=True)
        assert answer.status_code == 200

    assert "not in the trash any more" in answer.content.decode()
    assert set(Article.objects.values_list("status", flat=True)) == {"published", "draft"}
    for broken in ({"restore": "x"}, {"chosen": ["-1", "9" * 30]}, {"delete": "0"}, {}):
        assert client.post(TRASH, broken).status_code == 302


def test_the_trash_is_emptied_after_thirty_days(placed):
    young, old = make_article(slug="young"), placed
    for article in (young, old):
        moving.trash(article, by=None)
    TrashedArticle.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=30, minutes=1))
    out = StringIO()

    call_command("empty_trash", "--dry-run", stdout=out)
    assert Article.everything.trashed().count() == 2
    assert WORD in out.getvalue()
    assert "1 article would be deleted" in out.getvalue()

    call_command("empty_trash", stdout=out)
    assert list(Article.everything.trashed()) == [young]
    call_command("empty_trash", "--days", "0", verbosity=0)
    assert not TrashedArticle.objects.exists()


# --- who may ---


def test_authors_delete_and_restore_their_own_drafts_and_nothing_else(client):
    user = make_user("author")
    own = make_author(user=user)
    draft = make_article(status="draft", published_at=None, authors=[own])
    public = make_article(authors=[own])
    foreign = make_article(status="draft", published_at=None, authors=[make_author()])
    client.force_login(user)

    assert delete(client, public).status_code == 403
    delete(client, foreign)
    assert Article.objects.count() == 3
    assert b"Move to the trash" in client.get(reverse("admin:articles_article_change", args=[draft.pk])).content
    delete(client, draft)
    moving.trash(foreign, by=None)
    moving.trash(public, by=None)

    assert list(TrashedArticle.objects.restorable_by(user).values_list("pk", flat=True)) == [draft.pk]
    page = page_of(client, TRASH)
    assert draft.title in page
    assert foreign.title not in page
    assert public.title not in page
    for step in ("restore", "draft", "delete_for_ever"):
        client.post(TRASH, {step: "", "chosen": [foreign.pk, public.pk]})
    assert TrashedArticle.objects.count() == 3
    client.post(TRASH, {"restore": draft.pk})
    assert list(Article.objects.all()) == [draft]


def test_moderators_have_no_trash(client):
    client.force_login(make_user("moderator"))

    assert client.get(TRASH).status_code == 403
    assert client.post(TRASH, {"restore": "1"}).status_code == 403


def test_the_page_of_the_trash_costs_the_same_for_many(client, editor, django_assert_max_num_queries):
    for _ in range(12):
        moving.trash(make_article(), by=editor)
    client.get(TRASH)

    with django_assert_max_num_queries(8):
        client.get(TRASH)
