"""The rows of an export, one in memory: its JSON is read in pieces."""

import json
import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.formats import number_format
from django.utils.translation import gettext

from publishing.transfer.notes import Refused

_PIECE = 256 * 1024
# One row: a post has its text in three forms.
_LONGEST = 32 * 1024 * 1024
_SPACE = re.compile(r"[ \t\r\n]*")
# Objects with tables, and lists of such.
_AROUND = frozenset({"db", "data"})


class Rows:
    """Iterates over pairs of a table's name and a row, in the order of the file.

    Raises Refused where the JSON is damaged, ends, or nests too deep.
    """

    def __init__(self, stream: BinaryIO):
        self._stream, self._decode = stream, getincrementaldecoder("utf-8-sig")("replace").decode
        self._text, self._at, self._has_ended, self._offset = "", 0, False, 0
        self._json = json.JSONDecoder(strict=False)

    def __iter__(self) -> Iterator[tuple[str, dict]]:
        if self._next() != "{":
            raise self._damage(gettext("no object of JSON"))
        yield from self._object()

    def _object(self, depth: int = 0) -> Iterator[tuple[str, dict]]:
        if depth > 4:
            raise Refused(gettext("the JSON is nested too deeply"))
        for _ in self._items("}"):
            key = self._value()
            self._expect(":")
            start = self._next()
            if key in _AROUND and start == "{":
                yield from self._object(depth + 1)
            elif start == "[":
                yield from self._list(key, depth)
            else:
                row = self._value()
                if isinstance(row, dict):
                    yield str(key), row

    def _list(self, key: str, depth: int) -> Iterator[tuple[str, dict]]:
        for _ in self._items("]"):
            if key in _AROUND and self._next() == "{":
                yield from self._object(depth + 1)
                continue
            row = self._value()
            if isinstance(row, dict):
                yield str(key), row

    def _items(self, end: str) -> Iterator[None]:
        """Stops before each item of the object or list that begins here, and goes past its end."""
        self._at += 1
        if self._next() == end:
            self._at += 1
            return
        while True:
            yield
            sign = self._next()
            self._at += 1
            if sign == end:
                return
            if sign != ",":
                raise self._damage(gettext("a comma or %(end)s is missing") % {"end": end})

    def _next(self) -> str:
        """The next sign that is no space."""
        while True:
            self._at = _SPACE.match(self._text, self._at).end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._fill():
                raise Refused(gettext("the JSON ends in the middle"))

    def _expect(self, sign: str) -> None:
        if self._next() != sign:
            raise self._damage(gettext("%(sign)s is missing") % {"sign": sign})
        self._at += 1

    def _value(self):
        self._next()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except RecursionError as error:
                raise Refused(gettext("the JSON is nested too deeply")) from error
            except json.JSONDecodeError as error:
                if len(self._text) - self._at > _LONGEST:
                    raise Refused(gettext("an entry of the JSON is too long, or damaged")) from error
                if not self._fill():
                    raise self._damage(error.msg) from error
                continue
            # A number may go on in the next piece.
            if end < len(self._text) or not self._fill():
                self._at = end
                return value

    def _fill(self) -> bool:
        """Read on: twice as much each time, for a long value."""
        if self._has_ended:
            return False
        rest = self._text[self._at :]
        self._offset += self._at
        data = self._stream.read(max(_PIECE, len(rest)))
        self._has_ended = not data
        self._text, self._at = rest + self._decode(data, final=not data), 0
        return not self._has_ended

    def _damage(self, what: str) -> Refused:
        if self._has_ended and self._at >= len(self._text) - 1:
            return Refused(gettext("the JSON ends in the middle"))
        return Refused(
            gettext("the JSON is damaged at character %(offset)s: %(what)s")
            % {"offset": number_format(self._offset + self._at, force_grouping=True), "what": what}
        )
