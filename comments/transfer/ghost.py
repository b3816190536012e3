"""Comments of members in the JSON of a Ghost site that was backed up whole; its usual export has none."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC

from django.utils.translation import gettext as _

from publishing.transfer.files import Files
from publishing.transfer.notes import Refused

from ..models import Status
from .importer import Entry, parse_moment

MOST_BYTES = 64 * 1024 * 1024
# Some versions store moments without a zone: they are UTC.
_ZONE = UTC


def has_comments(files: Files, name: str) -> bool:
    """Whether a JSON file is of Ghost and has comments."""
    try:
        return bool(_rows(_data(files, name), "comments"))
    except Refused:
        return False


def records(files: Files, name: str, tell: Callable[[str], None]) -> Iterator[tuple]:
    """The comments, each with its post, the name of its member, and whether a member of the staff wrote it."""
    data = _data(files, name)
    posts = {post.get("id"): post for post in _rows(data, "posts")}
    # Addresses are compared here, and go no further.
    staff = {user.get("email") for user in _rows(data, "users")} - {None, ""}
    members = {
        member.get("id"): (str(member.get("name") or ""), member.get("email") in staff)
        for member in _rows(data, "members")
    }
    for comment in _rows(data, "comments"):
        writer, is_staff = members.get(comment.get("member_id"), ("", False))
        yield posts.get(comment.get("post_id"), {}), comment, writer, is_staff


def entry(record) -> Entry:
    post, comment, writer, is_staff = record
    slug, status = str(post.get("slug") or ""), str(comment.get("status") or "published")
    return Entry(
        slugs=(slug,) if slug else (),
        addresses=(f"/{slug}/",) if slug else (),
        key=f"post-{post.get('id')}" if slug else "",
        name=writer,
        body=str(comment.get("html") or ""),
        html="html",
        created_at=parse_moment(comment.get("created_at"), _ZONE),
        status=Status.APPROVED,
        # "hidden" by a moderator, or "deleted".
        is_gone=status != "published",
        is_editorial=is_staff,
        source="ghost",
        id=str(comment.get("id") or ""),
        parent=str(comment.get("in_reply_to_id") or comment.get("parent_id") or ""),
    )


def _data(files, name) -> dict:
    """The tables of the file. Raises Refused for other JSON."""
    try:
        found = json.loads(files.read(name, MOST_BYTES))
    except (ValueError, RecursionError) as error:
        raise Refused(_("it is not JSON: %(problem)s") % {"problem": error}) from error
    databases = found.get("db") if isinstance(found, dict) else None
    first = databases[0] if isinstance(databases, list) and databases else None
    data = first.get("data") if isinstance(first, dict) else None
    if not isinstance(data, dict):
        raise Refused(_("it is not the backup of a Ghost site"))
    return data


def _rows(data, table) -> list[dict]:
    rows = data.get(table)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
