"""Real processes under load: limits that hold exactly, and a server that is killed in the middle of its work."""

import os
import shutil
import signal
import socket
import sqlite3
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import pytest

from publishing.tests.postgres import new_database
from publishing.tests.served import Site

# Prepared once, in one of the processes that run tests.
pytestmark = pytest.mark.xdist_group("served")
SLUG = "git-bisect-while-the-tea-brews"
ARTICLE = Path("demo/articles") / f"{SLUG}.md"


def on_postgres():
    return os.environ.get("TEST_DATABASE") == "postgres"


@pytest.fixture(scope="module")
def prepared(request, tmp_path_factory, static_files, database_of_the_run):
    """A folder with static files and, on SQLite, a database that holds one article; PostgreSQL has it as `prepared`."""
    site = Site(tmp_path_factory.mktemp("prepared"))
    shutil.copytree(static_files, site.directory / "static", dirs_exist_ok=True)
    if on_postgres():
        site.environment["DATABASE_URL"] = new_database("prepared", request.getfixturevalue("migrated_postgres"))
    else:
        shutil.copyfile(request.getfixturevalue("migrated"), site.database)
    site.manage("import_markdown", ARTICLE, "--verbosity", "0")
    return site.directory


@pytest.fixture
def make_site(prepared, tmp_path):
    """A site of its own, behind one proxy that says from which network a request comes."""

    def make(**environment):
        directory = shutil.copytree(prepared, tmp_path / "site")
        if on_postgres():
            environment["DATABASE_URL"] = new_database("served", "prepared")
        # A hundred writers at once wait for each other longer than one reader should.
        environment["DATABASE_TIMEOUT"] = "60"
        return Site(directory, TRUSTED_PROXIES="1", ALLOWED_HOSTS="127.0.0.1", **environment)

    return make


def post(site, text, address):
    """Send a comment as a browser does; returns the status, None if no answer came."""
    connection = HTTPConnection("127.0.0.1", site.port, timeout=60)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin",
        "X-Forwarded-For": address, "User-Agent": "Mozilla/5.0",
    }  # fmt: skip
    try:
        fields = urlencode({"name": "Ann", "body": text, "homepage": ""})
        connection.request("POST", f"/articles/{SLUG}/comments/", fields, headers)
        response = connection.getresponse()
        response.read()
        return response.status
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def at_once(site, addresses):
    """The statuses of one post from each address, with a text of its own, all sent at the same moment."""
    gate = threading.Barrier(len(addresses))

    def send(number):
        gate.wait()
        return post(site, f"Text {number}", addresses[number])

    with ThreadPoolExecutor(len(addresses)) as pool:
        return list(pool.map(send, range(len(addresses))))


def select(site, columns):
    """The rows of all comments."""
    return site.execute(f"SELECT {columns} FROM comments_comment ORDER BY id")


def stored(site):
    """The texts in the database."""
    return [body for (body,) in select(site, "body")]


def networks_within_the_rate(site):
    """How many networks have a comment stored; fails when one has two within fifteen seconds."""
    sent = defaultdict(list)
    for network, moment in select(site, "network, created_at"):
        sent[network].append(datetime.fromisoformat(str(moment)).timestamp())
    pauses = [later - earlier for seconds in sent.values() for earlier, later in pairwise(sorted(seconds))]
    assert min(pauses, default=15) >= 15
    return len(sent)


@pytest.fixture(params=["redis", "no redis"])
def shared_store(request):
    """Where rates are counted must make no difference: they are counted in the database."""
    return {"REDIS_URL": request.getfixturevalue("redis_url")} if request.param == "redis" else {}


def test_of_a_hundred_posts_at_once_from_one_network_one_is_stored_in_fifteen_seconds(make_site, shared_store):
    site = make_site(**shared_store)
    with site.served(workers=2):
        statuses = at_once(site, ["192.0.2.1"] * 100)

    assert set(statuses) == {303, 429}
    assert statuses.count(303) == len(stored(site))
    assert networks_within_the_rate(site) == 1


def test_of_a_hundred_posts_at_once_from_twenty_networks_one_each_is_stored_in_fifteen_seconds(make_site, shared_store):
    # Four of them are one household each behind an IPv6 address that changes.
    addresses = [f"198.51.100.{number % 16}" for number in range(80)]
    addresses += [f"2001:db8:0:{number % 4}::{number:x}" for number in range(20)]
    site = make_site(**shared_store)
    with site.served(workers=2):
        statuses = at_once(site, addresses)

    assert set(statuses) == {303, 429}
    assert statuses.count(303) == len(stored(site))
    assert networks_within_the_rate(site) == 20


def raw(site, request):
    """Send bytes, stop sending, and return what comes back before the connection ends or ten seconds are over."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as connection:
        try:
            for part in request:
                connection.sendall(part)
                time.sleep(0.05)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))
        except OSError:
            return b""


def head(version, *lines):
    lines = [
        f"POST /articles/{SLUG}/comments/ HTTP/{version}", "Host: 127.0.0.1", "Sec-Fetch-Site: same-origin",
        "Content-Type: application/x-www-form-urlencoded", *lines,
    ]  # fmt: skip
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def test_broken_and_old_ways_of_sending_store_a_whole_comment_or_none(make_site):
    """91 and 92: a body that never ends, one in slow pieces, one of 50 MB, and HTTP/1.0."""
    site = make_site()

    def body(text):
        return f"homepage=&name=Ann&body={text}".encode()

    def sized(text):
        return f"Content-Length: {len(body(text))}"

    def in_pieces(text):
        pieces = [body(text)[start : start + 7] for start in range(0, len(body(text)), 7)]
        return [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces] + [b"0\r\n\r\n"]

    with site.served(workers=1):
        from_one = lambda number: f"X-Forwarded-For: 192.0.2.{number}"  # noqa: E731 - a header, with its number
        unclosed = raw(site, [head("1.1", from_one(1), "Content-Length: 500"), body("unclosed")])
        chunked = raw(
            site, [head("1.1", from_one(2), "Transfer-Encoding: chunked", "Connection: close"), *in_pieces("chunked")]
        )
        torn = raw(site, [head("1.1", from_one(3), "Transfer-Encoding: chunked"), *in_pieces("torn")[:-1]])
        old = raw(site, [head("1.0", from_one(4), sized("old")), body("old")])
        huge = raw(
            site, [head("1.1", from_one(5), "Content-Length: 50000000"), b"homepage=&name=Ann&body=", b"x" * 50_000]
        )
        both = raw(
            site,
            [
                head("1.1", from_one(6), sized("both"), "Transfer-Encoding: chunked", "Connection: close"),
                *in_pieces("both"),
            ],
        )
        assert post(site, "still there", "192.0.2.7") == 303

    assert b" 500 " not in unclosed + chunked + torn + old + huge + both
    assert b" 303 " in old.split(b"\r\n")[0]
    assert b" 413 " in huge.split(b"\r\n")[0] or b" 400 " in huge.split(b"\r\n")[0] or not huge
    assert b" 303 " in chunked.split(b"\r\n")[0]
    assert set(stored(site)) - {"both"} == {"chunked", "old", "still there"}


def kill(process):
    """Kill gunicorn and its workers at once, without a word."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for pid in [process.pid, *map(int, children)]:
        os.kill(pid, signal.SIGKILL)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the workers are found in /proc, which Linux has")
def test_what_was_answered_with_success_is_there_after_the_server_was_killed(make_site):
    site = make_site()
    answered, enough = [], threading.Event()

    def send(number):
        if post(site, f"Text {number}", f"10.{number // 250}.{number % 250}.1") == 303:
            answered.append(f"Text {number}")
            if len(answered) >= 150:
                enough.set()

    with site.served(workers=2), ThreadPoolExecutor(16) as pool:
        sending = [pool.submit(send, number) for number in range(500)]
        assert enough.wait(60)
        kill(site.process)
        for task in sending:
            task.result()

    found = stored(site)
    assert 150 <= len(answered) < 500
    assert set(answered) - set(found) == set()
    assert len(found) == len(set(found))
    if not on_postgres():
        with sqlite3.connect(site.directory / "site.sqlite3") as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        database.close()
    assert "threads are correct" in site.manage("check_comment_counts")
    with site.served(workers=2):
        assert post(site, "One more", "203.0.113.1") == 303
    assert "One more" in stored(site)
