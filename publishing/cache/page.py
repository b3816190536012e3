"""A rendered public page: its headers, its body in several codings, and how long it is valid."""

import json
import time
from dataclasses import dataclass, field
from functools import cached_property
from zlib import crc32

from . import changes, encodings

# Headers and key count as this, so that many addresses of a small page are limited too.
OVERHEAD_BYTES = 4096
_OF_BODY = ("content-length", "content-type", "content-encoding")
# A shared cache soon revalidates a page that was served while it is rendered or the database is down.
STALE_CONTROL = "public, max-age=0, s-maxage=1"
# Among the names of a page whose forms are off, but for who passes during maintenance.
FORMS_OFF = "forms-off"


class Damaged(Exception):
    """Stored bytes are not a page."""


def shared_seconds(headers: dict[str, str]) -> int:
    """For how long a response with these headers may be cached; 0 for one that is private."""
    control = headers.get("cache-control", "")
    if not control.startswith("public") or "set-cookie" in headers:
        return 0
    if headers.get("vary", "Accept-Encoding").lower() != "accept-encoding":
        return 0
    for part in control.split(","):
        name, _, value = part.strip().partition("=")
        if name == "s-maxage" and value.isdigit():
            return int(value)
    return 0


@dataclass
class Page:
    """A page with status 200. Times are `time.monotonic()`; `number` is the last change before it was rendered."""

    headers: list[tuple[str, str]]
    bodies: dict[str, bytes]
    names: tuple[str, ...]
    number: int
    created: float
    expires: float
    # Whether its codings are as small as possible, or need not be.
    is_smallest: bool = False
    hits: int = 0
    # The bytes for which it counts in the store.
    counted: int = 0
    _answers: dict = field(default_factory=dict, repr=False)

    @property
    def size(self) -> int:
        return sum(map(len, self.bodies.values())) + OVERHEAD_BYTES

    @cached_property
    def _slots(self):
        return changes.slots_of(self.names)

    @cached_property
    def _withdrawal_slots(self):
        return changes.slots_of(map(changes.withdrawal_of, self.names))

    @cached_property
    def has_forms_off(self) -> bool:
        """Whether another one is rendered for who passes during maintenance."""
        return FORMS_OFF in self.names

    @cached_property
    def etag(self) -> str:
        """The opaque part of the entity tag, with its quotes."""
        return next((value for name, value in self.headers if name.lower() == "etag"), "").removeprefix("W/")

    def is_current(self, number: int) -> bool:
        """Whether nothing that it shows has changed, by the number of the last change."""
        if number == self.number:
            return True
        if number < self.number or changes.changed_since(self.number, self._slots):
            return False
        # Later comparisons are quicker.
        self.number = number
        return True

    def may_be_shown(self) -> bool:
        """Whether an old copy may be served: nothing on it was withdrawn, and nothing that is on every page changed."""
        return not changes.changed_since(self.number, self._withdrawal_slots)

    def has_answer(self, accepted: frozenset[str]) -> bool:
        """Whether `answer` compresses nothing."""
        return accepted in self._answers

    def drop_identity(self) -> None:
        """Drop the uncompressed body if there is a compressed one."""
        if len(self.bodies) > 1:
            self.bodies = {coding: body for coding, body in self.bodies.items() if coding != encodings.IDENTITY}

    def answer(self, accepted: frozenset[str], environ, age: int | None = None, *, is_stale=False):
        """Status, headers and body for a client that accepts these codings; 304 if it has the page."""
        if accepted not in self._answers:
            self._answers[accepted] = self._answer(accepted)
        headers, body = self._answers[accepted]
        if is_stale:
            headers = [(name, STALE_CONTROL if name == "Cache-Control" else value) for name, value in headers]
        if age is not None:
            # A shared cache subtracts the age from the lifetime.
            headers = [*headers, ("Age", str(age))]
        if self.etag and self.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            return "304 Not Modified", [row for row in headers if row[0].lower() not in _OF_BODY], b""
        return "200 OK", headers, b"" if environ["REQUEST_METHOD"] == "HEAD" else body

    def _answer(self, accepted):
        coding = self._coding_for(accepted)
        body, of_body = self.bodies[coding], [("Content-Length", str(len(self.bodies[coding])))]
        if coding:
            of_body += [("Content-Encoding", coding), *([("ETag", f"W/{self.etag}")] if self.etag else [])]
        left_out = {"content-length", *(["etag"] if coding else [])}
        return [*(row for row in self.headers if row[0].lower() not in left_out), *of_body], body

    def _coding_for(self, accepted):
        """The coding with the smallest body; it is made if there is none yet."""
        usable = [coding for coding in self.bodies if coding in accepted]
        if not usable:
            coding = next((coding for coding in encodings.QUICK if coding in accepted), encodings.IDENTITY)
            if coding and not self._is_compressible:
                coding = encodings.IDENTITY
            if coding not in self.bodies:
                body = self.body()
                self.bodies = self.bodies | {coding: encodings.QUICK[coding](body) if coding else body}
            return coding
        return min(usable, key=lambda coding: len(self.bodies[coding]))

    @cached_property
    def _is_compressible(self):
        content_type = next((value for name, value in self.headers if name.lower() == "content-type"), "")
        return encodings.is_text(content_type) and len(self.body()) >= encodings.FEWEST_BYTES

    def body(self) -> bytes:
        """The body without compression."""
        coding = encodings.IDENTITY if encodings.IDENTITY in self.bodies else next(iter(self.bodies))
        return encodings.decompress(self.bodies[coding], coding)

    def with_smallest(self, most_bytes: int) -> None:
        """Make the codings as small as possible for a body of at most `most_bytes`: 0.1 s of CPU for 50 kB."""
        body = self.body()
        if self._is_compressible and len(body) <= most_bytes:
            tries = {coding: compress(body) for coding, compress in encodings.SMALLEST.items()}
            # The highest level does not always give the smallest body.
            smaller = {coding: made for coding, made in tries.items() if len(made) < len(self.bodies.get(coding, body))}
            self.bodies = self.bodies | smaller
        self.is_smallest, self._answers = True, {}

    # --- as bytes ---

    def packed(self) -> bytes:
        """The page for a store outside of this process."""
        now, wall = time.monotonic(), time.time()
        facts = {
            "headers": self.headers,
            "names": self.names,
            "number": self.number,
            "created": wall - (now - self.created),
            "expires": wall + (self.expires - now),
            "is_smallest": self.is_smallest,
            "bodies": [(coding, len(body)) for coding, body in self.bodies.items()],
        }
        packed = json.dumps(facts).encode() + b"\n" + b"".join(self.bodies.values())
        return crc32(packed).to_bytes(4, "little") + packed

    @classmethod
    def unpacked(cls, data: bytes) -> "Page":
        """The page in these bytes. Raises Damaged, also for a page from the future: the clock was put back."""
        if crc32(memoryview(data)[4:]) != int.from_bytes(data[:4], "little"):
            raise Damaged
        end = data.index(b"\n", 4)
        facts = json.loads(data[4:end])
        bodies, start = {}, end + 1
        for coding, length in facts.pop("bodies"):
            bodies[coding] = bytes(data[start : start + length])
            start += length
        now, wall = time.monotonic(), time.time()
        age = wall - facts.pop("created")
        if age < -1:
            raise Damaged
        facts["headers"] = [tuple(row) for row in facts["headers"]]
        facts["names"] = tuple(facts["names"])
        expires = now + facts.pop("expires") - wall
        return cls(bodies=bodies, created=now - age, expires=expires, **facts)
