"""Comments in a Disqus export: https://help.disqus.com/en/articles/1717164-comments-export."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

from ..models import Status
from . import xml_files
from .html_to_text import plain_name, plain_text
from .importer import BadEntry, Entry, or_bad_entry, parse_moment, slugs_of

SOURCE = "disqus"
_ID = "{http://disqus.com/disqus-internals}id"


def entries(path: Path) -> Iterator[Entry | BadEntry]:
    """The posts, in the order of the file. Holds the addresses of all threads, which come before the posts."""
    threads, number = {}, 0
    for element, _ in xml_files.pieces(path, 1):
        name = xml_files.local(element)
        if name == "thread":
            addresses = [xml_files.child_text(element, field) for field in ("link", "id")]
            threads[element.get(_ID, "")] = tuple(slug for address in addresses for slug in slugs_of(address))
        elif name == "post":
            number += 1
            yield _entry(number, threads, element)


@or_bad_entry
def _entry(number, threads, post):
    author = _child(post, "author")
    return Entry(
        number=number,
        slugs=threads.get(_reference(post, "thread"), ()),
        name=plain_name(xml_files.child_text(author, "name") if author is not None else ""),
        body=plain_text(xml_files.child_text(post, "message")),
        created_at=parse_moment(xml_files.child_text(post, "createdAt"), UTC),
        status=_state(post),
        source=SOURCE,
        id=post.get(_ID, ""),
        parent=_reference(post, "parent"),
    )


def _child(element, name):
    return next((child for child in element if xml_files.local(child) == name), None)


def _reference(post, name):
    found = _child(post, name)
    return found.get(_ID, "") if found is not None else ""


def _state(post):
    """Removed, spam, or approved; where the export says so, waiting."""
    said = {name: xml_files.child_text(post, name).lower() for name in ("isDeleted", "isSpam", "isApproved")}
    if said["isSpam"] == "true":
        return Status.SPAM
    if said["isDeleted"] == "true":
        return Status.REMOVED
    return Status.PENDING if said["isApproved"] == "false" else Status.APPROVED
