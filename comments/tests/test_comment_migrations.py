"""What readers wrote before threads had pages is still there afterwards, in its place."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

pytestmark = pytest.mark.django_db(transaction=True)


def apps_at(name):
    executor = MigrationExecutor(connection)
    executor.migrate([("comments", name)])
    return executor.loader.project_state([("comments", name), ("articles", "0002_search_index")]).apps


def insert(apps, article, status, parent=None):
    Comment = apps.get_model("comments", "Comment")
    comment = Comment.objects.create(
        article=article, parent=parent, depth=parent.depth + 1 if parent else 1, name="Ada", body="Text",
        html="<p>Text</p>",
        status=status, reason="other" if status == "rejected" else "", reader="a" * 32,
        decided_at=None if status == "pending" else timezone.now(),
    )  # fmt: skip
    comment.path = (parent.path if parent else "") + f"{comment.pk:012d}"
    comment.save()
    apps.get_model("comments", "ModerationEntry").objects.create(comment=comment, new_status=status, digest="0" * 64)
    return comment


def fill(apps):
    category = apps.get_model("articles", "Category").objects.create(name="Tools", slug="tools")
    Article = apps.get_model("articles", "Article")
    article = Article.objects.create(
        title="T", slug="t", category=category, status="published", published_at=timezone.now()
    )
    first = insert(apps, article, "approved")
    answer = insert(apps, article, "approved", first)
    rejected = insert(apps, article, "rejected")
    hidden = insert(apps, article, "approved", rejected)
    waiting = insert(apps, article, "pending")
    apps.get_model("comments", "ThreadCount").objects.create(article=article, approved=3)
    return first, answer, rejected, hidden, waiting


def test_old_comments_find_their_place_and_going_back_keeps_those_that_are_left(empty_database):
    """One test for both directions, since the way there and back takes seconds."""
    first, answer, _, hidden, _ = fill(apps_at("0001_initial"))

    now = apps_at("0005_require_moderation")

    Comment, entries = now.get_model("comments", "Comment"), now.get_model("comments", "ModerationEntry").objects
    # Counted by what readers see.
    assert list(Comment.objects.filter(is_visible=True).values_list("pk", flat=True)) == [first.pk, answer.pk]
    assert Comment.objects.get(pk=answer.pk).root_id == first.pk
    assert Comment.objects.get(pk=hidden.pk).status == "approved"
    assert now.get_model("comments", "Thread").objects.get().comment_count == 2
    assert all((entry.comment_number, entry.reader) == (entry.comment_id, "a" * 32) for entry in entries.all())
    assert set(entries.values_list("article_id", flat=True)) == {first.article_id}

    kept = entries.exclude(comment_number=entries.last().comment_number).count()
    Comment.objects.filter(pk=entries.last().comment_number).delete()
    then = apps_at("0001_initial")

    assert then.get_model("comments", "Comment").objects.count() == 4
    assert then.get_model("comments", "ModerationEntry").objects.count() == kept
    assert then.get_model("comments", "ThreadCount").objects.get().approved == 2
