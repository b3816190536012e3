"""Hearts and views, in tables of their own so that counting never locks articles."""

from contextlib import suppress
from datetime import timedelta

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone

VIEW_WINDOW = timedelta(hours=24)
# Views of each day are kept for as long.
KEPT_DAYS = timedelta(days=90)


class ArticleCounts(models.Model):
    """`hearts` is the number of rows in Heart; `views` only grows.

    `day_views` are those of `day`, the last one on which it was read: a view changes one row. Those of days before are
    in DailyViews.
    """

    article = models.OneToOneField(
        "articles.Article", primary_key=True, on_delete=models.CASCADE, related_name="counts"
    )
    views = models.PositiveIntegerField(default=0)
    hearts = models.PositiveIntegerField(default=0)
    day = models.DateField(null=True, db_index=True)
    day_views = models.PositiveIntegerField(default=0, db_default=0)

    def __str__(self):
        return f"{self.views} views, {self.hearts} hearts"


class DailyViews(models.Model):
    """How often an article was read on a day before the last one with a view."""

    counts = models.ForeignKey(ArticleCounts, on_delete=models.CASCADE, related_name="days", db_index=False)
    day = models.DateField()
    views = models.PositiveIntegerField()

    class Meta:
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["counts", "day"], name="daily_views_once")]

    def __str__(self):
        return f"{self.views} views on {self.day}"


class Heart(models.Model):
    """One reader's heart for one article."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="+")
    reader = models.CharField(max_length=32)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "reader"], name="heart_once_per_reader")]

    def __str__(self):
        return f"{self.reader[:6]}… ♥ {self.article_id}"


class View(models.Model):
    """A visitor, known by a hash of the day only, who read an article. Deleted after VIEW_WINDOW."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="+")
    visitor = models.CharField(max_length=64)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "visitor"], name="view_once_per_visitor")]

    def __str__(self):
        return f"{self.visitor[:6]}… → {self.article_id}"


def set_heart(article, reader: str, wanted: bool | None = None) -> tuple[bool, int]:
    """Add or remove a reader's heart; None toggles it. Returns (hearted, hearts of the article)."""
    with transaction.atomic():
        # The lock makes changes of one article happen one after the other.
        counts = ArticleCounts.objects.select_for_update().get(article=article)
        hearts = Heart.objects.filter(article=article, reader=reader)
        exists = hearts.exists()
        wanted = not exists if wanted is None else wanted
        if wanted != exists:
            if wanted:
                Heart.objects.create(article=article, reader=reader)
            else:
                hearts.delete()
            counts.hearts += 1 if wanted else -1
            counts.save(update_fields=["hearts"])
    return wanted, counts.hearts


def count_view(article, visitor_hashes: list[str]) -> None:
    """Count a visit unless the same visitor was counted within VIEW_WINDOW.

    `visitor_hashes` are the visitor's hashes with the salts of today and yesterday, today's first. Deletes the
    article's expired rows.
    """
    now = timezone.now()
    views = View.objects.filter(article=article)
    if views.filter(visitor__in=visitor_hashes, seen_at__gt=now - VIEW_WINDOW).exists():
        return
    # Not counted if another tab of the visitor was faster.
    with suppress(IntegrityError), transaction.atomic():
        views.filter(seen_at__lte=now - VIEW_WINDOW).delete()
        View.objects.create(article=article, visitor=visitor_hashes[0], seen_at=now)
        _count_on(timezone.localdate(now), article)


def _count_on(today, article) -> None:
    """One view more, in one statement but for the first view of a day, which ends the day before."""
    counts = ArticleCounts.objects.filter(article=article)
    more = {"views": F("views") + 1, "day_views": F("day_views") + 1}
    # After the clock was put back, the later day goes on.
    if counts.filter(day__gte=today).update(**more):
        return
    last = counts.select_for_update().get()
    if last.day is None or last.day < today:
        if last.day_views:
            DailyViews.objects.create(counts=last, day=last.day, views=last.day_views)
        DailyViews.objects.filter(counts=last, day__lte=today - KEPT_DAYS).delete()
        counts.update(day=today, day_views=0)
    counts.update(**more)
