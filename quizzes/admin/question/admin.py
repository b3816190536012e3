"""The list and the form of questions."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from articles.models import Article
from publishing.bases.admin import SiteModelAdmin, find_row
from quizzes import lint
from quizzes.editing import validation
from quizzes.kinds.output.rules import Output
from quizzes.models import Choice, Placement, Question, Quiz

from .. import preview
from ..base import count_column, count_of
from .add_to_quiz import add_questions, add_to_quiz
from .forms import ChoiceForm, ChoiceFormSet, QuestionForm

NOT_PUBLISHABLE = _("Saved, but the question cannot be published yet.")
STALE_OUTPUT = _("The program has changed since its output was recorded. Record it again before you publish.")
UNPUBLISHED = _("Readers see the changes after you publish again: {quizzes}.")


class ChoiceInline(admin.TabularInline):
    model = Choice
    form = ChoiceForm
    formset = ChoiceFormSet
    fields = [
        "position", "blank", "text", "pair", "is_offered", "weight", "tolerance", "tolerance_kind", "feedback",
        "is_pinned",
    ]  # fmt: skip
    max_num = validation.MOST_CHOICES
    verbose_name_plural = _("answers")
    classes = ["ordered"]

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else 4


class UseFilter(admin.SimpleListFilter):
    title = _("use")
    parameter_name = "use"

    def lookups(self, request, model_admin):
        return [("none", _("In no quiz")), ("some", _("In a quiz"))]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(quiz_count__gt=0) if self.value() == "some" else queryset.filter(quiz_count=0)


@admin.register(Question)
class QuestionAdmin(SiteModelAdmin):
    form = QuestionForm
    inlines = [ChoiceInline]
    list_display = ["__str__", "kind", "category", "quiz_count"]
    list_reads = ("stem",)
    list_filter = ["kind", UseFilter, "category", "tags"]
    list_select_related = ["category"]
    search_fields = ["name", "stem", "external_id"]
    autocomplete_fields = ["category", "tags", "article"]
    readonly_fields = ["used_in", "recording"]
    actions = [add_to_quiz]
    form_has_sidebar = False
    show_full_result_count = False
    save_on_top = True

    class Media:
        css = {"all": ["css/ordered.css", "css/quiz-admin.css"]}
        js = [
            forms.Script("js/question-form.js", type="module"),
            forms.Script("js/placement-order.js", type="module"),
        ]

    def get_queryset(self, request):
        count = count_of(Placement.objects, question=OuterRef("pk"))
        return super().get_queryset(request).visible_to(request.user).annotate(quiz_count=count)

    # --- what authors may do ---

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        if obj is None or not allowed or request.user.has_perm("quizzes.publish_quiz"):
            return allowed
        return Question.objects.editable_by(request.user).filter(pk=obj.pk).exists()

    def get_form(self, request, obj=None, change=False, **kwargs):
        """A class of its own for each request."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    def get_object(self, request, object_id, from_field=None):
        question = super().get_object(request, object_id, from_field)
        if question is not None:
            question.seen_by = request.user
        return question

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "article":
            kwargs["queryset"] = Article.objects.visible_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, question, form, change):
        if not change:
            question.written_by = request.user
        super().save_model(request, question, form, change)

    def get_fieldsets(self, request, obj=None):
        """The template puts the answers after the second fieldset."""
        return [
            (None, {"fields": ["used_in" if obj else "quiz", "kind", "stem"]}),
            (_("Program and output"), {"fields": Output.fields, "classes": ["of-output"]}),
            (_("Answering and scoring"), {"fields": ["shuffle", "matching", "rule", "hints"]}),
            (_("Shown with the result"), {"fields": ["explanation", "article", "anchor"]}),
            (_("Question bank"), {"fields": ["name", "category", "tags", "external_id"]}),
        ]

    # --- columns and links ---

    quiz_count = count_column("quiz_count", _("quizzes"))

    @admin.display(description=_("used in"))
    def used_in(self, question):
        return self._links_to_quizzes(question, question.seen_by) or _(
            "None. Add it in the list of questions, or on the page of a quiz."
        )

    def _links_to_quizzes(self, question, user):
        rows = question.quizzes.visible_to(user).order_by("title").values_list("pk", "title")
        links = ((reverse("admin:quizzes_quiz_change", args=[pk]), title) for pk, title in rows)
        return format_html_join(", ", '<a href="{}">{}</a>', links)

    @admin.display(description=_("recording"))
    def recording(self, question):
        if question.pk is None or not question.recorded_output:
            return _("No output yet. Programs are never run here: run it yourself and enter its output.")
        return STALE_OUTPUT if question.is_recording_stale else _("The output is up to date.")

    # --- the form ---

    def get_changeform_initial_data(self, request):
        """The quiz in the link, and the category and article of its last question."""
        quiz = find_row(Quiz.objects.editable_by(request.user), request.GET.get("quiz"))
        if quiz is None:
            return {}
        last = quiz.placements.select_related("question").last()
        defaults = {"category": last.question.category_id, "article": last.question.article_id} if last else {}
        return {"quiz": quiz.pk} | defaults

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj:
            context["findings"] = lint.findings([obj])
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_related(self, request, form, formsets, change):
        """A question that cannot be published yet is saved, with a warning for each problem."""
        super().save_related(request, form, formsets, change)
        question, quiz = form.instance, form.cleaned_data.get("quiz")
        if quiz:
            add_questions(quiz, [question], by=request.user)
        for problem in validation.problems_of_question(question, list(question.choices.all())):
            self.message_user(request, f"{NOT_PUBLISHABLE} {problem}", messages.WARNING)
        if problem := self._problem_of_heading(question):
            self.message_user(request, problem, messages.WARNING)
        if quizzes := self._links_to_quizzes(question, request.user):
            self.message_user(request, format_html(UNPUBLISHED, quizzes=quizzes), messages.INFO)

    def _problem_of_heading(self, question) -> str:
        if not question.anchor:
            return ""
        if not question.article:
            return _("Choose the article that has this heading.")
        if question.anchor in {heading["id"] for heading in question.article.contents}:
            return ""
        named = {"article": question.article, "heading": question.anchor}
        return _("“%(article)s” has no heading “%(heading)s”.") % named

    def response_add(self, request, obj, post_url_continue=None):
        """Return to the quiz that the question was added to, or to the form for its next question."""
        response = super().response_add(request, obj, post_url_continue)
        placement = Placement.objects.filter(question=obj).first() if "_popup" not in request.POST else None
        if placement and "_addanother" in request.POST:
            return HttpResponseRedirect(f"{request.path}?quiz={placement.quiz_id}")
        if placement and "_continue" not in request.POST:
            return redirect("admin:quizzes_quiz_change", placement.quiz_id)
        return response

    def has_change_quiz_permission(self, request):
        return request.user.has_perm("quizzes.change_quiz")

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/preview/", view(preview.preview_question), name="quizzes_question_preview"),
            path("headings/<int:article>/", view(require_safe(self.headings)), name="quizzes_question_headings"),
            *super().get_urls(),
        ]

    def headings(self, request, article):
        """The headings of an article as JSON, for the script that suggests them: [{"id", "text"}]."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        article = get_object_or_404(Article.objects.visible_to(request.user).only("contents"), pk=article)
        headings = [{"id": heading["id"], "text": heading["text"]} for heading in article.contents]
        return JsonResponse({"headings": headings})
