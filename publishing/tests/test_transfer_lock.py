"""A backup, restore, import or export waits for no other and is told what runs."""

import subprocess
import sys

import pytest
from django.conf import settings

from publishing.transfer.lock import Busy, exclusive, running

pytestmark = pytest.mark.django_db

HOLD = """
import fcntl, sys
file = open(sys.argv[1], "a+")
fcntl.flock(file, fcntl.LOCK_EX)
file.write("An import by Mei has been running since noon.")
file.flush()
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_one_is_refused_and_told_what_runs():
    with exclusive("An import by Mei"):
        assert running().startswith("An import by Mei has been running since ")
        with pytest.raises(Busy, match="An import by Mei"), exclusive("A backup"):
            pytest.fail("both have the lock")

    assert running() == ""
    with exclusive("A backup"):
        assert running().startswith("A backup")


def test_the_lock_ends_with_what_fails_and_with_a_process_that_is_killed():
    with pytest.raises(ZeroDivisionError), exclusive("An import"):
        _ = 1 / 0
    command = [sys.executable, "-c", HOLD, settings.VAR_DIR / "transfer.lock"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        with pytest.raises(Busy, match="since noon"), exclusive("A backup"):
            pytest.fail("both have the lock")
        process.kill()

    with exclusive("A backup", wait=20):
        pass


def test_machines_that_share_postgresql_exclude_each_other(postgresql, settings, tmp_path):
    with exclusive("An import"):
        settings.VAR_DIR = tmp_path
        with pytest.raises(Busy, match="another machine"), exclusive("A backup"):
            pytest.fail("both have the lock")
