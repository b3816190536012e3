"""One post of a folder: what its head, its name and its text say of it."""

import hashlib
import re
from datetime import UTC, datetime

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from publishing.text.parsing import title_of
from publishing.transfer.notes import Kind, Notes, Refused

from ....models import BODY_LENGTH
from ...records import PAGE, Person, Picture, Post, Unread
from . import fields, formats, heads, names, people, status, texts
from .names import Name
from .sites import addresses
from .source import Source
from .when.dates import NoDate, is_ambiguous

FILE_BYTES = 2 * 1024 * 1024
# An index with as much text as this, or more, is a page and not only a list of others.
INDEX_CHARACTERS = 300
LISTING_WORDS = 200
_PAGE_FOLDERS = {"pages", "_pages"}
_COVERS_BESIDE = [f"{name}.{ending}" for name in ("cover", "featured", "feature") for ending in ("jpg", "png", "webp")]
# Of the pages that list posts.
_LISTING = re.compile(r"\{%-?\s*(?:for|paginate|block|extends)\b|\{\{-?\s*(?:content|range|template|partial|block)\b")
_FENCE = re.compile(r" *(`{3,}|~{3,})")


def read(source: Source, path: str, described: dict[str, Person]) -> Post | Unread:
    """Adds those whom it describes to `described`. Raises Refused, heads.Broken and OSError."""
    name, notes = names.name_of(path), Notes()
    data = _data(source, path)
    text = texts.decoded(data, notes)
    try:
        head, body, remark = heads.split(text, has_plain_lines=name.suffix not in names.RST)
    except heads.Broken:
        if name.suffix in names.HTML or names.no_post_without_date(path):
            return Unread(path, _("a template"), False)
        raise
    if remark:
        notes.add(Kind.HEAD, remark)
    found = formats.read(source, name, head, body)
    if isinstance(found, str):
        return Unread(path, found, False)
    head, body, to_markdown = found
    if len(body) > BODY_LENGTH and name.suffix not in names.HTML:
        raise Refused(
            _("the text is longer than %(most)s characters") % {"most": number_format(BODY_LENGTH, force_grouping=True)}
        )
    inherited = source.inherited.of(path)
    plain = fields.lower(inherited) | fields.lower(head)
    digest = hashlib.sha256(data + repr(inherited).encode() if inherited else data).hexdigest()
    post = Post(path, digest, path, text=body, to_markdown=to_markdown, notes=notes)
    post.name = texts.one_line(name.words)
    if texts.TURNING.search(text) and texts.TURNING.search(str(head)) or texts.TURNING.search(path):
        notes.add(Kind.NAME, _("characters that turn the direction of a text were taken out of names"))
    _set_title(source, post, plain, name)
    _set_texts(post, plain)
    post.language_of_site = source.site.language
    _set_dates(source, post, plain, name)
    if reason := _no_post(source, post, head, name):
        return Unread(path, reason, False)
    placed = source.placed(path)
    _set_status(source, post, plain, placed)
    _set_labels(source, post, plain, placed)
    _set_authors(source, post, plain, described)
    _set_addresses(source, post, plain, placed)
    post.cover = fields.cover(plain) or _cover_beside(source, name)
    post.extra = fields.remaining(head)
    return post


def _data(source, path: str) -> bytes:
    if source.files.size(path) > FILE_BYTES:
        raise Refused(_("larger than %(most)s MB") % {"most": FILE_BYTES // 1024 // 1024})
    return source.files.read(path, FILE_BYTES)


def _no_post(source, post: Post, head: dict, name: Name) -> str:
    """Why a text without a date is none, else ""; an index with much of a text is a page."""
    if post.published_at or post.status == "draft":
        return ""
    if reason := names.no_post_without_date(name.path):
        return reason
    if head and _is_listing(post.text):
        return _("a template")
    is_index = name.is_index or name.path.partition(".")[0].lower() == "index"
    if not is_index or "/".join(name.folders) not in source.folders_of_posts:
        return ""
    if len(post.text.strip()) < INDEX_CHARACTERS:
        return _("the page of a section")
    # Its folder has the name of the list.
    post.kind, post.name = PAGE, ""
    return ""


def _is_listing(text: str) -> bool:
    """Whether a text is a loop over posts, and little else."""
    if not _LISTING.search(text):
        return False
    lines, fence = [], ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence and "`" not in line:
            lines.append(line)
    bare = "\n".join(lines)
    return bool(_LISTING.search(bare)) and len(bare.split()) < LISTING_WORDS


def _first_heading(text: str) -> tuple[str, str]:
    """The words of a heading of level one at the start, "" without one, and the text after it."""
    first, _, rest = text.lstrip().partition("\n")
    second, _, after = rest.partition("\n")
    if first.startswith(("# ", "#\t")):
        words, rest = first[1:].strip().rstrip("#").strip(), rest
    elif second and not second.strip("= \t") and second.startswith("=") and not first.startswith(("#", ">", "-", "|")):
        words, rest = first, after
    else:
        return "", text
    words = re.sub(r"\{:?[ ]?[#.][^{}]*\}$|\*\*|(?<!\w)[*_]|[*_](?!\w)", "", words[:1_000])
    return fields.without_markup(words), rest


def _set_title(source, post: Post, head: dict, name: Name) -> None:
    """From the head, else from a heading of level one at the start, else from the file's name."""
    title = fields.plain_text(head, fields.TITLES)
    words, rest = _first_heading(post.text) if name.suffix in names.MARKDOWN else ("", "")
    if words and title and source.site.generator == "mkdocs":
        # The title in the head is for search engines; the page shows the heading.
        post.seo_title = title if title.casefold() != words.casefold() else ""
        title, post.text = re.sub(r":[\w-]+:\s*", "", words), rest
    elif words and (not title or words.casefold() == title.casefold()):
        title, post.text = title or words, rest
    post.title = title or title_of(name.words) or "Untitled"


def _set_texts(post, head: dict) -> None:
    post.summary = fields.plain_text(head, fields.SUMMARIES)
    post.series, post.series_position = fields.series(head)
    post.is_featured = any(status.is_true(head.get(key)) for key in fields.FEATURED)
    post.seo_title = fields.plain_text(head, fields.SEO_TITLES) or post.seo_title
    post.seo_description = fields.plain_text(head, fields.SEO_DESCRIPTIONS)
    post.canonical_url = fields.first_text(head, fields.CANONICAL)
    post.language, post.direction = (fields.first_text(head, keys) for keys in (fields.LANGUAGES, fields.DIRECTIONS))


def _set_dates(source, post, head: dict, name: Name) -> None:
    """From the head, the address in it, the name and the folders, then as the options say."""
    unread = ""
    for key in fields.DATES:
        # "published: true" is no date.
        if status.is_true(value := head.get(key)) or status.is_false(value):
            continue
        try:
            post.published_at = source.moment(value)
        except NoDate as error:
            unread = unread or str(error)
        if post.published_at:
            if is_ambiguous(value):
                month, day = _("“%(date)s” was read with the month first"), _("“%(date)s” was read with the day first")
                post.notes.add(Kind.DATE, (month if source.is_month_first else day) % {"date": value})
            break
    _set_update(source, post, head)
    post.published_at = post.published_at or _date_elsewhere(source, post, head, name)
    if unread and post.published_at:
        day = post.published_at.astimezone(source.zone)
        post.notes.add(
            Kind.DATE, _("%(unread)s; %(day)s was taken instead") % {"unread": unread, "day": f"{day:%Y-%m-%d}"}
        )
    elif unread:
        post.notes.lose(Kind.DATE, _("%(unread)s: a draft") % {"unread": unread})
        post.status = "draft"


def _set_update(source, post, head: dict) -> None:
    date = head.get("date") if isinstance(head.get("date"), dict) else {}
    for value in (date.get("updated"), *(head.get(key) for key in fields.UPDATES)):
        try:
            post.updated_at = post.updated_at or source.moment(value)
        except NoDate as error:
            post.notes.add(Kind.DATE, _("changed at: %(error)s") % {"error": error})


def _date_elsewhere(source, post, head: dict, name: Name) -> datetime | None:
    paths = [fields.first_text(head, (key,)) for key in (*fields.ADDRESSES, *fields.SLUGS)]
    for found in [names.name_of(path).date for path in paths if path] + [name.date]:
        if not found:
            continue
        year, month, day = found
        try:
            at = source.moment(f"{year}-{month}-{day or 1}")
        except NoDate:
            continue
        if not day:
            post.notes.add(
                Kind.DATE, _("only the month is known: %(year)s-%(month)s") % {"year": year, "month": f"{month:02}"}
            )
        return at
    if source.options.date_from == "mtime" and (seconds := source.files.modified(post.path)):
        return datetime.fromtimestamp(seconds, UTC)
    if source.options.date_from == "git":
        return source.commits.get(post.path)
    return None


def _set_status(source, post, head: dict, name: Name) -> None:
    said, why = status.read(head, source.moment, timezone.now())
    at = post.published_at
    if said == "published" and (folder := names.draft_reason(name.path, source.site.collections)):
        said, why = "draft", folder
    if said == "published" and at and at > timezone.now():
        said, why = "draft", _("it is to be published at %(at)s UTC") % {"at": f"{at:%Y-%m-%d %H:%M}"}
    if said != "published":
        post.status = said
        post.notes.add(Kind.STATUS, _("not public (%(why)s): %(said)s") % {"why": why, "said": said})
    is_page = head.get("layout") == "page" or head.get("type") == "page" or _PAGE_FOLDERS & set(name.folders)
    # With these generators, what is no post by its folder is a page.
    is_outside = source.site.generator in ("jekyll", "hexo") or (
        source.site.generator in ("hugo", "zola") and name.folders in ((), ("content",))
    )
    is_page = is_page or (source.site.is_configured and is_outside and bool(head))
    if is_page and not at and not any(folder.startswith("_") and folder != "_pages" for folder in name.folders):
        post.kind, post.name = PAGE, "" if name.is_index and name.folders[-1] in _PAGE_FOLDERS else post.name


def _set_labels(source, post, head: dict, name: Name) -> None:
    splits = source.site.generator in ("jekyll", "dated")
    post.tags = [source.told.names.get(tag, tag) for tag in fields.labels(head, fields.TAGS, splits)]
    post.categories = fields.labels(head, fields.CATEGORIES, splits)
    if post.categories:
        return
    if source.site.generator == "jekyll" and "_posts" in name.folders:
        above = name.folders[: name.folders.index("_posts")]
        post.categories = [part for part in above if part not in ("docs", "src", "source")]
    elif source.site.generator == "pelican" and len(name.folders) > 1 and post.kind != PAGE:
        post.categories = [name.folders[-1]]


def _set_authors(source, post, head: dict, described: dict[str, Person]) -> None:
    value = next((head[key] for key in fields.AUTHORS if head.get(key)), None) or source.site.author
    if isinstance(value, str):
        # As older versions of Docusaurus write it (author_title, authorURL), or a key, such as "Doe, Jane".
        parts = [(people.IN_HEAD.fullmatch(key), said) for key, said in head.items() if said and isinstance(said, str)]
        inline = {part[1]: said for part, said in parts if part} if len(people.names_in(value)) == 1 else {}
        value = {"name": value, **inline} if inline else [value] if value.strip() in source.people else value
    is_mapped = False
    for person in people.named(value):
        if known := source.people.get(person.name):
            person, is_mapped = known, True
        elif person.links or person.picture or person.biography:
            described.setdefault(person.name, person)
        post.authors.append(person.name)
    post.authors = list(dict.fromkeys(post.authors))
    if is_mapped:
        post.digest = hashlib.sha256(f"{post.digest} {post.authors}".encode("utf-8", "replace")).hexdigest()


def _set_addresses(source, post, head: dict, name: Name) -> None:
    said, slug = fields.first_text(head, fields.ADDRESSES), fields.first_text(head, fields.SLUGS)
    post.slug = addresses.slug_of(slug) or addresses.slug_of(said)
    at = post.published_at.astimezone(source.zone) if post.published_at else None
    values = addresses.values_of(post.title, addresses.slug_of(slug), name, at, post.categories)
    found = []
    try:
        if said and not status.is_false(said):
            found = [addresses.resolved(said, "", "") if addresses.is_plain(said) else addresses.filled(said, values)]
    except addresses.Unknown as error:
        post.notes.add(
            Kind.ADDRESS,
            _("the address %(said)s is a pattern of which %(error)s is not known")
            % {"said": said[:100], "error": error},
        )
    # Nobody has seen a draft where the generator would have published it.
    guessed = [] if found else addresses.of_generator(source.site, name, slug, values)
    address = next(iter(found or guessed), "")
    found = [addresses.whole(item, source.site) for item in found or guessed if found or post.status != "draft"]
    if source.options.old_url:
        try:
            found.insert(0, addresses.old_url(source.options.old_url, {**values, "slug": post.slug or name.words}))
        except addresses.Unknown as error:
            post.notes.add(
                Kind.ADDRESS,
                _("no redirect from %(old_url)s: %(error)s is not known")
                % {"old_url": source.options.old_url, "error": error},
            )
    for key in fields.ALIASES:
        found += [addresses.resolved(alias, address, source.site.generator) for alias in fields.many(head.get(key))]
    post.old_addresses = [item for item in dict.fromkeys(found) if item not in ("", "/")]


def _cover_beside(source, name: Name) -> Picture | None:
    """Hugo's bundles: a picture of a usual name beside index.md."""
    folder = name.path.rpartition("/")[0]
    beside = (file for file in _COVERS_BESIDE if name.is_index and f"{folder}/{file}" in source.files)
    return next(map(Picture, beside), None)
