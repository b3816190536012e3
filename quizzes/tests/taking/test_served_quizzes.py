"""Real processes: papers handed in all at once, and a database that is stopped or frozen while readers take a quiz."""

import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

from publishing.tests.postgres import Postgres
from publishing.tests.served import Site

pytestmark = pytest.mark.xdist_group("served quizzes")
MAKE = "from quizzes.tests.factories import make_quiz; make_quiz(questions=4, kinds=['short_answer'], slug='loops')"
PATH = "/quizzes/loops/"


def fill(site, static_files):
    shutil.copytree(static_files, site.directory / "static", dirs_exist_ok=True)
    site.manage("shell", "--verbosity", "0", "--command", MAKE)


def ask(site, method, path, fields=(), **headers):
    """One request as a browser sends it; returns status, the Location header and the text."""
    connection = HTTPConnection("127.0.0.1", site.port, timeout=60)
    headers = {"Sec-Fetch-Site": "same-origin", "User-Agent": "Mozilla/5.0", **headers}
    if fields:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request(method, path, urlencode(fields) if fields else None, headers)
        response = connection.getresponse()
        return response.status, response.headers.get("Location"), response.read().decode()
    finally:
        connection.close()


def filled(page, **extra):
    """The fields of a page's form: the first choice of each question, and what is typed."""
    fields = {"ticket": re.search(r'name="ticket"\s+value="([^"]+)"', page)[1]}
    for name, value in re.findall(r'type="radio" name="(q\d+)"\s+value="([0-9a-f]{16})"', page):
        fields.setdefault(name, value)
    fields[re.search(r'<input[^>]* name="(q\d+)"[^>]*maxlength', page)[1]] = "yield"
    return fields | extra


def attempts(site, what="count()"):
    words = f"from quizzes.models import Attempt; print(Attempt.objects.{what})"
    return site.manage("shell", "--verbosity", "0", "--command", words).strip()


def test_two_hundred_papers_handed_in_at_once_are_two_hundred_attempts(tmp_path, redis_url, static_files, migrated):
    """Each of them is sent twice, as by a double click, from one of ten networks."""
    site = Site(tmp_path, REDIS_URL=redis_url, TRUSTED_PROXIES="1", ALLOWED_HOSTS="127.0.0.1")
    shutil.copyfile(migrated, site.database)
    fill(site, static_files)
    with site.served(workers=2):
        fields = filled(ask(site, "GET", PATH)[2])

        def hand_in(number):
            address = {"X-Forwarded-For": f"192.0.2.{number % 10}"}
            return ask(site, "POST", PATH, fields | {"key": f"{number // 2:032x}"}, **address)

        with ThreadPoolExecutor(40) as pool:
            answers = list(pool.map(hand_in, range(400)))

    assert {status for status, _, _ in answers} == {303}
    assert len({place for _, place, _ in answers}) == 200
    assert attempts(site) == "200"


def test_a_quiz_is_taken_while_the_database_is_stopped(tmp_path, static_files):
    postgres = Postgres(tmp_path)
    site = Site(tmp_path / "site", DATABASE_URL=postgres.address)
    site.directory.mkdir()
    site.manage("migrate", "--verbosity", "0")
    fill(site, static_files)
    with site.served(workers=1):
        postgres.stop()
        # Asked for the first time now: nothing of it is remembered by the process.
        status, _, page = ask(site, "GET", PATH)
        assert (status, page.count("<fieldset")) == (200, 5)
        assert ask(site, "GET", "/quizzes/")[0] == 200

        answers = [ask(site, "POST", PATH, filled(page, key="a" * 32)) for _ in range(3)]
        assert {status for status, _, _ in answers} == {303}
        (place,) = {place for _, place, _ in answers}
        status, _, result = ask(site, "GET", place)
        assert status == 200
        assert "You got" in result and "Just so." in result
        assert len(list((site.directory / "quizzes").glob("attempts.spool*"))) == 1

        postgres.start()
        deadline = time.monotonic() + 60
        while attempts(site) != "1" and time.monotonic() < deadline:
            time.sleep(0.5)
        again = ask(site, "POST", PATH, filled(page, key="a" * 32))

        assert (again[0], again[1]) == (303, place)
        assert attempts(site) == "1"
        assert re.search(r"You got [\d.]+ of 5", ask(site, "GET", place)[2])[0] in result
        assert not list((site.directory / "quizzes").glob("attempts.spool*"))

        # Connections are accepted now, and nothing is answered: without an end to waiting, none of these would end.
        with postgres.frozen():
            assert ask(site, "GET", "/archive/?frozen")[0] == 503
            assert ask(site, "GET", "/quizzes/feed.xml?frozen")[0] == 200
            assert ask(site, "GET", f"/quizzes/results/{'a' * 26}/")[0] == 503
    postgres.cleanup()
