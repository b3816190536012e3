"""Reads the texts of an export of this system, for a publication that has articles already.

An empty one gets all of it back, row by row: see `publishing/transfer/export/restoring.py`.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.transfer.export.archive import HEADER
from publishing.transfer.files import Files
from publishing.transfer.notes import Kind, Refused

from ...models import BODY_LENGTH, Status
from ..options import Options
from ..records import ARTICLE, PAGE, Label, Person, Picture, Post, Unread
from .markdown import heads

# A text of half a million characters of four bytes each, and its head.
MOST_BYTES = 4 * BODY_LENGTH + 64 * 1024
ARTICLES, PAGES = "content/articles/", "content/"
LABELS = {"content/categories/": "category", "content/tags/": "tag", "content/series/": "series"}
AUTHORS = "content/authors/"
# What a post has fields for, or what is told by them.
_READ = {
    "title", "date", "lastmod", "draft", "status", "slug", "url", "aliases", "description", "authors", "categories",
    "tags", "series", "series_position", "cover", "featured", "sensitive", "seo_title", "seo_description",
    "canonical_url", "language", "type",
}  # fmt: skip


# As an export writes what Hugo would take for something else (`articles/transfer/content.py`).
_SHORTCODE = re.compile(r"\{\{([<%])/\*(.*?)\*/([%>])\}\}", re.DOTALL)
_LINES = re.compile(r"^([ \t>*+-]*(?:`{3,}|~{3,})[^`\n{]*)\{hl_lines=\[([\d\", -]*)\]\}", re.MULTILINE)
_BRACES = re.compile(r"^([ \t>*+-]*(?:`{3,}|~{3,})[^`\n{&]*)&#123;", re.MULTILINE)


def recognise(files: Files, options: Options) -> "OwnReader | None":
    has_texts = HEADER in files and any(name.startswith(PAGES) and name.endswith(".md") for name in files.names)
    return OwnReader(files) if has_texts else None


class OwnReader:
    label = _("Export of this system, its texts")

    def __init__(self, files: Files):
        self.files, self.site = files, files.name

    def posts(self) -> Iterator[Post | Unread]:
        for name in self.files.names:
            is_article = name.startswith(ARTICLES) and name.endswith("/index.md")
            is_page = name.startswith(PAGES) and name.count("/") == 1 and name.endswith(".md")
            if (is_article or is_page) and not name.endswith("_index.md"):
                yield self._post(name, ARTICLE if is_article else PAGE)

    def _post(self, name: str, kind: str) -> Post | Unread:
        try:
            head, body, digest = self._read(name)
        except (Refused, heads.Broken) as error:
            return Unread(name, str(error))
        post = Post(name, digest, name, text=body, kind=kind)
        for field in ("title", "slug", "seo_title", "seo_description", "canonical_url", "language"):
            setattr(post, field, _text(head, field))
        post.summary = _text(head, "description")
        post.published_at, post.updated_at = _moment(head, "date"), _moment(head, "lastmod")
        post.categories, post.tags, post.authors = (_texts(head, key) for key in ("categories", "tags", "authors"))
        post.series = next(iter(_texts(head, "series")), "")
        position = head.get("series_position")
        post.series_position = position if isinstance(position, int) else None
        post.is_featured, post.cover = head.get("featured") is True, _picture(head)
        post.is_sensitive = head.get("sensitive") is True
        post.old_addresses = [*_texts(head, "aliases"), *filter(None, [_text(head, "url")])]
        post.extra = {str(key): value for key, value in head.items() if key not in _READ}
        _set_status(post, head)
        return post

    def _read(self, name: str) -> tuple[dict, str, str]:
        """The head, the text, and a checksum of both. Raises Refused and heads.Broken."""
        data = self.files.read(name, MOST_BYTES)
        try:
            head, body, _ = heads.split(data.decode())
        except UnicodeDecodeError as error:
            raise Refused(gettext("not UTF-8")) from error
        return head, as_typed(body.lstrip("\n")), hashlib.sha256(data).hexdigest()

    def people(self) -> list[Person]:
        found = []
        for head, text in self._indexes(AUTHORS):
            links = [
                (_text(link, "name"), _text(link, "url")) for link in head.get("links") or () if isinstance(link, dict)
            ]
            picture = _picture(head)
            person = Person(_text(head, "title"), _text(head, "slug"), text.strip(), picture.address if picture else "")
            person.links, person.old_addresses = links, _texts(head, "aliases")
            found.append(person)
        return found

    def labels(self) -> list[Label]:
        return [
            Label(kind, *(_text(head, key) for key in ("title", "slug", "description")), _texts(head, "aliases"))
            for folder, kind in LABELS.items()
            for head, _ in self._indexes(folder)
        ]  # fmt: skip

    def _indexes(self, folder: str) -> Iterator[tuple[dict, str]]:
        for name in self.files.names:
            if name.startswith(folder) and name.endswith("/_index.md"):
                try:
                    head, text, _ = self._read(name)
                except (Refused, heads.Broken) as error:
                    self.files.notes.lose(Kind.NAME, f"{name}: {error}")
                else:
                    if _text(head, "title"):
                        yield head, text

    def redirects(self) -> Iterator[tuple[str, str]]:
        return iter(())

    def media(self) -> list[str]:
        return ["static/"]


def as_typed(body: str) -> str:
    body = _SHORTCODE.sub(r"{{\1\2\3}}", _BRACES.sub(r"\1{", body))
    body = body.replace("{{&lt;", "{{<").replace("{{&#37;", "{{%")
    return _LINES.sub(lambda found: f"{found[1]}{{{found[2].replace(chr(34), '')}}}", body)


def _set_status(post: Post, head: dict) -> None:
    said = _text(head, "status") or ("draft" if head.get("draft") is True else Status.PUBLISHED)
    post.status = said if said in Status.values else "draft"
    if post.status == Status.PUBLISHED and post.published_at and post.published_at > timezone.now():
        post.status = "draft"
        post.notes.add(
            Kind.STATUS,
            gettext("it is to be published at %(published_at)s UTC: a draft")
            % {"published_at": f"{post.published_at:%Y-%m-%d %H:%M}"},
        )


def _text(head: dict, key: str) -> str:
    value = head.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _texts(head: dict, key: str) -> list[str]:
    value = head.get(key)
    return [one for one in value if isinstance(one, str) and one.strip()] if isinstance(value, list) else []


def _moment(head: dict, key: str) -> datetime | None:
    value = head.get(key)
    try:
        found = parse_datetime(value) if isinstance(value, str) else value
    except ValueError:
        return None
    return found if isinstance(found, datetime) and timezone.is_aware(found) else None


def _picture(head: dict) -> Picture | None:
    value = head.get("cover")
    if not isinstance(value, dict) or not _text(value, "image"):
        return None
    return Picture(_text(value, "image"), _text(value, "alt"), _text(value, "caption") or _text(value, "credit"))
