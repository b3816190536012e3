"""Cause faults behind a really served site, and see whether it keeps its promises: `make faults`, `make faults-short`.

Prints a table of what came, and ends with status 1 when a promise is broken. `python -m benchmarks.faults WORD…` causes
only the faults with one of these words in their name.

To add a fault, write a module `fault_<name>.py` in this folder with a function for each:

    @fault("what is broken")                        # short=False: left out of `make faults-short`
    def broken(table, folder):
        site = prepared(folder)                     # or prepared(folder, DATABASE_URL=…, REDIS_URL=…)
        with site.served(workers=1):
            …                                       # break it
            table.answer("home, not cached", ask(site, "GET", "/?page=1"), 503)
            table.answer("comment", ask(site, "POST", COMMENTS, fields), 503, keeps="what was typed")
            table.promise("nothing accepted is lost", found == sent, f"{found} of {sent}")

Every module of that name is loaded; nothing else has to know of it. Times are of a loaded machine at worst, so a
promise in seconds is about the limit that readers are told, 3 s, and nothing finer.
"""

import importlib
import pkgutil
import sys
import tempfile
import time
from pathlib import Path

from . import __path__ as folder
from .table import FAULTS, Table


def main(words):
    short = "--short" in words
    words = [word for word in words if not word.startswith("--")]
    for module in sorted(found.name for found in pkgutil.iter_modules(folder) if found.name.startswith("fault_")):
        importlib.import_module(f"{__package__}.{module}")
    table, started = Table(), time.monotonic()
    table.head()
    with tempfile.TemporaryDirectory(prefix="faults-") as directory:
        # Servers that run as another user need access.
        Path(directory).chmod(0o755)
        for number, (name, cause, is_short) in enumerate(FAULTS):
            if (short and not is_short) or (words and not any(word in name for word in words)):
                continue
            table.fault = name
            own = Path(directory) / str(number)
            own.mkdir()
            cause(table, own)
    print(f"\n{table.rows} answers and promises, {table.broken} broken, {time.monotonic() - started:.0f} s")
    return 1 if table.broken or not table.rows else 0


sys.exit(main(sys.argv[1:]))
