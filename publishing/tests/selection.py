"""Which tests run, and in which process."""

import os
from pathlib import Path

import pytest
from xdist.scheduler import LoadGroupScheduling

# Real input that other people wrote: folders `markdown`, `sites`, `wordpress`, `ghost`, `gift` and `xss`. Not part of
# the project; without the variable, what reads it is not collected.
SAMPLES = Path(os.environ["SAMPLES"]) if os.environ.get("SAMPLES") else None
LONGEST_ID = 60
SERVED = frozenset({"site", "browser", "page"})


@pytest.fixture(scope="session")
def samples():
    """The folder of real input by other people. Where there is none, the tests that read it are not collected."""
    return SAMPLES


def pytest_report_header():
    return f"real input: {SAMPLES if _has_samples() else 'none; SAMPLES names a folder with markdown/ and gift/'}"


def _has_samples():
    return SAMPLES is not None and SAMPLES.is_dir()


def fixtures_of(item):
    """The fixtures that a test asks for; what it is parametrized with may bear the same name."""
    given = getattr(item, "callspec", None)
    return set(getattr(item, "fixturenames", ())) - set(given.params if given else ())


def pytest_make_parametrize_id(val):
    """A long text as the start of itself: the ids go between the processes several times, and some are megabytes."""
    is_long = isinstance(val, str | bytes) and len(val) > LONGEST_ID
    return ascii(val[:LONGEST_ID])[1:LONGEST_ID] + "…" if is_long else None


def commits(item):
    """Whether a test empties the database behind it."""
    mark = item.get_closest_marker("django_db")
    return "transactional_db" in item.fixturenames or bool(mark and mark.kwargs.get("transaction"))


def asks_for_the_database(item):
    """Of Django's tests, or of a site of its own that is on the database of the run."""
    fixtures = {"db", "transactional_db", "database_of_the_run"}
    return bool(item.get_closest_marker("django_db") or fixtures & set(item.fixturenames))


def pytest_itemcollected(item):
    """Mark what shares a process, which xdist reads right after the collection. What needs the served site or the
    browser makes two groups of about the same length, each with one site and one browser: the tests of `publishing`,
    and those of the other apps."""
    if SERVED & fixtures_of(item):
        item.add_marker(pytest.mark.xdist_group(f"site-{1 if item.nodeid.startswith('publishing/') else 2}"))
    elif commits(item):
        item.add_marker(pytest.mark.xdist_group(f"commits-{item.path.stem}"))


class GroupsAndFiles(LoadGroupScheduling):
    """The tests of a file that are in no group share a process as well: with a group for each test, the scheduler
    spends its time in counting them."""

    def _split_scope(self, nodeid):
        return super()._split_scope(nodeid).split("::")[0]


def pytest_xdist_make_scheduler(config, log):
    return GroupsAndFiles(config, log)


def pytest_collection_modifyitems(config, items):
    """Leave out what needs real input where there is none, from the run on PostgreSQL what asks for no database or
    looks at the served demo (that has an SQLite file of its own in either run), and from the other what only
    PostgreSQL does."""
    on_postgres = os.environ.get("TEST_DATABASE") == "postgres"
    unavailable = set() if _has_samples() else {"samples"}
    unavailable |= SERVED | {"demo", "sqlite"} if on_postgres else {"postgresql"}
    left_out = {
        item for item in items
        if unavailable & fixtures_of(item) or (on_postgres and not asks_for_the_database(item))
    }  # fmt: skip
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]
    # The longest groups first; otherwise in the order of pytest-django, where what commits comes after what does not.
    items.sort(key=lambda item: not SERVED & fixtures_of(item))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    """With `NO_SKIPS=1` a run in which anything was skipped has failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("NO_SKIPS") and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
