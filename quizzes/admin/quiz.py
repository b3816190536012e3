"""The list and the form of quizzes."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Max, OuterRef
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html

from publishing.bases.admin import SiteModelAdmin

from .. import lint
from ..models import Attempt, Placement, Quiz, Status
from . import import_page, preview, statistics_page
from .base import count_column, count_of
from .corrections import views
from .question.ordering import OrderedForm, OrderedFormSet
from .readonly import EditionInline

NEVER_PUBLISHED = "Never published."
UP_TO_DATE = "Edition {} is published and up to date."
UNPUBLISHED_CHANGES = "Edition {} is published. There are changes since; publish again to show them."


class QuizPermissions:
    """Mixin for an inline: those who may change a quiz may change its questions."""

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("quizzes.view_quiz") or request.user.has_perm("quizzes.change_quiz")

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm("quizzes.change_quiz")

    has_add_permission = has_delete_permission = has_change_permission


class PlacementInline(QuizPermissions, admin.TabularInline):
    model = Placement
    form = OrderedForm
    formset = OrderedFormSet
    fields = ["position", "question_link", "kind", "is_always"]
    readonly_fields = ["question_link", "kind"]
    extra = 0
    classes = ["ordered"]
    verbose_name_plural = "questions"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("question__category")

    def has_add_permission(self, request, obj=None):
        return False

    @admin.display(description="question")
    def question_link(self, placement):
        url = reverse("admin:quizzes_question_change", args=[placement.question_id])
        category = placement.question.category
        return format_html('<a href="{}">{}</a> <span class="quiet">{}</span>', url, placement.question, category)

    def kind(self, placement):
        return placement.question.get_kind_display()


class FromBankFormSet(forms.BaseInlineFormSet):
    """New questions come last. None is added twice: Django checks no constraint on the inline's foreign key."""

    @classmethod
    def get_default_prefix(cls):
        return "added"

    def clean(self):
        super().clean()
        present = set(self.instance.placements.values_list("question", flat=True)) if self.instance.pk else set()
        for form in self.forms:
            question = getattr(form, "cleaned_data", {}).get("question")
            if question and question.pk in present:
                form.add_error("question", "This question is already in the quiz.")
            elif question:
                present.add(question.pk)

    def save_new(self, form, commit=True):
        last = self.instance.placements.aggregate(last=Max("position"))["last"] or 0
        form.instance.position = last + 1
        return super().save_new(form, commit)


class FromBankInline(QuizPermissions, admin.TabularInline):
    model = Placement
    formset = FromBankFormSet
    fields = ["question", "is_always"]
    autocomplete_fields = ["question"]
    extra = 1
    can_delete = False
    verbose_name = "question from the bank"
    verbose_name_plural = "add from the bank"

    def get_queryset(self, request):
        return super().get_queryset(request).none()


class QuizForm(forms.ModelForm):
    class Meta:
        widgets = {"summary": forms.Textarea(attrs={"rows": 2, "cols": 90})}

    def clean_published_at(self):
        published_at = self.cleaned_data["published_at"]
        if published_at is None and self.instance.status == Status.PUBLISHED:
            raise ValidationError("A published quiz needs a date. To hide it from readers, archive it.")
        return published_at


@admin.register(Quiz)
class QuizAdmin(SiteModelAdmin):
    form = QuizForm
    inlines = [PlacementInline, FromBankInline, EditionInline]
    list_display = ["title", "state", "category", "difficulty", "placement_count", "attempts", "published_at"]
    list_filter = ["status", "difficulty", "category"]
    list_select_related = ["category"]
    search_fields = ["title", "summary", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["articles", "category"]
    readonly_fields = ["published_edition", "status"]
    actions = ["publish", "archive"]
    form_has_sidebar = False
    fieldsets = [
        (None, {"fields": ["published_edition", "title", "slug", "summary", "category", "difficulty", "articles"]}),
        ("Taking the quiz", {"fields": ["layout", "shuffle_questions", "draw_count", "time_limit"]}),
        ("Publication", {"fields": ["status", "published_at"]}),
    ]

    class Media:
        css = {"all": ["css/quiz-admin.css"]}
        js = [forms.Script("js/placement-order.js", type="module")]

    def get_queryset(self, request):
        quizzes = super().get_queryset(request)
        return quizzes.annotate(
            placement_count=count_of(Placement.objects, quiz=OuterRef("pk")),
            attempt_count=count_of(Attempt.objects, edition__quiz=OuterRef("pk")),
        )

    # --- columns ---

    @admin.display(ordering="status")
    def state(self, quiz):
        is_scheduled = quiz.status == Status.PUBLISHED and not quiz.is_published
        return "Scheduled" if is_scheduled else quiz.get_status_display()

    placement_count = count_column("placement_count", "questions")
    attempts = count_column("attempt_count", "attempts")

    def published_edition(self, quiz):
        if quiz.pk is None:
            return "Save the quiz, then add questions."
        if quiz.edition_number == 0:
            return NEVER_PUBLISHED
        return (UNPUBLISHED_CHANGES if quiz.has_unpublished_changes() else UP_TO_DATE).format(quiz.edition_number)

    def view_on_site(self, quiz):
        return quiz.get_absolute_url() if quiz.is_published else None

    # --- saving ---

    def save_related(self, request, form, formsets, change):
        with form.instance.links_changing():
            super().save_related(request, form, formsets, change)

    def response_change(self, request, quiz):
        if "_publish" not in request.POST or not self.has_publish_permission(request):
            return super().response_change(request, quiz)
        self._publish(request, quiz)
        return HttpResponseRedirect(request.path)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["may_publish"] = self.has_publish_permission(request)
        if obj:
            context |= {"findings": lint.findings(obj.questions_in_order()), "corrections": views.corrections_of(obj)}
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/preview/", view(preview.preview_quiz), name="quizzes_quiz_preview"),
            path("import/", view(import_page.import_questions), name="quizzes_quiz_import"),
            path("<int:pk>/export/", view(import_page.export), name="quizzes_quiz_export"),
            path("<int:pk>/statistics/", view(statistics_page.quiz_statistics), name="quizzes_quiz_statistics"),
            path("<int:pk>/correct/", view(views.correct), name="quizzes_quiz_correct"),
            path("<int:pk>/correct/<int:correction>/", view(views.delete), name="quizzes_quiz_undo_correction"),
            *super().get_urls(),
        ]

    # --- actions ---

    def has_publish_permission(self, request):
        return request.user.has_perm("quizzes.publish_quiz")

    @admin.action(description="Publish", permissions=["publish"])
    def publish(self, request, queryset):
        for quiz in queryset:
            self._publish(request, quiz)

    @admin.action(description="Archive", permissions=["publish"])
    def archive(self, request, queryset):
        for quiz in queryset:
            quiz.archive(by=request.user)
        self.message_user(request, f"Archived: {len(queryset)}. Readers can still see their results.", messages.SUCCESS)

    def _publish(self, request, quiz):
        try:
            edition = quiz.publish(by=request.user)
        except ValidationError as error:
            for sentence in error.messages:
                self.message_user(request, f"“{quiz}” was not published. {sentence}", messages.ERROR)
        else:
            self.message_user(request, f"Published edition {edition.number} of “{quiz}”.", messages.SUCCESS)
