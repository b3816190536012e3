"""The pages of quizzes for search engines."""

from django.urls import reverse

from publishing.bases.sitemaps import SiteSitemap

from .models import Quiz


class QuizSitemap(SiteSitemap):
    """The list of quizzes and every published quiz."""

    def items(self):
        quizzes = list(Quiz.objects.published().newest_first().only("slug", "modified_at", "published_at"))
        self.newest = max(map(self.lastmod, quizzes), default=None)
        return [reverse("quizzes:list"), *quizzes]

    def location(self, item):
        return item if isinstance(item, str) else item.get_absolute_url()

    def lastmod(self, item):
        return self.newest if isinstance(item, str) else max(item.modified_at, item.published_at)
