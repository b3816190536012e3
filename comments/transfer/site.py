"""What an export of the publication has of comments: all of them, in every state, and nothing about their writers."""

import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F
from django.utils.translation import gettext as _

from publishing.text import lookalikes, markdown
from publishing.transfer.export.tables import LOGS, PASSING, READERS, Part, Table, register

from ..models import (
    PATH_DIGITS,
    Ban,
    Batch,
    BatchItem,
    Comment,
    CommentSettings,
    EmailAddress,
    EndedMailbox,
    ModerationEntry,
    NetworkKey,
    Report,
    Revision,
    Thread,
    Word,
)
from ..models.thread import reason_of
from . import jsonl

# Articles of one transaction.
BATCH = 100
# About the writer; computed; and what a moderator or the worker is doing now.
_PERSONAL = {"notify", "writer_hash", "reader", "network", "network_range", "open_reports"}
_COMPUTED = {"html", "text_key", "depth", "root", "is_visible"}
_PASSING = {"claimed_until", "notified_at"}
_HOLD = {"rule": str, "detail": str, "field": str, "start": int, "end": int, "rejects": bool, "facts": dict | None}
_PATH = re.compile(rf"(?:\d{{{PATH_DIGITS}}})+", re.ASCII)


def _comment(row: Comment) -> None:
    """What follows from the text, and from the path, which has the keys of all comments above it."""
    if not _PATH.fullmatch(row.path):
        raise ValidationError(_("The place of a comment in its thread is none of ours."))
    keys = [int(row.path[start : start + PATH_DIGITS]) for start in range(0, len(row.path), PATH_DIGITS)]
    if keys[-1] != row.pk or (keys[-2] if len(keys) > 1 else None) != row.parent_id:
        raise ValidationError(_("A comment has another place in its thread than the comment that it answers."))
    if not isinstance(row.holds, list) or not all(map(_is_hold, row.holds)):
        raise ValidationError(_("What screening found in a comment is not as this site stores it."))
    row.depth, row.root_id = len(keys), keys[0] if len(keys) > 1 else None
    row.html = markdown.render_reader_text(row.body) if row.body else ""
    row.text_key = lookalikes.text_key(row.body) if row.body else ""


def _is_hold(value) -> bool:
    if not isinstance(value, dict) or not {"rule", "detail"} <= value.keys() <= _HOLD.keys():
        return False
    if not all(isinstance(value[name], _HOLD[name]) for name in value):
        return False
    try:
        reason_of(value)
    except (KeyError, TypeError, ValueError):
        # The sentence names other facts.
        return False
    return True


def _word(row: Word) -> None:
    row.tokens = lookalikes.key(row.text)


def _complete() -> Iterator[int]:
    """Which comments readers see, and how many there are in each thread. Raises ValidationError for a wrong thread."""
    answers = Comment.objects.exclude(parent=None)
    if answers.exclude(path__startswith=F("parent__path"), article=F("parent__article")).exists():
        raise ValidationError(_("A comment answers one under another article."))
    articles = Comment.objects.order_by("article").values_list("article", flat=True).distinct()
    keys = list(articles)
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        with transaction.atomic():
            Comment.objects.filter(article__in=part).that_should_be_visible().update(is_visible=True)
            visible = Comment.objects.filter(article__in=part).visible().order_by().values_list("article")
            for article, number in visible.annotate(Count("pk")):
                Thread.objects.update_or_create(article_id=article, defaults={"comment_count": number})
        yield len(part)


def _readable() -> Iterator[tuple[str, Iterator[bytes]]]:
    """As `export_comments` writes them and `import_comments` reads them."""
    comments = Comment.objects.outside_trash()
    if comments.exists():
        lines = jsonl.lines(comments, exported="", order=("article", "path"))
        yield "comments/comments.jsonl", (line.encode() for line in lines)


register(
    Part(
        place=30,
        tables=(
            Table(Comment, frozenset(_PERSONAL | _COMPUTED | _PASSING), order="path", prepare=_comment),
            Table(Revision),
            Table(Thread, frozenset({"comment_count"})),
            Table(CommentSettings, frozenset({"digest_due_at", "digest_sent_at"}), is_replaced=True),
            Table(Word, frozenset({"tokens"}), prepare=_word),
        ),
        left={
            EmailAddress: READERS,
            EndedMailbox: READERS,
            NetworkKey: READERS,
            Ban: READERS,
            Report: READERS,
            ModerationEntry: LOGS,
            Batch: LOGS,
            BatchItem: PASSING,
        },
        complete=_complete,
        readable=_readable,
    )
)
