"""Prepares the pictures of posts, which takes long, and stores them, which does not."""

from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self

from django.db import DatabaseError
from django.utils.translation import gettext as _

from publishing.transfer.notes import Kind, Notes, Refused

from ...models import Image, Recording
from ...models.picture_files import MOST_BYTES, Encoded, digest_of
from ..options import Options
from ..records import Picture, Post
from . import reading
from .finding import Finder, Found
from .remote import Remote

_ALT_LENGTH = Image._meta.get_field("alt").max_length
_CAPTION_LENGTH = Image._meta.get_field("caption").max_length


@dataclass
class Prepared:
    """A post's text with the new addresses of its pictures, and their rows to come, whose files are stored.

    Use it as a context manager around the transaction that stores the post: files without a row at its end are
    deleted, whatever ended it.
    """

    pictures: "Pictures"
    body: str = ""
    # In a dry run one without a key, if it is not here yet.
    cover: Image | None = None
    # By digest: those that are new, and those that were here; audio and video, too.
    new: dict[str, Image | Recording] = field(default_factory=dict)
    known: dict[str, Image | Recording] = field(default_factory=dict)

    def stored(self) -> tuple[str, Image | None]:
        """Insert the rows; returns the text and the cover. Call it in a transaction: no file is written here.

        If that is rolled back, call it again in the next one. A dry run stores nothing, and its cover is one that was
        here before. Raises Refused if a picture was deleted since it was found here.
        """
        for model, message in self._gone():
            keys = {row.pk for row in self.known.values() if isinstance(row, model)}
            if keys and model.objects.filter(pk__in=keys).count() < len(keys):
                raise Refused(message)
        if self.new and not self.pictures.options.dry_run:
            # Posts of one transaction may have the same pictures.
            there = self._there()
            for row in self.new.values():
                row.pk = there.get(row.key)
                if row.pk is None:
                    row.insert()
        return self.body, self.cover if self.cover and self.cover.pk else None

    @staticmethod
    def _gone() -> list[tuple[type[Image | Recording], str]]:
        """What is told of each model if a row has gone."""
        return [
            (Image, _("a picture of it was deleted during the import; import it again")),
            (Recording, _("an audio or video file of it was deleted during the import; import it again")),
        ]

    def _there(self) -> dict[str, int]:
        """Of the new ones, the primary keys of those whose rows are stored, by their keys."""
        there = {}
        for model in (Image, Recording):
            if keys := [row.key for row in self.new.values() if isinstance(row, model)]:
                there |= model.objects.filter(key__in=keys).values_list("key", "pk")
        return there

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error) -> None:
        released = self.pictures.release(self)
        # If the database does not answer, nobody knows which of them are shown.
        with suppress(DatabaseError):
            kept = self._there() if released else {}
            for row in released:
                if row.key not in kept:
                    row.discard_files()


@dataclass(frozen=True)
class Got:
    """What there is at an address: a picture, or `reason` why there is none, or, on the web, one that was not got.

    `url` is where it still is on the web, if that is known.
    """

    image: Image | None = None
    reason: str = ""
    url: str = ""


class Pictures:
    """The pictures of the posts of one run. It keeps what it knows of each file, never its bytes."""

    def __init__(self, finder: Finder, options: Options):
        self.finder, self.options, self._remote = finder, options, Remote()
        # New ones by digest, with the posts on their way that use them.
        self._pending: dict[str, tuple[Image | Recording, list[Prepared]]] = {}
        # Of a file or an address: the digest of its picture, or why there is none.
        self.digests: dict[Found | str, str] = {}
        self._reasons: dict[Found | str, str] = {}
        # What a dry run would have stored, by digest; and the digests of pictures of several frames.
        self._readable: dict[str, Image | Recording] = {}
        self._moving: set[str] = set()

    def get(self, address: str, post: Post, prepared: Prepared, picture: Picture, notes: Notes) -> Got:
        """The picture at an address of a post, encoded and with its files stored if it is new here.

        One of another host only if such are to be fetched.
        """
        got = self._get(address, post, prepared, picture, notes)
        if got.image and got.image.digest in self._moving:
            notes.lose(
                Kind.PICTURE, _("%(address)s moves; only its first picture is shown") % {"address": address[:200]}
            )
        return got

    def _get(self, address: str, post: Post, prepared: Prepared, picture: Picture, notes: Notes) -> Got:
        try:
            if (data := reading.of_data_address(address)) is not None:
                return Got(self._image(sha256(data).hexdigest(), "picture", prepared, picture, notes, data))
            if found := self.finder.find(address, post):
                return Got(self._image(found, found.name, prepared, picture, notes))
        except Refused as error:
            return Got(reason=str(error))
        url = self.url(address, post)
        if url and self.options.fetch:
            try:
                return Got(self._image(url, url.partition("?")[0], prepared, picture, notes), url=url)
            except Refused as error:
                return Got(reason=str(error), url=url)
        # A whole address is none of a file of the source, whichever host it has.
        return Got(reason="" if _is_whole(address) else _("not in the source"), url=url)

    def url(self, address: str, post: Post) -> str:
        """Where it is on the web; empty if that is not known."""
        return address if _is_whole(address) else self.finder.absolute(address, post)

    def _image(
        self, source: Found | str, name: str, prepared: Prepared, picture: Picture, notes: Notes, data=None
    ) -> Image:
        """Raises Refused if it cannot be read."""
        if source in self._reasons:
            raise Refused(self._reasons[source])
        if known := self.known(self.digests.get(source, ""), prepared):
            return known
        try:
            if data is None:
                data = self._remote.fetch(source) if isinstance(source, str) else source.read(MOST_BYTES)
            file = reading.taken(data, name)
            digest = self.digests[source] = digest_of(file)
            if known := self.known(digest, prepared):
                return known
            encoded = reading.encoded(file)
        except Refused as error:
            self._reasons[source] = str(error)
            raise
        return self._new(digest, encoded, prepared, picture, notes)

    def _new(self, digest: str, encoded: Encoded, prepared: Prepared, picture: Picture, notes: Notes) -> Image:
        if encoded.moves:
            self._moving.add(digest)
        if len(picture.alt) > _ALT_LENGTH:
            notes.add(
                Kind.PICTURE,
                _("alternative text cut to %(most)s characters: %(alt)s…")
                % {"most": _ALT_LENGTH, "alt": picture.alt[:60]},
            )
        alt, caption = reading.line(picture.alt, _ALT_LENGTH), reading.line(picture.caption, _CAPTION_LENGTH)
        return self.keep(Image(file=encoded, alt=alt, caption=caption), digest, "webp", prepared)

    def keep(self, row: Image | Recording, digest: str, suffix: str, prepared: Prepared) -> Image | Recording:
        """Store the files of a new row; in a dry run, what stands for it."""
        if self.options.dry_run:
            self._readable[digest] = _not_stored(type(row), digest, suffix)
            return self._readable[digest]
        # Known before its files are there, so that they go if this is where it ends.
        prepared.new[digest] = row
        self._pending[digest] = row, [prepared]
        row.store_files()
        return row

    def release(self, prepared: Prepared) -> list[Image | Recording]:
        """The new pictures of a post that is stored, or will not be, and of no other on its way."""
        released = []
        for digest, row in prepared.new.items():
            users = self._pending[digest][1]
            users[:] = [user for user in users if user is not prepared]
            if not users:
                del self._pending[digest]
                released.append(row)
        return released

    def known(self, digest: str, prepared: Prepared, model=Image) -> Image | Recording | None:
        """The row of a model with this digest, if its files need not be made."""
        if not digest:
            return None
        if known := prepared.new.get(digest) or prepared.known.get(digest):
            return known
        if digest in self._pending:
            row, users = self._pending[digest]
            users.append(prepared)
            prepared.new[digest] = row
            return row
        if known := model.objects.filter(digest=digest).first():
            prepared.known[digest] = known
        return known or self._readable.get(digest)


def _is_whole(address: str) -> bool:
    return address.lower().startswith(("http://", "https://", "//"))


def _not_stored(model: type[Image | Recording], digest: str, suffix: str) -> Image | Recording:
    """What stands for a row in a dry run: its address is as long as it would be."""
    row = model(digest=digest)
    row.__dict__["file"] = f"{digest[:32]}.{suffix}"
    return row
