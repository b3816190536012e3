"""The head of a Markdown file: YAML between lines of `---`, TOML between lines of `+++`, or none.

Reads the keys of the common site generators into our fields. Nothing here touches the database.
"""

import re
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import partial

import yaml
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from publishing.text.parsing import NoAliasLoader

HEAD_CHARACTERS = 64 * 1024

# What each of our fields may be called, the first that is present counts.
KEYS = {
    "title": ["title"],
    "slug": ["slug", "basename"],
    "old_path": ["permalink", "path", "url"],
    "date": ["date", "published_at", "pub_date", "publishDate"],
    "updated": ["updated", "lastmod"],
    "status": ["status"],
    "summary": ["description", "summary", "excerpt", "dek", "subtitle"],
    "authors": ["authors", "author", "postauthors"],
    "categories": ["category", "categories"],
    "tags": ["tags", "tag"],
    "series": ["series"],
    "series_position": ["series_position", "series_order", "part"],
    "image": ["cover", "image", "featured-image", "featured_image"],
    "image_alt": ["cover_alt", "image_alt", "alt"],
    "canonical_url": ["canonical_url", "canonical"],
    "aliases": ["aliases", "redirect_from"],
    "featured": ["featured"],
    "seo_title": ["seo_title"],
    "seo_description": ["seo_description"],
}
# Read elsewhere, or about the looks of the site that the file comes from.
IGNORED = {"layout", "draft", "published", "category", "categories"}


class FrontMatterError(ValueError):
    """The head of the file cannot be read; the message says where and why."""


# How a file begins: the lines around its front matter, and what reads the text between them.
FENCES = {
    "---": (re.compile(r"^-{3,}\s*$", re.MULTILINE), partial(yaml.load, Loader=NoAliasLoader)),
    "+++": (re.compile(r"^\+{3,}\s*$", re.MULTILINE), tomllib.loads),
}


@dataclass
class Head:
    """Front matter by our names. `unknown` holds the keys that we have no field for, as they were written."""

    title: str = ""
    slug: str = ""
    old_path: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    status: str = ""
    summary: str = ""
    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    series: str = ""
    series_position: int | None = None
    image: str = ""
    image_alt: str = ""
    canonical_url: str = ""
    aliases: list[str] = field(default_factory=list)
    featured: bool = False
    seo_title: str = ""
    seo_description: str = ""
    unknown: dict = field(default_factory=dict)


def split(text: str) -> tuple[dict, str]:
    """The front matter of `text` as a mapping, empty when there is none, and the text after it.

    Raises FrontMatterError when the head is not closed, not valid, too long or not a mapping.
    """
    fence = text[:3]
    if fence not in FENCES:
        return {}, text
    line, load = FENCES[fence]
    if len(line.findall(text[:HEAD_CHARACTERS])) < 2:
        raise FrontMatterError(f"the front matter that starts with {fence} is not closed by another {fence}")
    try:
        _, head, body = line.split(text, 2)
        metadata = load(head)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        raise FrontMatterError(f"the YAML front matter is broken{where}: {getattr(error, 'problem', error)}") from error
    except tomllib.TOMLDecodeError as error:
        raise FrontMatterError(f"the TOML front matter is broken: {error}") from error
    except ValueError as error:
        raise FrontMatterError(f"the front matter holds a date that does not exist: {error}") from error
    except RecursionError as error:
        raise FrontMatterError("the front matter is nested too deeply") from error
    if metadata is None:
        return {}, body
    if not isinstance(metadata, dict):
        raise FrontMatterError("the front matter is not a list of keys and values")
    return metadata, body


def _text(value) -> str:
    return " ".join(str(value).split()) if isinstance(value, (str, int, float)) else ""


def _texts(value, separator: str) -> list[str]:
    """A list, or one string cut at `separator`, as a list of distinct texts in their order."""
    if isinstance(value, str):
        value = re.split(separator, value)
    if not isinstance(value, (list, tuple)):
        value = [] if value is None else [value]
    return list(dict.fromkeys(text for item in value if (text := _text(_name_in(item)))))


def _name_in(item):
    return item.get("name", "") if isinstance(item, dict) else item


def author_names(value) -> list[str]:
    """Names from a list, or from one line such as "[Ann](https://…), Ben and Cleo — a remark"."""
    if isinstance(value, str):
        value = re.sub(r"\s+[—–]\s.*$", "", value)
        value = re.sub(r"\(\[.*?\]\([^)]*\)\)", "", value)
        value = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", value)
        value = re.sub(r"\s*\([^()]*\)", "", value)
    return _texts(value, r",\s*(?:and\s+)?|\s+and\s+|\s*&\s*")


def moment(value) -> datetime | None:
    """A date or time, in the site's time zone where it names none; None for an empty value.

    Raises FrontMatterError for anything that is not a date between the years 1 and 9999.
    """
    if value in (None, ""):
        return None
    try:
        found = parse_datetime(value.strip()) or parse_date(value.strip()) if isinstance(value, str) else value
        if isinstance(found, date) and not isinstance(found, datetime):
            found = datetime.combine(found, time())
        if isinstance(found, datetime):
            return (found if timezone.is_aware(found) else timezone.make_aware(found)).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise FrontMatterError(f"“{str(value)[:40]}” is not a date; write 2026-06-30 or 2026-06-30T08:00:00Z")


def _first(metadata: dict, names: list[str]):
    return next((metadata[name] for name in names if metadata.get(name) not in (None, "")), None)


def read(metadata: dict) -> Head:
    """The mapping under our names. Raises FrontMatterError for a date or a status that cannot be understood."""
    metadata = {str(key): value for key, value in metadata.items()}
    found = {ours: _first(metadata, names) for ours, names in KEYS.items()}
    head = Head(
        published_at=moment(found.pop("date")),
        updated_at=moment(found.pop("updated")),
        authors=author_names(found.pop("authors")),
        categories=[*_texts(metadata.get("category"), r"\s*,\s*"), *_texts(metadata.get("categories"), r"\s*,\s*")],
        tags=_texts(found.pop("tags"), r"\s*,\s*"),
        aliases=_texts(found.pop("aliases"), r"\s+"),
        featured=found.pop("featured") is True,
        status=_status(metadata, found.pop("status")),
    )
    del found["categories"]
    position = found.pop("series_position")
    head.series_position = position if isinstance(position, int) and 0 < position < 30_000 else None
    for name, value in found.items():
        setattr(head, name, _text(_name_in(value)))
    known = {name for names in KEYS.values() for name in names} | IGNORED
    head.unknown = {key: _storable(value) for key, value in metadata.items() if key not in known}
    return head


def _status(metadata: dict, status) -> str:
    if metadata.get("draft") is True or metadata.get("published") is False:
        return "draft"
    if status is None:
        return ""
    known = {
        "draft": "draft",
        "review": "review",
        "published": "published",
        "publish": "published",
        "archived": "archived",
    }
    try:
        return known[str(status).lower()]
    except KeyError:
        raise FrontMatterError(
            f"“{str(status)[:40]}” is not a status; write draft, review, published or archived"
        ) from None


def _storable(value):
    if isinstance(value, dict):
        return {str(key): _storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item) for item in value]
    return value if isinstance(value, (str, int, bool)) or value is None else str(value)
