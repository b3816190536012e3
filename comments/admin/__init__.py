"""Moderation: queues, the review page, the log of decisions, and the rules."""

from . import batches, comments, log
from .rules import admin

__all__ = ["admin", "batches", "comments", "log"]
