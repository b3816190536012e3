"""What a post of an export says besides its text."""

from datetime import UTC, datetime

from dateutil import parser
from django.utils.translation import gettext

from publishing.transfer.notes import Kind, Notes

from ...records import PAGE, Picture, Post
from . import texts
from .site import Site, is_public, words

# Before version 3 the post itself had what is in posts_meta since.
_PUBLIC = (None, "", "public")


def set_fields(post: Post, row: dict, site: Site) -> None:
    meta = {name: value for name, value in site.meta.get(words(row.get("id")), {}).items() if value not in (None, "")}
    both = row | meta
    post.title, post.slug = words(row.get("title")), words(row.get("slug"))
    if row.get("type") == "page" or row.get("page") in (True, 1, "1"):
        post.kind = PAGE
    post.published_at = moment(row.get("published_at"), post.notes)
    post.updated_at = moment(row.get("updated_at"), post.notes)
    post.status = _status(row, meta, post)
    if post.status == "published" and post.published_at is None:
        post.published_at = moment(row.get("created_at"), post.notes)
    post.summary = words(texts.plain(row.get("custom_excerpt")))
    _set_tags(post, site.tags_of(row))
    post.authors = site.authors_of(row)
    cover = texts.local(row.get("feature_image") or row.get("image"))
    if cover:
        alt, caption = words(both.get("feature_image_alt")), texts.plain(both.get("feature_image_caption"))
        post.cover = Picture(cover, alt, caption)
    post.is_featured = row.get("featured") in (True, 1, "1")
    post.seo_title, post.seo_description = words(both.get("meta_title")), words(both.get("meta_description"))
    post.canonical_url = words(row.get("canonical_url")).replace(texts.GHOST_URL, site.address)
    post.language_of_site = site.language
    if post.slug:
        post.old_addresses = [f"/{post.slug}/"]
    for name in ("codeinjection_head", "codeinjection_foot"):
        if words(row.get(name)):
            post.notes.lose(Kind.SYNTAX, gettext("code for all of its page was left out (%(name)s)") % {"name": name})


def _status(row: dict, meta: dict, post: Post) -> str:
    status, visibility = words(row.get("status")) or "published", row.get("visibility")
    why = ""
    if status == "scheduled":
        why = gettext("scheduled there")
        if post.published_at:
            why = gettext("scheduled there for %(moment)s") % {"moment": f"{post.published_at:%Y-%m-%d %H:%M}"}
    elif status == "sent" or meta.get("email_only") in (True, 1, "1"):
        why = gettext("sent there by e-mail only")
    elif status != "published":
        post.published_at = None
        return "draft"
    elif visibility not in _PUBLIC:
        why = gettext("for some readers only there (%(visibility)s)") % {"visibility": words(visibility)[:60]}
    elif texts.has_paywall(row):
        why = gettext("a part of it is for members only there")
    if why:
        post.notes.add(Kind.STATUS, gettext("%(why)s: a draft here") % {"why": why})
    return "draft" if why else "published"


def _set_tags(post: Post, tags: list[dict]) -> None:
    public = list(dict.fromkeys(words(tag.get("name")) for tag in tags if is_public(tag)))
    internal = list(dict.fromkeys(filter(None, (words(tag.get("name")) for tag in tags if not is_public(tag)))))
    post.categories, post.tags = public[:1], public[1:]
    if internal:
        post.extra["internal_tags"] = internal
        post.notes.add(
            Kind.NAME,
            gettext("internal tags are kept with the article, not shown: %(internal)s")
            % {"internal": ", ".join(internal)},
        )


def moment(value: object, notes: Notes) -> datetime | None:
    """Of a text, or of the seconds or milliseconds since 1970. A date that there is not is named."""
    if value in (None, "", 0) or isinstance(value, bool):
        return None
    try:
        if isinstance(value, (int, float)):
            return datetime.fromtimestamp(value / 1000 if value > 100_000_000_000 else value, UTC)
        found = parser.isoparse(str(value).strip().replace(" ", "T", 1))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        notes.lose(Kind.DATE, gettext("“%(value)s” is not a date") % {"value": str(value)[:40]})
        return None
