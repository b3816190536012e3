"""The moderation desk: queues, one card at a time, the record of decisions, and the rules."""

from . import listing, log, rules

__all__ = ["listing", "log", "rules"]
