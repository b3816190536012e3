"""Categories and tags of the question bank."""

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from publishing.bases.admin import SiteModelAdmin

from ..models import BankCategory, QuestionTag
from .base import count_column


class CountsQuestions(SiteModelAdmin):
    """A list that shows how many questions each row has."""

    show_full_result_count = False
    question_count = count_column("question_count", _("questions"))

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(question_count=Count("questions"))


@admin.register(BankCategory)
class BankCategoryAdmin(CountsQuestions):
    list_display = ["path", "question_count"]
    search_fields = ["path"]


@admin.register(QuestionTag)
class QuestionTagAdmin(CountsQuestions):
    list_display = ["name", "question_count"]
    search_fields = ["name"]
