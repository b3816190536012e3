"""What editors and moderators decide once for all comments: the policy, the words, the bans."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from publishing.cache.models import Invalidating, SingleRow
from publishing.text import lookalikes
from publishing.text.fields import LineField

from .thread import Policy, Thread


class CommentSettings(SingleRow):
    """The one row of rules that every thread inherits."""

    policy = models.CharField(
        "new comments",
        max_length=10,
        choices=[choice for choice in Policy.choices if choice[0] != Policy.INHERIT],
        default=Policy.HOLD_ALL,
        help_text="Known: an e-mail address confirmed, or comments approved. A rejection or removal ends it.",
    )
    close_after_days = models.PositiveSmallIntegerField(
        "threads close by themselves",
        choices=[(0, "never"), (14, "after 14 days"), (90, "after 90 days")],
        default=0,
        help_text="Counted from the publication of the article.",
    )
    trusted_after = models.PositiveSmallIntegerField(
        "known after",
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="Approved comments since the last rejection or removal, by the cookie of one browser.",
    )
    links_held = models.PositiveSmallIntegerField(
        "links that hold a comment",
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="A comment with this many links or more waits among the suspect ones.",
    )
    report_threshold = models.PositiveSmallIntegerField(
        "reports that ask for a second look",
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    digest_hours = models.PositiveSmallIntegerField(
        "hours between mails to moderators",
        default=4,
        validators=[MaxValueValidator(168)],
        help_text="At most one mail in this time, and only while something waits. 0: no mails.",
    )
    # When the next mail to moderators is due; empty while nothing waits.
    digest_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    digest_sent_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "rules for comments"
        verbose_name_plural = "rules for comments"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="only_one_comment_settings"),
            models.CheckConstraint(condition=Q(policy__in=["hold", "trust", "closed"]), name="settings_policy_known"),
        ]

    def __str__(self):
        return "Rules for comments"

    def save(self, *args, **kwargs):
        """Store the rules. When the next mail is due is left as it is: `comments.mail` says that,
        and what was read before they did is out of date."""
        if not self._state.adding or not kwargs.get("force_insert") and CommentSettings.objects.exists():
            schedule = {"id", "digest_due_at", "digest_sent_at"}
            kwargs.setdefault("update_fields", {field.name for field in self._meta.concrete_fields} - schedule)
        super().save(*args, **kwargs)

    def policy_of(self, thread: Thread) -> str:
        """`HOLD_ALL`, `TRUST_KNOWN` or `CLOSED`."""
        return self.policy if thread.policy == Policy.INHERIT else thread.policy

    def closes_at(self, article, thread: Thread) -> datetime | None:
        """When the thread closes by itself, past or future; None for never."""
        days = self.close_after_days if thread.close_after_days is None else thread.close_after_days
        return article.published_at + timedelta(days=days) if days and article.published_at else None

    def is_open(self, article, thread: Thread) -> bool:
        """Whether readers may write under `article` now."""
        end = self.closes_at(article, thread)
        return self.policy_of(thread) != Policy.CLOSED and (end is None or timezone.now() < end)


class Word(Invalidating):
    """A word or phrase that screening looks for. Compared by `publishing.text.lookalikes`, never as a pattern."""

    class Severity(models.TextChoices):
        SUSPECT = "suspect", "Hold the comment as suspect"
        BANNED = "banned", "Reject the comment"

    text = LineField("word or phrase", max_length=80)
    # The tokens that are compared, with a space between; of two words that look alike one is enough.
    tokens = models.CharField(max_length=400, unique=True, editable=False)
    severity = models.CharField(max_length=10, choices=Severity, default=Severity.SUSPECT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    created_at = models.DateTimeField("added", default=timezone.now, editable=False)

    class Meta:
        ordering = ["tokens"]
        constraints = [
            models.CheckConstraint(condition=Q(severity__in=["suspect", "banned"]), name="word_severity_known"),
            models.CheckConstraint(condition=~Q(tokens=""), name="word_has_tokens"),
        ]

    def __str__(self):
        return self.text

    def save(self, *args, **kwargs):
        self.tokens = lookalikes.key(self.text)
        super().save(*args, **kwargs)

    def clean(self):
        """Refuse what can never be found, and what is listed already."""
        self.tokens = lookalikes.key(self.text)
        if not self.tokens:
            raise ValidationError({"text": "Enter at least one letter or digit."})
        if len(self.tokens.split()) > lookalikes.MAX_TOKENS:
            raise ValidationError({"text": f"Use at most {lookalikes.MAX_TOKENS} words."})
        if like := Word.objects.filter(tokens=self.tokens).exclude(pk=self.pk).first():
            raise ValidationError({"text": f"“{like}” is already on the list and looks the same."})


class Ban(Invalidating):
    """Somebody who cannot comment for a time. What is banned is kept as a key or a hash, never as an address."""

    class Kind(models.TextChoices):
        READER = "reader", "This browser"
        EMAIL = "email", "An e-mail address"
        NETWORK = "network", "An address range"

    kind = models.CharField(max_length=10, choices=Kind)
    # The reader's key, the hash of an e-mail address, or a hash of comments.screening.bans with its prefix.
    value = models.CharField(max_length=100, editable=False)
    # The day whose key made the hash of a network; the ban cannot outlast that key.
    day = models.DateField(null=True, blank=True, editable=False)
    # What the list calls it: "an IPv4 range, /24", "the writer of comment 12".
    label = models.CharField("who", max_length=100, editable=False)
    reason = LineField(max_length=200, help_text="For moderators; the person banned does not read it.")
    expires_at = models.DateTimeField("until", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    created_at = models.DateTimeField("since", default=timezone.now, editable=False)

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

    def __str__(self):
        return self.label
