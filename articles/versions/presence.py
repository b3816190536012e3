"""Who has the form of an article open."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from ..models import Presence

# The form says every 15 seconds that it is open; browsers let one in the background do so once a minute.
LASTS = timedelta(seconds=75)


def seen(key: int, user, tab: str) -> list[Presence]:
    """Note that the user has the form of the article open in this tab, and return all others, by name.

    Two queries, and one more to delete rows of forms that were closed. Raises IntegrityError if the article is gone.
    """
    now = timezone.now()
    Presence.objects.bulk_create(
        [Presence(article_id=key, user=user, tab=tab, seen_at=now)],
        update_conflicts=True,
        unique_fields=["article", "user", "tab"],
        update_fields=["seen_at"],
    )
    closed = Q(seen_at__lt=now - LASTS)
    rows = Presence.objects.filter(closed | Q(article=key)).select_related("user")
    others = [row for row in rows if row.seen_at >= now - LASTS and (row.user_id, row.tab) != (user.pk, tab)]
    if any(row.seen_at < now - LASTS for row in rows):
        Presence.objects.filter(closed).delete()
    return others
