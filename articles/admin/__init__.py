"""The admin of articles, of what they are sorted by, of images and accounts. Importing the modules registers it."""

from . import articles, colleagues, images, taxonomy

__all__ = ["articles", "colleagues", "images", "taxonomy"]
