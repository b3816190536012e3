"""The fields of a post from those of an item: dates, status, terms, people, search engines, old addresses."""

import re
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.transfer.notes import Kind, Notes

from ...records import PAGE, Post
from .items import Element
from .site import Author, Site, Term, plain
from .texts.names import FOR_SOME

# Why a post is not public; "publish" alone is, and "inherit" says nothing.
_STATES = {
    "draft": _("a draft"),
    "auto-draft": _("a draft"),
    "pending": _("waiting for review"),
    "private": "private",
    "future": "scheduled",
}
# Of the whole site, not of a post.
_ROOTS = {("", ""), ("/", "")}
# Custom fields that keep a post for members or subscribers, and the values with which they do not.
_FOR_SOME = {
    "_jetpack_newsletter_access": {"", "everybody"},
    "_members_access_role": {""},
    "rcp_subscription_level": {""},
    "rcp_user_level": {"", "All"},
    "_rcp_restrict": {"", "0"},
}
_NO_DATE = "0000-00-00"
_SERIES = {"series", "organize-series"}
# Of plugins and of WordPress itself: no subjects.
_NO_SUBJECTS = {
    "post_format", "nav_menu", "link_category", "author", "language", "post_translations", "term_language",
    "term_translations", "wp_theme", "wp_template_part_area", "wp_pattern_category", "amp_template", "mediatag",
    "post_status", "following_users", "yst_prominent_words", "category_translations", "elementor_library_type",
}  # fmt: skip


def dates(element: Element, zone: tzinfo, notes: Notes) -> tuple[datetime | None, datetime | None]:
    """When it was published and changed."""
    published = _moment(element, "post_date", zone)
    # WordPress writes the year -1 for what was never published.
    if published is None and element["pubDate"] and " -0" not in element["pubDate"]:
        try:
            published = parsedate_to_datetime(element["pubDate"])
            published = (published if published.tzinfo else published.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError, TypeError):
            published = None
    written = [date for date in (element["post_date_gmt"], element["post_date"]) if date and _NO_DATE not in date]
    if published is None and written:
        notes.lose(Kind.DATE, gettext("“%(written)s” is not a date") % {"written": written[0][:40]})
    return published, _moment(element, "post_modified", zone)


def date_by_file(post: Post, seconds: float | None) -> None:
    """For a post without a date, that of the file of the export."""
    if seconds is not None:
        post.published_at = datetime.fromtimestamp(seconds, UTC)
        post.notes.add(Kind.DATE, gettext("without a date: that of the export's file"))


def _moment(element: Element, name: str, zone: tzinfo) -> datetime | None:
    for field, its_zone in ((f"{name}_gmt", UTC), (name, zone)):
        try:
            moment = datetime.strptime(element[field], "%Y-%m-%d %H:%M:%S").replace(tzinfo=its_zone)
            return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


def status(element: Element, published_at: datetime | None, notes: Notes) -> str:
    """What is not public for everyone is a draft, with a note."""
    state = element["status"] or "publish"
    if element["post_password"]:
        reason = gettext("protected by a password")
    elif state == "publish" and is_for_some(element):
        reason = gettext("all or a part of it only for some readers")
    elif state in ("publish", "inherit"):
        return "published"
    else:
        reason = _STATES.get(state, f"“{state[:40]}”")
    said = {"state": reason}
    words = gettext("%(state)s in the source: a draft here")
    if state == "future" and published_at:
        said["moment"] = f"{published_at:%Y-%m-%d %H:%M}"
        words = gettext("%(state)s for %(moment)s UTC in the source: a draft here")
    notes.add(Kind.STATUS, words % said)
    return "draft"


def is_for_some(element: Element) -> bool:
    """Whether a plugin keeps it, or a part of its text, for members or subscribers."""
    kept = any(element.value(key) not in open_to_all for key, open_to_all in _FOR_SOME.items())
    return kept or bool(FOR_SOME.search(element["content"]))


# --- terms ---


def set_terms(post: Post, element: Element, site: Site) -> None:
    """Category first, series, tags. Terms of other taxonomies become tags, too."""
    categories, tags, others = {}, {}, {}
    for taxonomy, slug, words in element.terms:
        name = plain(words)
        if taxonomy == "category":
            term = site.categories.get(slug) or _by_name(site.categories, name) or Term("", slug, name)
            categories[term.name] = term
        elif taxonomy in ("post_tag", "tag"):
            tags[(site.tags.get(slug) or Term("", slug, name)).name] = None
        elif taxonomy == "language":
            # Of plugins for several languages.
            post.language = slug
        elif taxonomy in _SERIES:
            post.series = post.series or name
        elif taxonomy not in _NO_SUBJECTS and name:
            others[name] = taxonomy
    names = _ordered(categories, element, site)
    if post.series and element.value("_series_part").isdigit():
        post.series_position = int(element.value("_series_part")) or None
    if others:
        kinds = ", ".join(sorted(set(others.values())))
        post.notes.add(Kind.NAME, gettext("terms of %(kind)s became tags") % {"kind": kinds})
    post.categories = [name for name in names if name]
    post.tags = [name for name in dict.fromkeys([*tags, *others]) if name and name not in post.categories]


def _by_name(terms: dict[str, Term], name: str) -> Term | None:
    return next((term for term in terms.values() if term.name == name), None)


def _ordered(categories: dict[str, Term], element: Element, site: Site) -> list[str]:
    """The primary one first, if a plugin says which that is, else the deepest; "Uncategorized" only if it is alone."""
    primary = element.value("_yoast_wpseo_primary_category") or element.value("rank_math_primary_category")

    def rank(term):
        is_none = term.slug == "uncategorized"
        return term.id == "" or term.id != primary, is_none, -_depth(term, site)

    first = sorted(categories.values(), key=rank)[:1]
    names = [term.name for term in (*first, *categories.values()) if term in first or term.slug != "uncategorized"]
    return list(dict.fromkeys(names))


def _depth(term: Term, site: Site) -> int:
    return len(parents(term, site))


def parents(term: Term, site: Site) -> list[Term]:
    """The categories above one, the nearest first. A circle ends."""
    above = []
    while (term := site.categories.get(term.parent)) and term not in above:
        above.append(term)
    return above


# --- people ---


def authors(element: Element, site: Site) -> list[str]:
    """Co-authors, else the creator, by the names that they show."""
    several = [(slug.removeprefix("cap-"), name) for taxonomy, slug, name in element.terms if taxonomy == "author"]
    names = [_shown(site, login, name) for login, name in several]
    creator = element["creator"] or element["author"]
    if not names and creator:
        names = [_shown(site, creator, creator)]
    return [name for name in dict.fromkeys(names) if name]


# What WordPress takes away from names of users when it imports.
_NOT_IN_LOGIN = re.compile(r"[^\w .@-]")


def _shown(site: Site, login: str, name: str) -> str:
    author = site.authors.get(login) or site.authors.get(name) or site.authors.get(_NOT_IN_LOGIN.sub("", login))
    if author is None:
        name = plain(name or login)
        author = Author(name.partition("@")[0] if "@" in name.strip("@") else name)
    return author.name


# --- search engines ---

_VARIABLE = re.compile(r"%%?(\w+?)(?:\([^)%]*\))?%%?|#(\w+)")
_SEPARATORS = " -–—|·•:»«*~/\\"
_TITLES = {"title", "post_title"}
_EXCERPTS = {"excerpt", "excerpt_only", "post_excerpt", "post_excerpt_only"}
_CATEGORIES = {"category", "primary_category", "categories"}
_WRITERS = {"name", "author_name", "post_author"}
_SEPARATOR = {"sep", "separator", "separator_sa"}
_KEYS = {
    "title": ("_yoast_wpseo_title", "rank_math_title", "_aioseo_title", "_aioseop_title", "_seopress_titles_title"),
    "description": (
        "_yoast_wpseo_metadesc", "rank_math_description", "_aioseo_description", "_aioseop_description",
        "_seopress_titles_desc",
    ),
}  # fmt: skip


def set_search(post: Post, element: Element, site: Site) -> None:
    """Title and description for search engines. The name of the old site is left out of them, as are dates."""
    known = dict.fromkeys(_TITLES, post.title) | dict.fromkeys(_EXCERPTS, post.summary)
    known |= dict.fromkeys(_SEPARATOR, "–") | dict.fromkeys(_WRITERS, ", ".join(post.authors))
    known |= dict.fromkeys(_CATEGORIES, (post.categories or [""])[0])
    title, description = (_resolved(_first(element, _KEYS[name]), known) for name in ("title", "description"))
    post.seo_title = "" if title == post.title else title
    post.seo_description = description
    canonical = element.value("_yoast_wpseo_canonical") or element.value("rank_math_canonical_url")
    if canonical.startswith(("https://", "http://")) and not site.is_own(canonical):
        post.canonical_url = canonical


def _first(element: Element, keys: tuple[str, ...]) -> str:
    return next((value for key in keys if (value := element.value(key))), "")


def _resolved(text: str, known: dict[str, str]) -> str:
    def value(found):
        if found[2] and found[2] not in known and not found[2].startswith(("site_", "current_", "post_")):
            # A word with "#" in front.
            return found[0]
        if not found[2] and not (found[0].startswith("%") and found[0].endswith("%")):
            return found[0]
        return known.get(found[1] or found[2], "")

    has_variables = bool(_VARIABLE.search(text))
    text = plain(_VARIABLE.sub(value, text))
    return text.strip(_SEPARATORS) if has_variables else text


# --- addresses ---


def set_addresses(post: Post, element: Element, site: Site) -> None:
    """Its path, and where else it was found: by its number and under former slugs."""
    link, id = element["link"], element["post_id"]
    parts = urlsplit(link)
    post.path = unquote(parts.path)
    former = []
    has_path = parts.path.strip("/") and not parts.query
    if has_path:
        former.append(link)
        slug = parts.path.rstrip("/").rpartition("/")[2]
        for old in dict.fromkeys(element.meta.get("_wp_old_slug", [])):
            if old.strip() and slug and old.strip() != slug:
                head = link.rstrip("/")[: -len(slug)]
                former.append(f"{head}{old.strip()}{'/' if link.endswith('/') else ''}")
    # WordPress finds a post by its number at the root of the site, in whatever folder that is.
    numbers = (("page_id", "p") if post.kind == PAGE else ("p",)) if id else ()
    former += [f"/?{name}={id}" for name in numbers]
    guid = urlsplit(element["guid"])
    if site.is_own(element["guid"]) and not guid.query:
        former.append(element["guid"])
    post.old_addresses = [address for address in dict.fromkeys(former) if urlsplit(address)[2:4] not in _ROOTS]
