"""Three workers under load while maintenance changes a hundred times: `make maintenance-load`, in five minutes.

Readers ask for pages, cached and not, feeds and quizzes, and send comments. Meanwhile the state changes in a random
order: four times of five by `announcements`, then by the file of the switch. Each change has a sentence of its own, by
which a page tells what it saw. Ends with status 1 if a request that started later than `SEEN_SECONDS` after a change
saw the state before it, or if any was answered with 500 or not at all. `--changes 10` is a short run.
"""

import argparse
import random
import re
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Event
from typing import NamedTuple

from benchmarks.faults.forms import QUIZ, comment
from benchmarks.faults.site import ARTICLE, COMMENTS, ask, prepared

WORKERS, READERS, SEEN_SECONDS = 3, 6, 2.0
# Between two changes: some requests start after the time in which a change has to be seen.
BETWEEN_SECONDS = SEEN_SECONDS + 0.5
FIRST = float("-inf")
PAGES = ("/", ARTICLE, "/archive/", "/search/?q=uncached-{}", "/tags/?q={}")
FEED, OPEN = "/feed.xml", (QUIZ, "/quizzes/", "/robots.txt")


class Change(NamedTuple):
    """Of the state, from before it was asked for until the call returned."""

    number: int
    state: str
    began: float
    done: float
    by_file: bool = False


class Answer(NamedTuple):
    """To a request: of a page, what it says of the state; the number of its sentence, 0 for none."""

    kind: str
    started: float
    ended: float
    status: int
    number: int = 0

    def is_of(self, change: Change) -> bool:
        refused = {"page": ("closed",), "feed": ("closed",), "comment": ("closed", "read-only"), "open": ()}
        is_refused = change.state in refused[self.kind]
        sentence = change.number if change.state != "off" else 0
        return is_refused == (self.status == 503) and (self.kind != "page" or self.number == sentence)


class Load:
    """Readers of a served site, and what they were answered while it was changed."""

    def __init__(self, site, seed: int = 16):
        self.site, self.random = site, random.Random(seed)
        self.changes, self.answers = [Change(0, "off", FIRST, FIRST)], []
        self._stop, self._numbers = Event(), count(1)

    def run(self, pauses: list[float]) -> None:
        """A change for each pause, which follows it."""
        with ThreadPoolExecutor(READERS) as pool:
            reading = [pool.submit(self._read, number) for number in range(READERS)]
            try:
                for seconds in pauses:
                    self._change()
                    time.sleep(seconds)
            finally:
                self._stop.set()
            for task in reading:
                task.result()

    def _change(self):
        before = self.changes[-1]
        number = before.number + 1
        is_by_file = not number % 5
        state = self.random.choice([one for one in ("off", "banner", "read-only", "closed") if one != before.state])
        file, began = Path(self.site.environment["VAR_DIR"], "maintenance"), time.monotonic()
        if is_by_file:
            file.write_text(f"{state}\nState {number}.\n")
        else:
            announced = f"announcements.announce({state!r}, sentence='State {number}.')"
            done = "announcements.end()" if state == "off" else announced
            self.site.run(f"from publishing.maintenance import announcements; {done}")
            file.unlink(missing_ok=True)
        self.changes.append(Change(number, state, began, time.monotonic(), is_by_file))

    def _read(self, reader):
        chosen = random.Random(reader)
        while not self._stop.is_set():
            number = next(self._numbers)
            kind = chosen.choices(("page", "feed", "open", "comment"), (12, 1, 2, 1))[0]
            path = {"page": chosen.choice(PAGES), "feed": FEED, "open": chosen.choice(OPEN), "comment": COMMENTS}[kind]
            fields = comment(f"Written under load: {number}.") if kind == "comment" else None
            started = time.monotonic()
            method = "POST" if fields else "GET"
            found = ask(
                self.site, method, path.format(number), fields, network=f"10.{number >> 8 & 255}.{number & 255}.1"
            )
            said = re.search(r"State (\d+)\.", found.text)
            self.answers.append(Answer(kind, started, time.monotonic(), found.status, int(said[1]) if said else 0))

    # --- what came of it ---

    def failures(self) -> list[Answer]:
        """A fault of the program, or no answer."""
        return [answer for answer in self.answers if not answer.status or answer.status in range(500, 503)]

    def stale(self) -> list[Answer]:
        """Those that saw a state that they may not have seen any more, or not yet."""
        return [answer for answer in self.answers if not any(map(answer.is_of, self._possible(answer)))]

    def _possible(self, answer) -> list[Change]:
        """The states that an answer may show: what began before it ended, unless another one was there long before."""
        after = [*self.changes[1:], None]
        return [
            change
            for change, then in zip(self.changes, after, strict=True)
            if change.began < answer.ended and not (then and then.done + SEEN_SECONDS < answer.started)
        ]

    def delays(self, by_file: bool) -> list[float]:
        """Of each change the seconds after which the last request started that saw the state before."""
        found = []
        for before, change in zip(self.changes, self.changes[1:], strict=False):
            old = [one.started - change.done for one in self.answers if one.number == before.number and one.number]
            if change.by_file == by_file and before.state != "off":
                found.append(max(0.0, *old) if old else 0.0)
        return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--changes", type=int, default=100)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="maintenance-load-") as directory:
        folder = Path(directory, "load")
        folder.mkdir()
        site = prepared(folder)
        with site.served(workers=WORKERS):
            ask(site, "GET", "/")
            load = Load(site)
            load.run([BETWEEN_SECONDS] * arguments.changes)
        log = (site.directory / "gunicorn.log").read_text()
    statuses = Counter(answer.status for answer in load.answers)
    states = Counter(change.state for change in load.changes[1:])
    print(
        f"{arguments.changes} changes: {dict(states)}; {len(load.answers)} requests: {dict(sorted(statuses.items()))}"
    )
    for by_file, name in ((False, "announced"), (True, "by the file")):
        if delays := load.delays(by_file):
            print(f"the state before was last seen by a request {max(delays):.2f} s after a change, {name}")
    failures, stale, errors = load.failures(), load.stale(), log.count("Traceback")
    print(
        f"{len(failures)} failed, {len(stale)} saw another state after {SEEN_SECONDS:g} s, {errors} errors in the log"
    )
    for answer in [*failures, *stale][:10]:
        print(answer, "may be", [(change.number, change.state) for change in load._possible(answer)])
    if errors:
        print(log[log.index("Traceback") - 300 :][:3000])
    sys.exit(bool(failures or stale or errors or not load.answers))


if __name__ == "__main__":
    main()
