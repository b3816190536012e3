"""Notes are written, answered, resolved, opened again and removed."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import Article, News, ParagraphNote, Version
from ..news import telling
from ..versions.anchors import anchor_at
from ..versions.saving import current, locked

# Notes and answers of one article: all of them are on its form.
MOST_NOTES = 300


class Stale(Exception):  # noqa: N818 - not an error of the program
    """The text has changed since the note was begun."""


@transaction.atomic
def write(article: Article, *, by, text: str, start: int, token: str) -> ParagraphNote:
    """A note on the paragraph at the character `start` of what is worked on, whose token is `token`.

    Raises Stale, and ValidationError if there is no paragraph, or there are too many notes.
    """
    article = locked(article.pk)
    version = current(article)
    if version.digest != token:
        raise Stale
    anchor = anchor_at(version.fields["body"], start)
    if anchor is None:
        raise ValidationError(_("Put the caret into a paragraph first."))
    _check_number(article)
    note = ParagraphNote.objects.create(article=article, by=by, text=text, words=anchor["words"])
    _anchor(version, note, anchor)
    telling.other_side(article, News.What.NOTE, by=by, text=_quoted(note))
    return note


@transaction.atomic
def answer(note: ParagraphNote, *, by, text: str) -> ParagraphNote:
    """Raises ValidationError if there are too many notes and answers."""
    article = locked(note.article_id)
    _check_number(article)
    given = ParagraphNote.objects.create(article=article, answers_to=note, by=by, text=text, words=note.words)
    telling.other_side(article, News.What.ANSWER, by=by, text=_quoted(given))
    return given


def _check_number(article: Article) -> None:
    if article.paragraph_notes.count() >= MOST_NOTES:
        raise ValidationError(_("There are %(count)s notes and answers. Delete some first.") % {"count": MOST_NOTES})


def resolve(note: ParagraphNote, *, by) -> None:
    ParagraphNote.objects.filter(pk=note.pk, resolved_at=None).update(resolved_at=timezone.now(), resolved_by=by)


def open_again(note: ParagraphNote, *, by) -> None:
    ParagraphNote.objects.filter(pk=note.pk).update(resolved_at=None, resolved_by=None)


@transaction.atomic
def remove(note: ParagraphNote, *, by) -> None:
    """Delete it with its answers."""
    version = current(locked(note.article_id))
    _anchor(version, note, None)
    note.delete()


def _anchor(version: Version, note: ParagraphNote, anchor: dict | None) -> None:
    anchors = {**(version.anchors or {}), str(note.pk): anchor}
    version.anchors = {key: value for key, value in anchors.items() if value} or None
    version.save(update_fields=["anchors"])


def _quoted(note: ParagraphNote) -> str:
    return f"“{note.words}”\n{note.text}"
