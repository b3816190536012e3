"""On the desk of an article: which of its paragraphs did not get through, as its quizzes tell."""

from dataclasses import dataclass

from django.db.models import F
from django.forms import BaseInlineFormSet
from django.urls import reverse

from articles.models import Article
from publishing.bases.admin import ReadOnly, TabularInline, inline_of

from ..models import Edition, Placement, Question
from ..statistics import items, readings, results


@dataclass
class Paragraph:
    """One heading of the article: how many questions name it, and their mean facility in percent."""

    heading: str
    questions: int = 0
    attempts: int = 0
    earned: float = 0.0
    is_counted: bool = True
    pages: tuple = ()

    @property
    def facility(self) -> str:
        """What the questions about it earned, "not yet" below 30 attempts."""
        if readings.shown(self.attempts):
            return f"{self.earned / self.attempts:.0f} %"
        return "not yet" if self.is_counted else "being counted"

    @property
    def words(self) -> str:
        return readings.of_facility(self.earned / self.attempts) if readings.shown(self.attempts) else ""


def paragraphs(article: Article) -> list[Paragraph]:
    """The headings that questions of published editions name, in the order of the article. Five queries."""
    texts = {heading["id"]: heading["text"] for heading in article.contents}
    asked = dict(Question.objects.filter(article=article).values_list("pk", "anchor"))
    quizzes = Placement.objects.filter(question__in=asked).values("quiz")
    current = Edition.objects.filter(quiz__in=quizzes, number=F("quiz__edition_number"))
    editions = list(current.select_related("quiz"))
    found = {anchor: Paragraph(texts.get(anchor, "The article as a whole")) for anchor in [*texts, ""]}
    for edition, result in zip(editions, results.of(editions).values(), strict=True):
        figures = {item.question: item for item in items.of(result.counts)} if result.counts else {}
        for question in edition.bundle["questions"]:
            anchor, item = asked.get(question["id"]), figures.get(question["id"])
            if anchor is None:
                continue
            row = found[anchor if anchor in texts else ""]
            row.questions += 1
            if item:
                row.attempts += item.attempts
                row.earned += (item.facility or 0) * item.attempts
            else:
                row.is_counted = False
            row.pages = (
                *row.pages,
                (str(edition.quiz), reverse("admin:quizzes_quiz_statistics", args=[edition.quiz_id])),
            )
    for row in found.values():
        row.pages = tuple(dict.fromkeys(row.pages))
    return [row for row in found.values() if row.questions]


class ShownFormSet(BaseInlineFormSet):
    """Rows that are only looked at: nothing of them is sent, so nothing is read and nothing saved."""

    def __init__(self, data=None, files=None, **kwargs):
        super().__init__(**kwargs)

    def is_valid(self):
        return True

    def save(self, commit=True):
        self.new_objects, self.changed_objects, self.deleted_objects = [], [], []
        return []

    def paragraphs(self):
        return paragraphs(self.instance) if self.instance.pk else []


@inline_of(Article)
class ParagraphInline(ReadOnly, TabularInline):
    model = Question
    fk_name = "article"
    formset = ShownFormSet
    template = "admin/quizzes/paragraphs.html"
    fields = []
    extra = max_num = 0
    can_delete = False

    class Media:
        css = {"all": ["css/quiz-desk.css"]}

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("quizzes.view_quiz")

    def get_queryset(self, request):
        return super().get_queryset(request).none()
