"""Comments, and the thread of an article."""

from functools import cache, lru_cache
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
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from publishing.cache import pages
from publishing.database.prepared import Parameter, Prepared
from publishing.paths import url_of
from publishing.text import markdown

from ..choices import CommentKind, RejectReason
from ..querysets import MAX_DEPTH, PATH_DIGITS, CommentQuerySet

BODY_LENGTH = 4000
# Of a comment from another system, where it stood in full.
IMPORTED_LENGTH = 65_535
# Visible characters. The column is wider, for scripts that write one letter with several characters.
NAME_LENGTH = 50
NAME_COLUMN_LENGTH = 200
NOTE_LENGTH = 300

RECEIPT_SALT = "comments.receipt"
# Deferred in lists of comments.
LONG_PARTS_OF_ARTICLE = ["article__body", "article__html", "article__text", "article__contents"]


def account_field(*, editable: bool = False) -> models.ForeignKey:
    """Who of the staff did something; empty once the account is deleted."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=editable
    )


class Status(models.TextChoices):
    PENDING = "pending", _("Waiting")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    SPAM = "spam", _("Spam")
    REMOVED = "removed", _("Removed")

    @property
    def inside(self) -> str:
        """The label inside of a sentence."""
        return _INSIDE[self]


_INSIDE = {
    Status.PENDING: pgettext_lazy("inside of a sentence", "waiting"),
    Status.APPROVED: pgettext_lazy("inside of a sentence", "approved"),
    Status.REJECTED: pgettext_lazy("inside of a sentence", "rejected"),
    Status.SPAM: pgettext_lazy("inside of a sentence", "spam"),
    Status.REMOVED: pgettext_lazy("inside of a sentence", "removed"),
}


# These end the trust in a writer, unless they withdrew or erased the comment.
UNPUBLISHED = (Status.REJECTED, Status.SPAM, Status.REMOVED)


class Policy(models.TextChoices):
    """Which comments wait for a moderator. `CommentSettings` has the one that threads inherit."""

    INHERIT = "inherit", _("Site default")
    HOLD_ALL = "hold", _("Hold all")
    TRUST_KNOWN = "trust", _("Trust known writers")
    CLOSED = "closed", _("Closed")


# Days after publication.
CLOSE_AFTER = [(0, _("never")), (14, _("after 14 days")), (90, _("after 90 days"))]


def reason_of(hold: dict) -> str:
    """Why screening holds a comment, in words. Stored by an older version, they are English."""
    words = gettext(hold["detail"]) if hold["detail"] else ""
    return words % hold["facts"] if hold.get("facts") else words


class Comment(models.Model):
    """A reader's comment on an article.

    `path` is the ids from the root of the conversation down to this one, 12 decimal digits each, so that sorting by it
    gives the order of the thread under any collation. `is_visible`: it is approved, and so is every comment above it.
    The fields of `comments.forms` check every name and body.
    """

    # Without an index: those below start with the article.
    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="comments", db_index=False, editable=False
    )
    # A comment with replies can only be deleted with the article.
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="replies", editable=False
    )
    # The top-level comment above it; empty for that one itself.
    root = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="conversation", editable=False
    )
    path = models.CharField(max_length=PATH_DIGITS * MAX_DEPTH, editable=False, blank=True)
    depth = models.PositiveSmallIntegerField(editable=False, default=1)
    kind = models.CharField(max_length=12, choices=CommentKind, default=CommentKind.PLAIN)
    name = models.CharField(max_length=NAME_COLUMN_LENGTH)
    body = models.TextField(max_length=IMPORTED_LENGTH)
    html = models.TextField(editable=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING, editable=False)
    is_visible = models.BooleanField(default=False, editable=False)
    reason = models.CharField(max_length=20, choices=RejectReason, blank=True, editable=False)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True, editable=False)
    is_editorial = models.BooleanField(_("by an editor"), default=False, editable=False)
    # What screening found: a list of `screening.checks.Hold` as dictionaries.
    holds = models.JSONField(default=list, blank=True, editable=False)
    is_suspect = models.BooleanField(default=False, editable=False)
    # Readers' reports since a moderator's last decision.
    open_reports = models.PositiveIntegerField(default=0, editable=False)
    # The moderator who reviews it, so that no other does.
    claimed_by = account_field()
    claimed_until = models.DateTimeField(null=True, editable=False)
    # Who gets a mail about replies.
    notify = models.ForeignKey(
        "comments.EmailAddress", null=True, on_delete=models.SET_NULL, related_name="comments", editable=False
    )
    # The hash of the confirmed mailbox after its owner unsubscribed (`mailboxes`, for `WRITER`), so that a data
    # request finds their comments.
    writer_hash = models.CharField(max_length=64, blank=True, editable=False)
    # When the mail about it to the writer of its parent was sent, or claimed by a task.
    notified_at = models.DateTimeField(null=True, editable=False)
    # The key of publishing.web.anonymous_ids, empty for an imported comment.
    reader = models.CharField(max_length=32, blank=True, editable=False)
    # Hashes of the /32 or /64 it came from and of the /24 or /48 around that, under the key of its day.
    network = models.CharField(max_length=80, blank=True, editable=False)
    network_range = models.CharField(max_length=80, blank=True, editable=False)
    # Equal for texts that look alike (publishing.text.lookalikes.text_key).
    text_key = models.CharField(max_length=32, blank=True, editable=False)
    created_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Since then it has no text and no name, only its place in the thread.
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Where it was imported from (comments.transfer.importer), so that it is imported once.
    external_id = models.CharField(max_length=80, blank=True, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        permissions = [
            ("moderate_comment", "Can decide about comments"),
            ("answer_comment", "Can answer comments as an editor"),
        ]
        indexes = [
            # Pages of a thread, and the replies under one comment.
            models.Index(fields=["article", "depth", "path"], condition=Q(is_visible=True), name="comment_roots"),
            models.Index(fields=["root", "path"], condition=Q(is_visible=True), name="comment_conversation"),
            models.Index(fields=["article", "path"], condition=Q(is_visible=True), name="comment_visible"),
            models.Index(fields=["article", "created_at"], name="comment_by_article"),
            # The queues, oldest first. The state is a column too: without it SQLite uses comment_decided and sorts.
            *(
                models.Index(fields=["status", "created_at", "id"], condition=condition, name=name)
                for name, condition in [
                    ("comment_queue", Q(status="pending", is_suspect=False)),
                    ("comment_suspect", Q(status="pending", is_suspect=True)),
                    ("comment_reported", Q(status="approved", open_reports__gt=0)),
                ]
            ),
            models.Index(fields=["status", "decided_at", "id"], name="comment_decided"),
            # Recent comments of one reader, one network or one text.
            models.Index(fields=["reader", "created_at"], condition=~Q(reader=""), name="comment_by_reader"),
            models.Index(fields=["network", "created_at"], condition=~Q(network=""), name="comment_by_network"),
            models.Index(fields=["text_key", "created_at"], condition=~Q(text_key=""), name="comment_by_text"),
            models.Index(fields=["writer_hash"], condition=~Q(writer_hash=""), name="comment_by_writer"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="comment_status_known"),
            models.CheckConstraint(condition=Q(kind__in=CommentKind.values), name="comment_kind_known"),
            models.CheckConstraint(condition=~Q(name="") | Q(erased_at__isnull=False), name="comment_has_name"),
            models.CheckConstraint(
                condition=Q(~Q(body="") | Q(erased_at__isnull=False))
                & Q(
                    LessThanOrEqual(Length("body"), BODY_LENGTH)
                    | Q(~Q(external_id=""), LessThanOrEqual(Length("body"), IMPORTED_LENGTH))
                ),
                name="comment_body_length",
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
                condition=Q(is_visible=False) | Q(status="approved"), name="comment_visible_approved"
            ),
            models.CheckConstraint(
                condition=Q(depth=1, parent__isnull=True, root__isnull=True)
                | Q(depth__gt=1, depth__lte=MAX_DEPTH, parent__isnull=False, root__isnull=False),
                name="comment_depth_of_parent",
            ),
            # Empty only inside the transaction that inserts the row and so learns its id.
            models.CheckConstraint(
                condition=Q(path="") | Q(Exact(Length("path"), F("depth") * PATH_DIGITS)), name="comment_path_length"
            ),
            models.UniqueConstraint(fields=["path"], condition=~Q(path=""), name="comment_path_once"),
            models.UniqueConstraint(
                fields=["article", "external_id"], condition=~Q(external_id=""), name="comment_imported_once"
            ),
        ]  # fmt: skip

    def __str__(self):
        if self.erased_at:
            return gettext("An erased comment")
        return f"{self.name}: {shorten(self.body, 60, placeholder='…')}"

    def save(self, *args, **kwargs):
        """Save the comment with its HTML and, when it is new, its path. One query, two when new."""
        if self._state.adding and self.parent:
            self.depth, self.root_id = self.parent.depth + 1, self.parent.root_id or self.parent_id
        if self._state.adding or "body" in (kwargs.get("update_fields") or ["body"]):
            self.html = markdown.render_reader_text(self.body) if self.body else ""
        if not self._state.adding:
            return super().save(*args, **kwargs)
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)
            self.path = (self.parent.path if self.parent else "") + f"{self.pk:0{PATH_DIGITS}d}"
            type(self).objects.filter(pk=self.pk).update(path=self.path)

    def get_absolute_url(self):
        return url_of("comments:permalink", self.pk)

    def get_report_url(self):
        """Where readers report it."""
        return url_of("comments:report", self.pk)

    def get_receipt_url(self):
        """The writer's page about it, always the same. It cannot be guessed, and everyone with the link may read it."""
        return reverse("comments:receipt", args=[signing.Signer(salt=RECEIPT_SALT).sign_object(self.pk)])

    @property
    def anchor(self) -> str:
        return f"comment-{self.pk}"

    @property
    def digest(self) -> str:
        """64 hexadecimal digits that change with the kind, the name or the text, which a moderator has seen."""
        return sha256(f"{self.kind}\n{self.name}\n{self.body}".encode()).hexdigest()

    @property
    def hold_reasons(self) -> list[str]:
        return [reason_of(hold) for hold in self.holds if hold.get("detail")]

    @property
    def status_inside(self) -> str:
        return Status(self.status).inside

    @property
    def safe_html(self):
        return markdown.stored(self.html)

    @property
    def erased_sentence(self) -> str:
        """What stands in the place of an erased comment. One that was deleted elsewhere came without its text."""
        came_empty = self.erased_at == self.created_at
        if came_empty:
            # Translators: for readers.
            return gettext("This comment was deleted.")
        # Translators: for readers.
        return gettext("This comment was erased by its author.")

    @property
    def reply_label(self) -> str:
        return _labels(get_language())["reply"] % {"name": self.name}

    @property
    def link_label(self) -> str:
        return _labels(get_language())["link"] % {"name": self.name}

    @property
    def report_label(self) -> str:
        return _labels(get_language())["report"] % {"name": self.name}

    @property
    def may_be_answered(self) -> bool:
        return self.is_visible and self.depth < MAX_DEPTH and not self.erased_at

    @property
    def may_be_pinned(self) -> bool:
        return self.is_visible and self.depth == 1 and not self.erased_at


@lru_cache(maxsize=20)
def _labels(language: str) -> dict[str, str]:
    """Of the links below a comment, looked up once: a page has dozens of comments."""
    return {
        # Translators: for readers.
        "reply": gettext("Reply to %(name)s"),
        # Translators: for readers.
        "link": gettext("Link to %(name)s’s comment"),
        # Translators: for readers.
        "report": gettext("Report %(name)s’s comment"),
    }


class Thread(models.Model):
    """The comments on one article: how many are visible, who may write, which one is pinned.

    `comment_count` is "N in thread" and equals `Comment.objects.in_thread(article).count()` after every transaction.
    An article without a row has no comments and the default rules.
    """

    article = models.OneToOneField(
        "articles.Article", primary_key=True, on_delete=models.CASCADE, related_name="thread"
    )
    comment_count = models.PositiveIntegerField(_("comments"), default=0, editable=False)
    policy = models.CharField(_("new comments"), max_length=10, choices=Policy, default=Policy.INHERIT)
    close_after_days = models.PositiveSmallIntegerField(
        _("close comments"),
        null=True,
        blank=True,
        choices=CLOSE_AFTER,
        help_text=_("After publication. Empty: use the site default."),
    )
    pinned = models.OneToOneField(
        Comment, null=True, blank=True, on_delete=models.SET_NULL, related_name="pinned_in", editable=False
    )

    class Meta:
        verbose_name = _("comments under the article")
        verbose_name_plural = _("comments under the article")
        constraints = [models.CheckConstraint(condition=Q(policy__in=Policy.values), name="thread_policy_known")]

    def __str__(self):
        words = ngettext("%(number)s in thread", "%(number)s in thread", self.comment_count)
        return words % {"number": self.comment_count}

    @classmethod
    def for_article(cls, article) -> "Thread":
        """The thread of `article`, or an unsaved one. One query, none if the article was fetched with it."""
        if cls.article.field.remote_field.is_cached(article):
            return getattr(article, "thread", None) or cls(article=article)
        thread = _of_article().first(article=article.pk) or cls()
        thread.article = article
        return thread

    @classmethod
    def stored(cls, article) -> "Thread":
        """The same, inserted if there was none."""
        thread = cls.for_article(article)
        return cls.objects.get_or_create(article=article)[0] if thread._state.adding else thread

    @classmethod
    def count(cls, article_id: int, change: int) -> None:
        """Add `change` to "N in thread". One query, three the first time."""
        if not change:
            return
        rows = cls.objects.filter(article=article_id)
        if not rows.update(comment_count=F("comment_count") + change):
            cls.objects.get_or_create(article_id=article_id)
            rows.update(comment_count=F("comment_count") + change)
        pages.invalidate(cls.count_name(article_id))

    @staticmethod
    def count_name(article_id: int) -> str:
        """That of lists of articles, which show the number and nothing else of a thread."""
        return f"comment-count:{article_id}"

    @staticmethod
    def names(article_id: int) -> tuple[str, str]:
        """Those of the pages with comments on this article, and of the feed of all comments."""
        return f"thread:{article_id}", "comments"

    @classmethod
    def invalidate(cls, article_id: int) -> None:
        """Invalidate the cached pages that show a new comment on this article."""
        pages.invalidate(*cls.names(article_id))

    @classmethod
    def withdraw(cls, article_id: int) -> None:
        """The same after a comment was hidden or erased: no old copy may show it."""
        pages.withdraw(*cls.names(article_id))


@cache
def _of_article() -> Prepared:
    return Prepared(Thread.objects.filter(article=Parameter("article", models.BigIntegerField())))
