"""Querysets of quizzes."""

from django.db.models import Prefetch

from articles.models import Article
from publishing.bases.publishable import PublishableQuerySet


class QuizQuerySet(PublishableQuerySet):
    def for_list(self):
        """With the published articles as `linked_articles`."""
        articles = Article.objects.published().only("slug", "title", "published_at").newest_first()
        linked = Prefetch("articles", queryset=articles, to_attr="linked_articles")
        return self.select_related("category").prefetch_related(linked)
