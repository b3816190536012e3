"""What `make run` starts: the site and its worker, which begin and end together."""

import os
import re
import signal
import sqlite3
import subprocess
import time
import urllib.parse
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from publishing.tests.served import ROOT, free_port, wait_for

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def heed_signals():
    """A test run under nohup or in the background ignores some of these, and a shell cannot trap what it inherited as
    ignored."""
    for number in STOPS:
        signal.signal(number, signal.SIG_DFL)


@pytest.fixture
def running(site, tmp_path, request):
    """deploy/run with its own port, database and process group; prints into a file. A parameter sets variables."""
    with (
        closing(sqlite3.connect(site.directory / "site.sqlite3")) as ours,
        closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as copy,
    ):
        ours.backup(copy)
    port = free_port()
    environment = site.environment | {
        "PORT": str(port),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'copy.sqlite3'}",
        **getattr(request, "param", {}),
    }
    environment.pop("EMAIL_URL", None)
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            ["deploy/run"], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True, preexec_fn=heed_signals,
        )  # fmt: skip
    process.log, process.url = tmp_path / "log", environment["SITE_URL"]
    try:
        wait_for(port, process)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until(condition, limit=120):
    """Fail when the condition does not hold after a limit that a loaded machine does not reach, in seconds."""
    start = time.monotonic()
    while not condition():
        assert time.monotonic() - start < limit
        time.sleep(0.1)


def is_over(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def worker_of(group):
    """The number of the process that sends the mails; None while there is none."""
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            is_ours = os.getpgid(int(directory.name)) == group
            words = (directory / "cmdline").read_bytes().split(b"\0")
        except (ProcessLookupError, FileNotFoundError):
            continue
        if is_ours and b"db_worker" in words:
            return int(directory.name)
    return None


def kill_worker(running):
    wait_until(lambda: worker_of(running.pid))
    os.kill(worker_of(running.pid), signal.SIGKILL)
    wait_until(lambda: worker_of(running.pid) is None)


def writer(running):
    """An address of this site: one mailbox gets few mails in ten minutes, from all sites of the folder."""
    return f"writer-{running.pid}@reader.example"


def send_comment(running):
    article = re.search(r'/articles/[\w-]+/(?=")', urllib.request.urlopen(running.url).read().decode())[0]
    form = {"name": "Marisol", "body": "Is it sent?", "homepage": "", "email": writer(running)}
    request = urllib.request.Request(
        f"{running.url}{article}comments/",
        urllib.parse.urlencode(form).encode(),
        {"Sec-Fetch-Site": "same-origin", "User-Agent": "Mozilla/5.0 Firefox/140.0"},
    )
    assert "/comments/receipts/" in urllib.request.urlopen(request).url


def test_a_mail_is_printed_soon_after_its_comment(running):
    send_comment(running)

    wait_until(lambda: f"To: {writer(running)}" in running.log.read_text())

    assert f"{running.url}/comments/mail/confirm/" in running.log.read_text()


def test_a_worker_that_was_killed_is_followed_by_one_that_sends_the_mails(running):
    kill_worker(running)
    send_comment(running)

    wait_until(lambda: f"To: {writer(running)}" in running.log.read_text())

    assert running.log.read_text().count("The worker ended with status 137.") == 1


@pytest.mark.parametrize("how", STOPS)
def test_it_stops_as_well_while_no_worker_is_there(running, how):
    kill_worker(running)

    (os.killpg if how == signal.SIGINT else os.kill)(running.pid, how)
    wait_until(lambda: running.poll() is not None)

    wait_until(lambda: is_over(running.pid))
    assert running.returncode == 0


@pytest.mark.parametrize("how", STOPS)
def test_both_end_when_it_is_stopped(running, how):
    # Both are up: what gunicorn tells a process that is just being born is lost, and waited for.
    urllib.request.urlopen(f"{running.url}/healthz").close()
    wait_until(lambda: worker_of(running.pid))

    # Ctrl-C reaches the whole group, a service manager only its head.
    (os.killpg if how == signal.SIGINT else os.kill)(running.pid, how)
    wait_until(lambda: running.poll() is not None)

    wait_until(lambda: is_over(running.pid))
    assert "Traceback" not in running.log.read_text()


@pytest.mark.parametrize("running", [{"SERVER": "granian"}], indirect=True)
def test_granian_serves_pages_files_and_forms(running):
    page = urllib.request.Request(running.url, headers={"Script-Name": "/evil", "X-Forwarded-Proto": "https"})
    first, second = urllib.request.urlopen(page), urllib.request.urlopen(page)
    text = first.read().decode()
    style = urllib.request.urlopen(running.url + re.search(r'/static/[^"]+\.css', text)[0])

    assert first.headers["Server"] == "granian"
    assert "/evil" not in text and second.read().decode() == text
    assert "Age" in second.headers
    assert style.headers["Content-Type"].startswith("text/css") and b"@layer" in style.read()
    send_comment(running)
