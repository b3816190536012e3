"""When the site was, is and will be under maintenance."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from publishing.text.fields import LineField

# Nobody stays locked out because someone forgot to open again.
LONGEST_CLOSURE = timedelta(hours=24)
OPEN_END = Q(ends_at__isnull=True)


class State(models.TextChoices):
    """What a window does to the site, mildest first."""

    BANNER = "banner", "Banner"
    READ_ONLY = "read-only", "Read-only"
    CLOSED = "closed", "Closed"


class WindowQuerySet(models.QuerySet):
    def not_over(self):
        """Active now or later. A window that was ended before it began has no moment and is over."""
        return self.filter(OPEN_END | Q(ends_at__gt=timezone.now()) & Q(ends_at__gt=F("starts_at")))

    def active(self):
        return self.not_over().filter(starts_at__lte=timezone.now())

    def scheduled(self):
        return self.not_over().filter(starts_at__gt=timezone.now())

    def overlapping(self, starts_at, ends_at):
        """Windows that share a moment with [starts_at, ends_at); an `ends_at` of None never comes."""
        later = self.filter(OPEN_END | Q(ends_at__gt=starts_at) & Q(ends_at__gt=F("starts_at")))
        return later.filter(starts_at__lt=ends_at) if ends_at else later


class Window(models.Model):
    """From `starts_at` until just before `ends_at`; without an end, until it is ended. The rows are the history."""

    state = models.CharField(max_length=10, choices=State)
    sentence = LineField(
        max_length=200,
        blank=True,
        help_text="Readers see this. Empty: the sentence from “Name and wording”.",
    )
    starts_at = models.DateTimeField("from", default=timezone.now, db_index=True)
    ends_at = models.DateTimeField(
        "until", null=True, blank=True, help_text="A closed site opens again after 24 hours at most."
    )
    reason = LineField(max_length=200, blank=True, help_text="Only staff see this.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WindowQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        verbose_name = "maintenance window"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="window_state_known"),
            models.CheckConstraint(
                condition=OPEN_END | Q(ends_at__gte=F("starts_at")), name="window_ends_after_it_starts"
            ),
            # That the end is within a day is the decision's business: SQLite could say it only with a function of
            # Django's, and then no other program could copy, check or restore the database.
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(ends_at__isnull=False), name="window_closed_has_end"
            ),
        ]

    def __str__(self):
        until = f" until {timezone.localtime(self.ends_at):%Y-%m-%d %H:%M %Z}" if self.ends_at else ""
        return f"{self.get_state_display()} from {timezone.localtime(self.starts_at):%Y-%m-%d %H:%M %Z}{until}"

    def clean(self):
        """Refuse what cannot be announced. A start in the past of a new window is moved to now. One query."""
        if not self.starts_at:
            return
        now = timezone.now()
        if self._state.adding:
            self.starts_at = max(self.starts_at, now)
        if problem := self._problem_with_end(now):
            raise ValidationError({"ends_at": problem})
        others = Window.objects.overlapping(self.starts_at, self.ends_at).filter(state=self.state).exclude(pk=self.pk)
        if self._state.adding:
            # What is active makes room.
            others = others.filter(starts_at__gt=now)
        # Readers could not be told which of the two holds.
        if other := others.order_by("starts_at").first():
            raise ValidationError(f"This overlaps with another window: {other}. End that one, or choose other times.")

    def _problem_with_end(self, now) -> str:
        if self.ends_at is None:
            closed = self.state == State.CLOSED
            return "Enter when the site opens again." if closed else ""
        if self.ends_at <= self.starts_at:
            return "The end must be after the start and in the future."
        if self.state == State.CLOSED and self.ends_at - self.starts_at > LONGEST_CLOSURE:
            return "The site can be closed for 24 hours at most."
        return ""

    @property
    def is_over(self) -> bool:
        # The start is missing only in a form that is refused.
        return self.ends_at is not None and self.ends_at <= max(self.starts_at or self.ends_at, timezone.now())

    @property
    def is_active(self) -> bool:
        """Whether it holds now; the same rule as `WindowQuerySet.active`."""
        return bool(self.starts_at) and self.starts_at <= timezone.now() and not self.is_over
