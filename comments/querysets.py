"""Which comments: the only place where it is spelled out what readers see and what waits for a moderator."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

# The same text twice within this time is a second press of the button, not a second thought.
DUPLICATE_WINDOW = timedelta(hours=24)


class CommentQuerySet(models.QuerySet):
    def approved(self):
        """What readers see of a thread."""
        return self.filter(status="approved")

    def in_thread(self, article):
        """What is counted in "N in thread" and shown under the article, in the order in which it is read."""
        return self.filter(article=article).approved().order_by("path")

    def awaiting_moderation(self):
        """The queue, longest wait first."""
        return self.filter(status="pending").order_by("created_at", "pk")

    def repeated(self, article, name, body):
        """Comments of the last 24 hours that say the same under the same name, in whatever state they are."""
        since = timezone.now() - DUPLICATE_WINDOW
        return self.filter(article=article, created_at__gt=since, name=name, body=body).order_by("-created_at", "-pk")


class AppendOnlyQuerySet(models.QuerySet):
    """Rows that are written once. What belongs to a comment goes when the comment itself is deleted."""

    def update(self, **kwargs):
        raise TypeError(f"{self.model._meta.verbose_name_plural} cannot be changed.")

    def delete(self):
        raise TypeError(f"{self.model._meta.verbose_name_plural} cannot be deleted.")
