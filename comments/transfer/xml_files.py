"""XML from elsewhere, read piece by piece: a file of any size, nothing in it that could expand or reach out."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree.ElementTree import Element  # noqa: S405 - only its name; defusedxml reads

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse


class Unreadable(Exception):
    """The file as a whole cannot be taken in; the message says why."""


@contextmanager
def _told_in_words():
    try:
        yield
    except DefusedXmlException as error:
        raise Unreadable(
            "it declares a document type or entities, which no export needs and which can be made to do harm"
        ) from error
    except ParseError as error:
        raise Unreadable(f"it is not well-formed XML: {error}") from error
    except (OSError, LookupError, ValueError) as error:
        raise Unreadable(str(error)) from error


def pieces(path: Path, depth: int) -> Iterator[tuple[Element, Element]]:
    """The elements `depth` levels below the root, in order, each with the one it stands in, and forgotten after that.

    Raises `Unreadable` for what is not well-formed, or declares a document type or entities.
    """
    above = []
    with _told_in_words(), path.open("rb") as stream:
        for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                above.append(element)
                continue
            above.pop()
            if len(above) == depth:
                yield element, above[-1]
            if 0 < len(above) <= depth:
                above[-1].clear()


def root_name(path: Path) -> str:
    """The local name of the outermost element. Reads no further than that, and raises `Unreadable` as `pieces`."""
    with _told_in_words(), path.open("rb") as stream:
        for _, root in iterparse(stream, events=("start",), forbid_dtd=True):
            return local(root)
    return ""


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return re.sub(r"^\{[^}]*\}", "", element.tag)


def child_text(element: Element, name: str) -> str:
    """The text of the first child called `name`, in whatever namespace; "" if there is none."""
    return next(((child.text or "").strip() for child in element if local(child) == name), "")
