"""Where the bank uses pictures."""

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.images.usage import Use, finder
from articles.models.uploads.in_texts import keys_in

from ..models import Choice, Question

TEXTS = ("stem", "explanation", "hints")
CHOICE_TEXTS = ("text", "feedback")


@finder
def questions(keys):
    """The questions that name pictures in their texts or choices. Three queries, which read all texts of the bank."""
    found: dict[int, set[str]] = {}
    for model, owner, texts in ((Question, "pk", TEXTS), (Choice, "question", CHOICE_TEXTS)):
        has_picture = Q()
        for name in texts:
            has_picture |= Q(**{f"{name}__contains": settings.MEDIA_URL})
        for pk, *values in model.objects.order_by().filter(has_picture).values_list(owner, *texts):
            found.setdefault(pk, set()).update(keys_in(*values))
    used = {pk: named if keys is None else named & keys for pk, named in found.items()}
    rows = Question.objects.in_bulk([pk for pk, named in used.items() if named])
    for pk, question in rows.items():
        use = Use(_("In the question"), str(question), "bank", reverse("admin:quizzes_question_change", args=[pk]))
        yield from ((key, use) for key in used[pk])
