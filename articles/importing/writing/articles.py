"""The article of a post: made of its fields, or merged with what became of it here."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from publishing.text import languages
from publishing.text.fields import SUMMARY_LENGTH, TITLE_LENGTH
from publishing.text.parsing import title_of
from publishing.text.validators import sentences
from publishing.transfer.notes import Kind, Notes, Refused, Result
from publishing.web import redirects

from ...models import BODY_LENGTH, Article, Image, Status, Version, digest_of
from ...versions import content, saving
from ...versions.merge import merge_fields
from ..records import Post
from .creating import New, moved_at
from .labels import Labels
from .languages import language_of
from .places import Place, stored_digest
from .texts import first_paragraph, line

NOTE = "Imported"
# What no source has, or only an export of ours.
_ONLY_HERE = ("applies_to", "cover_letters", "is_sensitive", "verified_on")
# Left out of a post if they cannot be stored as they are.
_LEFT_OUT = {"canonical_url": "", "seo_title": "", "seo_description": "", "series_position": None}


def new(post: Post, place: Place, body: str, cover: Image | None, labels: Labels) -> New:
    """A new article, to be stored by `creating.store`. Raises Refused."""
    fields = _fields(post, place, body, cover, labels)
    article = Article(source=place.source, source_digest=stored_digest(post), extra=post.extra)
    status, article.published_at = _state(post, post.notes)
    article.modified_at = moved_at(post, article)
    try:
        return New(post, article, fields, status)
    except ValidationError as error:
        return New(post, article, fields | _left_out(error, post.notes), status)


def update(post: Post, place: Place, body: str, cover: Image | None, labels: Labels, *, overwrite: bool) -> Result:
    """Update the article of a post. Call it in a transaction. Adds to `post.notes`.

    What was changed only in the source is updated, what was changed only here stays. If both changed the same,
    nothing changes but that the source's fields are kept as a version. Raises Refused.
    """
    article = Article.objects.locked().get(pk=place.pk)
    has_moved = _moves_on(article, post, post.notes)
    before = content.fields_of(article)
    fields = before | _fields(post, place, body, cover, labels) | {"slug": article.slug}
    fields |= {name: before[name] for name in _ONLY_HERE}
    if digest_of(fields) == article.imported_digest and not has_moved:
        # What changed in the source has no field here.
        Article.objects.filter(pk=place.pk).update(source_digest=stored_digest(post), extra=post.extra)
        return Result.UNCHANGED
    merged = fields if overwrite else _merged(article, fields, before, post.notes)
    if merged is None:
        return Result.CONFLICT
    try:
        content.store(article, merged)
    except ValidationError as error:
        left_out = _left_out(error, post.notes)
        fields, merged = fields | left_out, merged | left_out
        content.store(article, merged)
    kind = Version.Kind.PUBLISHED if article.status == Status.PUBLISHED else Version.Kind.SAVED
    saving.record(article, kind=kind, note=NOTE)
    if merged != fields:
        # The next import merges from what the source has now.
        saving.keep(article, fields, by=None, kind=Version.Kind.SAVED)
    Article.objects.filter(pk=article.pk).update(
        source_digest=stored_digest(post),
        imported_digest=digest_of(fields),
        extra=post.extra,
        modified_at=moved_at(post, article),
    )
    return Result.UPDATED


def _fields(post: Post, place: Place, body: str, cover: Image | None, labels: Labels) -> dict:
    """The fields of a version: those of the article that the source knows of."""
    notes = post.notes
    if len(body) > BODY_LENGTH:
        raise Refused(
            _("the text is longer than %(most)s characters") % {"most": number_format(BODY_LENGTH, force_grouping=True)}
        )
    category = labels.key("category", post.categories[0], notes)
    tags = labels.keys("tag", [*post.tags, *post.categories[1:]], notes)
    series = labels.key("series", post.series, notes) if post.series else None
    with languages.of_the_site():
        # Translators: for readers.
        untitled = _("Untitled")
    title = line(post.title or title_of(post.name), _("the title"), TITLE_LENGTH, notes) or untitled
    summary = line(post.summary, _("the summary"), SUMMARY_LENGTH, notes)
    return content.EMPTY | {
        "title": title,
        "slug": place.slug,
        "summary": summary or line(first_paragraph(body), "", SUMMARY_LENGTH, notes, is_told=False),
        "body": body,
        "category": category,
        "tags": sorted(tags),
        "authors": labels.keys("author", post.authors, notes),
        "series": series,
        "series_position": _free_position(post, place, series),
        "cover": cover and cover.pk,
        "featured": post.is_featured,
        "is_sensitive": post.is_sensitive,
        "seo_title": line(post.seo_title, _("the title for search engines"), 70, notes),
        "seo_description": line(post.seo_description, _("the description for search engines"), 160, notes),
        "canonical_url": post.canonical_url,
        "language": language_of(post, body),
    }


def _free_position(post: Post, place: Place, series: int | None) -> int | None:
    """Its place in the series, unless another article has it. A query if it has one."""
    position = post.series_position if series else None
    if not position:
        return None
    if Article.everything.filter(series=series, series_position=position).exclude(pk=place.pk).exists():
        post.notes.lose(Kind.HEAD, _("another article is part %(position)s of the series") % {"position": position})
        return None
    return position


def _state(post: Post, notes: Notes) -> tuple[str, datetime | None]:
    """Status and moment of a new article: whatever is not public yet is a draft."""
    if post.status != Status.PUBLISHED:
        return post.status, post.published_at
    if post.published_at is None:
        notes.lose(Kind.DATE, _("no date: a draft"))
        return Status.DRAFT, None
    if post.published_at > timezone.now():
        notes.add(
            Kind.STATUS,
            _("was to be published on %(published_at)s: a draft") % {"published_at": f"{post.published_at:%Y-%m-%d}"},
        )
        return Status.DRAFT, post.published_at
    return Status.PUBLISHED, post.published_at


def _moves_on(article: Article, post: Post, notes: Notes) -> bool:
    """Publish a draft that the source publishes and that never was public here. Nothing goes the other way."""
    was_public = redirects.is_withdrawn(article.get_absolute_url())
    if article.status != Status.DRAFT or was_public or post.status != Status.PUBLISHED:
        if post.status != Status.PUBLISHED and article.status == Status.PUBLISHED:
            notes.add(Kind.STATUS, _("not public in the source any more; it stays published here"))
        return False
    status, moment = _state(post, notes)
    if status == Status.DRAFT:
        return False
    article.status, article.published_at = status, article.published_at or moment
    return True


def _merged(article: Article, source: dict, here: dict, notes: Notes) -> dict | None:
    """What the source and we changed since the last import; None, told and kept, if both changed the same."""
    unsaved = article.versions.exclude(state__in=[Version.State.LIVE, Version.State.OLD]).exists()
    if digest_of(here) == article.imported_digest and not unsaved:
        return source
    base = article.versions.filter(digest=article.imported_digest).order_by("number").first()
    merge = merge_fields(base.fields if base else saving.NO_BASE, source, here)
    if unsaved or merge.conflicts:
        saving.keep(article, source, by=None)
        told = (
            _("an editor is working on it")
            if unsaved
            else _("changed are %(conflicts)s") % {"conflicts": ", ".join(sorted(merge.conflicts))}
        )
        notes.lose(
            Kind.TEXT,
            _("changed in the source and here (%(told)s): left as it is, the source is a version of it")
            % {"told": told},
        )
        return None
    notes.add(Kind.TEXT, _("changed here since the last import: what the source did not change stays"))
    return merge.fields


def _left_out(error: ValidationError, notes: Notes) -> dict:
    """Empty values for the fields that cannot be stored, told. Raises Refused if an article cannot be without one."""
    wrong = set(getattr(error, "error_dict", {}))
    if not wrong or not wrong <= set(_LEFT_OUT):
        raise Refused(" ".join(sentences(error))) from error
    notes.lose(Kind.HEAD, _("left out: %(error)s") % {"error": " ".join(sentences(error))})
    return {name: _LEFT_OUT[name] for name in wrong}
