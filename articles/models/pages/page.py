"""Pages at the root of the site: About, Imprint, Privacy."""

from datetime import datetime

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop, ngettext
from django.utils.translation import gettext_lazy as _

from publishing.bases.publishable import Publishable, PublishableQuerySet
from publishing.cache import changes
from publishing.links import routes
from publishing.paths import url_of
from publishing.text import languages, markdown
from publishing.text.fields import SUMMARY_LENGTH, TITLE_LENGTH, LineField, ProseField, SlugField
from publishing.text.parsing import normal_line_ends

from ..images import Image
from ..uploads.in_texts import Uploads

BODY_LENGTH = 100_000
PAGE_PREVIEW_SALT = "pages.preview"
# Translators: for readers. Marks a place of a text that the owner has to write, in brackets: “[Fill in: your address]”.
TO_FILL_IN = gettext_noop("Fill in")
_RENDERED = ("html", "contents", "text", "text_language")


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


class PageQuerySet(PublishableQuerySet):
    def with_words(self, words: list[str]):
        """Those whose title, summary or text has all words, upper or lower case."""
        rows = self
        for word in words:
            rows = rows.filter(Q(title__icontains=word) | Q(summary__icontains=word) | Q(text__icontains=word))
        return rows


class Page(Publishable):
    """A page that belongs to no list. Saved while it is published, it changes for readers at once."""

    Status = Status

    SHOWN = {
        "page:{}": ("title", "slug", "summary", "html", "text_language", "changed_on"),
        # The foot of every page may list it.
        changes.SITE: ("title", "slug", "published_at"),
        # Values: which addresses there are. Pages: what the search finds.
        "page-addresses": ("slug", "published_at"),
        "page-search": ("title", "slug", "summary", "text", "text_language", "published_at"),
    }
    ALSO_READ = (*Publishable.ALSO_READ, "modified_at")

    title = LineField(max_length=TITLE_LENGTH)
    slug = SlugField(_("address"), max_length=200, unique=True, help_text=_("One word: the page is at /word/."))
    summary = LineField(
        max_length=SUMMARY_LENGTH,
        blank=True,
        help_text=_("One or two sentences, under the title and for search engines."),
    )
    body = ProseField(_("text"), max_length=BODY_LENGTH, blank=True, help_text=_("Markdown."))
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    published_at = models.DateTimeField(
        null=True, blank=True, help_text=_("In the future: a published page appears at this time.")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)
    # Those that the text names.
    pictures = models.ManyToManyField(Image, editable=False, related_name="pages")

    # Of an imported page, as of an article; `imported_digest` is that of title, summary and text.
    source = models.CharField(max_length=400, editable=False, null=True, unique=True)  # noqa: DJ001 - many have none
    source_digest = models.CharField(max_length=64, editable=False, blank=True, default="", db_default="")
    imported_digest = models.CharField(max_length=16, editable=False, blank=True, default="", db_default="")

    # Computed from the text in `save`.
    html = models.TextField(editable=False, blank=True)
    contents = models.JSONField(editable=False, default=list)
    text = models.TextField(editable=False, blank=True)
    # Found by its letters.
    text_language = models.CharField(max_length=35, editable=False, default="", db_default="")

    objects = PageQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["title"]
        permissions = [("publish_page", "Can publish and archive pages")]
        indexes = [models.Index(fields=["status", "-published_at"], name="page_newest")]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(condition=Q(status__in=Status.values), name="page_status_known"),
            models.CheckConstraint(condition=~Q(title=""), name="page_has_title"),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="page_published_has_moment",
                violation_error_message=_("A published page needs a date. To hide it from readers, archive it."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return url_of("pages:page", self.slug)

    def clean(self):
        if self.slug and routes.is_taken(self.slug):
            message = _("The site itself uses /%(slug)s/. Choose another address for the page.")
            raise ValidationError({"slug": ValidationError(message, params={"slug": self.slug})})

    def save(self, *args, **kwargs):
        """Save it with all that is computed from the text. Two queries more if it names pictures or did."""
        with transaction.atomic():
            pictures = self.render()
            super().save(*args, **kwargs)
            if pictures or self.pictures.exists():
                self.pictures.set(pictures)

    def render(self) -> list[Image]:
        """Compute what depends on the text; returns the pictures that it names. Headings keep their ids."""
        self.body = normal_line_ends(self.body)
        self.text_language = languages.language_of_text(f"{self.title}\n{self.summary}\n{self.body}")
        pictures = Uploads(self.body)
        rendered = markdown.render_article(
            self.body, pictures.resolve, self.contents, first_is_lazy=False, language=self.text_language
        )
        self.html, self.contents, self.text = rendered.html, rendered.contents, rendered.text
        return pictures.rows

    def render_again(self) -> None:
        """Render the text again, because a picture in it has changed. `modified_at` stays."""
        self.save(update_fields=_RENDERED)

    @property
    def safe_html(self):
        return markdown.stored(self.html)

    def check_filled_in(self) -> None:
        """Raises ValidationError if marks of a template are left in the text, in the site's language or in English."""
        with languages.of_the_site():
            marks = {f"[{TO_FILL_IN}", f"[{gettext(TO_FILL_IN)}"}
        if found := [mark for mark in marks for _place in range(self.body.count(mark))]:
            places = len(found)
            message = ngettext(
                "%(count)s place is still marked “%(mark)s: …]”. Fill in or delete them first.",
                "%(count)s places are still marked “%(mark)s: …]”. Fill in or delete them first.",
                places,
            )
            raise ValidationError(message, params={"count": places, "mark": found[0]})

    def get_preview_url(self) -> str:
        """A link to it for people without an account: seven days, as long as it is what it is now, a draft or not."""
        return reverse("pages:preview", args=[signing.dumps([self.pk, self.status], salt=PAGE_PREVIEW_SALT)])

    def publish(self, *, by, at: datetime | None = None) -> None:
        """Publish it at `at`, at the date that is set, or now. Raises ValidationError if a place is to be filled in."""
        self.check_filled_in()
        # As the form sends it back: a fraction of a second would change it.
        self.release(at or self.published_at or timezone.now().replace(microsecond=0))
        self.save_and_log(by, gettext("Scheduled") if self.is_scheduled else gettext("Published"))

    def withdraw(self, *, by) -> None:
        """Make it a draft; its address answers 410. Logged."""
        self.hide(Status.DRAFT)
        self.save_and_log(by, gettext("Withdrawn to draft"))
