"""The list and the form of quizzes."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max, OuterRef
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from publishing.bases.admin import SiteModelAdmin
from publishing.bases.ordered import OrderedForm, OrderedFormSet
from publishing.text.fields import SUMMARY_LENGTH

from .. import lint
from ..models import Attempt, Placement, Question, Quiz, Status
from . import import_page, preview, statistics_page
from .base import count_column, count_of
from .corrections import views
from .readonly import EditionInline

# Buttons beside those that save.
STEPS = ("_publish", "_review", "_send_back")
NEVER_PUBLISHED = _("Never published.")
UP_TO_DATE = _("Edition %(number)s is published and up to date.")
UNPUBLISHED_CHANGES = _("Edition %(number)s is published. There are changes since; publish again to show them.")


class QuizPermissions:
    """Mixin for an inline: those who may change a quiz may change its questions. Django asks for the quiz first."""

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
    verbose_name_plural = _("questions")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("question__category")

    def has_add_permission(self, request, obj=None):
        return False

    @admin.display(description=_("question"))
    def question_link(self, placement):
        url = reverse("admin:quizzes_question_change", args=[placement.question_id])
        category = placement.question.category
        return format_html('<a href="{}">{}</a> <span class="quiet">{}</span>', url, placement.question, category)

    @admin.display(description=_("kind"))
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
                form.add_error("question", _("This question is already in the quiz."))
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
    verbose_name = _("question from the bank")
    verbose_name_plural = _("add from the bank")

    def get_queryset(self, request):
        return super().get_queryset(request).none()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "question":
            kwargs["queryset"] = Question.objects.visible_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class QuizForm(forms.ModelForm):
    # With the button that sends it back.
    note = forms.CharField(
        label=_("What should change"),
        required=False,
        max_length=SUMMARY_LENGTH,
        validators=Quiz._meta.get_field("review_note").default_validators,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    class Meta:
        widgets = {"summary": forms.Textarea(attrs={"rows": 2, "cols": 90})}

    def clean_note(self):
        note = self.cleaned_data["note"]
        if not note and "_send_back" in self.data:
            raise ValidationError(_("Say what should change."))
        return note

    def clean_published_at(self):
        published_at = self.cleaned_data["published_at"]
        if published_at is None and self.instance.status == Status.PUBLISHED:
            raise ValidationError(_("A published quiz needs a date. To hide it from readers, archive it."))
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
    readonly_fields = ["published_edition", "status", "sent_back"]
    actions = ["publish", "archive"]
    form_has_sidebar = False
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "published_edition",
                    "sent_back",
                    "title",
                    "slug",
                    "summary",
                    "category",
                    "difficulty",
                    "articles",
                ]
            },
        ),
        (_("Taking the quiz"), {"fields": ["layout", "shuffle_questions", "draw_count", "time_limit"]}),
        (_("Publication"), {"fields": ["status", "published_at"]}),
    ]

    class Media:
        css = {"all": ["css/ordered.css", "css/quiz-admin.css"]}
        js = [forms.Script("js/placement-order.js", type="module")]

    def get_queryset(self, request):
        quizzes = super().get_queryset(request).visible_to(request.user)
        return quizzes.annotate(
            placement_count=count_of(Placement.objects, quiz=OuterRef("pk")),
            attempt_count=count_of(Attempt.objects, edition__quiz=OuterRef("pk")),
        )

    # --- what authors may do ---

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        if obj is None or not allowed or self.has_publish_permission(request):
            return allowed
        return Quiz.objects.editable_by(request.user).filter(pk=obj.pk).exists()

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return fields if self.has_publish_permission(request) else [*fields, "published_at"]

    def get_fieldsets(self, request, obj=None):
        """The note is shown if there is one."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj and obj.review_note:
            return fieldsets
        (name, first), *others = fieldsets
        return [(name, first | {"fields": [field for field in first["fields"] if field != "sent_back"]}), *others]

    def get_autocomplete_fields(self, request):
        """Authors choose among their own articles, which a box for typing would not limit."""
        fields = super().get_autocomplete_fields(request)
        return fields if self.has_publish_permission(request) else [name for name in fields if name != "articles"]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name != "articles" or self.has_publish_permission(request):
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        own = Article.objects.written_by(request.user).only("title").order_by("-worked_on_at", "-pk")
        field = super().formfield_for_manytomany(db_field, request, queryset=own, **kwargs)
        field.required, field.error_messages["required"] = True, _("Choose the article that it belongs to.")
        return field

    # --- columns ---

    @admin.display(description=_("state"), ordering="status")
    def state(self, quiz):
        if quiz.status == Status.DRAFT and quiz.review_note:
            return _("Draft, sent back")
        is_scheduled = quiz.status == Status.PUBLISHED and not quiz.is_published
        return _("Scheduled") if is_scheduled else quiz.get_status_display()

    placement_count = count_column("placement_count", _("questions"))
    attempts = count_column("attempt_count", _("attempts"))

    @admin.display(description=_("published edition"))
    def published_edition(self, quiz):
        if quiz.pk is None:
            return _("Save the quiz, then add questions.")
        if quiz.edition_number == 0:
            return NEVER_PUBLISHED
        return (UNPUBLISHED_CHANGES if quiz.has_unpublished_changes() else UP_TO_DATE) % {"number": quiz.edition_number}

    @admin.display(description=_("sent back"))
    def sent_back(self, quiz):
        return quiz.review_note

    def view_on_site(self, quiz):
        return quiz.get_absolute_url() if quiz.is_published else None

    # --- saving ---

    def save_related(self, request, form, formsets, change):
        with form.instance.links_changing():
            super().save_related(request, form, formsets, change)

    def response_change(self, request, quiz):
        """A button beside those that save takes a step, if the quiz is in the state for it."""
        wanted = next((name for name in STEPS if name in request.POST), None)
        if wanted is None:
            return super().response_change(request, quiz)
        if wanted != "_review" and not self.has_publish_permission(request):
            # What was saved is rolled back.
            raise PermissionDenied
        step = self._steps(request, quiz).get(wanted)
        if step is None:
            words = _("Saved. “%(quiz)s” is now in the state “%(state)s”.") % {"quiz": quiz, "state": self.state(quiz)}
            self.message_user(request, words, messages.WARNING)
        else:
            step(request, quiz)
        return HttpResponseRedirect(request.path)

    def _steps(self, request, quiz) -> dict:
        """What the account may do with a quiz that it may change, by the name of the button."""
        if not self.has_publish_permission(request):
            return {"_review": self._send_for_review} if quiz.status == Status.DRAFT else {}
        send_back = {"_send_back": self._send_back} if quiz.status == Status.REVIEW else {}
        return {"_publish": self._publish} | send_back

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["may_publish"] = self.has_publish_permission(request)
        if obj:
            context["steps"] = self._steps(request, obj) if self.has_change_permission(request, obj) else {}
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

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish(self, request, queryset):
        for quiz in queryset:
            self._publish(request, quiz)

    @admin.action(description=_("Archive"), permissions=["publish"])
    def archive(self, request, queryset):
        for quiz in queryset:
            quiz.archive(by=request.user)
        words = _("Archived: %(count)s. Readers can still see their results.") % {"count": len(queryset)}
        self.message_user(request, words, messages.SUCCESS)

    def _send_for_review(self, request, quiz):
        try:
            quiz.send_for_review(by=request.user)
        except ValidationError as error:
            for sentence in error.messages:
                words = _("“%(quiz)s” was not sent for review. %(problem)s") % {"quiz": quiz, "problem": sentence}
                self.message_user(request, words, messages.ERROR)
        else:
            words = _("Sent “%(quiz)s” for review. An editor will publish it.") % {"quiz": quiz}
            self.message_user(request, words, messages.SUCCESS)

    def _send_back(self, request, quiz):
        # The form is valid, and has it.
        quiz.send_back(by=request.user, note=request.POST["note"].strip())
        self.message_user(request, _("Sent “%(quiz)s” back.") % {"quiz": quiz}, messages.SUCCESS)

    def _publish(self, request, quiz):
        try:
            edition = quiz.publish(by=request.user)
        except ValidationError as error:
            for sentence in error.messages:
                words = _("“%(quiz)s” was not published. %(problem)s") % {"quiz": quiz, "problem": sentence}
                self.message_user(request, words, messages.ERROR)
        else:
            words = _("Published edition %(number)s of “%(quiz)s”.") % {"number": edition.number, "quiz": quiz}
            self.message_user(request, words, messages.SUCCESS)
