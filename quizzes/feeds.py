"""RSS of the newest quizzes."""

from django.conf import settings
from django.template.defaultfilters import pluralize
from django.urls import reverse

from publishing.bases.feeds import SiteFeed, text_as_html
from publishing.models import Publication
from publishing.text.typography import typeset

from .models import Quiz
from .taking import snapshots

NUMBER = 20


class QuizRss(SiteFeed):
    """The newest quizzes, without their questions. Works while the database is down."""

    page_names = ("quizzes", "quiz-list")
    next_change = Quiz.next_publication

    def title(self):
        return f"{Publication.current().name}: quizzes"

    def description(self):
        return text_as_html(Publication.current().quizzes_sentence)

    def link(self):
        return settings.SITE_URL + reverse("quizzes:list")

    def feed_url(self):
        return settings.SITE_URL + reverse("quizzes:feed")

    def items(self):
        return snapshots.newest(NUMBER)

    def item_title(self, quiz):
        return typeset(quiz.title)

    def item_description(self, quiz):
        questions = f"{quiz.question_count} question{pluralize(quiz.question_count)}"
        facts = f"{quiz.difficulty_name}, {questions}, about {quiz.minutes} minute{pluralize(quiz.minutes)}."
        return text_as_html(f"{typeset(quiz.summary)} {facts}".strip())

    def item_link(self, quiz):
        return settings.SITE_URL + quiz.get_absolute_url()

    def item_guid(self, quiz):
        return f"{settings.SITE_URL}/quizzes/#{quiz.pk}"

    item_guid_is_permalink = False

    def item_pubdate(self, quiz):
        return quiz.moment if isinstance(quiz, snapshots.QuizSnapshot) else quiz.published_at

    def item_categories(self, quiz):
        return [quiz.category_name] if quiz.category_name else []
