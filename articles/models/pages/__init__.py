"""Pages that are no article, and menus."""

from .page import PAGE_PREVIEW_SALT, Page

__all__ = ["PAGE_PREVIEW_SALT", "Page"]
