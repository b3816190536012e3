"""Articles, what they are filed under, their images and their counts."""

from .article import (
    BODY_LENGTH,
    PREVIEW_SALT,
    PREVIEW_SECONDS,
    Article,
    Byline,
    Status,
)
from .counts import ArticleCounts, Heart, View
from .images import Image
from .taxonomy import Author, Category, Series, Tag

__all__ = [
    "BODY_LENGTH",
    "PREVIEW_SALT",
    "PREVIEW_SECONDS",
    "Article",
    "ArticleCounts",
    "Author",
    "Byline",
    "Category",
    "Heart",
    "Image",
    "Series",
    "Status",
    "Tag",
    "View",
]
