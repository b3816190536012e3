"""The editors' desk for quizzes. Editions and attempts can be looked at and never changed."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html

from publishing import pages
from publishing.desk import DeskAdmin, TabularInline

from . import editions
from .models import Attempt, Choice, Edition, Question, Quiz, Status


class ReadOnly:
    """Mixin: everything can be looked at by those who may view it."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class QuestionInline(TabularInline):
    """The order of the questions; each has a page of its own for its text and choices."""

    model = Question
    fields = ["position", "question", "kind"]
    readonly_fields = ["question", "kind"]
    extra = 0
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return False

    @admin.display(description="question")
    def question(self, question):
        return str(question)


class EditionInline(ReadOnly, TabularInline):
    model = Edition
    fields = ["number", "published_at", "handed_in"]
    readonly_fields = fields
    extra = 0
    show_change_link = True
    verbose_name_plural = "editions, as readers were given them"

    def get_queryset(self, request):
        return super().get_queryset(request).defer("bundle").annotate(handed_in=Count("attempts"))

    @admin.display(description="handed in")
    def handed_in(self, edition):
        return edition.handed_in


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


def _count_of(queryset, **outer):
    counts = queryset.filter(**outer).order_by().values(*outer).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counts), 0)


@admin.register(Quiz)
class QuizAdmin(DeskAdmin):
    form = QuizForm
    inlines = [QuestionInline, EditionInline]
    change_form_template = "quizzes/quiz_change_form.html"
    list_display = ["title", "state", "difficulty", "questions", "attempts", "published_at"]
    list_filter = ["status", "difficulty"]
    search_fields = ["title", "summary", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["articles"]
    fields = ["links", "title", "slug", "summary", "difficulty", "articles", "status", "published_at"]
    readonly_fields = ["links", "status"]
    actions = ["publish", "archive"]

    def get_queryset(self, request):
        quizzes = super().get_queryset(request)
        return quizzes.annotate(
            question_number=_count_of(Question.objects, quiz=OuterRef("pk")),
            attempt_number=_count_of(Attempt.objects, edition__quiz=OuterRef("pk")),
        )

    # --- columns and links ---

    @admin.display(ordering="status")
    def state(self, quiz):
        is_scheduled = quiz.status == Status.PUBLISHED and not quiz.is_published
        return "Scheduled" if is_scheduled else quiz.get_status_display()

    @admin.display(ordering="question_number")
    def questions(self, quiz):
        return quiz.question_number

    @admin.display(ordering="attempt_number")
    def attempts(self, quiz):
        return quiz.attempt_number

    @admin.display(description="readers' edition")
    def links(self, quiz):
        if quiz.pk is None:
            return "Save once, then add its questions."
        add = format_html('<a href="{}?quiz={}">Add a question</a>', reverse("admin:quizzes_question_add"), quiz.pk)
        if quiz.edition_number == 0:
            said = "Readers have not been given it yet."
        elif quiz.has_unpublished_changes():
            said = "There are changes that readers do not see until it is published again."
        else:
            said = f"Readers are given edition {quiz.edition_number}, which is up to date."
        return format_html("{} {}", said, add)

    def view_on_site(self, quiz):
        return quiz.get_absolute_url() if quiz.is_published else None

    # --- saving ---

    def save_related(self, request, form, formsets, change):
        """Pages of articles change too: those that were linked before and those that are now."""
        before = form.instance.page_names()
        super().save_related(request, form, formsets, change)
        pages.purge(*{*before, *form.instance.page_names()})

    def response_change(self, request, quiz):
        if "_publish" not in request.POST or not self.has_publish_permission(request):
            return super().response_change(request, quiz)
        self._publish(request, quiz)
        return HttpResponseRedirect(request.path)

    def render_change_form(self, request, context, *args, **kwargs):
        context["may_publish"] = self.has_publish_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def delete_queryset(self, request, queryset):
        for quiz in queryset:
            quiz.delete()

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


class ChoiceInline(TabularInline):
    model = Choice
    fields = ["position", "text", "weight", "feedback"]
    extra = 0
    min_num = 2
    max_num = editions.CHOICES_PER_QUESTION

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in ("text", "feedback"):
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3, "cols": 40})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Question)
class QuestionAdmin(DeskAdmin):
    inlines = [ChoiceInline]
    list_display = ["__str__", "quiz", "kind", "position"]
    list_filter = ["kind", "quiz"]
    list_select_related = ["quiz"]
    search_fields = ["name", "stem", "external_id"]
    autocomplete_fields = ["quiz"]
    fields = ["back", "quiz", "kind", "name", "stem", "explanation", "shuffle", "position", "external_id"]
    readonly_fields = ["back"]
    prefilled = ["quiz"]

    @admin.display(description="readers' edition")
    def back(self, question):
        if question.pk is None:
            return "Readers see a question once its quiz is published again."
        return format_html(
            'Readers see changes once <a href="{}">{}</a> is published again.',
            reverse("admin:quizzes_quiz_change", args=[question.quiz_id]),
            question.quiz,
        )

    def save_related(self, request, form, formsets, change):
        """Say at once what would keep the quiz from being published; the question itself is kept."""
        super().save_related(request, form, formsets, change)
        choices = list(form.instance.choices.all())
        weights, texts = [choice.weight for choice in choices], [choice.text for choice in choices]
        for sentence in editions.problems_of_choices(form.instance.kind, weights, texts):
            self.message_user(request, f"This cannot be published yet. {sentence}", messages.WARNING)


@admin.register(Edition)
class EditionAdmin(ReadOnly, DeskAdmin):
    list_display = ["quiz", "number", "published_at"]
    list_filter = ["quiz"]
    list_select_related = ["quiz"]
    fields = ["quiz", "number", "published_at", "bundle"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("quiz")


@admin.register(Attempt)
class AttemptAdmin(ReadOnly, DeskAdmin):
    """Who handed in is not shown: the key of a reader is for recognising a double click, not for following anyone."""

    list_display = ["created_at", "edition", "points"]
    list_filter = ["edition__quiz"]
    date_hierarchy = "created_at"
    fields = ["edition", "points", "answers", "created_at"]
    readonly_fields = ["points"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("edition__quiz").defer("edition__bundle")

    @admin.display(description="score")
    def points(self, attempt):
        return str(attempt)

    def view_on_site(self, attempt):
        return attempt.get_absolute_url()
