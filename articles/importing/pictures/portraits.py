"""Faces of the authors of a source."""

from django.db import transaction
from django.utils.translation import gettext as _

from publishing.text import languages
from publishing.transfer.notes import Kind, Notes

from ...models import Author
from ..records import Person, Picture, Post
from .preparing import Pictures, Prepared


def give(author: Author, person: Person, pictures: Pictures) -> Notes:
    """Give an author without a picture the one that the source has, in a transaction; a dry run only tells."""
    notes = Notes()
    is_dry = pictures.options.dry_run
    if author.picture_id or not person.picture or (author.pk is None and not is_dry):
        return notes
    prepared = Prepared(pictures)
    with prepared:
        # Its address is relative to the source.
        nowhere = Post(key=person.name, digest="", path="")
        with languages.of_the_site():
            # Translators: for readers.
            portrait = Picture(person.picture, _("Portrait of %(name)s") % {"name": person.name})
        got = pictures.get(person.picture, nowhere, prepared, portrait, notes)
        if not got.image:
            reason = got.reason or _("not fetched; --fetch does")
            words = _("%(address)s: %(reason)s; it was the portrait")
            notes.lose(Kind.PICTURE, words % {"address": person.picture[:200], "reason": reason})
        elif not is_dry:
            prepared.cover = got.image
            with transaction.atomic():
                author.picture = prepared.stored()[1]
                author.save()
    return notes
