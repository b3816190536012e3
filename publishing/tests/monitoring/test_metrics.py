"""What Prometheus reads: the counters of all processes, the queues, and nothing without the token."""

import re
import time
import urllib.request
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter
from prometheus_client.parser import text_string_to_metric_families

from comments.mail.tasks import start_digest
from comments.tests.factories import make_comment
from publishing.maintenance.tests.factories import database_down
from publishing.monitoring import metrics
from publishing.tests.factories import make_article, make_user
from quizzes.taking import offline_queue

pytestmark = pytest.mark.django_db
TOKEN = "for-this-test-run-only"


def values(text):
    """The numbers of a page of metrics by name and labels: `publishing_requests_total view=healthz status=2xx`."""
    return {
        " ".join([sample.name, *(f"{name}={value}" for name, value in sorted(sample.labels.items()))]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def read(client, settings):
    settings.METRICS_TOKEN = TOKEN

    def get():
        response = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "private, no-store"
        return values(response.content.decode())

    return get


# --- who may read ---


@pytest.mark.parametrize("configured", ["", TOKEN])
@pytest.mark.parametrize("sent", [None, "Bearer", "Bearer ", "Bearer wrong", "Basic dG9rZW4=", "Bearer \u00fc"])
def test_without_the_token_the_page_is_missing_and_not_cacheable(client, settings, configured, sent):
    settings.METRICS_TOKEN = configured
    response = client.get("/metrics", headers={"authorization": sent} if sent else {})

    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "private, no-store"
    assert b"publishing_" not in response.content


# --- queues ---


def test_queues_have_a_length_and_an_age(read, clock):
    make_user("owner")
    make_comment(article=make_article())
    start_digest.using(run_after=timezone.now() + timedelta(hours=1)).enqueue()
    start_digest.enqueue()
    offline_queue.append({"token": "t1", "created_at": timezone.now().isoformat()})
    clock.shift(timedelta(minutes=5))
    try:
        found = read()
    finally:
        offline_queue.flush(lambda record: None)

    for queue in ("comments_pending", "tasks", "quiz_attempts"):
        assert found[f"publishing_queue_length queue={queue}"] == 1, queue
        assert found[f"publishing_queue_oldest_seconds queue={queue}"] == pytest.approx(300, abs=5), queue
    assert found["publishing_queue_length queue=comments_reported"] == 0


def test_an_empty_site_has_empty_queues(read):
    found = read()

    assert found["publishing_queue_length queue=tasks"] == 0
    assert found["publishing_queue_oldest_seconds queue=tasks"] == 0


def test_without_the_database_the_other_numbers_are_there(read, settings):
    with database_down():
        found = read()

    assert "publishing_queue_length queue=tasks" not in found
    assert found["publishing_queue_length queue=quiz_attempts"] == 0


# --- counters of several processes ---


def served(site, path, headers=None):
    with urllib.request.urlopen(urllib.request.Request(site.url + path, headers=headers or {})) as response:
        return response.read().decode()


def read_served(site):
    return values(served(site, "/metrics", {"Authorization": f"Bearer {TOKEN}"}))


def test_the_requests_of_all_workers_are_counted_and_a_sum_never_falls(site):
    requests, times = (
        "publishing_requests_total status=2xx view=healthz",
        "publishing_request_seconds_count view=healthz",
    )
    before = read_served(site)
    for _ in range(40):
        served(site, "/healthz")
        served(site, "/robots.txt")
    sums, deadline = [before.get(requests, 0)], time.monotonic() + 30
    while sums[-1] - sums[0] < 40 and time.monotonic() < deadline:
        found = read_served(site)
        sums.append(found[requests])

    assert sums[-1] - sums[0] == 40
    assert sums == sorted(sums)
    assert found[times] - before.get(times, 0) == 40
    assert len(list((site.directory / "metrics").glob("*.json"))) == 2


def test_what_the_page_store_did_is_counted(site):
    name, wanted = "publishing_page_store_total event=hits", 30
    before, deadline = read_served(site), time.monotonic() + 30
    for _ in range(wanted + 2):
        served(site, "/robots.txt")
    while (found := read_served(site))[name] - before[name] < wanted and time.monotonic() < deadline:
        time.sleep(0.2)

    # Each of the two workers may have to fetch the page first.
    assert found[name] - before[name] >= wanted
    assert found["publishing_page_store_total event=renders"] > 0


def test_changes_that_invalidate_pages_are_counted():
    store = SimpleNamespace(hits=0, misses=0, stale=0, renders=0)

    def number():
        [family] = metrics.StoreCollector(store).collect()
        return {sample.labels["event"]: sample.value for sample in family.samples}["invalidations"]

    before = number()
    make_article()

    assert number() > before


def test_missing_pages_and_the_admin_are_counted_as_separate_views(site):
    for path in ("/admin/login/", "/no-such-page-at-all/"):
        try:
            served(site, path)
        except urllib.error.HTTPError as error:
            error.close()
    time.sleep(metrics.WRITE_SECONDS)
    text = served(site, "/metrics", {"Authorization": f"Bearer {TOKEN}"})

    assert re.search(r'^publishing_requests_total\{status="2xx",view="admin"\} [1-9]', text, re.M)
    assert re.search(r'^publishing_requests_total\{status="4xx",view="[\w:]+"\} [1-9]', text, re.M)


@pytest.fixture
def process(tmp_path, monkeypatch):
    """Starts and ends processes, each with its own counter."""
    monkeypatch.setattr(metrics, "FOLDER", tmp_path)
    running = []

    def start(number):
        registry = CollectorRegistry()
        monkeypatch.setattr(metrics, "REGISTRY", registry)
        Counter("events", "For this test.", registry=registry).inc(number)
        running.append(metrics._Process())
        running[-1].write()
        return running[-1]

    yield start
    for each in running:
        each._lock.close()


def total():
    return [sample.value for family in metrics.AllProcesses().collect() for sample in family.samples]


def test_a_new_process_continues_the_counters_of_one_that_ended(process, tmp_path):
    process(3)
    process(4)._lock.close()
    process(5)

    assert total() == [12]
    assert len(list(tmp_path.glob("*.json"))) == 2


def test_a_damaged_file_is_counted_from_zero(process, tmp_path):
    process(3)._lock.close()
    (tmp_path / "0.json").write_text('{"half')
    process(4)

    assert total() == [4]


def test_on_a_full_disk_the_counters_stay_in_memory(process, tmp_path, monkeypatch):
    counting = process(3)
    monkeypatch.setattr(metrics.Path, "write_text", lambda *args: (_ for _ in ()).throw(OSError(28, "full")))
    counting._before["x"] = 1
    counting.write()

    assert total() == [3]
