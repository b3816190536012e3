"""The head of a Markdown file: YAML between lines of `---`, TOML between lines of `+++`, or none.

Maps the keys of common site generators to our fields. Does not use the database.
"""

import re
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import partial
from types import SimpleNamespace

import yaml
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from publishing.text.parsing import NoAliasLoader

from ..models import Status

HEAD_CHARACTERS = 64 * 1024


class Refused(Exception):
    """This file cannot be imported; the message says why."""


# By the start of a file: the lines around its front matter, and the parser.
FENCES = {
    "---": (re.compile(r"^-{3,}\s*$", re.MULTILINE), partial(yaml.load, Loader=NoAliasLoader)),
    "+++": (re.compile(r"^\+{3,}\s*$", re.MULTILINE), tomllib.loads),
}


def split(text: str) -> tuple[dict, str]:
    """The front matter of `text`, {} if there is none, and the text after it.

    Raises Refused if the head is not closed, invalid, too long or not a mapping.
    """
    fence = text[:3]
    if fence not in FENCES:
        return {}, text
    line, load = FENCES[fence]
    if len(line.findall(text[:HEAD_CHARACTERS])) < 2:
        raise Refused(f"the front matter that starts with {fence} is not closed by another {fence}")
    try:
        _, head, body = line.split(text, 2)
        metadata = load(head)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        raise Refused(f"the YAML front matter is broken{where}: {getattr(error, 'problem', error)}") from error
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"the TOML front matter is broken: {error}") from error
    except ValueError as error:
        raise Refused(f"the front matter contains a date that does not exist: {error}") from error
    except RecursionError as error:
        raise Refused("the front matter is nested too deeply") from error
    if metadata is None:
        return {}, body
    if not isinstance(metadata, dict):
        raise Refused("the front matter is not a list of keys and values")
    return metadata, body


def _text(value) -> str:
    value = value.get("name") if isinstance(value, dict) else value
    return " ".join(str(value).split()) if isinstance(value, (str, int, float)) else ""


def _texts(value, separator: str = r"\s*,\s*") -> list[str]:
    """The distinct texts of a list, or of one string split at `separator`."""
    if isinstance(value, str):
        value = re.split(separator, value)
    if not isinstance(value, (list, tuple)):
        value = [] if value is None else [value]
    return list(dict.fromkeys(filter(None, map(_text, value))))


def author_names(value) -> list[str]:
    """Names from a list, or from one line such as "[Ann](https://…), Ben and Cleo — a remark"."""
    if isinstance(value, str):
        value = re.sub(r"\s+[—–]\s.*$", "", value)
        value = re.sub(r"\(\[.*?\]\([^)]*\)\)", "", value)
        value = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", value)
        value = re.sub(r"\s*\([^()]*\)", "", value)
    return _texts(value, r",\s*(?:and\s+)?|\s+and\s+|\s*&\s*")


def moment(value) -> datetime | None:
    """A date or time, by default in the site's time zone; None for an empty value.

    Raises Refused for anything that is not a date between the years 1 and 9999.
    """
    if value in (None, ""):
        return None
    try:
        parsed = parse_datetime(value.strip()) or parse_date(value.strip()) if isinstance(value, str) else value
        if isinstance(parsed, date) and not isinstance(parsed, datetime):
            parsed = datetime.combine(parsed, time())
        if isinstance(parsed, datetime):
            return (parsed if timezone.is_aware(parsed) else timezone.make_aware(parsed)).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Refused(f"“{str(value)[:40]}” is not a date; write 2026-06-30 or 2026-06-30T08:00:00Z")


def _position(value) -> int | None:
    return value if isinstance(value, int) and 0 < value < 30_000 else None


def _status(value) -> str:
    if value is None:
        return ""
    status = str(value).lower()
    if status == "publish":
        return "published"
    if status not in Status.values:
        raise Refused(f"“{str(value)[:40]}” is not a status; write draft, review, published or archived")
    return status


# Our fields: their names in files, of which the first that is filled counts, and how the value is read.
FIELDS: dict[str, tuple[list[str], Callable]] = {
    "title": (["title"], _text),
    "slug": (["slug", "basename"], _text),
    "old_path": (["permalink", "path", "url"], _text),
    "published_at": (["date", "published_at", "pub_date", "publishDate"], moment),
    "updated_at": (["updated", "lastmod"], moment),
    "status": (["status"], _status),
    "summary": (["description", "summary", "excerpt", "dek", "subtitle"], _text),
    "authors": (["authors", "author", "postauthors"], author_names),
    "tags": (["tags", "tag"], _texts),
    "series": (["series"], _text),
    "series_position": (["series_position", "series_order", "part"], _position),
    "image": (["cover", "image", "featured-image", "featured_image"], _text),
    "image_alt": (["cover_alt", "image_alt", "alt"], _text),
    "canonical_url": (["canonical_url", "canonical"], _text),
    "aliases": (["aliases", "redirect_from"], partial(_texts, separator=r"\s+")),
    "featured": (["featured"], lambda value: value is True),
    "seo_title": (["seo_title"], _text),
    "seo_description": (["seo_description"], _text),
}
# Read by `read` itself, or about the design of the site that the file comes from.
OTHER_KEYS = {"layout", "draft", "published", "category", "categories"}
KNOWN_KEYS = OTHER_KEYS.union(*(names for names, _ in FIELDS.values()))


def read(metadata: dict) -> SimpleNamespace:
    """`FIELDS`, `categories`, and the `unknown` keys. Raises Refused for an invalid date or status."""
    metadata = {str(key): value for key, value in metadata.items()}
    if metadata.get("draft") is True or metadata.get("published") is False:
        metadata["status"] = "draft"
    head = SimpleNamespace(
        categories=[*_texts(metadata.get("category")), *_texts(metadata.get("categories"))],
        unknown={key: _storable(value) for key, value in metadata.items() if key not in KNOWN_KEYS},
    )
    for field, (names, value_of) in FIELDS.items():
        filled = (metadata[name] for name in names if metadata.get(name) not in (None, ""))
        setattr(head, field, value_of(next(filled, None)))
    return head


def _storable(value):
    if isinstance(value, dict):
        return {str(key): _storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item) for item in value]
    return value if isinstance(value, (str, int, bool)) or value is None else str(value)
