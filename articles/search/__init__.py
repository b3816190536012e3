"""Full-text search with SQLite (FTS5) or PostgreSQL (tsvector).

The index is the table `articles_search`, which a migration creates. Both stem English words, ignore accents and rank
titles over summaries and the names of labels over bodies.
"""

from . import labels
from .hits import Hits
from .indexing import clear, index, rebuild, remove
from .passages import Marker
from .query import QUERY_LENGTH
from .suggestions import suggestion

__all__ = ["QUERY_LENGTH", "Hits", "Marker", "clear", "index", "labels", "rebuild", "remove", "suggestion"]
