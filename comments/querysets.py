"""Which comments readers see, and which wait for a moderator. No other module repeats these filters."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Substr
from django.utils import timezone

from articles.models import Article, TrashedArticle
from articles.trash.moving import TRASH
from publishing.bases.append_only import AppendOnlyQuerySet
from publishing.cache.values import CachedValue

# Of replies to replies.
MAX_DEPTH = 5
PATH_DIGITS = 12
# As many as the longest rate counts (writing.submitting), and enough to find a repeated text.
MOST_OF_NETWORK, MOST_OF_TEXT = 30, 10


# Almost always it is empty or nearly so, and queues are counted often.
_is_trash_used = CachedValue(lambda: TrashedArticle.objects.exists(), default=bool, names=(TRASH,))


def _reported(threshold):
    # The first condition on reports is that of their index.
    return Q(status="approved", open_reports__gt=0, open_reports__gte=threshold)


class ByReader:
    def by_reader(self, reader):
        """The rows with one reader's key, none for an empty one."""
        # The second condition is that of the index: without it SQLite reads the whole table.
        return self.filter(reader=reader).exclude(reader="")


class CommentQuerySet(ByReader, models.QuerySet):
    # --- what readers see ---

    def visible(self):
        """Approved, with every comment above it."""
        return self.filter(is_visible=True)

    def on_published_articles(self):
        # Tested for each comment: otherwise all published articles would be listed first.
        return self.filter(Exists(Article.objects.published().filter(pk=OuterRef("article"))))

    def in_thread(self, article):
        """The visible comments on `article`, which "N in thread" counts, in the order of the thread."""
        return self.filter(article=article).visible().order_by("path")

    def roots(self, article):
        """The visible top-level comments on `article`, oldest first."""
        return self.in_thread(article).filter(depth=1)

    def below(self, comment):
        """All replies to `comment` and to its replies, in whatever state."""
        return self.filter(root=comment.root_id or comment.pk, path__startswith=comment.path, depth__gt=comment.depth)

    def that_should_be_visible(self):
        """The definition of `is_visible` from the states: approved, with no comment above it that is not."""
        above = [Substr(OuterRef("path"), 1, PATH_DIGITS * depth) for depth in range(1, MAX_DEPTH + 1)]
        hidden = self.model.objects.filter(~Q(path=""), path__in=above).exclude(status="approved")
        return self.filter(~Exists(hidden), status="approved")

    def ever_public(self):
        """Visible, or approved once."""
        entries = self.model._meta.get_field("entries").related_model.objects
        return self.filter(Q(is_visible=True) | Exists(entries.filter(comment=OuterRef("pk"), new_status="approved")))

    def outside_trash(self):
        """Without those on articles in the trash."""
        return (
            self.exclude(article__in=TrashedArticle.objects.order_by().values("article"))
            if _is_trash_used.get()
            else self
        )

    # --- the moderators' queues; the default order is oldest first. None has what lies in the trash ---

    def pending(self):
        """Waiting, and screening found nothing."""
        return self.outside_trash().filter(status="pending", is_suspect=False)

    def suspect(self):
        """Waiting, and screening found something."""
        return self.outside_trash().filter(status="pending", is_suspect=True)

    def reported(self, threshold: int):
        """Approved, and reported by `threshold` readers or more since a moderator's last decision."""
        return self.outside_trash().filter(_reported(threshold))

    def awaiting_moderation(self, threshold: int):
        """All of these: pending, suspect or reported."""
        return self.outside_trash().filter(Q(status="pending") | _reported(threshold))

    def decided(self, status: str):
        """In a state other than waiting, latest decision first."""
        return self.outside_trash().filter(status=status).order_by("-decided_at", "-pk")

    def unclaimed_by_others(self, user):
        """Without those that another moderator has claimed."""
        return self.exclude(Q(claimed_until__gt=timezone.now()) & ~Q(claimed_by=user) & Q(claimed_by__isnull=False))

    # --- one sender ---

    def sent_lately(self, networks, text_key, since):
        """After `since` the last 30 from any of the hashes `networks`, and the last 10 with the same text;
        newest first, each once. One query in two halves, each with its own index.
        """
        # The first condition is that of the index: without it SQLite does not use it.
        sender = self.filter(~Q(network=""), network__in=networks, created_at__gt=since)
        halves = sender.order_by("-created_at", "-pk")[:MOST_OF_NETWORK], self.same_text(text_key, since)
        # SQLite allows no limit in a half itself, but in a subquery.
        rows = self.only("article", "parent", "name", "body", "status", "reader", "network", "text_key", "created_at")
        first, second = (rows.filter(pk__in=half.values("pk")).order_by() for half in halves)
        return first.union(second).order_by("-created_at", "-id")

    def same_text(self, text_key, since):
        """The last 10 with the same text after `since`, newest first."""
        rows = self.filter(~Q(text_key=""), text_key=text_key, created_at__gt=since)
        return rows.order_by("-created_at", "-pk")[:MOST_OF_TEXT]


class RecordQuerySet(ByReader, AppendOnlyQuerySet):
    """Rows that are never changed, except by `comments.privacy.erasure`."""

    def erase(self) -> int:
        """Delete rows that contain an erased text; returns how many."""
        return models.QuerySet.delete(self)[0]

    def forget_text(self) -> int:
        """Delete note and digest of decisions; returns how many rows."""
        return models.QuerySet.update(self, note="", digest="")
