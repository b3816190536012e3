"""The versions of an article: what is worked on, what is live, and what was."""

import json
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.cache.values import CachedValue
from publishing.text.fields import SUMMARY_LENGTH, LineField

from .corrections import NOTE_LENGTH, ChangeKind
from .taxonomy import with_kept_labels

# Fields that versions of before do not have.
ADDED_LATER = {"cover_letters": "", "language": "", "is_sensitive": False}
# Without a value it is no part of a digest: those of versions before it would be others.
_UNTOLD = [("language", ""), ("is_sensitive", False)]


class VersionQuerySet(models.QuerySet):
    def working(self):
        return self.filter(state=Version.State.WORKING)

    def scheduled(self):
        return self.filter(state=Version.State.SCHEDULED)

    def live(self):
        return self.filter(state=Version.State.LIVE)

    def shown(self):
        """What a form shows comes first: the working version, else the scheduled one, else the live one."""
        # "working" sorts after "scheduled", and that after "live".
        return self.exclude(state=Version.State.OLD).order_by("-state")

    def earlier(self):
        """The history, newest first."""
        return self.filter(state=Version.State.OLD).order_by("-number")

    def thinnable(self):
        """What may be deleted: neither published once, nor in use, nor the base of what is."""
        in_use = self.model.objects.exclude(state=Version.State.OLD).filter(base__isnull=False)
        # Articles that are imported, or older than versions, were published with their first one.
        kept = [Version.Kind.FIRST, Version.Kind.PUBLISHED]
        return self.filter(state=Version.State.OLD).exclude(kind__in=kept).exclude(pk__in=in_use.values("base"))

    def due(self, now):
        """Scheduled changes whose moment has come, the first one first."""
        return self.filter(goes_live_at__lte=now).order_by("goes_live_at", "pk")


class Version(models.Model):
    """All fields of an article that editors change, as they were at one moment.

    The columns of the article hold the fields of the live version. Fields are changed only while a version is the
    working one.
    """

    class State(models.TextChoices):
        WORKING = "working", _("Working version")
        SCHEDULED = "scheduled", _("Scheduled change")
        LIVE = "live", _("Live version")
        OLD = "old", _("Earlier version")

    class Kind(models.TextChoices):
        FIRST = "first", _("First version")
        AUTOSAVED = "autosaved", _("Saved automatically")
        SAVED = "saved", _("Saved")
        REVIEW = "review", _("Sent for review")
        SENT_BACK = "sent_back", _("Sent back")
        PUBLISHED = "published", _("Published")
        RESTORED = "restored", _("Restored")
        CONFLICT = "conflict", _("Saved from a conflict")
        CHECKED = "checked", _("Still true")

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    base = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State)
    kind = models.CharField(max_length=10, choices=Kind)
    fields = models.JSONField()
    digest = models.CharField(max_length=16)
    # Where the notes on its paragraphs are, by their keys: see `articles/versions/anchors.py`.
    anchors = models.JSONField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    note = LineField(max_length=SUMMARY_LENGTH, blank=True)
    goes_live_at = models.DateTimeField(null=True, blank=True)
    # What readers are told when it goes live.
    change_kind = models.CharField(
        max_length=13, choices=ChangeKind, default=ChangeKind.TYPO, db_default=ChangeKind.TYPO
    )
    public_note = LineField(max_length=NOTE_LENGTH, blank=True, db_default="")

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["article", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="version_number"),
            models.UniqueConstraint(fields=["article"], condition=Q(state="working"), name="version_one_working"),
            models.UniqueConstraint(fields=["article"], condition=Q(state="scheduled"), name="version_one_scheduled"),
            models.UniqueConstraint(fields=["article"], condition=Q(state="live"), name="version_one_live"),
            models.CheckConstraint(
                condition=Q(state="scheduled", goes_live_at__isnull=False)
                | ~Q(state="scheduled") & Q(goes_live_at__isnull=True),
                name="version_scheduled_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(change_kind="typo", public_note="") | ~Q(change_kind="typo") & ~Q(public_note=""),
                name="version_note_of_change",
            ),
        ]
        indexes = [
            models.Index(fields=["goes_live_at"], condition=Q(state="scheduled"), name="version_due"),
            models.Index(fields=["by", "-changed_at"], condition=Q(state="working"), name="version_unfinished"),
            models.Index(
                fields=["-changed_at", "-article"], condition=Q(state="working"), name="version_last_worked_on"
            ),
        ]

    def __str__(self):
        title = self.fields.get("title", "")
        return gettext("Version %(number)s of “%(title)s”") % {"number": self.number, "title": title}

    @classmethod
    def from_db(cls, db, field_names, values):
        """With labels that were merged since as those that they are now: no version is stored again for that.

        And with the fields that articles did not have when it was stored.
        """
        version = super().from_db(db, field_names, values)
        if "fields" in version.__dict__:
            version.fields = ADDED_LATER | with_kept_labels(version.fields)
        return version


class Presence(models.Model):
    """An open form of an article. Forms that were closed do not say so: `seen_at` gets old."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    tab = models.CharField(max_length=40)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "user", "tab"], name="presence_of_tab")]

    def __str__(self):
        return f"{self.user} at article {self.article_id}"


def digest_of(fields: dict) -> str:
    """A digest of the fields of a version: the token of a form that was filled with them."""
    fields = {name: value for name, value in fields.items() if (name, value) not in _UNTOLD}
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:16]


# --- what the clock will do ---

# The name of cached values that have the moments of scheduled changes.
SCHEDULED_CHANGES = "scheduled-changes"


def _moments() -> list[datetime]:
    changes = Version.objects.scheduled().order_by("goes_live_at").values_list("goes_live_at", flat=True)
    article_model = Version._meta.get_field("article").related_model
    archived = article_model.objects.filter(archives_at__isnull=False).order_by("archives_at")
    return sorted([*changes[:100], *archived.values_list("archives_at", flat=True)[:100]])


_scheduled = CachedValue(_moments, default=list, names=(SCHEDULED_CHANGES,))


def next_change_after(now: datetime) -> datetime | None:
    """When a scheduled change is published, or an article is archived by date. No query while nothing has changed."""
    return next((moment for moment in _scheduled.get() if moment > now), None)


def is_change_due(now: datetime) -> bool:
    """Whether a scheduled change should have been made by now. No query while nothing has changed."""
    moments = _scheduled.get()
    return bool(moments) and moments[0] <= now
