"""Comments in a Disqus export: https://help.disqus.com/en/articles/1717164-comments-export."""

from collections.abc import Callable, Iterator
from datetime import UTC

from publishing.transfer import xml
from publishing.transfer.files import Files

from ..models import Status
from .importer import Entry, parse_moment

_ID = "{http://disqus.com/disqus-internals}id"


def records(files: Files, name: str, tell: Callable[[str], None]) -> Iterator[tuple]:
    """The posts, each with the addresses of its thread, and whether its account made a thread, as those of the site do.

    Keeps the threads in memory. Raises Refused where the file breaks off.
    """
    threads, moderators = {}, set()
    with files.open(name) as file:
        source = xml.Xml(file)
        try:
            for element, _ in xml.pieces(source, 1):
                kind = xml.local(element)
                if kind == "thread":
                    threads[element.get(_ID, "")] = _addresses(element)
                    moderators.add(_account(element))
                elif kind == "post":
                    is_moderator = _account(element) in moderators - {""}
                    yield threads.get(_reference(element, "thread"), ()), element, is_moderator
        finally:
            for fault in source.faults:
                tell(fault)


def _addresses(thread) -> tuple[str, ...]:
    """Its link, and what the site named it by: an address, "7 https://…/?p=7", or the last part of one."""
    link, *words = xml.child_text(thread, "link"), *xml.child_text(thread, "id").split()
    return tuple(dict.fromkeys(filter(None, [link, *words[-1:]])))


def _account(element) -> str:
    """The account of the writer; "" for one without."""
    is_anonymous = xml.child_text(element, "author/{*}isAnonymous").lower() != "false"
    return "" if is_anonymous else xml.child_text(element, "author/{*}username")


def entry(record) -> Entry:
    addresses, post, is_moderator = record
    spam, deleted, approved = (xml.child_text(post, name).lower() for name in ("isSpam", "isDeleted", "isApproved"))
    return Entry(
        slugs=(),
        addresses=addresses,
        name=xml.child_text(post, "author/{*}name"),
        body=post.findtext("{*}message", ""),
        html="html",
        created_at=parse_moment(xml.child_text(post, "createdAt"), UTC),
        # Waiting only where the export says so.
        status=Status.PENDING if approved == "false" else Status.APPROVED,
        is_gone="true" in (spam, deleted),
        is_editorial=is_moderator,
        source="disqus",
        id=post.get(_ID, ""),
        parent=_reference(post, "parent"),
    )


def _reference(post, name):
    child = post.find(f"{{*}}{name}")
    return "" if child is None else child.get(_ID, "")
