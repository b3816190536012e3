"""Querysets of quizzes."""

from django.db.models import Prefetch

from articles.models import Article
from publishing.bases.publishable import PublishableQuerySet


class QuizQuerySet(PublishableQuerySet):
    def for_list(self):
        """With category and articles."""
        articles = Article.objects.only("slug", "title", "status", "published_at").newest_first()
        return self.select_related("category").prefetch_related(Prefetch("articles", queryset=articles))
