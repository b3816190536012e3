"""The form of a quiz: its questions in their order, how it is taken, and what readers were given."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Max, OuterRef
from django.http import HttpResponseRedirect
from django.urls import NoReverseMatch, path, reverse
from django.utils.html import format_html

from publishing.bases.admin import SiteModelAdmin, TabularInline
from publishing.cache import pages

from .. import lint
from ..models import Attempt, Placement, Quiz, Status
from . import import_page, lint_rows, preview, statistics_page
from .base import count_of
from .corrections import views
from .question.ordering import OrderedForm, OrderedFormSet
from .readonly import EditionInline

# Pages about a quiz that other modules add: (label, name of the address). Those that are not there are not linked.
PAGES = [("Statistics", "quizzes_quiz_statistics"), ("Export", "quizzes_quiz_export")]
# The same about all quizzes.
LIST_PAGES = [("Import questions", "quizzes_quiz_import")]


class OfQuiz:
    """Mixin: whoever may change a quiz may change which questions stand in it."""

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("quizzes.view_quiz") or request.user.has_perm("quizzes.change_quiz")

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm("quizzes.change_quiz")

    has_add_permission = has_delete_permission = has_change_permission


class PlacementInline(OfQuiz, TabularInline):
    """The questions in their order; each has a page of its own for its text and answers."""

    model = Placement
    form = OrderedForm
    formset = OrderedFormSet
    fields = ["position", "question_link", "kind", "is_always"]
    readonly_fields = ["question_link", "kind"]
    extra = 0
    classes = ["ordered"]
    verbose_name_plural = "questions, in their order"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("question__category")

    def has_add_permission(self, request, obj=None):
        return False

    @admin.display(description="question")
    def question_link(self, placement):
        address = reverse("admin:quizzes_question_change", args=[placement.question_id])
        category = placement.question.category
        return format_html('<a href="{}">{}</a> <span class="quiet">{}</span>', address, placement.question, category)

    @admin.display(description="kind")
    def kind(self, placement):
        return placement.question.get_kind_display()


class FromBankFormSet(forms.BaseInlineFormSet):
    """Questions that are taken in come after those that are there, and each stands in a quiz once."""

    @classmethod
    def get_default_prefix(cls):
        return "added"

    def clean(self):
        super().clean()
        there = set(self.instance.placements.values_list("question", flat=True)) if self.instance.pk else set()
        for form in self.forms:
            question = getattr(form, "cleaned_data", {}).get("question")
            if question and question.pk in there:
                form.add_error("question", "This question stands in the quiz already.")
            elif question:
                there.add(question.pk)

    def save_new(self, form, commit=True):
        last = self.instance.placements.aggregate(last=Max("position"))["last"] or 0
        form.instance.position = last + 1
        return super().save_new(form, commit)


class FromBankInline(OfQuiz, TabularInline):
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
        moment = self.cleaned_data["published_at"]
        if moment is None and self.instance.status == Status.PUBLISHED:
            raise ValidationError(
                "A published quiz has a moment of publication. Archive it to take it from the readers."
            )
        return moment


def page_links(named, *args) -> list[tuple[str, str]]:
    """(label, address) of those pages that are there."""
    found = []
    for label, name in named:
        try:
            found.append((label, reverse(f"admin:{name}", args=args)))
        except NoReverseMatch:
            continue
    return found


@admin.register(Quiz)
class QuizAdmin(SiteModelAdmin):
    form = QuizForm
    inlines = [PlacementInline, FromBankInline, EditionInline]
    list_display = ["title", "state", "category", "difficulty", "size", "attempts", "published_at"]
    list_filter = ["status", "difficulty", "category"]
    list_select_related = ["category"]
    search_fields = ["title", "summary", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["articles", "category"]
    readonly_fields = ["links", "status"]
    actions = ["publish", "archive"]
    form_has_sidebar = False
    fieldsets = [
        (None, {"fields": ["links", "title", "slug", "summary", "category", "difficulty", "articles"]}),
        ("How it is taken", {"fields": ["layout", "shuffle_questions", "draw_count", "time_limit"]}),
        ("Publication", {"fields": ["status", "published_at"]}),
    ]

    class Media:
        css = {"all": ["css/quiz-desk.css"]}
        js = [forms.Script("js/placement-order.js", type="module")]

    def get_queryset(self, request):
        quizzes = super().get_queryset(request)
        return quizzes.annotate(
            question_number=count_of(Placement.objects, quiz=OuterRef("pk")),
            attempt_number=count_of(Attempt.objects, edition__quiz=OuterRef("pk")),
        )

    # --- columns and links ---

    @admin.display(ordering="status")
    def state(self, quiz):
        is_scheduled = quiz.status == Status.PUBLISHED and not quiz.is_published
        return "Scheduled" if is_scheduled else quiz.get_status_display()

    @admin.display(description="questions", ordering="question_number")
    def size(self, quiz):
        return quiz.question_number

    @admin.display(ordering="attempt_number")
    def attempts(self, quiz):
        return quiz.attempt_number

    @admin.display(description="readers' edition")
    def links(self, quiz):
        if quiz.pk is None:
            return "Save once, then add its questions."
        if quiz.edition_number == 0:
            return "Readers have not been given it yet."
        if quiz.has_unpublished_changes():
            return "There are changes that readers do not see until it is published again."
        return f"Readers are given edition {quiz.edition_number}, which is up to date."

    def view_on_site(self, quiz):
        return quiz.get_absolute_url() if quiz.is_published else None

    # --- saving ---

    def save_related(self, request, form, formsets, change):
        """Pages of articles change too: those that were linked before and those that are now."""
        before = form.instance.page_names()
        super().save_related(request, form, formsets, change)
        pages.invalidate(*{*before, *form.instance.page_names()})

    def response_change(self, request, quiz):
        if "_publish" not in request.POST or not self.has_publish_permission(request):
            return super().response_change(request, quiz)
        self._publish(request, quiz)
        return HttpResponseRedirect(request.path)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["may_publish"] = self.has_publish_permission(request)
        if obj:
            context |= {
                "pages": page_links([("Preview", "quizzes_quiz_preview"), *PAGES], obj.pk),
                "findings": lint_rows.rows(lint.findings(obj.questions_in_order())),
                "corrections": views.lines(obj),
            }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"pages": page_links(LIST_PAGES)} | (extra_context or {}))

    # --- pages beside the form ---

    def get_urls(self):
        """Another page is a line here, and one in PAGES (or LIST_PAGES) for the link to it."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/preview/", view(preview.of_quiz), name="quizzes_quiz_preview"),
            path("import/", view(import_page.import_questions), name="quizzes_quiz_import"),
            path("<int:pk>/export/", view(import_page.export), name="quizzes_quiz_export"),
            path("<int:pk>/statistics/", view(statistics_page.of_quiz), name="quizzes_quiz_statistics"),
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
        self.message_user(request, f"Archived: {len(queryset)}. Results stay where they are.", messages.SUCCESS)

    def _publish(self, request, quiz):
        try:
            edition = quiz.publish(by=request.user)
        except ValidationError as error:
            for sentence in error.messages:
                self.message_user(request, f"“{quiz}” was not published. {sentence}", messages.ERROR)
        else:
            self.message_user(request, f"Readers are given edition {edition.number} of “{quiz}”.", messages.SUCCESS)
