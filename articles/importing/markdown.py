"""Articles from a folder of Markdown files.

Each file is taken in whole or not at all, and the same file again changes nothing. What a file cannot be is told in
words; it never stops the others.
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
from publishing.text.fields import SUMMARY_LENGTH, TITLE_LENGTH
from publishing.text.parsing import normal_line_ends, title_of
from publishing.text.validators import sentences
from publishing.web import redirects

from ..models import (
    BODY_LENGTH,
    Article,
    Author,
    Byline,
    Category,
    Image,
    Series,
    Status,
    Tag,
)
from . import front_matter
from .front_matter import FrontMatterError, Head

SUFFIXES = {".md", ".markdown", ".mdown", ".html"}
FILE_BYTES = 2 * 1024 * 1024
_DATE_IN_NAME = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})-(.+)$")


class Refused(Exception):
    """This file is not taken in; the message says why."""


@dataclass
class Outcome:
    """What became of one file: "created", "updated", "unchanged" or "skipped"; why; and what the editor should know."""

    path: str
    result: str
    reason: str = ""
    notes: list[str] = field(default_factory=list)
    slug: str = ""


@dataclass
class Options:
    """`category` is for files that name none. `old_url` is a pattern such as "/blog/{stem}/" that gets a redirect."""

    category: str = "Articles"
    old_url: str = ""


def files_in(root: Path) -> list[Path]:
    """Every file below `root` in a stable order, hidden ones left out; `root` itself when it is a file."""
    if root.is_file():
        return [root]
    return sorted(
        path
        for path in root.rglob("*")
        if path.is_file() and not any(p.startswith(".") for p in path.relative_to(root).parts)
    )


def import_folder(root: Path, options: Options):
    """Yield an Outcome for every file below `root`, each taken in within a transaction of its own.

    About 20 queries for a new file, one for an unchanged one.
    """
    folder = root if root.is_dir() else root.parent
    for path in files_in(root):
        name = path.relative_to(folder).as_posix()
        try:
            with transaction.atomic():
                outcome = _import_file(path, f"{folder.resolve().name}/{name}", options, folder)
        except (Refused, FrontMatterError) as error:
            outcome = Outcome(name, "skipped", str(error))
        except ValidationError as error:
            outcome = Outcome(name, "skipped", " ".join(sentences(error)))
        outcome.path = name
        yield outcome


def _import_file(path: Path, source: str, options: Options, folder: Path) -> Outcome:
    if path.suffix.lower() not in SUFFIXES:
        raise Refused(f"not Markdown (a {path.suffix or 'nameless'} file)")
    if path.stat().st_size > FILE_BYTES:
        raise Refused(f"larger than {FILE_BYTES // 1024 // 1024} MB")
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    article = Article.objects.filter(source=source).first()
    if article and article.source_digest == digest:
        return Outcome("", "unchanged", slug=article.slug)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"not UTF-8 (byte {error.start + 1})") from error
    metadata, body = front_matter.split(normal_line_ends(text))
    head = front_matter.read(metadata)
    result = "updated" if article else "created"
    notes = []
    article = article or Article(source=source)
    article.source_digest = digest
    article.body = dialects_to_commonmark(body).strip() + "\n"
    _fill(article, head, path, options, notes)
    _cover(article, head, path, folder, notes)
    _pictures(article, path, folder)
    article.full_clean(exclude=["slug"] if article.pk else [])
    article.save()
    # The file knows when it was changed; that it was taken in today is no change.
    changed_at = head.updated_at or article.published_at or article.modified_at
    Article.objects.filter(pk=article.pk).update(modified_at=changed_at)
    _file_under(article, head)
    _old_addresses(article, head, path, options, notes)
    if head.unknown:
        notes.append("unknown keys, kept in “extra”: " + ", ".join(sorted(head.unknown)))
    return Outcome("", result, notes=notes, slug=article.slug)


def _fill(article: Article, head: Head, path: Path, options: Options, notes: list[str]) -> None:
    """The article's own fields from the file's head, its name and its text, in this order."""
    named = _DATE_IN_NAME.match(path.stem)
    stem = named[4] if named else path.stem
    title, article.body = _title(head, article.body, stem)
    if len(title) > TITLE_LENGTH:
        notes.append("title shortened")
    article.title = Truncator(title).chars(TITLE_LENGTH)
    article.seo_title, article.seo_description = head.seo_title, head.seo_description
    article.canonical_url, article.featured, article.extra = head.canonical_url, head.featured, head.unknown
    article.published_at = head.published_at or (
        front_matter.moment(f"{named[1]}-{named[2]:0>2}-{named[3]:0>2}") if named else None
    )
    article.status = head.status or Status.PUBLISHED
    if article.status == Status.PUBLISHED and article.published_at is None:
        article.status = Status.DRAFT
        notes.append("no date: imported as a draft")
    article.summary = head.summary or _first_paragraph(article.body)
    if len(article.summary) > SUMMARY_LENGTH:
        notes.append("summary shortened")
        article.summary = Truncator(article.summary).chars(SUMMARY_LENGTH)
    if len(article.body) > BODY_LENGTH:
        raise Refused(f"the text is longer than {BODY_LENGTH:,} characters")
    category = head.categories[0] if head.categories else options.category
    article.category = _named(Category, category)
    article.series = _named(Series, head.series, "title") if head.series else None
    article.series_position = head.series_position if head.series else None
    slug = slugify(head.slug or _last_part(head.old_path) or stem)[:200] or "article"
    taken = Article.objects.filter(slug=slug).exclude(pk=article.pk).first()
    if taken:
        raise Refused(f"the slug “{slug}” belongs to another article, {taken.source or 'written here'}")
    article.slug = slug


def _last_part(address: str) -> str:
    return Path(address.strip("/")).stem if "{" not in address and ":" not in address else ""


def _title(head: Head, body: str, stem: str) -> tuple[str, str]:
    """The title, and the body without it: from the head, else the first heading of level one, else the file's name."""
    if head.title:
        return head.title, body
    heading = re.match(r"\s*#[ \t]+(.+?)[ \t]*#*\n", body) or re.match(r"\s*(\S.*)\n=+\n", body)
    if heading:
        return re.sub(r"[`*_]", "", heading[1]), body[heading.end() :]
    return title_of(stem) or "Untitled", body


def _first_paragraph(body: str) -> str:
    for paragraph in re.split(r"\n\s*\n", body):
        if re.match(r"\s*(#|```|~~~|>|<|\||!\[|[-*+] |\d+\. |    )", paragraph):
            continue
        text = " ".join(markdown.render_article(paragraph).text.split())
        if text:
            return text
    return ""


def _named(model, name: str, field_name: str = "name"):
    """The thing of that name, made if there is none. Two names with one slug are one thing."""
    slug = slugify(name)[:200] or hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:12]
    found = model.objects.filter(slug=slug).first() or model.objects.filter(**{field_name: name}).first()
    if found:
        return found
    made = model(slug=slug, **{field_name: name})
    made.full_clean()
    made.save()
    return made


def _file_under(article: Article, head: Head) -> None:
    article.tags.set([_named(Tag, name) for name in head.tags])
    authors = list(dict.fromkeys(_named(Author, name) for name in head.authors))
    Byline.objects.filter(article=article).delete()
    Byline.objects.bulk_create(
        Byline(article=article, author=author, position=position) for position, author in enumerate(authors)
    )


def _cover(article: Article, head: Head, path: Path, folder: Path, notes: list[str]) -> None:
    """The picture beside the file that the head names, if it lies inside the folder."""
    if not head.image:
        return
    article.cover = _picture(head.image, head.image_alt, path, folder)
    if article.cover is None:
        notes.append(f"no picture at {head.image}")


_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^()\s]+)")


def _pictures(article: Article, path: Path, folder: Path) -> None:
    """Take in the pictures that the text shows and that lie inside the folder, and point the text at them."""

    def here(found):
        image = _picture(found[2], found[1], path, folder)
        return f"![{found[1]}]({image.file.url}" if image else found[0]

    article.body = _PICTURE.sub(here, article.body)


def _picture(address: str, alt: str, path: Path, folder: Path) -> Image | None:
    if "://" in address:
        return None
    for place in (path.parent / address, folder / address.lstrip("/")):
        if place.is_file() and place.resolve().is_relative_to(folder.resolve()):
            with place.open("rb") as file:
                return Image.take_in(File(file, name=place.name), alt)
    return None


def _old_addresses(article: Article, head: Head, path: Path, options: Options, notes: list[str]) -> None:
    old = [*head.aliases, head.old_path]
    if options.old_url:
        old.append(options.old_url.format(stem=path.stem, slug=article.slug))
    for address in filter(None, old):
        try:
            redirects.leave(address, article.get_absolute_url())
        except ValueError as error:
            notes.append(f"no redirect: {error}")


# --- other dialects -------------------------------------------------------------------------------

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_HEADING_ATTRIBUTES = re.compile(r"^( {0,3}#{1,6} .*?)\s*\{:?\s*[#.][^{}]*\}\s*$")
_CONTAINER = re.compile(r"^ {0,3}:{3,}\s*([\w-]*)\s*(.*)$")
_ADMONITION = re.compile(r'^(?:!!!|\?\?\?\+?) ([\w-]+)(?: "(.*)")?\s*$')
_EMBED = re.compile(r'<iframe\b[^>]*?\bsrc="(https?://[^"]+)"[^>]*>.*?</iframe>', re.DOTALL)


def dialects_to_commonmark(text: str) -> str:
    """Rewrite what other generators add to Markdown so that CommonMark reads it; code blocks stay as they are.

    Heading attributes (`## Title {#id}`) go, `:::` containers become their content, admonitions (`!!! note`) become
    quotes with a bold first line, and embedded frames become links.
    """
    lines, fence, quoted = [], "", False
    for line in text.split("\n"):
        if quoted and line.strip() and not line.startswith("    "):
            quoted = False
            if lines and lines[-1] == ">":
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
                lines.append(f"> **{title}**" if title else ">")
                lines.append(">")
                quoted = True
                continue
            if _CONTAINER.match(line):
                line = ""
            line = _HEADING_ATTRIBUTES.sub(r"\1", line)
        lines.append(line)
    return _EMBED.sub(lambda found: f"[Embedded: {found[1]}]({found[1]})", "\n".join(lines))


def summary_of(outcomes: list[Outcome]) -> list[str]:
    """The last lines of the command: how many of each, and why the skipped ones were."""
    counted = Counter(outcome.result for outcome in outcomes)
    reasons = Counter(outcome.reason for outcome in outcomes if outcome.result == "skipped")
    lines = [", ".join(f"{counted[result]} {result}" for result in ("created", "updated", "unchanged", "skipped"))]
    return lines + [f"  skipped {number}: {reason}" for reason, number in reasons.most_common()]
