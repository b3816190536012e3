"""Quizzes that articles may link to."""

from django.utils.translation import gettext_lazy as _

from articles.links import choices
from articles.links.choices import Choice
from articles.links.incoming import state_of

from ..models import Quiz


@choices.kind(_("Quiz"))
def _quizzes(query: str, user) -> list[Choice]:
    """Published ones and those that the account may see besides, but for archived ones. One query."""
    may_publish = user.has_perm("quizzes.publish_quiz")
    rows = Quiz.objects.all() if may_publish else Quiz.objects.published() | Quiz.objects.visible_to(user)
    rows = rows.exclude(status="archived")
    for word in query.split()[:12]:
        rows = rows.filter(title__icontains=word)
    rows = rows.newest_first().only("title", "slug", "status", "published_at")[: choices.MOST]
    return [Choice(row.title, row.get_absolute_url(), state_of(row)) for row in rows]
