"""Exports of Ghost: https://ghost.org/docs/migration/content/#ghost-json."""

from .reader import recognise

__all__ = ["recognise"]
