"""Comments and their threads, the record of decisions, the rules, and who gets mails."""

from ..choices import CommentKind, RejectReason, ReportReason
from .batch import Batch, BatchItem
from .people import EmailAddress, EndedMailbox, NetworkKey
from .record import ERASURE, WITHDRAWN, ModerationEntry, Report, Revision
from .rules import Ban, CommentSettings, Word
from .thread import (
    BODY_LENGTH,
    IMPORTED_LENGTH,
    MAX_DEPTH,
    NAME_COLUMN_LENGTH,
    NAME_LENGTH,
    NOTE_LENGTH,
    PATH_DIGITS,
    RECEIPT_SALT,
    UNPUBLISHED,
    Comment,
    Policy,
    Status,
    Thread,
)
