"""Maintenance changes in front of three workers under load; `make maintenance-load` does so a hundred times."""

import shutil

import pytest

from benchmarks.maintenance_load import BETWEEN_SECONDS, WORKERS, Load
from publishing.tests.served import Site

pytestmark = pytest.mark.xdist_group("served maintenance")


def test_no_request_sees_a_state_for_two_seconds_after_it_and_none_fails(tmp_path, demo):
    """Five changes; the last one by the file of the switch."""
    site = Site(tmp_path / "site", TRUSTED_PROXIES="1")
    shutil.copytree(demo, site.directory)
    site.run("from publishing.maintenance.announcements import end; end()")
    with site.served(WORKERS):
        load = Load(site)
        load.run([BETWEEN_SECONDS] * 5)

    assert load.failures() == []
    assert load.stale() == []
    assert {answer.kind for answer in load.answers} == {"page", "feed", "open", "comment"}
    assert [change.by_file for change in load.changes].count(True) == 1
    assert "Traceback" not in (site.directory / "gunicorn.log").read_text()
