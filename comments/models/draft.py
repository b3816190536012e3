"""A comment before it is stored, and who sent it."""

from dataclasses import dataclass

from . import Comment, CommentKind


@dataclass(frozen=True)
class Draft:
    """The cleaned fields of the form."""

    name: str
    body: str
    kind: str = CommentKind.PLAIN
    parent: Comment | None = None
    email: str = ""


@dataclass(frozen=True)
class Sender:
    """Who sent it: the key in the cookie, the normalized IP address, two headers."""

    reader: str = ""
    address: str = "unknown"
    user_agent: str = ""
    referrer: str = ""
