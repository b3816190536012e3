"""RSS of the quizzes: an item for each new one."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpResponseNotAllowed
from django.urls import reverse

from publishing import pages
from publishing.models import Publication

from .models import Quiz
from .schedule import next_publication

NUMBER = 20


class QuizRss(Feed):
    """The newest quizzes, without their questions. Two queries."""

    def __call__(self, request, *args, **kwargs):
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        pages.shows(request, "quizzes", "feeds", until=next_publication())
        response = super().__call__(request, *args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        # ETag is enough to tell feeds apart.
        response.headers.pop("Last-Modified", None)
        return response

    def title(self):
        return f"{Publication.current().name}: quizzes"

    def description(self):
        return Publication.current().quizzes_sentence

    def link(self):
        return settings.SITE_URL + reverse("quizzes:list")

    def feed_url(self):
        return settings.SITE_URL + reverse("quizzes:feed")

    def items(self):
        return Quiz.objects.published().newest_first().for_list()[:NUMBER]

    def item_title(self, quiz):
        return quiz.title

    def item_description(self, quiz):
        words = [quiz.summary] * bool(quiz.summary)
        counted = f"{quiz.question_count} question{'' if quiz.question_count == 1 else 's'}"
        words.append(f"{quiz.get_difficulty_display()}, {counted}, about {quiz.minutes} minutes.")
        return " ".join(words)

    def item_link(self, quiz):
        return settings.SITE_URL + quiz.get_absolute_url()

    def item_guid(self, quiz):
        return f"{settings.SITE_URL}/quizzes/#{quiz.pk}"

    item_guid_is_permalink = False

    def item_pubdate(self, quiz):
        return quiz.published_at

    def item_categories(self, quiz):
        return [quiz.category.name] if quiz.category else []
