"""Comments in a Disqus export: https://help.disqus.com/en/articles/1717164-comments-export."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

from ..models import Status
from . import xml_files
from .html_to_text import plain_name, plain_text
from .importer import Entry, parse_moment, slugs_of

_ID = "{http://disqus.com/disqus-internals}id"


def records(path: Path) -> Iterator[tuple]:
    """The posts, each with the slugs of its thread. Keeps those of all threads in memory."""
    threads = {}
    for element, _ in xml_files.pieces(path, 1):
        name = xml_files.local(element)
        if name == "thread":
            addresses = [xml_files.child_text(element, field) for field in ("link", "id")]
            threads[element.get(_ID, "")] = tuple(slug for address in addresses for slug in slugs_of(address))
        elif name == "post":
            yield threads.get(_reference(element, "thread"), ()), element


def entry(record) -> Entry:
    slugs, post = record
    return Entry(
        slugs=slugs,
        name=plain_name(xml_files.child_text(post, "author/{*}name")),
        body=plain_text(xml_files.child_text(post, "message")),
        created_at=parse_moment(xml_files.child_text(post, "createdAt"), UTC),
        status=_status(post),
        source="disqus",
        id=post.get(_ID, ""),
        parent=_reference(post, "parent"),
    )


def _reference(post, name):
    child = post.find(f"{{*}}{name}")
    return "" if child is None else child.get(_ID, "")


def _status(post):
    """Spam, removed, or approved; where the export says so, waiting."""
    spam, deleted, approved = (
        xml_files.child_text(post, name).lower() for name in ("isSpam", "isDeleted", "isApproved")
    )
    if spam == "true":
        return Status.SPAM
    if deleted == "true":
        return Status.REMOVED
    return Status.PENDING if approved == "false" else Status.APPROVED
