"""What waits for those who write: the sections of articles on the front page of the admin."""

from . import most_read, sections

__all__ = ["most_read", "sections"]
