"""Import articles from a folder of Markdown files.

Each file is imported as a whole or not at all, and importing it again changes nothing. A file that cannot be imported
is reported with the reason and does not stop the others.
"""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils.text import Truncator, slugify

from publishing.text import markdown
from publishing.text.blocks import containers
from publishing.text.fields import SUMMARY_LENGTH, TITLE_LENGTH
from publishing.text.parsing import normal_line_ends, title_of
from publishing.text.validators import sentences
from publishing.web import redirects

from ..labels import names
from ..models import BODY_LENGTH, Article, Author, Byline, Category, Image, Series, Status, Tag, update_related
from ..models.shown import labels_changing
from ..versions import saving
from . import front_matter
from .front_matter import Refused

SUFFIXES = {".md", ".markdown", ".mdown", ".html"}
FILE_BYTES = 2 * 1024 * 1024
_DATE_IN_NAME = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})-(.+)$")
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^()\s]+)")


@dataclass
class Outcome:
    """The result for one file: "created", "updated", "unchanged" or "skipped", why, and notes for the editor."""

    path: str
    result: str
    reason: str = ""
    notes: list[str] = field(default_factory=list)


def import_folder(root: Path, category: str = "Articles", old_url: str = ""):
    """Yield an Outcome for every file below `root`, or for the file `root`. Each has its own transaction.

    `category` is for files that name none; `old_url` is a pattern such as "/blog/{stem}/" that gets a redirect.
    """
    folder = root if root.is_dir() else root.parent
    for path in sorted(path for path in root.rglob("*") if path.is_file()) if root.is_dir() else [root]:
        name = path.relative_to(folder)
        if root.is_dir() and any(part.startswith(".") for part in name.parts):
            continue
        source = _SourceFile(path, folder, category, old_url)
        try:
            with transaction.atomic():
                result, reason = source.imported(f"{folder.resolve().name}/{name.as_posix()}"), ""
        except Refused as error:
            result, reason = "skipped", str(error)
        except ValidationError as error:
            result, reason = "skipped", " ".join(sentences(error))
        yield Outcome(name.as_posix(), result, reason, source.notes if not reason else [])


class _SourceFile:
    def __init__(self, path: Path, folder: Path, category: str, old_url: str):
        self.path, self.folder, self.category, self.old_url = path, folder, category, old_url
        self.notes = []

    def imported(self, source: str) -> str:
        """Save the article; returns the result. Raises Refused and ValidationError."""
        path = self.path
        if path.suffix.lower() not in SUFFIXES:
            raise Refused(f"not Markdown (a {path.suffix or 'nameless'} file)")
        if path.stat().st_size > FILE_BYTES:
            raise Refused(f"larger than {FILE_BYTES // 1024 // 1024} MB")
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        article = Article.objects.filter(source=source).first()
        if article and article.source_digest == digest:
            return "unchanged"
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Refused(f"not UTF-8 (byte {error.start + 1})") from error
        metadata, body = front_matter.split(normal_line_ends(text))
        result, self.head = "updated" if article else "created", front_matter.read(metadata)
        self.article = article = article or Article(source=source)
        article.source_digest, article.body = digest, dialects_to_commonmark(body).strip() + "\n"
        self._set_fields()
        self._set_images()
        article.full_clean(exclude=["slug"] if article.pk else [])
        article.save(relate=False)
        # Not the time of the import.
        changed_at = self.head.updated_at or article.published_at or article.modified_at
        Article.objects.filter(pk=article.pk).update(modified_at=changed_at)
        with labels_changing(article):
            self._set_tags_and_authors()
        self._record(result)
        self._add_redirects()
        if self.head.unknown:
            self.notes.append("unknown keys, kept in “extra”: " + ", ".join(sorted(self.head.unknown)))
        return result

    def _set_fields(self) -> None:
        """From the head, else from the file's name, else from the text."""
        article, head = self.article, self.head
        dated = _DATE_IN_NAME.match(self.path.stem)
        stem = dated[4] if dated else self.path.stem
        title, article.body = _title(head.title, article.body, stem)
        article.title = self._cut("title", title, TITLE_LENGTH)
        article.summary = self._cut("summary", head.summary or _first_paragraph(article.body), SUMMARY_LENGTH)
        article.seo_title, article.seo_description = head.seo_title, head.seo_description
        article.canonical_url, article.featured, article.extra = head.canonical_url, head.featured, head.unknown
        date_in_name = f"{dated[1]}-{dated[2]:0>2}-{dated[3]:0>2}" if dated else None
        article.published_at = head.published_at or front_matter.moment(date_in_name)
        article.status = head.status or Status.PUBLISHED
        if article.status == Status.PUBLISHED and article.published_at is None:
            article.status = Status.DRAFT
            self.notes.append("no date: imported as a draft")
        if len(article.body) > BODY_LENGTH:
            raise Refused(f"the text is longer than {BODY_LENGTH:,} characters")
        article.category = _named(Category, head.categories[0] if head.categories else self.category)
        article.series = _named(Series, head.series, "title") if head.series else None
        article.series_position = head.series_position if head.series else None
        article.slug = slugify(head.slug or _last_part(head.old_path) or stem)[:200] or "article"
        if other := Article.objects.filter(slug=article.slug).exclude(pk=article.pk).first():
            raise Refused(f"the slug “{article.slug}” belongs to another article, {other.source or 'written here'}")

    def _cut(self, name: str, text: str, length: int) -> str:
        if len(text) > length:
            self.notes.append(f"{name} shortened")
        return Truncator(text).chars(length)

    def _set_images(self) -> None:
        """Import the cover and the images of the text that are files in the folder."""
        article, head = self.article, self.head
        if head.image:
            article.cover = self._image(head.image, head.image_alt)
            if article.cover is None:
                self.notes.append(f"no picture at {head.image}")

        def with_stored_file(match):
            image = self._image(match[2], match[1])
            return f"![{match[1]}]({image.file.url}" if image else match[0]

        article.body = _IMAGE.sub(with_stored_file, article.body)

    def _image(self, address: str, alt: str) -> Image | None:
        if "://" in address:
            return None
        for path in (self.path.parent / address, self.folder / address.lstrip("/")):
            if path.is_file() and path.resolve().is_relative_to(self.folder.resolve()):
                with path.open("rb") as file:
                    return Image.from_file(File(file, name=path.name), alt)
        return None

    def _set_tags_and_authors(self) -> None:
        article = self.article
        article.tags.set([_named(Tag, name) for name in self.head.tags])
        update_related(article)
        authors = dict.fromkeys(_named(Author, name) for name in self.head.authors)
        Byline.objects.filter(article=article).delete()
        Byline.objects.bulk_create(
            Byline(article=article, author=author, position=position) for position, author in enumerate(authors)
        )

    def _record(self, result: str) -> None:
        """Make what was imported the live version."""
        kind = saving.Kind.PUBLISHED if self.article.status == Status.PUBLISHED else saving.Kind.SAVED
        saving.record(self.article, kind=saving.Kind.FIRST if result == "created" else kind, note="Imported")

    def _add_redirects(self) -> None:
        old_url = self.old_url.format(stem=self.path.stem, slug=self.article.slug)
        for address in filter(None, [*self.head.aliases, self.head.old_path, old_url]):
            try:
                redirects.leave(address, self.article.get_absolute_url())
            except ValueError as error:
                self.notes.append(f"no redirect: {error}")


def _last_part(address: str) -> str:
    return Path(address.strip("/")).stem if "{" not in address and ":" not in address else ""


def _title(title: str, body: str, stem: str) -> tuple[str, str]:
    """The title from the head, else from a heading of level one at the start of the body, else from the file's name.

    Returns the body without that heading, too.
    """
    if title:
        return title, body
    heading = re.match(r"\s*#[ \t]+(.+?)[ \t]*#*\n", body) or re.match(r"\s*(\S.*)\n=+\n", body)
    if heading:
        return re.sub(r"[`*_]", "", heading[1]), body[heading.end() :]
    return title_of(stem) or "Untitled", body


def _first_paragraph(body: str) -> str:
    for paragraph in re.split(r"\n\s*\n", body):
        if re.match(r"\s*(#|```|~~~|:::|>|<|\||!\[|[-*+] |\d+\. |    )", paragraph):
            continue
        if text := " ".join(markdown.render_article(paragraph).text.split()):
            return text
    return ""


def _named(model, name: str, field_name: str = "name"):
    """The row with this name, created if needed. Names with the same slug are the same."""
    slug = slugify(name)[:200] or hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:12]
    row = model.objects.filter(slug=slug).first() or names.find(model, name)
    if row is None:
        row = model(slug=slug, **{field_name: name})
        row.full_clean()
        row.save()
    return row


# --- other dialects -------------------------------------------------------------------------------

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_HEADING_ATTRIBUTES = re.compile(r"^( {0,3}#{1,6} .*?)\s*\{:?\s*[#.][^{}]*\}\s*$")
# Of ours (`:::note Title`), Docusaurus (`:::note[Title]`) and Pandoc (`::: {.note}`).
_CONTAINER = re.compile(r"^ {0,3}(:{3,})[ \t]*\{?\.?([\w-]*)(?:\[([^\]]*)\])?\}?[ \t]*(.*)$")
_CONTAINERS = {name: name for name in containers.NAMES} | {"info": "note", "danger": "caution"}
_ADMONITION = re.compile(r'^(?:!!!|\?\?\?\+?) ([\w-]+)(?: "(.*)")?\s*$')
_EMBED = re.compile(r'<iframe\b[^>]*?\bsrc="(https?://[^"]+)"[^>]*>.*?</iframe>', re.DOTALL)


def dialects_to_commonmark(text: str) -> str:
    """Rewrite extensions of other generators as CommonMark, outside code blocks.

    Heading attributes (`## Title {#id}`) are removed, `:::` containers that are none of ours become their content,
    admonitions (`!!! note`) become quotes with a bold first line, and embedded frames become links.
    """
    lines, fence, quoted, opened = [], "", False, []
    for line in text.split("\n"):
        if quoted and line.strip() and not line.startswith("    "):
            quoted = False
            if lines[-1] == ">":
                lines[-1] = ""
        if quoted:
            lines.append(f"> {line[4:]}" if line.strip() else ">")
            continue
        mark = _FENCE.match(line)
        if mark and (not fence or (line.strip().startswith(fence) and not line.strip().strip(fence[0]))):
            fence = "" if fence else mark[1]
        elif not fence:
            if admonition := _ADMONITION.match(line):
                title = admonition[1].capitalize() if admonition[2] is None else admonition[2]
                lines += [f"> **{title}**" if title else ">", ">"]
                quoted = True
                continue
            if container := _CONTAINER.match(line):
                line = _container(container, opened)
            line = _HEADING_ATTRIBUTES.sub(r"\1", line)
        lines.append(line)
    return _EMBED.sub(r"[Embedded: \1](\1)", "\n".join(lines))


def _container(line: re.Match, opened: list[bool]) -> str:
    """A line that opens or closes a container; `opened` says of each open one whether it is ours."""
    colons, name, title, rest = line.groups()
    if not name and not rest:
        return line[0] if opened and opened.pop() else ""
    opened.append(name in _CONTAINERS)
    return f"{colons}{_CONTAINERS[name]} {title or rest}".rstrip() if opened[-1] else ""


def summary_of(outcomes: list[Outcome]) -> list[str]:
    """How many files have each result, and why some were skipped."""
    counts = Counter(outcome.result for outcome in outcomes)
    reasons = Counter(outcome.reason for outcome in outcomes if outcome.result == "skipped")
    lines = [", ".join(f"{counts[result]} {result}" for result in ("created", "updated", "unchanged", "skipped"))]
    return lines + [f"  skipped {number}: {reason}" for reason, number in reasons.most_common()]
