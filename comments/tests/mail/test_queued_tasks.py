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


def queued(**more):
    return DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}}, backend_name="default", run_after=timezone.now(), **more
    )


@pytest.mark.django_db(transaction=True)
def test_queued_tasks_have_their_earlier_names_after_going_back_and_run_after_the_migration():
    """One test for both directions, since each takes seconds."""
    failed = queued(task_path="comments.mail.tasks.mail_reply", status="FAILED")
    try:
        call_command("migrate", "comments", "0009", verbosity=0)

        assert DBTaskResult.objects.get(pk=failed.pk).task_path == "comments.tasks.mail_reply"
        queued(task_path="comments.tasks.start_digest")
        DBTaskResult.objects.filter(pk=failed.pk).update(exception_class_path="comments.tasks.NotSent")
        other = queued(task_path="elsewhere.comments.tasks.start_digest", status="FAILED")
    finally:
        call_command("migrate", verbosity=0)
    run_worker()

    assert ("start_digest", "SUCCESSFUL", tasks.NOTHING_TO_SEND) in results()
    row = DBTaskResult.objects.get(pk=failed.pk)
    assert row.task_path == "comments.mail.tasks.mail_reply"
    assert row.task_result.errors[0].exception_class is tasks.NotSent
    assert DBTaskResult.objects.get(pk=other.pk).task_path == other.task_path


def test_the_paths_of_tasks_are_those_that_the_queue_knows():
    found = {value.module_path for value in vars(tasks).values() if isinstance(value, Task)}

    assert found == {f"comments.mail.tasks.{name}" for name in PATHS}
