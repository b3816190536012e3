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
