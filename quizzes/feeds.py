"""RSS of the newest quizzes."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from publishing.bases.feeds import SiteFeed, text_as_html
from publishing.groups import Group
from publishing.models import Publication
from publishing.text.typography import typeset

from .models import Quiz
from .taking import facts, snapshots

NUMBER = 20


class QuizRss(SiteFeed):
    """The newest quizzes, without their questions. Works while the database is down."""

    group = Group.QUIZZES
    page_names = ("quizzes", "quiz-list")
    next_change = Quiz.next_publication

    def title(self):
        return _("%(name)s: quizzes") % {"name": Publication.current().name}

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
        said = _("%(difficulty)s, %(questions)s, %(time)s.") % {
            "difficulty": quiz.difficulty_name,
            "questions": facts.questions(quiz.question_count),
            "time": facts.about_minutes(quiz.minutes),
        }
        return text_as_html(f"{typeset(quiz.summary)} {said}".strip())

    def item_link(self, quiz):
        return settings.SITE_URL + quiz.get_absolute_url()

    def item_guid(self, quiz):
        return f"{settings.SITE_URL}/quizzes/#{quiz.pk}"

    item_guid_is_permalink = False

    def item_pubdate(self, quiz):
        return quiz.moment if isinstance(quiz, snapshots.QuizSnapshot) else quiz.published_at

    def item_categories(self, quiz):
        return [quiz.category_name] if quiz.category_name else []
