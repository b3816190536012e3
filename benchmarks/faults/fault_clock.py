"""A clock that jumps while the site is served: forward for an hour, and back (libfaketime)."""

import os
from pathlib import Path

from .fault_disk import SEEN_SECONDS, renamed, shown
from .forms import comment
from .site import ARTICLE, COMMENTS, ask, prepared
from .table import fault

LIBRARIES = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")


@fault("the clock jumps")
def clock_jumps(table, folder):
    library = next(LIBRARIES, None)
    if library is None:
        table.promise("libfaketime is installed; Debian has it as faketime", "NO_SKIPS" not in os.environ, "it is not")
        return
    site = prepared(folder)
    clock = folder / "clock"
    clock.write_text("+0")
    # libfaketime 0.9.10 refuses the way in which Python sleeps.
    sleeping = folder / "sleeping"
    sleeping.mkdir()
    (sleeping / "sitecustomize.py").write_text(
        "import select, time\ntime.sleep = lambda seconds: select.select([], [], [], seconds)\n"
    )
    # The monotonic clock of a machine does not jump.
    site.environment |= {
        "PYTHONPATH": str(sleeping),
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with site.served(workers=2):
        for number, (name, moved) in enumerate([("forward", "+3600"), ("back", "+0"), ("an hour back", "-3600")]):
            before = {path: ask(site, "GET", path).text for path in ("/", ARTICLE, "/quizzes/")}
            clock.write_text(moved)
            for path, text in before.items():
                found = ask(site, "GET", path)
                table.answer(f"{name}: {path}", found, 200)
                table.promise("the same as before", found.text == text, "another text")
            sent = comment(f"The clock: {name}.")
            table.answer(f"{name}: comment", ask(site, "POST", COMMENTS, sent, network=f"203.0.113.{number}"), 303)
            renamed(site, f"Clock {number}")
            seconds = shown(site, f"Clock {number}")
            table.promise(f"{name}: changes are seen", seconds < SEEN_SECONDS, f"{seconds:.0f} s")
