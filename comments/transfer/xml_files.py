"""XML from elsewhere, read piece by piece: a file of any size, without entities that could expand or load others.

Raises `Unreadable` for a file that is not well-formed, or declares a document type or entities.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree.ElementTree import Element  # noqa: S405 - only its name; defusedxml reads

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from .importer import Unreadable


@contextmanager
def _events(path, *names):
    """The events of the file's parser; its errors are raised as `Unreadable`."""
    try:
        with path.open("rb") as stream:
            yield iterparse(stream, events=names, forbid_dtd=True)
    except DefusedXmlException as error:
        raise Unreadable("it declares a document type or entities, which are not allowed") from error
    except ParseError as error:
        raise Unreadable(f"it is not well-formed XML: {error}") from error
    except (OSError, LookupError, ValueError) as error:
        raise Unreadable(str(error)) from error


def pieces(path: Path, depth: int) -> Iterator[tuple[Element, Element]]:
    """The elements `depth` levels below the root, in order, each with its parent, and cleared after that."""
    above = []
    with _events(path, "start", "end") as events:
        for event, element in events:
            if event == "start":
                above.append(element)
                continue
            above.pop()
            if len(above) == depth:
                yield element, above[-1]
            if 0 < len(above) <= depth:
                above[-1].clear()


def root_name(path: Path) -> str:
    """The local name of the root. Reads no further than that."""
    with _events(path, "start") as events:
        return local(next(events)[1])


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def child_text(element: Element, name: str) -> str:
    """The text of the first child called `name`, in whatever namespace; "" if there is none."""
    return element.findtext(f"{{*}}{name}", "").strip()
