"""When files were first committed, from one `git log` of the whole folder."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

from django.utils.translation import gettext as _

SECONDS = 300
# A foreign repository may name programs to run in its configuration; none of them is needed here.
_SAFE = ("core.fsmonitor=false", "core.hooksPath=/dev/null", "log.showSignature=false", "core.quotePath=off")


class NoGit(Exception):  # noqa: N818 - of the machine or the folder
    """There is no history to read; the message says why."""


def first_commits(root: Path) -> dict[str, datetime]:
    """By names relative to `root`. Raises NoGit."""
    command = [
        "git",
        "--no-pager",
        "--no-optional-locks",
        *(part for setting in _SAFE for part in ("-c", setting)),
        "-C",
        str(root),
    ]
    command += [
        "log",
        "--format=%x01%at",
        "--name-only",
        "--relative",
        "--no-ext-diff",
        "--no-textconv",
        "-z",
        "--",
        ".",
    ]
    try:
        # A fixed command.
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)  # noqa: S603
    except FileNotFoundError as error:
        raise NoGit(_("git is not installed")) from error
    except subprocess.TimeoutExpired as error:
        raise NoGit(_("git took more than %(seconds)s seconds") % {"seconds": SECONDS}) from error
    except subprocess.CalledProcessError as error:
        raise NoGit(_("git: %(problem)s") % {"problem": error.stderr.decode(errors="replace").strip()[:100]}) from error
    found, moment = {}, None
    for part in done.stdout.decode("utf-8", "surrogateescape").split("\0"):
        for line in filter(None, part.split("\n")):
            if line.startswith("\1"):
                moment = datetime.fromtimestamp(int(line[1:]), UTC)
            else:
                # Newest first, so the last one stays.
                found[line] = moment
    return found
