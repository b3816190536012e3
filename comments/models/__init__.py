"""What is stored of the comments: the thread, the record of decisions, the rules, and who may be written to."""

from .batch import Batch, BatchItem
from .people import EmailAddress, EndedMailbox, NetworkKey
from .record import ERASURE, WITHDRAWN, ModerationEntry, Report, ReportReason, Revision
from .rules import Ban, CommentSettings, Word
from .thread import (
    BODY_LENGTH,
    MAX_DEPTH,
    NAME_COLUMN_LENGTH,
    NAME_LENGTH,
    NOTE_LENGTH,
    PATH_DIGITS,
    RECEIPT_SALT,
    Comment,
    CommentKind,
    Policy,
    RejectReason,
    Status,
    Thread,
    digest_of,
)

__all__ = [
    "BODY_LENGTH",
    "ERASURE",
    "MAX_DEPTH",
    "NAME_COLUMN_LENGTH",
    "NAME_LENGTH",
    "NOTE_LENGTH",
    "PATH_DIGITS",
    "RECEIPT_SALT",
    "WITHDRAWN",
    "Ban",
    "Batch",
    "BatchItem",
    "Comment",
    "CommentSettings",
    "EmailAddress",
    "EndedMailbox",
    "CommentKind",
    "ModerationEntry",
    "NetworkKey",
    "Policy",
    "RejectReason",
    "Report",
    "ReportReason",
    "Revision",
    "Status",
    "Thread",
    "Word",
    "digest_of",
]
