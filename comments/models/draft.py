"""A comment before it is one: what was written, and by whom."""

from dataclasses import dataclass

from . import Comment, CommentKind


@dataclass(frozen=True)
class Draft:
    """What a reader wrote, as the form cleaned it."""

    name: str
    body: str
    kind: str = CommentKind.PLAIN
    parent: Comment | None = None
    email: str = ""


@dataclass(frozen=True)
class Sender:
    """Who sent it: the key in the cookie, the address in its normal form, what the browser says of itself and of the
    page it comes from."""

    reader: str = ""
    address: str = "unknown"
    user_agent: str = ""
    referrer: str = ""
