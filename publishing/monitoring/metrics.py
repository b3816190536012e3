"""Counters of the processes of this machine for Prometheus. Only with `METRICS_TOKEN`.

Each process counts in its memory and writes its counters to its own file every few seconds; the sum of the files is
shown. A process continues the file of one that ended, so a sum never falls and the files do not multiply.
"""

import atexit
import fcntl
import json
import logging
import os
import signal
import threading
import time
from collections import Counter as Totals
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import prometheus_client
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from ..cache import changes
from ..paths import is_staff_space

logger = logging.getLogger(__name__)

WRITE_SECONDS = 2.0
FOLDER = settings.VAR_DIR / "metrics"
STORE_EVENTS = ("hits", "misses", "stale", "renders")

prometheus_client.disable_created_metrics()
REGISTRY = prometheus_client.CollectorRegistry()
REQUESTS = prometheus_client.Counter(
    "publishing_requests", "Requests that reached Django.", ["view", "status"], registry=REGISTRY
)
SECONDS = prometheus_client.Histogram(
    "publishing_request_seconds", "Time in Django until the response was complete.", ["view"], registry=REGISTRY
)


class RequestMetrics:
    """Middleware: counts each request under the name of its view, and times it. Pages of the admin are one kind."""

    def __init__(self, get_response):
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        started = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        view = "admin" if is_staff_space(request) else match.view_name if match else "none"
        REQUESTS.labels(view, f"{response.status_code // 100}xx").inc()
        SECONDS.labels(view).observe(time.perf_counter() - started)
        return response


class StoreCollector(Collector):
    """Reads the plain counters of a page store, so that a hit pays for an addition only."""

    def __init__(self, store):
        self._store = store

    def collect(self) -> Iterator[Metric]:
        family = CounterMetricFamily("publishing_page_store", "What the page store did.", labels=["event"])
        for event in STORE_EVENTS:
            family.add_metric([event], getattr(self._store, event))
        family.add_metric(["invalidations"], changes.recorded)
        yield family


# Also held during a fork, so that no lock of the registry is copied in its locked state.
_writing = threading.Lock()


class _Process:
    """The file of this process, and the lock on it, which ends with the process."""

    def __init__(self):
        FOLDER.mkdir(exist_ok=True)
        for number in count():
            self._lock = (FOLDER / f"{number}.lock").open("a")
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._lock.close()
                continue
            break
        self._path = FOLDER / f"{number}.json"
        self._before = self._written = _read(self._path)

    def write(self) -> None:
        """Costs about a millisecond. On a full disk the counters stay in memory."""
        with _writing:
            totals = self._before.copy()
            totals.update(_counted())
            if totals == self._written:
                return
            new = self._path.with_suffix(".new")
            try:
                new.write_text(json.dumps(totals))
                new.replace(self._path)
            except OSError as error:
                logger.warning("The metrics were not written: %s", error)
            else:
                self._written = totals


def _counted() -> Totals:
    """The counters of this process."""
    return Totals(
        {
            json.dumps([family.name, sample.name, sample.labels]): sample.value
            for family in REGISTRY.collect()
            for sample in family.samples
        }
    )


def _read(path: Path) -> Totals:
    """Empty if the file is missing or damaged: it is not synced to the disk."""
    try:
        return Totals(json.loads(path.read_text()))
    except (OSError, ValueError):
        return Totals()


_process: _Process | None = None


def start(store) -> None:
    """Write the counters of this process from now on, and those of its page store; also in processes forked from it."""
    REGISTRY.register(StoreCollector(store))
    atexit.register(_write_at_exit)
    os.register_at_fork(before=_writing.acquire, after_in_parent=_writing.release, after_in_child=_begin_in_child)
    _begin()


def _write_at_exit() -> None:
    # Ctrl-C reaches a worker twice, from the terminal and from gunicorn: the second time it would raise in here.
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        # It may come between two of them.
        with suppress(SystemExit, KeyboardInterrupt):
            signal.signal(number, signal.SIG_IGN)
    _process.write()


def _begin_in_child() -> None:
    _writing.release()
    _begin()


def _begin() -> None:
    global _process
    _process = _Process()
    threading.Thread(target=_write_on, name="metrics", daemon=True).start()


def _write_on() -> None:
    while True:
        time.sleep(WRITE_SECONDS)
        _process.write()


class AllProcesses(Collector):
    """The counters of all processes, those of the others up to `WRITE_SECONDS` old."""

    def collect(self) -> Iterator[Metric]:
        if _process:
            _process.write()
        # What was not counted yet is 0, so that Prometheus sees the increase.
        totals = Totals(dict.fromkeys(_counted(), 0))
        for path in FOLDER.glob("*.json"):
            totals.update(_read(path))
        families = {family.name: family for family in REGISTRY.collect()}
        for family in families.values():
            family.samples = []
        for key, value in totals.items():
            name, sample, labels = json.loads(key)
            if name in families:
                families[name].add_sample(sample, labels, value)
        yield from families.values()
