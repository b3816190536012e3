"""What lies in the trash."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from publishing.text.fields import SlugField

from .article import Article, Status


class TrashQuerySet(models.QuerySet):
    def restorable_by(self, user):
        """What an account may restore, and delete for ever: what it may move there (`deletable_by`)."""
        if user.has_perm("articles.publish_article"):
            return self
        if user.has_perm("articles.delete_article"):
            own = Article.everything.trashed().written_by(user).filter(published_at=None)
            return self.filter(article__in=own, status__in=[Status.DRAFT, Status.REVIEW])
        return self.none()


class TrashedArticle(models.Model):
    """An article that lies in the trash, and what it was before.

    Its own columns have the status `TRASHED` and leave address, place in the series and file to others.
    """

    article = models.OneToOneField(Article, primary_key=True, on_delete=models.CASCADE, related_name="trashed")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now, db_index=True)
    status = models.CharField(max_length=10, choices=Status)
    slug = SlugField(max_length=200, db_index=False)
    series_position = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=400, null=True)  # noqa: DJ001 - as in Article

    objects = TrashQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-article"]
        default_permissions = []
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="trashed_article_status_known")
        ]

    def __str__(self):
        return str(self.article)

    @property
    def was_public(self) -> bool:
        return self.status == Status.PUBLISHED and self.article.published_at <= self.at

    @property
    def status_again(self) -> str:
        """Its status if it is restored as it was. What the clock would have changed meanwhile does not appear."""
        if self.status != Status.PUBLISHED:
            return self.status
        now = timezone.now()
        if not self.was_public and self.article.published_at <= now:
            return Status.DRAFT
        return Status.ARCHIVED if self.article.archives_at and self.article.archives_at <= now else self.status

    @property
    def restore_label(self) -> str:
        """What the button says."""
        if self.status_again != Status.PUBLISHED:
            return _("Restore")
        return _("Publish again") if self.was_public else _("Schedule again")
