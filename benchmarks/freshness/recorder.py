"""Which functions of a process invalidate pages, and the names of each change, as lines of a file."""

import json
import os
import sys
from pathlib import Path

from publishing.cache import changes, pages

ROOT = Path(__file__).parents[2]
OUTSIDE = (".venv", "benchmarks", "publishing/cache/pages.py")
# A method that models inherit counts for each model.
INHERITED = {
    "Shown.save", "Shown.delete", "Invalidating.save", "Invalidating.delete",
    "AddressedQuerySet.update", "AddressedQuerySet.delete",
}  # fmt: skip


def install(path) -> None:
    """Append a line for each change of this process to the file at `path`."""
    invalidate, now, record = pages.invalidate, changes.invalidate, changes.record

    def write(row):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(file, json.dumps(row).encode() + b"\n")
        os.close(file)

    def invalidating(*names):
        write({"functions": _functions(sys._getframe(1))})
        invalidate(*names)

    def changing(*names):
        write({"functions": _functions(sys._getframe(1))})
        now(*names)

    def recording(*names):
        record(*names)
        write({"names": names})

    pages.invalidate, changes.invalidate, changes.record = invalidating, changing, recording


def _functions(frame) -> list[str]:
    """The functions of this project that are running, as `folder/module.py:Class.method`."""
    found = []
    while frame is not None:
        code = frame.f_code
        path = code.co_filename.removeprefix(f"{ROOT}/")
        if path != code.co_filename and not path.startswith(OUTSIDE) and "/tests/" not in path:
            found.append(f"{path}:{code.co_qualname.replace('.<locals>', '')}")
            if code.co_qualname in INHERITED:
                row = frame.f_locals["self"]
                model = getattr(row, "model", type(row))
                found.append(f"{model.__name__}.{code.co_name}")
        frame = frame.f_back
    return found
