"""The quizzes of the inbox: to review for editors, sent back for their authors."""

from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from publishing.inbox.sections import COUNTED, SHOWN, Row, Section, source

from .models import Quiz


@source
def waiting(request):
    """One query, none for those who have no quizzes."""
    user = request.user
    if not user.has_perm("quizzes.change_quiz"):
        return []
    is_editor = user.has_perm("quizzes.publish_quiz")
    quizzes = Quiz.objects.in_review() if is_editor else Quiz.objects.visible_to(user).sent_back()
    found = list(quizzes.only("title", "review_note", "modified_at")[: COUNTED + 1])
    if not found:
        return []
    title = _("Quizzes to review") if is_editor else _("Quizzes sent back")
    url = f"{reverse('admin:quizzes_quiz_changelist')}?status__exact={'review' if is_editor else 'draft'}"
    rows = [_row(quiz) for quiz in found[:SHOWN]]
    return [Section("quizzes", title, 32 if is_editor else 12, len(found), rows, url, is_asked=True)]


def _row(quiz: Quiz) -> Row:
    ago = timesince(quiz.modified_at, depth=1)
    changed = _("changed %(time)s ago") % {"time": ago}
    return Row(quiz.title, reverse("admin:quizzes_quiz_change", args=[quiz.pk]), changed, quiz.review_note)
