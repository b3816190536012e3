"""Stores a page of a source, new or again. Call it in a transaction."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from publishing.text import languages
from publishing.text.fields import SUMMARY_LENGTH, TITLE_LENGTH
from publishing.text.parsing import title_of
from publishing.text.validators import sentences
from publishing.transfer.notes import Kind, Refused, Result

from ...models import Page, digest_of
from ..records import Post
from .places import Place, stored_digest
from .texts import line


def store(post: Post, place: Place, body: str, *, overwrite: bool) -> Result:
    """Create the page, or update it unless it was changed here. Sets `place.pk`. Raises Refused."""
    page = Page.objects.select_for_update().get(pk=place.pk) if place.pk else Page(source=place.source)
    before = _digest_of(page)
    is_changed_here = bool(place.pk) and before != page.imported_digest
    with languages.of_the_site():
        # Translators: for readers.
        untitled = _("Untitled")
    page.title = line(post.title or title_of(post.name), _("the title"), TITLE_LENGTH, post.notes) or untitled
    page.summary = line(post.summary, _("the summary"), SUMMARY_LENGTH, post.notes)
    page.body, page.slug = body, place.slug
    if place.pk and _digest_of(page) == page.imported_digest:
        Page.objects.filter(pk=place.pk).update(source_digest=stored_digest(post))
        return Result.UNCHANGED
    if is_changed_here and not overwrite:
        post.notes.lose(Kind.TEXT, _("changed in the source and here: left as it is"))
        return Result.CONFLICT
    if not place.pk:
        page.published_at = post.published_at or (timezone.now() if post.status == Page.Status.PUBLISHED else None)
        is_public = post.status == Page.Status.PUBLISHED and page.published_at <= timezone.now()
        page.status = Page.Status.PUBLISHED if is_public else Page.Status.DRAFT
    page.source_digest, page.imported_digest = stored_digest(post), _digest_of(page)
    try:
        page.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(sentences(error))) from error
    page.save()
    result, place.pk = Result.UPDATED if place.pk else Result.CREATED, page.pk
    return result


def _digest_of(page: Page) -> str:
    return digest_of({name: getattr(page, name) for name in ("title", "summary", "body")})
