"""The admin of categories, tags, authors and series, and how articles get them. Importing it registers the admin."""

from . import labels

__all__ = ["labels"]
