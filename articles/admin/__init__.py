"""The admin of articles, of what they are sorted by, and of images. Importing the modules registers it."""

from . import articles, images, taxonomy

__all__ = ["articles", "images", "taxonomy"]
