"""The tags of HTML in a Markdown text that name addresses. Reads each tag once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

_VALUE = r"\"[^\"]{0,20000}+\"|'[^']{0,20000}+'"
_TAG = re.compile(rf"<(?P<end>/?)(?P<name>[a-zA-Z][\w-]{{0,30}})(?P<rest>(?:[^<>\"']++|{_VALUE})*+)>")
_ATTRIBUTE = re.compile(r"""([^\s=>/"']++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?+""")
_RAW = {name: re.compile(rf"</{name}\b", re.IGNORECASE) for name in ("script", "style", "textarea")}
_URL = re.compile(r"url\(\s*(?:\"([^\"]{1,2000})\"|'([^']{1,2000})'|([^)\"']{1,2000}))\s*\)", re.IGNORECASE)
_CANDIDATE = re.compile(r"\s*([^\s,]\S*[^\s,]|[^\s,])(?:\s+([\d.]+)([wx]))?\s*(?:,|$)")
# Where scripts that load pictures late keep their addresses.
_LATE = ("data-src", "data-lazy-src", "data-original", "data-orig-file", "data-full-url")
_NAMED = {"a": "href", "video": "src", "audio": "src", "source": "src", "embed": "src", "object": "data"}


@dataclass
class Named:
    """What a tag names; its fields are those of a Reference."""

    is_picture: bool
    start: int
    end: int
    addresses: list[str]
    at: tuple[int, int] | None = None
    words: str = ""
    title: str = ""
    is_style: bool = False
    # It is the whole of an element, of which a part was told before.
    replaces_last: bool = False


def match(text: str, start: int, end: int) -> re.Match | None:
    """The tag that starts there."""
    return _TAG.match(text, start, end)


def end_of_raw(text: str, tag: re.Match, end: int) -> int:
    """Where HTML goes on behind a tag: that of a script, behind its text."""
    name = not tag["end"] and tag["name"].lower()
    closing = name in _RAW and _RAW[name].search(text, tag.end(), end)
    return closing.start() if closing else tag.end()


@dataclass
class Tags:
    """Reads the tags of a range in their order."""

    text: str
    in_link: bool = False
    # Once no comment of the range ends any more, none is looked for.
    _ends_no_comment: bool = False
    # Of the open <picture>: where it starts, its sources, and the <img> in it.
    _picture: int | None = None
    _sources: list[tuple[float, str]] = field(default_factory=list)
    _image: Named | None = None

    def end_of_comment(self, start: int, end: int) -> int:
        """Where the comment that starts there ends; 0 if it does not."""
        place = -1 if self._ends_no_comment else self.text.find("-->", start + 4, end)
        self._ends_no_comment = place < 0
        return place + 3 if place >= 0 else 0

    def read(self, tag: re.Match) -> Iterator[Named]:
        name = tag["name"].lower()
        if name == "a":
            self.in_link = not tag["end"]
        if tag["end"]:
            if name == "picture" and self._picture is not None:
                yield from self._whole(tag.end())
            return
        values, places = _attributes(tag)
        if name == "picture":
            self._picture, self._sources, self._image = tag.start(), [], None
        elif name == "img":
            yield self._img(tag, values)
        elif name == "source" and self._picture is not None:
            self._sources += _candidates(values.get("srcset", ""))
        elif values.get(_NAMED.get(name, "")):
            attribute = _NAMED[name]
            yield Named(False, *tag.span(), [values[attribute].strip()], places[attribute])
        if "url(" in values.get("style", "") and (url := _URL.search(values["style"])):
            words = values.get("aria-label") or values.get("title") or ""
            address = next(filter(None, url.groups()))
            yield Named(True, tag.end(), tag.end(), [address.strip()], None, words, is_style=True)

    def _img(self, tag: re.Match, values: dict[str, str]) -> Named:
        several = sorted(_candidates(values.get("srcset") or values.get("data-srcset", "")), reverse=True)
        late = [values[name] for name in _LATE if values.get(name)]
        source = [values["src"]] if values.get("src") and not (late and values["src"].startswith("data:")) else []
        addresses = [address for size, address in several if size] + late + source
        words, title = values.get("alt", ""), values.get("title", "")
        named = Named(True, *tag.span(), _distinct(addresses), None, words, title)
        if self._picture is not None:
            self._image = named
        return named

    def _whole(self, end: int) -> Iterator[Named]:
        """The <picture> that ends there."""
        start, image, self._picture = self._picture, self._image, None
        sized = [address for size, address in sorted(self._sources, reverse=True) if size]
        others = [address for size, address in self._sources if not size]
        if image or sized or others:
            told = image.addresses if image else []
            words, title = (image.words, image.title) if image else ("", "")
            yield Named(
                True, start, end, _distinct([*sized, *told, *others]), None, words, title, replaces_last=bool(image)
            )


def _attributes(tag: re.Match) -> tuple[dict[str, str], dict[str, tuple[int, int]]]:
    """The first value of each attribute, and where it stands in the text."""
    values, places = {}, {}
    for found in _ATTRIBUTE.finditer(tag.string, *tag.span("rest")):
        name, group = found[1].lower(), next((n for n in (2, 3, 4) if found[n] is not None), 0)
        if name not in values:
            values[name] = unescape(found[group]) if group else ""
            places[name] = found.span(group)
    return values, places


def _candidates(srcset: str) -> list[tuple[float, str]]:
    """Sizes and addresses; those without a size have 0."""
    found = []
    for address, size, unit in _CANDIDATE.findall(srcset[:20_000]):
        try:
            found.append((float(size or 0) * (1000 if unit == "x" else 1), address))
        except ValueError:
            found.append((0, address))
    return found


def _distinct(addresses: list[str]) -> list[str]:
    return list(dict.fromkeys(address.strip() for address in addresses if address.strip()))
