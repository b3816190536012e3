"""Rules for all comments: settings, words, bans."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from publishing.cache import pages
from publishing.cache.models import Invalidating, SingleRow
from publishing.text import lookalikes
from publishing.text.fields import LineField

from .thread import CLOSE_AFTER, Policy, Thread, account_field


def _limit(name, default, help_text=""):
    validators = [MinValueValidator(1), MaxValueValidator(100)]
    return models.PositiveSmallIntegerField(name, default=default, validators=validators, help_text=help_text)


class CommentSettings(SingleRow):
    """The rules that every thread inherits, in one row."""

    policy = models.CharField(
        _("new comments"),
        max_length=10,
        choices=[choice for choice in Policy.choices if choice[0] != Policy.INHERIT],
        default=Policy.HOLD_ALL,
        help_text=_(
            "A confirmed e-mail address or approved comments make a writer known, until a rejection or removal."
        ),
    )
    close_after_days = models.PositiveSmallIntegerField(
        _("close comments"), choices=CLOSE_AFTER, default=0, help_text=_("After the publication of the article.")
    )
    trusted_after = _limit(
        _("known after"), 2, _("Approved comments since the last rejection or removal, by the cookie of one browser.")
    )
    links_held = _limit(_("links before a review"), 2, _("A comment with this many links or more is suspect."))
    report_threshold = _limit(_("reports before a review"), 3)
    digest_hours = models.PositiveSmallIntegerField(
        _("hours between mails to moderators"),
        default=4,
        validators=[MaxValueValidator(168)],
        help_text=_("At most one mail in this time, and only while something waits. 0: no mails."),
    )
    # Empty while nothing waits.
    digest_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    digest_sent_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("rules for comments")
        verbose_name_plural = _("rules for comments")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="only_one_comment_settings"),
            models.CheckConstraint(condition=Q(policy__in=["hold", "trust", "closed"]), name="settings_policy_known"),
        ]

    def __str__(self):
        return gettext("Rules for comments")

    def save(self, *args, **kwargs):
        """Save the rules, but not the schedule of digests, which `comments.mail` may have changed meanwhile."""
        if not self._state.adding or not kwargs.get("force_insert") and CommentSettings.objects.exists():
            schedule = {"id", "digest_due_at", "digest_sent_at"}
            kwargs.setdefault("update_fields", {field.name for field in self._meta.concrete_fields} - schedule)
        before = CommentSettings.objects.first() or CommentSettings()
        super().save(*args, **kwargs)
        if before._readers_see != self._readers_see:
            pages.invalidate("commenting")

    @property
    def _readers_see(self):
        return self.policy == Policy.CLOSED, self.close_after_days

    def policy_of(self, thread: Thread) -> str:
        """`HOLD_ALL`, `TRUST_KNOWN` or `CLOSED`."""
        return self.policy if thread.policy == Policy.INHERIT else thread.policy

    def closes_at(self, article, thread: Thread) -> datetime | None:
        """When the thread closes by itself, past or future; None for never."""
        days = self.close_after_days if thread.close_after_days is None else thread.close_after_days
        return article.published_at + timedelta(days=days) if days and article.published_at else None

    def is_open(self, article, thread: Thread) -> bool:
        """Whether readers may comment on `article` now."""
        end = self.closes_at(article, thread)
        return self.policy_of(thread) != Policy.CLOSED and (end is None or timezone.now() < end)


class Word(Invalidating):
    """A word or phrase that screening finds, with its look-alikes (`publishing.text.lookalikes`)."""

    class Severity(models.TextChoices):
        SUSPECT = "suspect", _("Hold the comment as suspect")
        BANNED = "banned", _("Reject the comment")

    text = LineField(_("word or phrase"), max_length=80)
    # What is compared; two words that look alike have the same.
    tokens = models.CharField(max_length=400, unique=True, editable=False)
    severity = models.CharField(max_length=10, choices=Severity, default=Severity.SUSPECT)
    created_by = account_field()
    created_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["tokens"]
        constraints = [
            models.CheckConstraint(condition=Q(severity__in=["suspect", "banned"]), name="word_severity_known"),
            models.CheckConstraint(condition=~Q(tokens=""), name="word_has_tokens"),
        ]

    def __str__(self):
        return self.text

    def page_names(self):
        return ["words"]

    def save(self, *args, **kwargs):
        self.tokens = lookalikes.key(self.text)
        super().save(*args, **kwargs)

    def clean(self):
        """Refuse a word that can never be found, and one that is listed already."""
        self.tokens = lookalikes.key(self.text)
        if not self.tokens:
            raise ValidationError({"text": _("Enter at least one letter or digit.")})
        if len(self.tokens.split()) > lookalikes.MAX_TOKENS:
            words = ngettext("Use at most %(limit)s word.", "Use at most %(limit)s words.", lookalikes.MAX_TOKENS)
            raise ValidationError({"text": words % {"limit": lookalikes.MAX_TOKENS}})
        if like := Word.objects.filter(tokens=self.tokens).exclude(pk=self.pk).first():
            listed = gettext("“%(word)s” is already on the list and looks the same.")
            raise ValidationError({"text": listed % {"word": like}})


class Ban(Invalidating):
    """A reader, mailbox or network that cannot comment for a time, stored as a key or a hash."""

    class Kind(models.TextChoices):
        # Translators: for readers.
        READER = "reader", _("This browser")
        # Translators: for readers.
        EMAIL = "email", _("An e-mail address")
        # Translators: for readers.
        NETWORK = "network", _("An address range")

    kind = models.CharField(max_length=10, choices=Kind)
    # The reader's key, the hash of an e-mail address, or a hash of comments.screening.bans with its prefix.
    value = models.CharField(max_length=100, editable=False)
    # The day whose key made the hash of a network; the ban ends with that key.
    day = models.DateField(null=True, blank=True, editable=False)
    # "An IPv4 range, /24", "The browser that wrote comment 12".
    label = models.CharField(_("who"), max_length=100, editable=False)
    reason = LineField(max_length=200, help_text=_("Only moderators see this."))
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)
    created_by = account_field()
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "value"], name="ban_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["reader", "email"], day__isnull=True)
                | Q(kind="network", day__isnull=False, expires_at__isnull=False),
                name="ban_of_network_ends",
            ),
        ]

    def page_names(self):
        return ["bans"]

    def __str__(self):
        return self.label
