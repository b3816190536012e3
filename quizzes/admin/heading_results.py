"""In the admin of an article: results of the quiz questions about each of its headings."""

from dataclasses import dataclass, field

from django.contrib import admin
from django.db.models import F
from django.forms import BaseInlineFormSet
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Article
from publishing.bases.admin import ReadOnly, inline_of

from ..kinds.words import translated
from ..models import Edition, Placement, Question
from ..statistics import items, readings, results
from ..statistics.answer_reports import figure


@dataclass
class HeadingResult:
    """`points` are those of all attempts together, in percent; `pages` the titles of quizzes by URL."""

    heading: str
    questions: int = 0
    attempts: int = 0
    points: float = 0.0
    is_counted: bool = True
    pages: dict[str, str] = field(default_factory=dict)

    @property
    def facility(self) -> str:
        if readings.missing(self.attempts):
            return _("too few attempts") if self.is_counted else _("being counted")
        return figure(self.points / self.attempts, 0, " %")

    @property
    def reading(self) -> str:
        return "" if readings.missing(self.attempts) else translated(readings.of_facility(self.points / self.attempts))


def heading_results(article: Article) -> list[HeadingResult]:
    """The headings that questions of current editions refer to, in the order of the article."""
    headings = {heading["id"]: heading["text"] for heading in article.contents}
    anchors = dict(Question.objects.filter(article=article).values_list("pk", "anchor"))
    quizzes = Placement.objects.filter(question__in=anchors).values("quiz")
    current = Edition.objects.filter(quiz__in=quizzes, number=F("quiz__edition_number"))
    editions = list(current.select_related("quiz"))
    rows = {anchor: HeadingResult(headings.get(anchor, _("Whole article"))) for anchor in [*headings, ""]}
    for edition, result in zip(editions, results.for_editions(editions).values(), strict=True):
        figures = {item.question: item for item in items.item_statistics(result.counts)} if result.counts else {}
        for question in edition.bundle["questions"]:
            if question["id"] not in anchors:
                continue
            row = rows.get(anchors[question["id"]], rows[""])
            row.questions += 1
            row.pages[reverse("admin:quizzes_quiz_statistics", args=[edition.quiz_id])] = str(edition.quiz)
            if item := figures.get(question["id"]):
                row.attempts += item.attempts
                row.points += (item.facility or 0) * item.attempts
            else:
                row.is_counted = False
    return [row for row in rows.values() if row.questions]


class NothingToSaveFormSet(BaseInlineFormSet):
    """The inline only shows a table: it has no forms and reads no input."""

    def __init__(self, data=None, files=None, **kwargs):
        super().__init__(**kwargs)

    def is_valid(self):
        return True

    def heading_results(self):
        return heading_results(self.instance) if self.instance.pk else []


@inline_of(Article)
class HeadingResultsInline(ReadOnly, admin.TabularInline):
    model = Question
    fk_name = "article"
    formset = NothingToSaveFormSet
    template = "admin/quizzes/heading_results.html"
    fields = []
    extra = max_num = 0
    can_delete = False

    class Media:
        css = {"all": ["css/quiz-admin.css"]}

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("quizzes.view_quiz")

    def get_queryset(self, request):
        return super().get_queryset(request).none()
