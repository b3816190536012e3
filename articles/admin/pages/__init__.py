"""The admin of pages. What pages offer to other screens is registered with it."""

from ...pages import checks, choices
from . import admin

__all__ = ["admin", "checks", "choices"]
