"""Prepares the pictures of posts, which takes long, and stores them, which does not."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self

from publishing.transfer.notes import Kind, Notes, Refused

from ...models import Image
from ...models.picture_files import MOST_BYTES, Encoded, digest_of
from ..options import Options
from ..records import Picture, Post, Reader
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

    body: str = ""
    # In a dry run one without a key, if it is not here yet.
    cover: Image | None = None
    is_dry: bool = False
    # By digest: those that are new, and those that were here.
    new: dict[str, Image] = field(default_factory=dict)
    known: dict[str, Image] = field(default_factory=dict)

    def stored(self) -> tuple[str, Image | None]:
        """Insert the rows; returns the text and the cover. Call it in a transaction: no file is written here.

        A dry run stores nothing, and its cover is one that was here before. Raises Refused if a picture was deleted
        since it was found here.
        """
        keys = {image.pk for image in self.known.values()}
        if keys and Image.objects.filter(pk__in=keys).count() < len(keys):
            raise Refused("a picture of it was deleted during the import; import it again")
        if not self.is_dry:
            for image in self.new.values():
                image.insert()
        return self.body, self.cover if self.cover and self.cover.pk else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind, *error) -> None:
        if self.is_dry or not self.new:
            return
        # After an error the database may not answer, and no row of this post stays.
        keys = [image.key for image in self.new.values()]
        kept = set() if kind else set(Image.objects.filter(key__in=keys).values_list("key", flat=True))
        for image in self.new.values():
            if image.key not in kept:
                image.discard_files()


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

    def __init__(self, reader: Reader, options: Options):
        self.finder, self.options, self._remote = Finder(reader, options), options, Remote()
        # Of a file or an address: the digest of its picture, or why there is none.
        self._digests: dict[Found | str, str] = {}
        self._reasons: dict[Found | str, str] = {}
        # Digests of those that a dry run would have stored.
        self._readable: set[str] = set()

    def get(self, address: str, post: Post, prepared: Prepared, picture: Picture, notes: Notes) -> Got:
        """The picture at an address of a post, encoded and with its files stored if it is new here.

        One of another host only if such are to be fetched.
        """
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
        is_own = self.finder.own(address, post) is not None
        return Got(reason="not in the source" if is_own else "", url=url)

    def url(self, address: str, post: Post) -> str:
        """Where it is on the web; empty if that is not known."""
        is_whole = address.lower().startswith(("http://", "https://", "//"))
        return address if is_whole else self.finder.absolute(address, post)

    def _image(
        self, source: Found | str, name: str, prepared: Prepared, picture: Picture, notes: Notes, data=None
    ) -> Image:
        """Raises Refused if it cannot be read."""
        if source in self._reasons:
            raise Refused(self._reasons[source])
        if known := self._known(self._digests.get(source, ""), prepared):
            return known
        try:
            if data is None:
                data = self._remote.fetch(source) if isinstance(source, str) else source.read(MOST_BYTES)
            file = reading.taken(data, name)
            digest = self._digests[source] = digest_of(file)
            if known := self._known(digest, prepared):
                return known
            encoded = reading.encoded(file)
        except Refused as error:
            self._reasons[source] = str(error)
            raise
        return self._new(digest, encoded, prepared, picture, notes)

    def _new(self, digest: str, encoded: Encoded, prepared: Prepared, picture: Picture, notes: Notes) -> Image:
        if len(picture.alt) > _ALT_LENGTH:
            notes.add(Kind.PICTURE, f"alternative text cut to {_ALT_LENGTH} characters: {picture.alt[:60]}…")
        if prepared.is_dry:
            self._readable.add(digest)
            image = _not_stored(digest)
            prepared.new[digest] = image
            return image
        alt, caption = reading.line(picture.alt, _ALT_LENGTH), reading.line(picture.caption, _CAPTION_LENGTH)
        # Known before its files are there, so that they go if this is where it ends.
        image = prepared.new[digest] = Image(file=encoded, alt=alt, caption=caption)
        image.store_files()
        return image

    def _known(self, digest: str, prepared: Prepared) -> Image | None:
        """The picture with this digest, if it need not be encoded."""
        if not digest:
            return None
        known = prepared.new.get(digest) or prepared.known.get(digest)
        if not known and (known := Image.objects.filter(digest=digest).first()):
            prepared.known[digest] = known
        if not known and digest in self._readable:
            known = _not_stored(digest)
        return known


def _not_stored(digest: str) -> Image:
    """What stands for a picture in a dry run: its address is as long as it would be."""
    image = Image(digest=digest)
    image.__dict__["file"] = f"{digest[:32]}.webp"
    return image
