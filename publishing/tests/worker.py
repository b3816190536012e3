"""The worker that `manage.py db_worker --batch` starts, without its signal handlers."""

from unittest.mock import patch

from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult


def run_worker():
    """Do all tasks that are due now, and those that they enqueue for now.

    Connections stay open, as they do for Django's test client: the test's own transaction is in them.
    """
    worker = db_worker.Worker(
        queue_names=["default"], interval=0, batch=True, backend_name="default", startup_delay=False, max_tasks=None,
        worker_id="in-a-test", excluded_queue_names=[],
    )  # fmt: skip
    with patch.object(db_worker, "close_old_connections"):
        worker.run()


def waiting_tasks():
    """The names of the tasks that are still to be done, in the order of their time."""
    return [row.task_path.split(".")[-1] for row in DBTaskResult.objects.filter(status="READY").order_by("run_after")]


def results():
    """What the finished tasks answered, newest last: (name, state, answer)."""
    rows = DBTaskResult.objects.exclude(status="READY").order_by("finished_at")
    return [(row.task_path.split(".")[-1], row.status, row.return_value) for row in rows]
