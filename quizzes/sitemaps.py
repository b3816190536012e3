"""Which addresses of quizzes search engines should know. One query."""

from django.urls import reverse

from publishing.sitemaps import SiteSitemap

from .models import Quiz


class QuizSitemap(SiteSitemap):
    def items(self):
        return Quiz.objects.published().newest_first().only("slug", "modified_at")

    def lastmod(self, quiz):
        return quiz.modified_at


class QuizListSitemap(SiteSitemap):
    def items(self):
        return ["quizzes:list"]

    def location(self, name):
        return reverse(name)


SITEMAPS = {"quiz-list": QuizListSitemap, "quizzes": QuizSitemap}
