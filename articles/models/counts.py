"""Hearts and views: counted beside the article, so that reading never locks writing."""

from datetime import timedelta

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone

VIEW_WINDOW = timedelta(hours=24)


class ArticleCounts(models.Model):
    """The two numbers of an article. `hearts` equals its rows in Heart; `views` only grows."""

    article = models.OneToOneField(
        "articles.Article", primary_key=True, on_delete=models.CASCADE, related_name="counts"
    )
    views = models.PositiveIntegerField(default=0)
    hearts = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.views} views, {self.hearts} hearts"


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
    """That someone, known only by a hash of the day, has read an article. Forgotten after the window."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="+")
    visitor = models.CharField(max_length=64)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "visitor"], name="view_once_per_visitor")]

    def __str__(self):
        return f"{self.visitor[:6]}… → {self.article_id}"


def set_heart(article, reader: str, wanted: bool | None = None) -> tuple[bool, int]:
    """Give the reader's heart or take it back, as `wanted` says; None changes it to the other state.

    Returns (given, hearts of the article). Five queries at most.

    The row of the counts is locked first, so changes of one article happen one after the other and none is lost.
    """
    with transaction.atomic():
        counts = ArticleCounts.objects.select_for_update().get(article=article)
        hearts = Heart.objects.filter(article=article, reader=reader)
        given = hearts.exists()
        wanted = not given if wanted is None else wanted
        if wanted != given:
            if wanted:
                Heart.objects.create(article=article, reader=reader)
            else:
                hearts.delete()
            counts.hearts = F("hearts") + (1 if wanted else -1)
            counts.save(update_fields=["hearts"])
            counts.refresh_from_db(fields=["hearts"])
    return wanted, counts.hearts


def count_view(article, visitor_hashes: list[str]) -> bool:
    """Count a visit unless the same visitor was counted in the last 24 hours; returns whether it was counted.

    `visitor_hashes` are the visitor's hashes under today's and yesterday's salt, today's first. Rows of the article
    that no longer keep a visit from counting are forgotten. One query when the visit does not count, else four.
    """
    now = timezone.now()
    views = View.objects.filter(article=article)
    if views.filter(visitor__in=visitor_hashes, seen_at__gt=now - VIEW_WINDOW).exists():
        return False
    try:
        with transaction.atomic():
            views.filter(seen_at__lte=now - VIEW_WINDOW).delete()
            View.objects.create(article=article, visitor=visitor_hashes[0], seen_at=now)
            ArticleCounts.objects.filter(article=article).update(views=F("views") + 1)
    except IntegrityError:
        # The same visitor's other tab was faster.
        return False
    return True
