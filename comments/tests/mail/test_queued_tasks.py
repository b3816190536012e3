"""Tasks that were queued before their functions moved run afterwards."""

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from comments.mail import tasks
from publishing.tests.worker import results, run_worker

# Rows of the queue hold these. Whoever moves a task renames them in a migration.
PATHS = ["start_digest", "mail_confirmation", "mail_digest", "mail_reply"]


@pytest.fixture
def earlier():
    """The database as it was before the functions moved."""
    try:
        call_command("migrate", "comments", "0009", verbosity=0)
        yield
    finally:
        call_command("migrate", verbosity=0)


def queued(**more):
    return DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}}, backend_name="default", run_after=timezone.now(), **more
    )


@pytest.mark.django_db(transaction=True)
def test_a_task_that_was_queued_before_runs_after_the_migration(earlier):
    queued(task_path="comments.tasks.start_digest")
    failed = queued(
        task_path="comments.tasks.mail_reply", status="FAILED", exception_class_path="comments.tasks.NotSent"
    )
    other = queued(task_path="elsewhere.comments.tasks.start_digest", status="FAILED")

    call_command("migrate", "comments", verbosity=0)
    run_worker()

    assert ("start_digest", "SUCCESSFUL", tasks.NOTHING_TO_SEND) in results()
    assert DBTaskResult.objects.get(pk=failed.pk).task_result.errors[0].exception_class is tasks.NotSent
    assert DBTaskResult.objects.get(pk=other.pk).task_path == other.task_path


@pytest.mark.django_db(transaction=True)
def test_going_back_gives_them_their_earlier_names(earlier):
    row = queued(task_path="comments.tasks.mail_reply", status="FAILED")
    call_command("migrate", "comments", verbosity=0)
    assert DBTaskResult.objects.get(pk=row.pk).task_path == "comments.mail.tasks.mail_reply"

    call_command("migrate", "comments", "0009", verbosity=0)

    assert DBTaskResult.objects.get(pk=row.pk).task_path == "comments.tasks.mail_reply"


def test_the_paths_of_tasks_are_those_that_the_queue_knows():
    found = {value.module_path for value in vars(tasks).values() if isinstance(value, Task)}

    assert found == {f"comments.mail.tasks.{name}" for name in PATHS}
