"""Pages that are no article, and menus."""

from .menu import Menu, MenuEntry
from .page import PAGE_PREVIEW_SALT, Page

__all__ = ["PAGE_PREVIEW_SALT", "Menu", "MenuEntry", "Page"]
