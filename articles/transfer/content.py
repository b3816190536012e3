"""Articles, pages and labels as Markdown files with a head, which Hugo and other generators read."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import yaml
from django.conf import settings
from django.db import models

from publishing.identity import face
from publishing.models import WITHDRAWN, Publication, Redirect
from publishing.paths import path_of
from publishing.text import languages, markdown
from publishing.text.parsing import normal_line_ends
from publishing.transfer.export import tables

from ..importing import references
from ..models import Article, Author, Category, Page, Recording, Series, Tag
from ..navigation import footer_menu, header_menu

# With a page of Hugo's own each, and one for each label or article.
FOLDERS = ("", "articles", "authors", "categories", "series", "tags")
HUGO = Path(__file__).parent / "hugo"
BATCH = 100
_UNREAD = ("html", "text", "contents", "shape", "slot_offsets", "extra")
# How texts would call a shortcode of Hugo. In a text of ours it is code that is talked about.
_SHORTCODE = re.compile(r"\{\{([<%])(.*?)([%>])\}\}", re.DOTALL)
# One that does not end would stop Hugo.
_OPENED = re.compile(r"\{\{([<%])(?!/\*)")
_ENTITIES = {"<": "&lt;", "%": "&#37;"}
# The start of a listing with braces, and what in these are numbers of lines.
_FENCE = re.compile(r"^([ \t>*+-]*(?:`{3,}|~{3,})[^`\n{]*)\{([^}\n]*)\}([^\n]*)$", re.MULTILINE)
_LINES = re.compile(r"\d+(?:-\d+)?(?:\s*,\s*\d+(?:-\d+)?)*")
_dump = partial(
    yaml.dump,
    Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper),
    allow_unicode=True,
    sort_keys=False,
    width=10_000,
)
# The names that Hugo gives to our labels, and the field with their text.
LABELS = {Category: ("categories", "description"), Tag: ("tags", ""), Series: ("series", "description")}


def readable() -> Iterator[tuple[str, list[bytes]]]:
    """Names and contents, in the same order on every database. A few queries for each `BATCH` articles."""
    return ((name, [data]) for name, data in _all_files())


def _all_files() -> Iterator[tuple[str, bytes]]:
    publication, old = Publication.current(), _old_addresses()
    titles = {row.file.url: row.title for row in Recording.objects.only("file", "title")}
    yield "README.md", _readme(publication).encode()
    yield "hugo.toml", _settings(publication).encode()
    for path in sorted(HUGO.rglob("*.*")):
        name = path.relative_to(HUGO)
        yield (f"static/{name}" if name.suffix == ".css" else name.as_posix()), path.read_bytes()
    yield "content/_index.md", _file({"title": publication.name, "description": publication.description}, "")
    yield "content/articles/_index.md", _file({"title": "Articles"}, "")
    for article in _articles():
        yield f"content/articles/{article.slug}/index.md", _article(article, old, titles)
    for page in Page.objects.order_by("pk").defer("html", "text", "contents").iterator(chunk_size=BATCH):
        yield f"content/{page.slug}.md", _page(page, old, titles)
    for model, (kind, text) in LABELS.items():
        for label, folder in _with_folders(model.objects.order_by("pk"), kind):
            head = _label_head(label, old) | {"description": getattr(label, text) if text else ""}
            yield f"{folder}/_index.md", _file(head, "")
    for author, folder in _with_folders(Author.objects.select_related("picture").order_by("pk"), "authors"):
        head = _label_head(author, old) | {"cover": _picture(author.picture)}
        head["links"] = [{"name": words, "url": url} for words, url in author.links]
        yield f"{folder}/_index.md", _file(head, author.biography)


def _old_addresses() -> dict[str, list[str]]:
    """Paths that redirect, by the path that they lead to."""
    found = defaultdict(list)
    rows = Redirect.objects.exclude(new_path=WITHDRAWN).order_by("pk").values_list("new_path", "old_path")
    for new, old in rows.iterator():
        found[path_of(new)].append(old)
    return {path: sorted(olds) for path, olds in found.items()}


def _articles() -> Iterator[Article]:
    """All but what lies in the trash, with what their heads name."""
    rows = Article.objects.select_related("category", "series", "cover").prefetch_related("tags", "bylines__author")
    rows = rows.defer(*_UNREAD).order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield from batch
        last = batch[-1].pk


def _article(article: Article, old: dict, titles: dict) -> bytes:
    head = _head(article, old) | {
        "authors": [author.name for author in article.byline],
        "categories": [article.category.name] if article.category else [],
        "tags": sorted(tag.name for tag in article.tags.all()),
        # Hugo takes a list, with one article in several.
        "series": [article.series.title] if article.series else [],
        "series_position": article.series_position,
        "cover": _picture(article.cover),
        "featured": article.featured,
        "sensitive": article.is_sensitive,
        "seo_title": article.seo_title,
        "seo_description": article.seo_description,
        "canonical_url": article.canonical_url,
        "language": article.language,
        "applies_to": article.applies_to,
        "verified_on": article.verified_on and article.verified_on.isoformat(),
    }
    return _file(head, named(article.body, titles))


def _page(page: Page, old: dict, titles: dict) -> bytes:
    return _file(_head(page, old), named(page.body, titles))


def named(body: str, titles: dict[str, str]) -> str:
    """A text whose players without words have the titles of their files, which only this site knows."""
    if "![](" not in body:
        return body
    pictures = references.read(normal_line_ends(body)).pictures
    edits = [
        (reference.start + 2, reference.start + 2, markdown.escaped(titles[reference.address]))
        for reference in pictures
        if reference.form == references.Form.INLINE and not reference.words and reference.address in titles
    ]
    return references.changed(normal_line_ends(body), edits) if edits else body


def _head(row: Article | Page, old: dict) -> dict:
    address = row.get_absolute_url()
    is_public = row.status == "published"
    return {
        "title": row.title,
        "date": _moment(row.published_at),
        "lastmod": _moment(row.modified_at),
        "draft": not is_public,
        # What Hugo has no word for: "review", "archived".
        # As `articles/importing/readers/own.py` reads it.
        "status": "" if row.status in ("published", "draft") else row.status,
        "slug": row.slug,
        "url": address,
        "aliases": old.get(path_of(address), []),
        "description": row.summary,
    }


def _label_head(label: models.Model, old: dict) -> dict:
    address = label.get_absolute_url()
    return {"title": str(label), "slug": label.slug, "url": address, "aliases": old.get(path_of(address), [])}


def _picture(image) -> dict | None:
    if image is None:
        return None
    texts = {"alt": image.alt, "caption": image.caption, "credit": image.credit}
    return {"image": image.file.url, **{name: text for name, text in texts.items() if text}}


def _moment(moment: datetime | None) -> str | None:
    return moment and moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _file(head: dict, body: str) -> bytes:
    kept = {name: value for name, value in head.items() if value not in (None, "", []) and value is not False}
    if head.get("draft") is False:
        kept = {name: head[name] for name in head if name in kept or name == "draft"}
    return f"---\n{_dump(kept)}---\n\n{escaped(body)}".encode()


def escaped(body: str) -> str:
    """A text in which Hugo shows shortcodes as they are typed, and marks the lines of listings that are marked here."""
    body = _OPENED.sub(lambda mark: f"{{{{{_ENTITIES[mark[1]]}", _SHORTCODE.sub(r"{{\1/*\2*/\3}}", body))
    return _FENCE.sub(_with_attributes, body)


def _with_attributes(fence: re.Match) -> str:
    """Hugo reads braces after the language of a listing as attributes, and stops if they are none."""
    start, inside, end = fence.groups()
    if _LINES.fullmatch(inside):
        lines = ",".join(f'"{part.strip()}"' for part in inside.split(","))
        return f"{start}{{hl_lines=[{lines}]}}{end}"
    return f"{start}&#123;{inside}}}{end}"


def _with_folders(labels: models.QuerySet, kind: str) -> Iterator[tuple[models.Model, str]]:
    """Each label with a folder of its own. Of several that are one term for Hugo, the first has its name."""
    taken = set()
    for label in labels.iterator(chunk_size=BATCH):
        term = term_of(str(label))
        term = f"{term}-{label.pk}" if term in taken else term
        taken.add(term)
        yield label, f"content/{kind}/{term}"


def term_of(name: str) -> str:
    """The folder of a label, as Hugo makes it of the name: letters, digits and a few signs, with hyphens for spaces."""
    kept = (character for character in "-".join(name.split()) if character.isalnum() or character in "-_.+~#@")
    return re.sub(r"-{2,}", "-", "".join(kept)).lower().strip("-") or "label"


# --- files about all ------------------------------------------------------------------------------


def _settings(publication: Publication) -> str:
    lines = [
        "# Hugo reads this folder as it is: run “hugo server” in it. With a theme, delete the folder “layouts”.",
        f"baseURL = {_quoted(settings.SITE_URL.rstrip('/') + '/')}",
        f"title = {_quoted(publication.name)}",
        f"locale = {_quoted(settings.LANGUAGE_CODE)}",
        f"timeZone = {_quoted(settings.TIME_ZONE)}",
        "enableRobotsTXT = true",
        "",
        "[params]",
        f"description = {_quoted(publication.description)}",
        f"tagline = {_quoted(publication.tagline)}",
        f"language = {_quoted(settings.LANGUAGE_CODE)}",
        f"direction = {_quoted(languages.direction_of(settings.LANGUAGE_CODE))}",
        f"accent = {_quoted(publication.accent or face.ACCENT)}",
        "",
        "[taxonomies]",
        'author = "authors"',
        'category = "categories"',
        'series = "series"',
        'tag = "tags"',
        "",
        "[permalinks]",
        'articles = "/articles/:slug/"',
        "",
        "# Texts may have HTML. This site shows harmless elements only; Hugo shows all of them.",
        "[markup.goldmark.renderer]",
        "unsafe = true",
    ]
    for menu, entries in (("main", header_menu()), ("footer", footer_menu())):
        for number, entry in enumerate(filter(_is_there, entries), 1):
            lines += ["", f"[[menus.{menu}]]", f"name = {_quoted(entry.words)}"]
            lines += [f"url = {_quoted(entry.url)}", f"weight = {number}"]
    return "\n".join(lines) + "\n"


def _is_there(entry) -> bool:
    """Whether the entry of a menu leads to something that is in the folder: not to quizzes, or to the archive."""
    first, _, rest = entry.url.strip("/").partition("/")
    return "://" in entry.url or first in FOLDERS or not rest and Page.objects.filter(slug=first).exists()


def _quoted(text: str) -> str:
    """A string of TOML, which has the escapes of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _readme(publication: Publication) -> str:
    left = [f"- {reason[0].upper()}{reason[1:]}: {', '.join(names)}." for reason, names in tables.left_behind().items()]
    text = (HUGO.parent / "README.txt").read_text().format(name=publication.name)
    return "\n".join([text, "- Accounts, with their names and addresses.", *left, ""])
