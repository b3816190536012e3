"""What a fault is, and the table of what came when it was caused."""

import re
from collections.abc import Callable
from typing import NamedTuple

# How long a reader may wait for an answer, with anything broken behind the site.
SECONDS = 3.0


class Answer(NamedTuple):
    """What a request got: status 0 when no answer came."""

    status: int
    seconds: float
    headers: dict[str, str]
    text: str


class Fault(NamedTuple):
    name: str
    cause: Callable
    short: bool


FAULTS: list[Fault] = []


def fault(name: str, *, short: bool = True):
    """Decorate a function that causes a fault: `cause(table, folder)`, with an empty folder.

    It runs in `make faults`, and in `make faults-short` unless `short=False`.
    """

    def register(cause):
        FAULTS.append(Fault(name, cause, short))
        return cause

    return register


class Table:
    """Rows of (fault, request, status, seconds, Retry-After, text returned, verdict), printed as they come."""

    WIDTHS = (28, 44, 6, 7, 11, 4, 0)

    def __init__(self):
        self.fault, self.broken, self.rows = "", 0, 0

    def head(self):
        self._print("fault", "asked", "status", "seconds", "Retry-After", "text", "verdict")

    def _print(self, *cells):
        cells = [str(cell)[: width or None].ljust(width) for cell, width in zip(cells, self.WIDTHS, strict=True)]
        print("  ".join(cells).rstrip(), flush=True)

    def answer(self, asked, answer: Answer, wanted, *, keeps=None, seconds: float = SECONDS, retry=True):
        """Judge an answer: its status is one of `wanted`, it came within `seconds`, every 503 says when to come back,
        and the page holds the text `keeps` in a form that goes to the address `keeps` was sent to."""
        wanted = (wanted,) if isinstance(wanted, int) else wanted
        wait = answer.headers.get("retry-after", "")
        problems = []
        if answer.status not in wanted:
            problems.append(f"status is not {' or '.join(map(str, wanted))}")
        if answer.seconds > seconds:
            problems.append(f"slower than {seconds:g} s")
        if answer.status == 503 and retry and not wait.isdigit():
            problems.append("no Retry-After")
        returned = ""
        if keeps is not None and answer.status >= 400:
            returned = "yes" if re.search(r"<form[^>]*method=\"post\"", answer.text) and keeps in answer.text else "no"
            if returned == "no":
                problems.append("the text is gone")
        self._add(asked, answer.status or "none", f"{answer.seconds:.2f}", wait, returned, problems)

    def promise(self, what, is_kept: bool, found=""):
        """Judge something that is no answer to a request: what was stored, what is ready again."""
        self._add(what, "", "", "", "", [] if is_kept else [f"broken: {found}"])

    def _add(self, asked, status, seconds, retry, returned, problems):
        self.rows += 1
        self.broken += bool(problems)
        self._print(self.fault, asked, status, seconds, retry, returned, "; ".join(problems).upper() or "ok")
