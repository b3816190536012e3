"""Which comments: the only place where it is spelled out what readers see and what waits for a moderator."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Substr
from django.utils import timezone

from publishing.bases.append_only import AppendOnlyQuerySet

# Answers to answers: deeper than this nobody follows who speaks to whom, and a path stays short.
MAX_DEPTH = 5
PATH_DIGITS = 12
# The same text twice within this time is a second press of the button, not a second thought.
DUPLICATE_WINDOW = timedelta(hours=24)
# As many as the longest of the rates looks at (writing.submitting), and enough to say that a text was sent before.
MOST_OF_NETWORK, MOST_OF_TEXT = 30, 10


def _lately():
    return timezone.now() - DUPLICATE_WINDOW


def _reported(threshold):
    # The first condition on reports is that of their index.
    return Q(status="approved", open_reports__gt=0, open_reports__gte=threshold)


def of_reader(rows, reader):
    """The rows with one reader's key. The second condition is that of their index: without it SQLite reads them all."""
    return rows.filter(reader=reader).exclude(reader="")


class CommentQuerySet(models.QuerySet):
    # --- what readers see ---

    def visible(self):
        """What readers see of a thread: approved, with every comment above it."""
        return self.filter(is_visible=True)

    def in_thread(self, article):
        """What is counted in "N in thread" and shown under the article, in the order in which it is read."""
        return self.filter(article=article).visible().order_by("path")

    def roots(self, article):
        """The visible comments of `article` that answer nobody, oldest first."""
        return self.in_thread(article).filter(depth=1)

    def below(self, comment):
        """Every answer to `comment` and to its answers, in whatever state."""
        return self.filter(root=comment.root_id or comment.pk, path__startswith=comment.path, depth__gt=comment.depth)

    def that_should_be_visible(self):
        """The definition of `is_visible`, from the states alone: approved, with no comment above it that is not."""
        above = [Substr(OuterRef("path"), 1, PATH_DIGITS * depth) for depth in range(1, MAX_DEPTH + 1)]
        hidden = self.model.objects.filter(~Q(path=""), path__in=above).exclude(status="approved")
        return self.filter(~Exists(hidden), status="approved")

    def ever_public(self):
        """What readers see, or have seen: approved now or once."""
        entries = self.model._meta.get_field("entries").related_model.objects
        return self.filter(
            Q(is_visible=True) | Exists(entries.filter(comment=OuterRef("pk"), new_status="approved").values("pk"))
        )

    # --- queues: what waits for a moderator, longest wait first ---

    def pending(self):
        """Waiting, with nothing that screening found."""
        return self.filter(status="pending", is_suspect=False).order_by("created_at", "pk")

    def suspect(self):
        """Waiting, since screening found something."""
        return self.filter(status="pending", is_suspect=True).order_by("created_at", "pk")

    def reported(self, threshold: int):
        """On the page, and reported by `threshold` readers or more since a moderator last looked."""
        return self.filter(_reported(threshold)).order_by("created_at", "pk")

    def awaiting_moderation(self, threshold: int):
        """All of these: pending, suspect or reported."""
        return self.filter(Q(status="pending") | _reported(threshold)).order_by("created_at", "pk")

    def decided(self, status: str):
        """In a state that somebody decided, latest decision first."""
        return self.filter(status=status).order_by("-decided_at", "-pk")

    def unclaimed_by_others(self, user):
        """Without what another moderator has in hand just now."""
        return self.exclude(Q(claimed_until__gt=timezone.now()) & ~Q(claimed_by=user) & Q(claimed_by__isnull=False))

    # --- one sender ---

    def by_reader(self, reader):
        """What one reader sent; nothing for an empty key. Found by its index."""
        return of_reader(self, reader)

    def sent_lately(self, networks, text_key):
        """The last 30 that came from any of the hashes `networks`, and the last 10 that say the same, of the last 24
        hours; newest first, each once. However often others sent that text, nobody's own are crowded out.

        One query, in two halves, each with its own index.
        """
        # Said with what the index leaves out, or SQLite cannot tell that it holds every row asked for.
        sender = self.filter(network__in=networks, created_at__gt=_lately()).exclude(network="")
        halves = sender.order_by("-created_at", "-pk")[:MOST_OF_NETWORK], self.same_text_lately(text_key)
        # SQLite takes no limit in a half itself, but in what is asked inside it.
        first, second = (self.filter(pk__in=half.values("pk")).order_by() for half in halves)
        return first.union(second).order_by("-created_at", "-id")

    def same_text_lately(self, text_key):
        """The last 10 that say the same in the last 24 hours, newest first."""
        rows = self.filter(text_key=text_key, created_at__gt=_lately()).exclude(text_key="")
        return rows.order_by("-created_at", "-pk")[:MOST_OF_TEXT]


class RecordQuerySet(AppendOnlyQuerySet):
    """Rows that are written once. What belongs to a comment goes when the comment itself is deleted."""

    def by_reader(self, reader):
        """What happened to what one reader sent; nothing for an empty key. Found by its index."""
        return of_reader(self, reader)

    def erase(self) -> int:
        """Delete rows that hold a text which is not to be kept any longer (privacy.erasure); returns how many."""
        return models.QuerySet.delete(self)[0]

    def forget_text(self) -> int:
        """Keep that it was decided, by whom and why, but nothing of what a text said; returns how many rows."""
        return models.QuerySet.update(self, note="", digest="")
