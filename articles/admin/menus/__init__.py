"""The admin of menus."""

from . import admin

__all__ = ["admin"]
