"""Public notes on what was changed in an article that readers had already seen."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from publishing.cache.models import Invalidating
from publishing.text import markdown
from publishing.text.fields import LineField

NOTE_LENGTH = 500


class ChangeKind(models.TextChoices):
    """What a change of a published article is. All but a typo need a public note, and move `modified_at`."""

    TYPO = "typo", _("Typo")
    # Translators: for readers.
    CLARIFICATION = "clarification", _("Clarification")
    # Translators: for readers.
    CORRECTION = "correction", _("Correction")
    # Translators: for readers. What was added to an article later.
    UPDATE = "update", pgettext_lazy("noun", "Update")


class CorrectionQuerySet(models.QuerySet):
    def published(self, now=None):
        """Those of articles that readers see now, newest first, without the texts of the articles."""
        # Asked of each correction: the articles of a join would be read from their own index, all of them.
        articles = self.model._meta.get_field("article").related_model.objects.published(now)
        found = self.filter(models.Exists(articles.filter(pk=models.OuterRef("article"))))
        return found.select_related("article").only(*COLUMNS).order_by("-published_at", "-pk")


COLUMNS = ("kind", "note_html", "published_at", "article__title", "article__slug")


class Correction(Invalidating):
    """A dated note at the foot of an article."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(max_length=13, choices=ChangeKind.choices[1:])
    note = LineField(max_length=NOTE_LENGTH)
    note_html = models.TextField(editable=False)
    published_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    version = models.ForeignKey(
        "articles.Version", null=True, blank=True, on_delete=models.SET_NULL, related_name="corrections"
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["clarification", "correction", "update"]), name="article_correction_kind_known"
            ),
            models.CheckConstraint(condition=~Q(note=""), name="article_correction_has_note"),
        ]
        indexes = [
            models.Index(fields=["article", "-published_at", "-id"], name="article_correction_of_article"),
            models.Index(fields=["-published_at", "-id"], name="article_correction_newest"),
        ]

    def __str__(self):
        day = date_format(timezone.localtime(self.published_at), "DATE_FORMAT")
        return gettext("%(kind)s of %(date)s") % {"kind": self.get_kind_display(), "date": day}

    def save(self, *args, **kwargs):
        self.note_html = markdown.render_line(self.note)
        super().save(*args, **kwargs)

    def page_names(self):
        others = Correction.objects.published().exclude(pk=self.pk)
        # With the first one, the sitemap gets a file.
        first = [] if others.exists() else ["sitemap"]
        return [f"article:{self.article_id}", "corrections", *first]

    @property
    def safe_note(self):
        return markdown.stored(self.note_html)
