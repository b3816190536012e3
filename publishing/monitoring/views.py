"""The page that Prometheus reads."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.db.models import Count, Min, Q
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from ..cache import pages
from ..groups import ALWAYS, in_group
from .metrics import AllProcesses

logger = logging.getLogger(__name__)

# Name, how many wait, and since when the oldest does.
Queue = tuple[str, int, datetime | None]


@in_group(ALWAYS)
@pages.personal
@require_safe
def metrics(request, queues: Iterable[Callable[[], list[Queue]]]):
    """Counters of this machine and the length of each queue; 404 without the bearer token `METRICS_TOKEN`.

    A queue in a database that does not answer is left out.
    """
    sent = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not constant_time_compare(sent, f"Bearer {settings.METRICS_TOKEN}"):
        raise Http404
    return HttpResponse(generate_latest(_All(queues)), content_type=CONTENT_TYPE_LATEST)


class _All(Collector):
    def __init__(self, queues):
        self._queues = queues

    def collect(self):
        yield from AllProcesses().collect()
        length = GaugeMetricFamily("publishing_queue_length", "How many wait.", labels=["queue"])
        age = GaugeMetricFamily("publishing_queue_oldest_seconds", "How long the oldest waits.", labels=["queue"])
        now = timezone.now()
        for queue in self._queues:
            try:
                found = queue()
            except (DatabaseError, InterfaceError) as error:
                logger.warning("A queue is left out of the metrics: %s", error)
                continue
            for name, number, oldest in found:
                length.add_metric([name], number)
                age.add_metric([name], max(0.0, (now - oldest).total_seconds()) if oldest else 0.0)
        yield from (length, age)


def tasks() -> list[Queue]:
    """Tasks that are due, and since when."""
    now = timezone.now()
    # Tasks without a time to run at have one in the far future.
    scheduled = Q(run_after__lte=now)
    numbers = DBTaskResult.objects.ready().aggregate(
        number=Count("pk"),
        enqueued=Min("enqueued_at", filter=~scheduled),
        due=Min("run_after", filter=scheduled),
    )
    moments = [moment for moment in (numbers["enqueued"], numbers["due"]) if moment]
    return [("tasks", numbers["number"], min(moments, default=None))]
