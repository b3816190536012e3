"""Articles, their categories, tags, authors and series, their images and counts."""

from ..links.table import Link
from .article import BODY_LENGTH, PREVIEW_SALT, PREVIEW_SECONDS, Article, Byline, Status
from .bulk import BulkChange, BulkPart
from .cards.link_card import LinkCard
from .colleagues import MailChoice, News, ParagraphNote
from .corrections import ChangeKind, Correction
from .counts import ArticleCounts, DailyViews, Heart, View
from .front.choices import FrontPage
from .images import Image
from .list_counts import ListCount
from .pages import PAGE_PREVIEW_SALT, Menu, MenuEntry, Page
from .related import RelatedArticles, names_of_hidden, related_to, update_related
from .taxonomy import Author, Category, MergedLabel, Series, Tag, author_of
from .trashed import TrashedArticle
from .uploads.in_texts import Uploads
from .uploads.recording import Recording
from .versions import Presence, Version, digest_of
