"""What `migrate` makes of old rows: the roles and the bylines of authors in a database in which roles had other names,
and what was archived before there was a page for it says that it was withdrawn.
"""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from articles.models import Author
from publishing.models import Redirect

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE_WITHDRAWN_PAGES = [
    ("articles", "0002_search_index"), ("quizzes", "0004_require_question_bank"),
    ("publishing", "0003_plain_help_texts"),
]  # fmt: skip
BEFORE_ROLES = [
    ("publishing", "0003_plain_help_texts"), ("articles", "0012_pictures_of_articles"),
    ("auth", "0012_alter_user_first_name_max_length"),
]  # fmt: skip


def models_at(targets):
    """The models as they were."""
    MigrationExecutor(connection).migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def archive():
    """Articles and quizzes, some of which readers have seen."""
    before = models_at(BEFORE_WITHDRAWN_PAGES)
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


def sign_up():
    """Members of the old groups by the names of these, one author more, and a byline of nobody with her name."""
    before = models_at(BEFORE_ROLES)
    Group.objects.create(name="Editor")
    found = {name: User.objects.create_user(name) for name in ("Authors", "Editors", "Moderators")}
    for name, user in found.items():
        user.groups.create(name=name)
    ines = User.objects.create_user("ines", first_name="Ines", last_name="Okafor")
    ines.groups.add(Group.objects.get(name="Authors"))
    before.get_model("articles", "Author").objects.create(name="Ines Okafor", slug="ines")
    return found


def assert_archived_articles_and_quizzes_that_were_public_are_withdrawn(client):
    assert set(Redirect.objects.filter(new_path="").values_list("old_path", flat=True)) == {
        "/articles/archived",
        # A quiz has an edition because it was published.
        "/quizzes/archived",
        "/quizzes/draft",
    }
    assert client.get("/articles/archived/comments/feed.xml").status_code == 410
    assert client.get("/articles/never/").status_code == 404


def assert_old_groups_become_roles_with_their_members_and_authors_get_bylines(users):
    roles = {"Authors": "Author", "Editors": "Editor", "Moderators": "Moderator"}
    assert {name: user.groups.get().name for name, user in users.items()} == roles
    assert set(Group.objects.values_list("name", flat=True)) == set(settings.ROLES)
    assert Group.objects.get(name="Owner").permissions.filter(codename="add_user").exists()
    assert set(Author.objects.values_list("name", "slug", "user__username")) == {
        ("Authors", "authors", "Authors"),
        ("Ines Okafor", "ines", "ines"),
    }


def test_old_groups_become_roles_and_what_was_public_and_archived_is_withdrawn(client, empty_database):
    """In one test, since all migrations take ten seconds."""
    archive()
    users = sign_up()

    call_command("migrate", verbosity=0)

    assert_archived_articles_and_quizzes_that_were_public_are_withdrawn(client)
    assert_old_groups_become_roles_with_their_members_and_authors_get_bylines(users)

    call_command("migrate", "publishing", "0003", verbosity=0)
    assert {user.groups.get().name for user in users.values()} == set(users)
