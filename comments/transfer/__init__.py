"""Comments of other systems, and what an export of the publication has of ours."""

from . import site

__all__ = ["site"]
