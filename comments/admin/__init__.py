"""The moderation desk: queues, one card at a time, the record of decisions, and the rules."""

from . import batches, comments, log
from .rules import admin

__all__ = ["admin", "batches", "comments", "log"]
