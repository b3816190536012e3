"""Ghost's own redirects: https://ghost.org/docs/themes/routing/#redirects."""

import json
import re
from collections.abc import Iterator

import yaml

from publishing.text.parsing import NoAliasLoader
from publishing.transfer.files import Files
from publishing.transfer.notes import Refused

_MOST = 4 * 1024 * 1024
_ENDS = re.compile(r"\A\^|(?:\\?/\?)?\$?\Z")
_MARKUP = re.compile(r"[\\^$.|?*+()\[\]{}]")


def read(files: Files, name: str) -> Iterator[tuple[str, str]]:
    """Pairs of what is looked for, a regular expression or a path, and the new address. A damaged file has none."""
    try:
        text = files.read(name, _MOST).decode("utf-8-sig", "replace")
        data = json.loads(text) if name.endswith(".json") else yaml.load(text, Loader=NoAliasLoader)  # noqa: S506
    except (Refused, ValueError, RecursionError, yaml.YAMLError):
        return
    if isinstance(data, list):
        for entry in data:
            if isinstance(entry, dict) and isinstance(entry.get("from"), str) and isinstance(entry.get("to"), str):
                yield entry["from"], entry["to"]
    elif isinstance(data, dict):
        for pairs in data.values():
            for old, new in pairs.items() if isinstance(pairs, dict) else ():
                if isinstance(old, str) and isinstance(new, str):
                    yield old, new


def as_path(pattern: str) -> str:
    """The path that is all that a pattern matches; "" for others."""
    path = _ENDS.sub("", pattern).replace("\\/", "/").replace("\\.", ".").replace("\\-", "-")
    if _MARKUP.search(path.replace(".", "")) or not path.strip("/"):
        return ""
    return f"/{path.lstrip('/')}"
