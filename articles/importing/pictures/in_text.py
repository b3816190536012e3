"""The pictures of one post's text, and what is told of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publishing.transfer.notes import Kind, Notes

from .. import references
from ..records import Picture, Post
from ..references import Form, Reference, References
from . import reading, recordings, writing
from .preparing import Got, Pictures, Prepared
from .writing import Edit


def prepare(pictures: Pictures, post: Post, body: str, cover: Picture | None, notes: Notes) -> Prepared:
    """Find, read, encode and write the pictures of a post. A large one takes a second: call it outside of transactions.

    A picture that cannot be had is left out with a note, and its alternative text stays. A dry run stores no file and
    adds the same notes.
    """
    prepared = Prepared(pictures, body)
    try:
        _Text(pictures, post, prepared, notes).prepare(cover)
    except BaseException as error:
        prepared.__exit__(type(error))
        raise
    return prepared


@dataclass
class _Text:
    pictures: Pictures
    post: Post
    prepared: Prepared
    notes: Notes
    _got: dict[Reference, Got] = field(default_factory=dict)
    # Addresses that were told of.
    _told: set[str] = field(default_factory=set)
    _elsewhere: set[str] = field(default_factory=set)

    def prepare(self, cover: Picture | None) -> None:
        if cover and cover.address:
            got = self._get([cover.address], cover)
            self.prepared.cover = got.image
            if not got.image and not got.reason:
                # It cannot be a link.
                self.post.on_web += 1
                self.post.extra.setdefault("cover", cover.address)
                words = _("%(address)s: the cover is of the web: its address is kept in “extra”; --fetch gets it")
                self.notes.add(Kind.PICTURE, words % {"address": cover.address[:200]})
            elif not got.image:
                self._tell(cover.address, got, is_cover=True)
        found = references.read(self.prepared.body)
        self.prepared.body = references.changed(found.text, list(self._edits(found)))
        if number := len(self._elsewhere):
            self.post.on_web += number
            words = ngettext(
                "%(number)s picture of the web is a link; --fetch gets such pictures",
                "%(number)s pictures of the web are links; --fetch gets such pictures",
                number,
            )
            self.notes.add(Kind.PICTURE, words % {"number": number})

    def _edits(self, found: References) -> Iterator[Edit]:
        """What changes in the text."""
        played = recordings.InText(self.pictures, self.post, self.prepared, found)
        changes = played.edits()
        for reference in found.found:
            if reference in changes:
                yield from changes[reference]
            elif reference.is_picture:
                picture = Picture(reference.address, writing.plain(reference.words), reference.title)
                self._got[reference] = self._get(reference.addresses, picture)
            elif self._leads_to_picture(reference):
                picture = Picture(reference.address, "" if reference.inner else writing.plain(reference.words))
                self._got[reference] = self._get([reference.address], picture)
        dropped, edit = self._repeated_cover(found)
        if edit:
            yield edit
        definitions = played.definitions
        for reference in found.found:
            got = self._got.get(reference)
            if got and got.image and reference.label:
                definitions[reference.label] = got.image.file.url
            if reference not in dropped and reference not in changes:
                yield from self._picture(reference, got) if reference.is_picture else self._link(reference, got)
        for label, url in definitions.items():
            definition = found.definitions[label]
            yield *definition.at, references.written(url, definition)

    def _leads_to_picture(self, link: Reference) -> bool:
        """Whether a link leads to a picture of the source."""
        is_picture = reading.is_picture(link.address) and link.form not in (Form.BARE, Form.AUTOLINK)
        return is_picture and self.pictures.finder.find(link.address, self.post) is not None

    def _repeated_cover(self, found: References) -> tuple[set[Reference], Edit | None]:
        """The references at the start of a text that show the cover again, and what takes them away."""
        first = next((picture for picture in found.pictures if picture in self._got), None)
        cover = self.prepared.cover
        if not cover or not first or not self._got[first].image or self._got[first].image.digest != cover.digest:
            return set(), None
        edit = writing.without_first(found, first)
        around = {link for link in found.found if first in link.inner}
        return ({first, *around} if edit else set()), edit

    def _picture(self, reference: Reference, got: Got) -> Iterator[Edit]:
        if got.image:
            yield from writing.shown(reference, got.image)
            return
        self._tell(reference.address, got)
        yield from writing.left_on_web(reference, got.url) if got.url else writing.as_words(reference)

    def _link(self, link: Reference, got: Got | None) -> Iterator[Edit]:
        pictures = [inner for inner in link.inner if inner.is_picture and inner in self._got]
        if len(pictures) == 1 and reading.is_picture(link.address) and self._is_same(link, got, pictures[0]):
            yield from writing.unlinked(link, pictures[0])
        elif got and got.image and link.at:
            yield *link.at, references.written(got.image.file.url, link)
        elif got:
            self._tell(link.address, got)

    def _is_same(self, link: Reference, got: Got | None, picture: Reference) -> bool:
        """Whether a link around a picture leads to the same one, or another size of it."""
        if any(writing.is_variant(address, link.address) for address in picture.addresses):
            return True
        shown = self._got[picture].image
        return bool(got and got.image and shown and got.image.digest == shown.digest)

    def _get(self, addresses: list[str], picture: Picture) -> Got:
        """The picture at the first of several addresses that has one, else what is known of the first."""
        first = None
        for address in addresses:
            got = self.pictures.get(address, self.post, self.prepared, picture, self.notes)
            if got.image:
                self.pictures.finder.ours.add(got.image.file.url)
                return got
            first = first if first and first.reason else got
        return first or Got(reason=_("it has no address"))

    def _tell(self, address: str, got: Got, *, is_cover: bool = False) -> None:
        """Once for each address."""
        if not got.reason:
            self._elsewhere.add(address)
        elif address not in self._told:
            self._told.add(address)
            words = "%(address)s: %(reason)s"
            if is_cover:
                words = _("%(address)s: %(reason)s; it was the cover")
            elif got.url:
                words = _("%(address)s: %(reason)s; a link to it stays")
            self.notes.lose(Kind.PICTURE, words % {"address": address[:200], "reason": got.reason})
