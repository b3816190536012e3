"""Comments, how many of them an article shows, and the record of every decision about them."""

from hashlib import sha256
from textwrap import shorten

from django.conf import settings
from django.core import signing
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact, LessThanOrEqual
from django.urls import reverse
from django.utils import timezone

from publishing import markup

from .querysets import AppendOnlyQuerySet, CommentQuerySet

BODY_LENGTH = 4000
# What a reader counts in a name. The column is wider, for scripts that write one letter with several characters.
NAME_LENGTH = 50
NAME_COLUMN_LENGTH = 200
NOTE_LENGTH = 300
# Answers to answers: deeper than this nobody follows who speaks to whom, and a path stays short.
MAX_DEPTH = 5
PATH_DIGITS = 12

RECEIPT_SALT = "comments.receipt"


class Status(models.TextChoices):
    PENDING = "pending", "Waiting"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    SPAM = "spam", "Spam"
    REMOVED = "removed", "Removed"


class RejectReason(models.TextChoices):
    """Why a comment was not published, in the words that its writer reads."""

    OFF_TOPIC = "off-topic", "It is not about this article."
    UNKIND = "unkind", "It attacks a person instead of an opinion."
    ADVERTISING = "advertising", "It advertises something."
    PRIVATE = "private", "It gives away personal details of someone."
    REPEATED = "repeated", "It says what another comment says already."
    UNCLEAR = "unclear", "We could not make out what it says."
    OTHER = "other", "It does not fit our rules for comments."


class Comment(models.Model):
    """What a reader wrote under an article. Nobody but moderators and its writer sees it before it is approved.

    `path` holds the ids from the first comment of the thread down to this one, 12 decimal digits each, so that
    sorting by it gives the order of reading under any collation. What a name and a body may hold is said by the
    fields of `comments.forms`, through which every text comes in.
    """

    # The indexes below start with the article.
    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="comments", db_index=False, editable=False
    )
    # With the article everything goes; alone, a comment that was answered stays.
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="replies", editable=False
    )
    path = models.CharField(max_length=PATH_DIGITS * MAX_DEPTH, editable=False, blank=True)
    depth = models.PositiveSmallIntegerField(editable=False, default=1)
    name = models.CharField(max_length=NAME_COLUMN_LENGTH)
    body = models.TextField(max_length=BODY_LENGTH)
    html = models.TextField(editable=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING, editable=False)
    reason = models.CharField(max_length=20, choices=RejectReason, blank=True, editable=False)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True, editable=False)
    # The key of publishing.readers, empty for a comment that was brought in from elsewhere.
    reader = models.CharField(max_length=32, blank=True, editable=False)
    created_at = models.DateTimeField("received", default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        permissions = [("moderate_comment", "Can decide about comments")]
        indexes = [
            models.Index(fields=["article", "status", "path"], name="comment_thread"),
            models.Index(fields=["article", "created_at"], name="comment_by_article"),
            models.Index(fields=["status", "created_at"], condition=Q(status="pending"), name="comment_queue"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="comment_status_known"),
            models.CheckConstraint(condition=~Q(name=""), name="comment_has_name"),
            models.CheckConstraint(
                condition=~Q(body="") & LessThanOrEqual(Length("body"), BODY_LENGTH), name="comment_body_length"
            ),
            models.CheckConstraint(
                condition=Q(status="pending", decided_at__isnull=True)
                | (~Q(status="pending") & Q(decided_at__isnull=False)),
                name="comment_decided_or_pending",
            ),
            models.CheckConstraint(
                condition=Q(status="rejected", reason__in=RejectReason.values)
                | (~Q(status="rejected") & Q(reason="", note="")),
                name="comment_reason_if_rejected",
            ),
            models.CheckConstraint(
                condition=Q(depth=1, parent__isnull=True) | Q(depth__gt=1, depth__lte=MAX_DEPTH, parent__isnull=False),
                name="comment_depth_of_parent",
            ),
            # Empty only inside the transaction that inserts the row and so learns its id.
            models.CheckConstraint(
                condition=Q(path="") | Q(Exact(Length("path"), F("depth") * PATH_DIGITS)), name="comment_path_length"
            ),
            models.UniqueConstraint(fields=["path"], condition=~Q(path=""), name="comment_path_once"),
        ]

    def __str__(self):
        return f"{self.name}: {shorten(self.body, 60, placeholder='…')}"

    def save(self, *args, **kwargs):
        """Store the comment with its HTML and, when it is new, its place in the thread. One query, two when new."""
        self.html = markup.render_reader_text(self.body)
        adding = self._state.adding
        with transaction.atomic():
            super().save(*args, **kwargs)
            if adding:
                self.path = (self.parent.path if self.parent else "") + f"{self.pk:0{PATH_DIGITS}d}"
                super().save(update_fields=["path"])

    def get_absolute_url(self):
        """The address that leads to its place on the article's page, whatever that is called by then."""
        return reverse("comments:permalink", args=[self.pk])

    def get_receipt_url(self):
        """The writer's own page about it. Whoever has the address may read it; it cannot be guessed."""
        return reverse("comments:receipt", args=[signing.dumps(self.pk, salt=RECEIPT_SALT)])

    @property
    def anchor(self) -> str:
        return f"comment-{self.pk}"

    @property
    def digest(self) -> str:
        """64 hexadecimal digits that change with the name or the text: what a moderator has seen."""
        return sha256(f"{self.name}\n{self.body}".encode()).hexdigest()

    @property
    def safe_html(self):
        return markup.stored(self.html)


class ThreadCount(models.Model):
    """ "N in thread": equals `Comment.objects.in_thread(article).count()` after every transaction.

    An article without a row has none.
    """

    article = models.OneToOneField(
        "articles.Article", primary_key=True, on_delete=models.CASCADE, related_name="thread_count"
    )
    approved = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.approved} in thread"

    @classmethod
    def of(cls, article) -> int:
        """The number that the page of `article` says. One query."""
        return cls.objects.filter(article=article).values_list("approved", flat=True).first() or 0

    @classmethod
    def lock(cls, article_id) -> None:
        """Until the transaction ends, nobody else writes into this article's thread. Two queries, three at first."""
        cls.objects.get_or_create(article_id=article_id)
        cls.objects.select_for_update().get(article_id=article_id)


class ModerationEntry(models.Model):
    """One change of one comment's state. Written with the change, and never again."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="entries")
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", help_text="Empty: the writer."
    )
    old_status = models.CharField("from", max_length=10, choices=Status, blank=True)
    new_status = models.CharField("to", max_length=10, choices=Status)
    reason = models.CharField(max_length=20, choices=RejectReason, blank=True)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    digest = models.CharField("digest of the text", max_length=64)
    created_at = models.DateTimeField("at", default=timezone.now)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = "decision"
        verbose_name_plural = "decisions"
        default_permissions = ["view"]
        constraints = [
            models.CheckConstraint(
                condition=Q(new_status__in=Status.values) & ~Q(new_status=F("old_status")), name="entry_is_a_change"
            ),
        ]

    def __str__(self):
        return f"{self.get_old_status_display() or 'New'} → {self.get_new_status_display()}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("A decision that was recorded cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("A decision that was recorded cannot be deleted.")
