"""Reads a folder, a zip or a file of texts as posts."""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC
from functools import cached_property
from itertools import islice

from django.utils import timezone

from publishing.text.parsing import title_of
from publishing.transfer.files import Files, Folder
from publishing.transfer.notes import Kind, Notes, Refused

from ....models import BODY_LENGTH
from ...options import Options
from ...records import PAGE, Label, Person, Post, Unread
from . import addresses, dates, fields, formats, git_dates, heads, names, people, sites, status, texts

FILE_BYTES = 2 * 1024 * 1024
# Of the files that are asked how they write ambiguous dates.
_ASKED, _ASKED_BYTES = 2_000, 1_000
_PAGE_FOLDERS = {"pages", "_pages"}
_COVER_NAMES = ("cover", "featured", "feature")


class MarkdownReader:
    label = "Folder of Markdown, HTML or reStructuredText"

    def __init__(self, files: Files, options: Options):
        self.files, self.options = files, options
        self.site = files.name
        # By name: those whom posts describe.
        self._described_in_posts: dict[str, Person] | None = None

    # --- the site -------------------------------------------------------------------------------------------------

    @cached_property
    def _site(self) -> sites.Site:
        return sites.site_of(self.files)

    @cached_property
    def _people(self) -> dict[str, Person]:
        return people.described(self.files)

    @cached_property
    def _zone(self):
        return self.options.zone or self._site.zone or timezone.get_default_timezone()

    @cached_property
    def _is_month_first(self) -> bool:
        """As the unambiguous dates of the folder are, else the month."""
        texts_of_folder = (name for name in self.files.names if names.no_post(name) is None)
        return dates.order_of(map(self._start, islice(texts_of_folder, _ASKED))) is not False

    def _start(self, name: str) -> str:
        try:
            with self.files.open(name) as file:
                return file.read(_ASKED_BYTES).decode("utf-8", "replace")
        except (Refused, OSError):
            return ""

    @cached_property
    def _folders_with_posts(self) -> set[str]:
        """Folders with another text than an index in or below them."""
        found = {""}
        for path in self.files.names:
            if names.no_post(path) is None:
                parts = path.split("/")[:-1]
                parts = parts[:-1] if names.name_of(path).is_index else parts
                found |= {"/".join(parts[: at + 1]) for at in range(len(parts))}
        return found

    @cached_property
    def _commits(self) -> dict:
        try:
            if not isinstance(self.files, Folder):
                raise git_dates.NoGit("only a folder has a history, not a zip")
            return git_dates.first_commits(self.files.root)
        except git_dates.NoGit as error:
            self.files.notes.lose(Kind.DATE, f"no dates from git: {error}")
            return {}

    # --- the protocol ---------------------------------------------------------------------------------------------

    def posts(self) -> Iterator[Post | Unread]:
        described = {}
        for path in self.files.names:
            reason = names.no_post(path)
            if reason:
                yield Unread(path, *reason)
                continue
            try:
                found = self._post(path, described)
            except Refused as error:
                found = Unread(path, str(error))
            except heads.Broken as error:
                found = Unread(path, str(error))
            except OSError as error:
                found = Unread(path, f"cannot be read: {error.strerror}")
            except RecursionError:
                found = Unread(path, "nested too deeply")
            yield found
        self._described_in_posts = described

    def people(self) -> list[Person]:
        if self._described_in_posts is None:
            for _ in self.posts():
                pass
        by_name = {}
        for person in [*self._people.values(), *(self._described_in_posts or {}).values()]:
            by_name.setdefault(person.name, person)
        return list(by_name.values())

    def labels(self) -> list[Label]:
        return []

    def redirects(self) -> Iterator[tuple[str, str]]:
        yield from ()

    def media(self) -> list[str]:
        return self._site.media

    # --- one post -------------------------------------------------------------------------------------------------

    def _post(self, path: str, described: dict[str, Person]) -> Post | Unread:
        name, notes = names.name_of(path), Notes()
        data = self._data(path)
        text = texts.decoded(data, notes)
        try:
            head, body, remark = heads.split(text)
        except heads.Broken:
            if name.suffix in names.HTML:
                return Unread(path, "a template", False)
            raise
        if remark:
            notes.add(Kind.HEAD, remark)
        found = formats.read(name.suffix, head, body)
        if isinstance(found, str):
            return Unread(path, found, False)
        head, body, to_markdown = found
        if len(body) > BODY_LENGTH and name.suffix not in names.HTML:
            raise Refused(f"the text is longer than {BODY_LENGTH:,} characters")
        plain = fields.lower(head)
        post = Post(path, hashlib.sha256(data).hexdigest(), path, text=body, to_markdown=to_markdown, notes=notes)
        self._set_title(post, plain, name)
        self._set_dates(post, plain, name)
        if name.is_index or path.partition(".")[0].lower() == "index":
            folder = "/".join(name.folders)
            if post.published_at is None and folder in self._folders_with_posts and len(post.text) < 200:
                return Unread(path, "the page of a section", False)
        self._set_status(post, plain, name)
        self._set_labels(post, plain, name)
        self._set_authors(post, plain, described)
        self._set_addresses(post, plain, name)
        post.cover = fields.cover(plain) or self._cover_beside(name)
        post.extra = {
            str(key): fields.storable(value)
            for key, value in head.items()
            if str(key).lower().replace("-", "_") not in fields.USED | status.KEYS | set(fields.COVERS)
        }
        return post

    def _data(self, path: str) -> bytes:
        try:
            if self.files.size(path) > FILE_BYTES:
                raise Refused(f"larger than {FILE_BYTES // 1024 // 1024} MB")
        except KeyError as error:
            raise Refused("cannot be read: it has gone") from error
        return self.files.read(path, FILE_BYTES)

    def _set_title(self, post, head, name) -> None:
        """From the head, else from a heading of level one at the start, else from the file's name."""
        title = fields.first_text(head, fields.TITLES)
        heading = re.match(r"\s*#[ \t]+(.+?)[ \t]*#*(?:\n|$)", post.text) or re.match(
            r"\s*(\S.*)\n=+(?:\n|$)", post.text
        )
        if heading and name.suffix in names.MARKDOWN:
            words = texts.one_line(re.sub(r"\s*\{[:#.][^{}]*\}$|[`*_]", "", heading[1]))
            if title and self._site.generator == "mkdocs":
                # The title in the head is for search engines; the page shows the heading.
                post.seo_title, title = title, re.sub(r":[\w-]+:\s*", "", words)
            if not title or words.casefold() == re.sub(r"[`*_]", "", title).casefold() or post.seo_title:
                title, post.text = title or words, post.text[heading.end() :]
        if not title:
            title = title_of(name.words) or "Untitled"
        post.title, post.name = texts.one_line(title), name.words
        post.summary = fields.first_text(head, fields.SUMMARIES)
        post.series, post.series_position = fields.series(head)
        post.is_featured = any(status.is_true(head.get(key)) for key in fields.FEATURED)
        post.seo_title = fields.first_text(head, fields.SEO_TITLES) or (
            post.seo_title if post.seo_title != post.title else ""
        )
        post.seo_description = fields.first_text(head, fields.SEO_DESCRIPTIONS)
        post.canonical_url = fields.first_text(head, fields.CANONICAL)

    def _moment(self, value):
        return dates.read(value, self._zone, lambda: self._is_month_first)

    def _set_dates(self, post, head, name) -> None:
        """From the head, the address in it, the name and the folders, then as the options say."""
        unread = ""
        for key in fields.DATES:
            if isinstance(head.get(key), bool) or status.is_false(head.get(key)) or status.is_true(head.get(key)):
                continue
            try:
                post.published_at = self._moment(head.get(key))
            except dates.NoDate as error:
                unread = unread or str(error)
            if post.published_at:
                if dates.is_ambiguous(head[key]):
                    order = "month" if self._is_month_first else "day"
                    post.notes.add(Kind.DATE, f"“{head[key]}” was read with the {order} first")
                break
        self._set_update(post, head)
        if not post.published_at:
            post.published_at = self._date_elsewhere(post, head, name)
        if unread and post.published_at:
            post.notes.add(
                Kind.DATE, f"{unread}; {post.published_at.astimezone(self._zone):%Y-%m-%d} was taken instead"
            )
        elif unread:
            post.notes.lose(Kind.DATE, unread)
            post.status = "draft"

    def _set_update(self, post, head) -> None:
        updated = head.get("date") if isinstance(head.get("date"), dict) else {}
        for value in (updated.get("updated"), *(head.get(key) for key in fields.UPDATES)):
            try:
                post.updated_at = post.updated_at or self._moment(value)
            except dates.NoDate as error:
                post.notes.add(Kind.DATE, f"changed at: {error}")

    def _date_elsewhere(self, post, head, name):
        paths = [fields.first_text(head, (key,)) for key in (*fields.ADDRESSES, *fields.SLUGS)]
        for found in [names.name_of(path).date for path in paths if path] + [name.date]:
            if found:
                year, month, day = found
                try:
                    at = self._moment(f"{year}-{month}-{day or 1}")
                except dates.NoDate:
                    continue
                if not day:
                    post.notes.add(Kind.DATE, f"only the month is known: {year}-{month:02}")
                return at
        if self.options.date_from == "mtime" and (seconds := self.files.modified(post.path)):
            return timezone.datetime.fromtimestamp(seconds, UTC)
        if self.options.date_from == "git":
            return self._commits.get(post.path)
        return None

    def _set_status(self, post, head, name) -> None:
        said, why = status.read(head, self._moment, timezone.now())
        at = post.published_at
        if said == "published" and (folder := names.draft_reason(post.path, self._site.collections)):
            said, why = "draft", folder
        if said == "published" and at and at > timezone.now():
            said, why = "draft", f"it is to be published at {at:%Y-%m-%d %H:%M} UTC"
        if said != "published":
            post.status = said
            post.notes.add(Kind.STATUS, f"not public ({why}): {said}")
        is_page = head.get("layout") == "page" or head.get("type") == "page" or _PAGE_FOLDERS & set(name.folders)
        if is_page and not at and "_posts" not in name.folders:
            post.kind = PAGE

    def _set_labels(self, post, head, name) -> None:
        splits = self._site.splits_tags or self._site.generator == "dated"
        post.categories = fields.labels(head, fields.CATEGORIES, splits)
        if not post.categories and "_posts" in name.folders and self._site.generator == "jekyll":
            post.categories = [
                part for part in name.folders[: name.folders.index("_posts")] if part not in ("docs", "src")
            ]
        if not post.categories and self._site.generator == "pelican" and len(name.folders) > 1:
            post.categories = [name.folders[-1]]
        post.tags = fields.labels(head, fields.TAGS, splits)

    def _set_authors(self, post, head, described) -> None:
        if not (value := next((head[key] for key in fields.AUTHORS if head.get(key)), None)):
            value = self._site.author
        mapped = []
        # A whole line may be a key, such as "Doe, Jane".
        value = [value] if isinstance(value, str) and value.strip() in self._people else value
        inline = {key: head[f"author_{key}"] for key in ("title", "url", "image_url") if head.get(f"author_{key}")}
        if inline and isinstance(value, str):
            value = {"name": value, **inline}
        for person in people.named(value):
            if known := self._people.get(person.name):
                mapped.append(person.name)
                person = known
            elif person.links or person.picture or person.biography:
                described.setdefault(person.name, person)
            post.authors.append(person.name)
        post.authors = list(dict.fromkeys(post.authors))
        if mapped:
            post.digest = hashlib.sha256(f"{post.digest} {post.authors}".encode("utf-8", "replace")).hexdigest()

    def _set_addresses(self, post, head, name) -> None:
        said = fields.first_text(head, fields.ADDRESSES)
        slug = fields.first_text(head, fields.SLUGS)
        post.slug = addresses.slug_of(slug) or addresses.slug_of(said)
        at = post.published_at.astimezone(self._zone) if post.published_at else None
        values = addresses.values_of(post.title, addresses.slug_of(slug), name, at, post.categories)
        found = []
        try:
            if said and not addresses.is_plain(said):
                found.append(addresses.filled(said, values))
            elif said:
                found.append(addresses.resolved(said, "", ""))
        except addresses.Unknown as error:
            post.notes.add(Kind.ADDRESS, f"the address {said[:100]} is a pattern of which {error} is not known")
        found = found or addresses.of_generator(self._site, name, slug, values, post.title)
        address = found[0] if found else ""
        if self._site.url and address.startswith("/"):
            found[0] = self._site.url.removesuffix(self._site.root) + self._site.root + address
        if self.options.old_url:
            try:
                found.insert(0, addresses.old_url(self.options.old_url, {**values, "slug": post.slug or name.words}))
            except addresses.Unknown as error:
                post.notes.add(Kind.ADDRESS, f"no redirect from {self.options.old_url}: {error} is not known")
        for key in fields.ALIASES:
            found += [addresses.resolved(alias, address, self._site.generator) for alias in fields.many(head.get(key))]
        post.old_addresses = list(dict.fromkeys(found))

    def _cover_beside(self, name):
        """Hugo's bundles: a picture of a usual name beside index.md."""
        if not name.is_index:
            return None
        folder = name.path.rpartition("/")[0]
        for word in _COVER_NAMES:
            for ending in (".jpg", ".png", ".webp", ".jpeg"):
                if f"{folder}/{word}{ending}" in self.files:
                    return fields.Picture(f"{word}{ending}")
        return None
