"""What the owner wrote before sentences had a language is the wording in English, and comes back as it was."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from publishing.models import Publication

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE, AFTER = [("publishing", "0007_unfinished_import")], [("publishing", "0008_wording_by_language")]
OURS = "A moderator reads every comment before it appears."


def migrate(targets):
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps.get_model("publishing", "Publication")


def test_sentences_of_the_owner_are_kept_and_ours_are_none(empty_database):
    migrate(BEFORE).objects.create(name="The Reed", quizzes_sentence="Have you read it?")

    migrate(AFTER)
    publication = Publication.objects.get()
    assert publication.wording == {"en": {"quizzes_sentence": "Have you read it?"}}
    assert (publication.quizzes_sentence, publication.comments_held_sentence) == ("Have you read it?", OURS)

    stored = migrate(BEFORE).objects.get()
    assert (stored.quizzes_sentence, stored.comments_held_sentence) == ("Have you read it?", OURS)
