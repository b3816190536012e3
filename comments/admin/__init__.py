"""The moderation desk: queues, one card at a time, the record of decisions, and the rules."""

from . import batches, listing, log, rules

__all__ = ["batches", "listing", "log", "rules"]
