"""Articles, what they are filed under, their images and their counts."""

from .article import (
    BODY_LENGTH,
    PREVIEW_SALT,
    PREVIEW_SECONDS,
    SUMMARY_LENGTH,
    TITLE_LENGTH,
    Article,
    Author,
    Byline,
    Category,
    Series,
    Status,
    Tag,
)
from .counts import ArticleCounts, Heart, View
from .images import Image

__all__ = [
    "BODY_LENGTH",
    "PREVIEW_SALT",
    "PREVIEW_SECONDS",
    "SUMMARY_LENGTH",
    "TITLE_LENGTH",
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
