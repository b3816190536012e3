"""Count many attempts in `manage.py db_worker`; the counts are the result of the task.

Each edition has one task at a time. The rows of the tasks say which wait, run or failed, on every machine.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from ..models import Edition
from .attempts import counts_of, states_of

# The version of `Counts`; results of other versions are not read.
FORMAT = 1
# A task that runs longer has lost its worker; a failed one is retried when the page is opened after this time.
LOST_AFTER, RETRY_AFTER = timedelta(minutes=10), timedelta(minutes=1)


@task()
def count(edition: int, shape: int) -> dict:
    """The counts of an edition, and the state that they belong to. Deletes earlier results."""
    editions = Edition.objects.filter(pk=edition)
    states = states_of(editions)
    counts = counts_of(editions, states)
    _tasks(edition).successful().delete()
    return {"state": states[edition], "counts": counts[edition]}


def _tasks(edition: int):
    arguments = {"args": [edition, FORMAT], "kwargs": {}}
    return DBTaskResult.objects.filter(task_path=count.module_path, args_kwargs=arguments).order_by("-enqueued_at")


def last_result(edition: int) -> dict | None:
    """What `count` returned last."""
    return _tasks(edition).successful().values_list("return_value", flat=True).first()


def request(edition: int) -> DBTaskResult:
    """The task that counts an edition, enqueued if there is none. A failed one counts for a minute."""
    now = timezone.now()
    tasks = _tasks(edition).filter(
        Q(status=TaskResultStatus.READY)
        | Q(status=TaskResultStatus.RUNNING, started_at__gt=now - LOST_AFTER)
        | Q(status=TaskResultStatus.FAILED, finished_at__gt=now - RETRY_AFTER)
    )
    if task := tasks.first():
        return task
    with transaction.atomic():
        # The lock lets only one of several simultaneous requests enqueue it.
        Edition.objects.select_for_update(no_key=True).values_list("pk").get(pk=edition)
        return tasks.first() or count.enqueue(edition, FORMAT).db_result
