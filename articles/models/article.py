"""Articles and their bylines."""

from datetime import date, datetime, time
from functools import cache

from django.core import signing
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import ExpressionWrapper, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from publishing.bases.publishable import Publishable
from publishing.cache import changes, pages
from publishing.database.prepared import PreparedBulk
from publishing.paths import url_of
from publishing.sponsors.slots import placement
from publishing.text import markdown, reading_time
from publishing.text.blocks.cards import Address
from publishing.text.fields import SUMMARY_LENGTH, TITLE_LENGTH, LanguageField, LineField, ProseField
from publishing.text.languages import language_of_text
from publishing.text.moments import counted
from publishing.text.parsing import normal_line_ends

from .. import search
from ..links.table import Link, Links
from ..querysets import TRASHED, ArticleManager, ArticleQuerySet
from . import sections, shown
from .cards.link_card import LinkCard, set_cards
from .counts import ArticleCounts
from .images import Image
from .list_counts import count_changes
from .related import update_related
from .taxonomy import Author, Category, Series, Tag
from .uploads.in_texts import Uploads
from .versions import next_change_after

# Rendering a body of this length takes a second.
BODY_LENGTH = 500_000
# What is computed from the body.
RENDERED_FIELDS = (
    "html", "contents", "text", "slot_offsets", "word_count", "reading_minutes", "code_minutes", "text_language",
    "renderer",
)  # fmt: skip
# Besides tags, what decides which articles are related.
RELATING_FIELDS = ("category_id", "status", "published_at")


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


class Article(Publishable):
    SHOWN = shown.ARTICLE
    ALSO_READ = (*Publishable.ALSO_READ, "category_id", "series_id", "series_position", "modified_at")
    ALSO_FETCHED = ("tags", "bylines", "corrections")
    SITEMAP_FIELDS = (*Publishable.SITEMAP_FIELDS, "canonical_url")
    list_names = staticmethod(shown.list_names)

    title = LineField(max_length=TITLE_LENGTH)
    summary = LineField(
        max_length=SUMMARY_LENGTH, blank=True, help_text=_("One or two sentences under the title (the dek).")
    )
    body = ProseField(max_length=BODY_LENGTH, blank=True, help_text=_("Markdown."))
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(
        null=True, blank=True, help_text=_("In the future: the article appears at this time.")
    )
    featured = models.BooleanField(default=False, help_text=_("The newest featured article leads the home page."))
    # A draft may have none yet.
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="articles")
    tags = models.ManyToManyField(Tag, blank=True, related_name="articles")
    authors = models.ManyToManyField(Author, through="Byline", related_name="articles")
    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.SET_NULL, related_name="articles")
    series_position = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(9999)]
    )
    cover = models.ForeignKey(Image, null=True, blank=True, on_delete=models.SET_NULL, related_name="covered")
    cover_letters = LineField(
        _("letters"),
        max_length=3,
        blank=True,
        default="",
        db_default="",
        help_text=_("Without a picture, the cover shows large letters of the title. Write others here, up to three."),
    )
    # Those that the body names.
    pictures = models.ManyToManyField(Image, editable=False, related_name="articles")
    # Of addresses that stand alone in their paragraph.
    link_cards = models.ManyToManyField(LinkCard, editable=False, related_name="articles")
    language = LanguageField(help_text=_("A tag such as en, pt-BR or ar. Empty: found by its letters."))
    seo_title = LineField(_("title for search engines"), max_length=70, blank=True)
    seo_description = LineField(_("description for search engines"), max_length=160, blank=True)
    canonical_url = models.URLField(_("canonical address"), blank=True, help_text=_("Where this was published first."))
    applies_to = LineField(
        max_length=120,
        blank=True,
        db_default="",
        help_text=_("Products and versions, with commas: Python 3.13, Django 5.2"),
    )
    verified_on = models.DateField(
        _("last checked on"), null=True, blank=True, help_text=_("When someone last made sure that all of it is true.")
    )

    is_sensitive = models.BooleanField(
        _("sensitive"),
        default=False,
        db_default=False,
        help_text=_("About death, violence or the like: nothing sponsored is on its page."),
    )

    # Computed from the body in `save`.
    html = models.TextField(editable=False, blank=True)
    contents = models.JSONField(editable=False, default=list)
    text = models.TextField(editable=False, blank=True)
    slot_offsets = models.JSONField(editable=False, default=list)
    # Not used any more; a later release removes it.
    shape = models.JSONField(editable=False, default=list)
    word_count = models.PositiveIntegerField(editable=False, default=0)
    reading_minutes = models.PositiveSmallIntegerField(editable=False, default=1)
    code_minutes = models.PositiveSmallIntegerField(editable=False, default=0)
    # `language`, or what was found.
    text_language = models.CharField(max_length=35, editable=False, default="", db_default="")
    # The version of the renderer that did it.
    renderer = models.PositiveSmallIntegerField(editable=False, default=0, db_default=0)

    # Of an imported article: its file, the checksum of it, and keys of its front matter without a field.
    source = models.CharField(max_length=400, editable=False, null=True, unique=True)  # noqa: DJ001 - many have none
    source_digest = models.CharField(max_length=64, editable=False, blank=True)
    # The digest of the version that the last import made: whether it was changed here since.
    imported_digest = models.CharField(max_length=16, editable=False, blank=True, default="", db_default="")
    extra = models.JSONField(editable=False, default=dict)

    created_at = models.DateTimeField(auto_now_add=True)
    # The tab in which it was begun: if its first save is sent again, it is found.
    created_in = models.UUIDField(editable=False, null=True, unique=True)
    archives_at = models.DateTimeField(editable=False, null=True, help_text="The clock archives it at this time.")
    # Preview links have this number; another one ends them.
    preview_number = models.PositiveIntegerField(editable=False, default=0, db_default=0)
    modified_at = models.DateTimeField(
        default=timezone.now,
        editable=False,
        help_text="When readers were last told of a change of title, summary or body.",
    )
    # The last save of a person. What is typed into a working version has its own moment: autosave writes no article.
    worked_on_at = models.DateTimeField(auto_now=True, db_default=Now())

    objects = ArticleManager()
    # With what lies in the trash.
    everything = ArticleQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["-published_at", "-pk"]
        permissions = [("publish_article", "Can publish, schedule and archive articles")]
        indexes = [
            models.Index(fields=["status", "-published_at", "-id"], name="article_newest"),
            models.Index(fields=["category", "status", "-published_at", "-id"], name="article_of_category"),
            # Ends in what the parts are sorted by; SQLite prefers an index with a range to one with the order.
            models.Index(
                fields=["series", "status", "published_at", "series_position", "id"], name="article_parts_of_series"
            ),
            # Whatever the status: the dates of the admin's filter, and the order of its list.
            models.Index(fields=["-published_at", "-id"], name="article_by_date"),
            # Whether another one has a title.
            models.Index(fields=["title"], name="article_title"),
            # With the status, so that what lies in the trash is left out without reading rows.
            models.Index(fields=["-worked_on_at", "-id", "status"], name="article_last_worked_on"),
            models.Index(
                fields=["status", "-published_at", "-id"], condition=Q(featured=True), name="article_featured"
            ),
            models.Index(fields=["renderer"], name="article_renderer"),
            # Of which languages articles are that name none.
            models.Index(
                fields=["text_language", "status", "language"], condition=Q(language=""), name="article_found_language"
            ),
            models.Index(fields=["archives_at"], condition=Q(archives_at__isnull=False), name="article_archives"),
        ]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(condition=Q(status__in=[*Status.values, TRASHED]), name="article_status_known"),
            models.CheckConstraint(condition=~Q(title=""), name="article_has_title"),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False), name="article_published_has_moment"
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(category__isnull=False),
                name="article_published_has_category",
                violation_error_message=_("Choose a category before you publish."),
            ),
            models.UniqueConstraint(
                fields=["series", "series_position"],
                condition=Q(series__isnull=False, series_position__isnull=False),
                name="article_series_position",
                violation_error_message=_("Another article of the series has this position."),
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, relate=True, **kwargs):
        """Save the article with all that is computed from it.

        `modified_at` moves with title, summary and body until readers see it; then only a correction moves it.
        Headings keep their ids once it has a date of publication. Without `relate`, call `update_related` afterwards.
        """
        with transaction.atomic():
            stored = self._stored()
            links = Links(self, has_stored=bool(stored and stored.had_links))
            known = stored.contents if stored and stored.published_at else ()
            pictures, addresses = self.render(known, links)
            if stored and not stored.has_same_text and not stored.is_published:
                self.modified_at = timezone.now()
            super().save(*args, stored=stored, **kwargs)
            if pictures or (stored and stored.had_pictures):
                self.pictures.set(pictures)
            links.store()
            if addresses or (stored and stored.had_cards):
                set_cards(self, addresses)
            ArticleCounts.objects.get_or_create(article=self)
            search.index(self)
            changed = stored is None or any(getattr(stored, name) != getattr(self, name) for name in RELATING_FIELDS)
            if relate and changed:
                update_related(self)

    @classmethod
    def invalidate(cls, pairs):
        pairs = list(pairs)
        super().invalidate(pairs)
        count_changes(pairs)
        if pairs and sections.are_changed(cls.objects, pairs):
            pages.invalidate(changes.SITE)
        search.labels.changed(shown.relabelled(pairs))

    def get_absolute_url(self):
        return url_of("articles:detail", self.slug)

    def _stored(self):
        """The stored row without long source texts; whether it `has_same_text`, and what else it had."""
        if self._state.adding:
            return None
        same_text = Q(title=self.title, summary=self.summary, body=normal_line_ends(self.body))
        related = {"pictures": Article.pictures.through, "cards": Article.link_cards.through, "links": Link}
        own = {"article": models.OuterRef("pk")}
        had = {f"had_{name}": models.Exists(model.objects.filter(**own)) for name, model in related.items()}
        same = {"has_same_text": ExpressionWrapper(same_text, models.BooleanField())}
        row = Article.everything.locked().annotate(**same, **had)
        return row.only(*self.compared_fields()).filter(pk=self.pk).first()

    def hide(self, status):
        super().hide(status)
        self.archives_at = None

    @classmethod
    def next_publication(cls):
        """When an article, or a change of one, is published or withdrawn by the clock."""
        moments = super().next_publication(), next_change_after(timezone.now())
        return min(filter(None, moments), default=None)

    def get_preview_url(self):
        """A link to what is worked on, for people without an account.

        It works for seven days, until it is revoked, and until the article is published, archived or public again.
        """
        token = signing.dumps([self.pk, self.preview_state, self.preview_number], salt=PREVIEW_SALT)
        return reverse("articles:preview", args=[token])

    @property
    def preview_state(self) -> str:
        """What a preview link is made for: it ends with this."""
        return "changes" if self.is_published else "archived" if self.status == Status.ARCHIVED else "draft"

    def render(self, known_headings=(), links: Links | None = None) -> tuple[list[Image], list[Address]]:
        """Compute all fields that depend on the body; returns the pictures and the addresses for cards that it names.

        The ids of `known_headings` (`contents`) stay. Its links are those of `links`, if they are to be stored. A
        query if it names pictures, one if it has addresses alone, and those of `links`.
        """
        self.body = normal_line_ends(self.body)
        self.text_language = language_of_text(f"{self.title}\n{self.summary}\n{self.body}", self.language)
        pictures = Uploads(self.body)
        rendered = self._rendered(pictures, known_headings)
        if links:
            links.follow(rendered)
        self.html, self.text, self.contents = rendered.html, rendered.text, rendered.contents
        self.word_count = rendered.words
        self.slot_offsets = placement.offsets(rendered.blocks)
        measures = rendered.words, rendered.code_lines, rendered.images
        seconds = reading_time.reading_seconds(*measures, self.text_language)
        self.reading_minutes = reading_time.minutes(seconds)
        code_seconds = reading_time.reading_seconds(0, rendered.code_lines)
        self.code_minutes = reading_time.minutes(code_seconds) if code_seconds >= 60 else 0
        self.renderer = markdown.VERSION
        return pictures.rows, rendered.addresses

    def _rendered(self, pictures, known_headings):
        # A cover is the first picture of the page.
        has_cover, cards = self.cover_id is not None, LinkCard.objects.known
        return markdown.render_article(
            self.body, pictures.resolve, known_headings, has_cover, cards, self.text_language
        )

    def blocks(self) -> list[markdown.Block]:
        """The blocks of its body, which are not stored. Renders it, with a few queries: for the desk."""
        return self._rendered(Uploads(self.body), self.contents).blocks

    def render_again(self) -> None:
        """Render the stored body again, because what it shows or links to has changed. `modified_at` stays."""
        with transaction.atomic():
            if article := Article.objects.select_for_update().filter(pk=self.pk).first():
                article.save(relate=False, update_fields=RENDERED_FIELDS)

    @transaction.atomic
    def delete(self, *args, **kwargs):
        Article.everything.lock(self.pk)
        search.remove(self.pk)
        return super().delete(*args, **kwargs)

    @cached_property
    def byline(self) -> list[Author]:
        """The authors in order. No query after `fetching.fetch_authors`, or if `bylines__author` was prefetched."""
        return [byline.author for byline in self.bylines.all()]

    @classmethod
    def cards(cls, keys) -> dict[int, "Article"]:
        """The articles with these keys, published or not, with all that a list shows but authors. One query."""
        return _cards()(keys)

    @property
    def reading_time(self) -> str:
        """In words: "5 min read, 2 of code"."""
        if not self.code_minutes:
            return counted(self.reading_minutes, "minute")
        words = "%(number)s min read, %(code)s of code"
        # Translators: for readers. So many minutes to read an article, of which some are for its code.
        words = ngettext("%(number)s min read, %(code)s of code", words, self.reading_minutes)
        return words % {"number": self.reading_minutes, "code": self.code_minutes}

    @property
    def last_check(self) -> date | None:
        """The day on which somebody made sure that it is true, at first that of publication."""
        return self.verified_on or (self.published_at and timezone.localdate(self.published_at))

    @property
    def review_due(self) -> datetime | None:
        """From when on its page says how long ago it was checked; None: never."""
        day = self.category.review_due(self.last_check) if self.category and self.last_check else None
        return day and timezone.make_aware(datetime.combine(day, time.min))

    @property
    def is_past_review(self) -> bool:
        due = self.review_due
        return due is not None and due <= timezone.now()

    @property
    def safe_html(self):
        return markdown.stored(self.html)

    def publish(self, *, by, at=None) -> None:
        """Publish what the columns hold, at `at` or now. Logged."""
        self.release(at)
        self.save_and_log(by, gettext("Scheduled") if self.is_scheduled else gettext("Published"))


@cache
def _cards():
    return PreparedBulk(Article.objects.for_list())


PREVIEW_SALT = "articles.preview"
PREVIEW_SECONDS = 7 * 24 * 60 * 60


class Byline(models.Model):
    """An author of an article; `position` orders them."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="bylines")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["article", "author"], name="byline_author_once")]

    def __str__(self):
        return self.author.name
