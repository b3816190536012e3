"""The bank of questions, and the form of one."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_safe

from articles.models import Article
from publishing.bases.admin import SiteModelAdmin, TabularInline, key_of
from quizzes import lint
from quizzes.editing import validation
from quizzes.kinds.output.rules import Output
from quizzes.models import Choice, Placement, Question, Quiz

from .. import lint_rows, preview
from ..base import count_of
from . import placing
from .forms import ChoiceForm, ChoiceFormSet, QuestionForm


class ChoiceInline(TabularInline):
    model = Choice
    form = ChoiceForm
    formset = ChoiceFormSet
    fields = [
        "position", "blank", "text", "pair", "is_offered", "weight", "tolerance", "tolerance_kind", "feedback",
        "is_pinned",
    ]  # fmt: skip
    max_num = validation.MOST_CHOICES
    verbose_name_plural = "answers"
    classes = ["ordered"]

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else 4


class UseFilter(admin.SimpleListFilter):
    title = "use"
    parameter_name = "use"

    def lookups(self, request, model_admin):
        return [("none", "Stands in no quiz"), ("some", "Stands in a quiz")]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(quiz_number__gt=0) if self.value() == "some" else queryset.filter(quiz_number=0)


@admin.register(Question)
class QuestionAdmin(SiteModelAdmin):
    form = QuestionForm
    inlines = [ChoiceInline]
    list_display = ["__str__", "kind", "category", "uses"]
    list_filter = ["kind", UseFilter, "category", "tags"]
    list_select_related = ["category"]
    search_fields = ["name", "stem", "external_id"]
    autocomplete_fields = ["category", "tags", "article"]
    readonly_fields = ["places", "recording"]
    actions = ["add_to_quiz"]
    form_has_sidebar = False
    show_full_result_count = False
    save_on_top = True

    class Media:
        css = {"all": ["css/quiz-desk.css"]}
        js = [
            forms.Script("js/question-form.js", type="module"),
            forms.Script("js/placement-order.js", type="module"),
        ]

    def get_queryset(self, request):
        number = count_of(Placement.objects, question=OuterRef("pk"))
        return super().get_queryset(request).annotate(quiz_number=number)

    def get_fieldsets(self, request, obj=None):
        """By purpose; the template puts the answers after the second one."""
        return [
            (None, {"fields": [*(["places"] if obj else ["quiz"]), "kind", "stem"]}),
            ("The program and its output", {"fields": Output.fields, "classes": ["of-output"]}),
            ("How it is answered", {"fields": ["shuffle", "matching", "rule", "hints"]}),
            ("Afterwards", {"fields": ["explanation", "article", "anchor"]}),
            ("In the bank", {"fields": ["name", "category", "tags", "external_id"]}),
        ]

    # --- columns and links ---

    @admin.display(description="quizzes", ordering="quiz_number")
    def uses(self, question):
        return question.quiz_number

    @admin.display(description="stands in")
    def places(self, question):
        quizzes = self._links_to_quizzes(question)
        if not quizzes:
            return "No quiz yet. Place it from the list of questions, or from a quiz's own page."
        return format_html("{}. Readers see changes once a quiz is published again.", quizzes)

    def _links_to_quizzes(self, question):
        rows = question.quizzes.order_by("title").values_list("pk", "title")
        links = ((reverse("admin:quizzes_quiz_change", args=[pk]), title) for pk, title in rows)
        return format_html_join(", ", '<a href="{}">{}</a>', links)

    @admin.display(description="recording")
    def recording(self, question):
        if question.pk is None or not question.recorded_output:
            return "Nothing is recorded yet. The program is never run here: run it yourself, and write down its output."
        if question.is_recording_stale:
            return "The program has changed since its output was recorded. It cannot be published like this."
        return "The output belongs to the program as it stands."

    def view_on_site(self, question):
        return None

    # --- the form ---

    def get_changeform_initial_data(self, request):
        """The quiz whose link was followed, and what its last question says about itself."""
        initial = super().get_changeform_initial_data(request)
        key = key_of(Quiz._meta.pk, request.GET.get("quiz", ""))
        quiz = Quiz.objects.filter(pk=key).first() if key else None
        if quiz is None:
            return initial
        last = quiz.placements.select_related("question").last()
        filed = {"category": last.question.category_id, "article": last.question.article_id} if last else {}
        return initial | {"quiz": quiz.pk} | filed

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj:
            context["findings"] = lint_rows.rows(lint.findings([obj]))
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_related(self, request, form, formsets, change):
        """Say at once what would keep a quiz from being published; the question itself is kept."""
        super().save_related(request, form, formsets, change)
        question, quiz = form.instance, form.cleaned_data.get("quiz")
        if quiz and request.user.has_perm("quizzes.change_quiz"):
            placing.place(quiz, [question], by=request.user)
        for sentence in validation.problems_of_question(question, list(question.choices.all())):
            self.message_user(request, f"This cannot be published yet. {sentence}", messages.WARNING)
        if sentence := self._problem_of_heading(question):
            self.message_user(request, sentence, messages.WARNING)
        if quizzes := self._links_to_quizzes(question):
            said = format_html(
                "It stands in {}. There are changes that readers do not see until it is published again.", quizzes
            )
            self.message_user(request, said, messages.INFO)

    def _problem_of_heading(self, question) -> str:
        if not question.anchor:
            return ""
        if not question.article:
            return "Choose the article that this heading stands in; without it the heading leads nowhere."
        known = {heading["id"] for heading in question.article.contents}
        return "" if question.anchor in known else f"“{question.article}” has no heading “{question.anchor}”."

    def response_add(self, request, obj, post_url_continue=None):
        """Back to the quiz that it was written for, or on to the next question of it."""
        response = super().response_add(request, obj, post_url_continue)
        placement = Placement.objects.filter(question=obj).first() if "_popup" not in request.POST else None
        if placement and "_addanother" in request.POST:
            return HttpResponseRedirect(f"{request.path}?quiz={placement.quiz_id}")
        if placement and "_continue" not in request.POST and request.user.has_perm("quizzes.view_quiz"):
            return HttpResponseRedirect(reverse("admin:quizzes_quiz_change", args=[placement.quiz_id]))
        return response

    # --- actions and pages beside the form ---

    def has_place_permission(self, request):
        return request.user.has_perm("quizzes.change_quiz")

    @admin.action(description="Add to a quiz…", permissions=["place"])
    def add_to_quiz(self, request, queryset):
        return placing.add_to_quiz(self, request, queryset)

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/preview/", view(preview.of_question), name="quizzes_question_preview"),
            path("headings/<int:article>/", view(require_safe(self.headings)), name="quizzes_question_headings"),
            *super().get_urls(),
        ]

    def headings(self, request, article):
        """The headings of an article, for the script that suggests them: [{"id", "text"}]."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        found = get_object_or_404(Article.objects.visible_to(request.user).only("contents"), pk=article)
        headings = [{"id": heading["id"], "text": heading["text"]} for heading in found.contents]
        return JsonResponse({"headings": headings})
