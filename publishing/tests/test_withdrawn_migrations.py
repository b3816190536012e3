"""What was archived before there was a page for it says that it was withdrawn afterwards."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from publishing.models import Redirect

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [
    ("articles", "0002_search_index"), ("quizzes", "0004_require_question_bank"),
    ("publishing", "0003_plain_help_texts"),
]  # fmt: skip


@pytest.fixture
def before(empty_database):
    """The models as they were."""
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    return executor.loader.project_state(BEFORE).apps


def test_archived_articles_and_quizzes_that_were_public_are_withdrawn(client, before):
    now = timezone.now()
    category = before.get_model("articles", "Category").objects.create(name="Tools", slug="tools")
    articles, quizzes = before.get_model("articles", "Article").objects, before.get_model("quizzes", "Quiz").objects
    for slug, status, moment in [
        ("public", "published", now - timedelta(days=1)),
        ("archived", "archived", now - timedelta(days=1)),
        ("never", "archived", None),
        ("not-yet", "archived", now + timedelta(days=1)),
        ("draft", "draft", now - timedelta(days=1)),
    ]:
        articles.create(title=slug, slug=slug, category=category, status=status, published_at=moment)
        quizzes.create(title=slug, slug=slug, status=status, published_at=moment, edition_number=int(bool(moment)))
    quizzes.create(title="No edition", slug="no-edition", status="archived", published_at=now - timedelta(days=1))
    Redirect.objects.create(old_path="/articles/archived-and-moved", new_path="/archive/")

    call_command("migrate", verbosity=0)

    assert set(Redirect.objects.filter(new_path="").values_list("old_path", flat=True)) == {
        "/articles/archived",
        # A quiz has an edition because it was published.
        "/quizzes/archived",
        "/quizzes/draft",
    }
    assert client.get("/articles/archived/comments/feed.xml").status_code == 410
    assert client.get("/articles/never/").status_code == 404
