"""The admin of articles, of what they are sorted by, of images and accounts. Importing the modules registers it."""

from . import articles, colleagues, images, taxonomy
from .link_cards import admin as link_cards

__all__ = ["articles", "colleagues", "images", "link_cards", "taxonomy"]
