"""Many attempts are counted by `manage.py db_worker`, and the result of the task is the counts.

Each edition has one task at a time. The rows of the tasks say what waits, what runs and what failed, in every process
and on every machine.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from ..models import Edition
from .attempts import counts_of, states_of

# Of the shape of `Counts`: results of another one are not found.
FORMAT = 1
# A task that runs longer has lost its worker; one that failed is tried again by whoever looks after this time.
LOST_AFTER, RETRY_AFTER = timedelta(minutes=10), timedelta(minutes=1)


@task()
def count(edition: int, shape: int) -> dict:
    """The counts of an edition, and the state of it that they were made from. Earlier results are deleted."""
    found = Edition.objects.get(pk=edition)
    states = states_of([found])
    counts = counts_of([found], states)
    _tasks(edition).successful().delete()
    return {"state": states[edition], "counts": counts[edition]}


def _tasks(edition: int):
    arguments = {"args": [edition, FORMAT], "kwargs": {}}
    return DBTaskResult.objects.filter(task_path=count.module_path, args_kwargs=arguments).order_by("-enqueued_at")


def last_result(edition: int) -> dict | None:
    """What `count` returned last. One query."""
    return _tasks(edition).successful().values_list("return_value", flat=True).first()


def request(edition: int) -> DBTaskResult:
    """The task that counts an edition, enqueued if there is none; the one that failed, for a minute."""
    now = timezone.now()
    tasks = _tasks(edition).filter(
        Q(status=TaskResultStatus.READY)
        | Q(status=TaskResultStatus.RUNNING, started_at__gt=now - LOST_AFTER)
        | Q(status=TaskResultStatus.FAILED, finished_at__gt=now - RETRY_AFTER)
    )
    if found := tasks.first():
        return found
    with transaction.atomic():
        # Of several who look at once, one enqueues it.
        Edition.objects.select_for_update(no_key=True).values_list("pk").get(pk=edition)
        return tasks.first() or count.enqueue(edition, FORMAT).db_result
