"""Make every change of every app in front of two workers, and compare every public URL with a new render after each.

`make freshness` ends with status 1 if a page is stale, if one was rendered that did not change (counts in lists and
what a change allows aside), or if something that invalidates pages is in none of the changes: see coverage.py. The
changes are those of publishing/tests/freshness: forms that are sent to the workers, commands, and the clock.

With `--redis`, the workers share counters and pages through a Redis of their own, and see a change within a second. A
number leaves out the comparison after so many changes.
"""

import secrets
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.faults.fault_redis import Redis
from publishing.tests.served import ROOT, Site

from .workers import two_workers


def main(arguments):
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="freshness-")))
        more = {}
        if "--redis" in arguments:
            redis = Redis()
            stack.callback(redis.stop)
            more["REDIS_URL"] = redis.url
        site = Site(
            folder, SECRET_KEY=secrets.token_urlsafe(50), FRESHNESS_RECORD=str(folder / "record"), TRUSTED_PROXIES="1",
            ALLOWED_HOSTS="127.0.0.1", LOG_LEVEL="ERROR", EMAIL_URL="memorymail://", STRICT_PUBLIC_PAGES="True", **more,
        )  # fmt: skip
        for command in (["migrate"], ["create_roles"], ["collectstatic", "--noinput"]):
            site.manage(*command, "--verbosity", "0")
        log = stack.enter_context((folder / "gunicorn.log").open("w"))
        ports = stack.enter_context(two_workers(site.environment, log))
        numbers = [word for word in arguments if word.isdigit()]
        command = [sys.executable, "-m", "benchmarks.freshness.driver", str(folder), *map(str, ports), *numbers]
        result = subprocess.run(command, cwd=ROOT, env=site.environment, check=False)
        if result.returncode:
            print((folder / "gunicorn.log").read_text()[-5000:])
        return result.returncode


sys.exit(main(sys.argv[1:]))
