"""Where the questions of the bank are filed."""

from django.contrib import admin
from django.db.models import OuterRef

from publishing.bases.admin import SiteModelAdmin

from ..models import BankCategory, Question, QuestionTag
from .base import count_of


class FiledUnder(SiteModelAdmin):
    """A small desk whose list says how many questions each row has. `of_question` is the question's field for it."""

    of_question = ""
    show_full_result_count = False

    def get_queryset(self, request):
        number = count_of(Question.objects, **{self.of_question: OuterRef("pk")})
        return super().get_queryset(request).annotate(question_number=number)

    @admin.display(description="questions", ordering="question_number")
    def size(self, row):
        return row.question_number


@admin.register(BankCategory)
class BankCategoryAdmin(FiledUnder):
    of_question = "category"
    list_display = ["path", "size"]
    search_fields = ["path"]


@admin.register(QuestionTag)
class QuestionTagAdmin(FiledUnder):
    of_question = "tags"
    list_display = ["name", "size"]
    search_fields = ["name"]
