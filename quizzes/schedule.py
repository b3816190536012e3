"""When the clock changes a page that shows quizzes, so that no page is kept beyond that moment."""

from datetime import datetime

from django.utils import timezone

from articles import schedule as articles_schedule
from publishing.cache import generations

from .models import Quiz


def _moments() -> list[datetime]:
    return list(Quiz.objects.scheduled().order_by("published_at").values_list("published_at", flat=True)[:100])


_scheduled = generations.CachedValue(_moments, default=list)


def next_publication() -> datetime | None:
    """The next moment at which a scheduled quiz, or an article that one is linked to, appears by itself.

    No query while nothing was changed.
    """
    now = timezone.now()
    moments = [*_scheduled.get(), articles_schedule.next_publication()]
    return min((moment for moment in moments if moment and moment > now), default=None)
