"""The admin of articles, of what they are sorted by, of images and accounts. Importing the modules registers it."""

from ..corrections import admin as corrections
from ..front import admin as front
from . import articles, colleagues, images, recordings, taxonomy
from .link_cards import admin as link_cards
from .menus import admin as menus
from .pages import admin as pages

__all__ = [
    "articles", "colleagues", "corrections", "front", "images", "link_cards", "menus", "pages", "recordings",
    "taxonomy",
]  # fmt: skip
