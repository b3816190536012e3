"""The admin of articles."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from publishing.bases.admin import PeriodFilter, SiteModelAdmin
from publishing.text import markdown

from ..models import BODY_LENGTH, Article, Byline, Pictures, Status, author_of, update_related
from ..models.shown import labels_changing
from .widgets import MarkdownWidget


class BylineInline(admin.TabularInline):
    model = Byline
    extra = 1
    autocomplete_fields = ["author"]
    verbose_name = "author"
    verbose_name_plural = "authors, in order"


class ArticleForm(forms.ModelForm):
    canonical_url = forms.URLField(
        label="Canonical address",
        max_length=200,
        required=False,
        assume_scheme="https",
        help_text="Where this was published first, if not here.",
    )

    class Meta:
        widgets = {
            "body": MarkdownWidget(attrs={"rows": 28, "cols": 90}),
            "summary": forms.Textarea(attrs={"rows": 2, "cols": 90}),
        }

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("status") == Status.PUBLISHED and not cleaned.get("published_at"):
            cleaned["published_at"] = timezone.now()
        if cleaned.get("series_position") and not cleaned.get("series"):
            raise ValidationError({"series_position": "Choose a series for this position."})
        return cleaned


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [*Status.choices[:2], ("scheduled", "Scheduled"), *Status.choices[2:]]

    def queryset(self, request, queryset):
        state = self.value()
        if state in ("scheduled", "published"):
            return getattr(queryset, state)()
        return queryset.filter(status=state) if state else queryset


class PublishedFilter(PeriodFilter):
    title = "date of publication"
    field = "published_at"


@admin.register(Article)
class ArticleAdmin(SiteModelAdmin):
    form = ArticleForm
    inlines = [BylineInline]
    list_display = ["title", "state", "category", "published_at", "reading_minutes", "views", "hearts"]
    list_filter = [StateFilter, PublishedFilter, "category", "series"]
    list_select_related = ["category", "counts"]
    search_fields = ["title", "summary", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["category", "series", "tags", "cover"]
    save_on_top = True
    form_has_sidebar = list_has_sidebar = False
    readonly_fields = ["links", "reading"]
    actions = ["publish_now", "archive"]
    show_full_result_count = False
    fieldsets = [
        (None, {"fields": ["links", "title", "slug", "summary", "body", "reading"]}),
        ("Publication", {"fields": ["status", "published_at", "featured", "category", "tags"]}),
        ("Picture", {"fields": ["cover"]}),
        ("Series", {"fields": ["series", "series_position"]}),
        ("Search engines", {"classes": ["collapse"], "fields": ["seo_title", "seo_description", "canonical_url"]}),
    ]

    # --- permissions ---

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        if obj is None or not allowed:
            return allowed
        return Article.objects.editable_by(request.user).filter(pk=obj.pk).exists()

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self.has_change_permission(request, obj)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "status" and not self.has_publish_permission(request):
            kwargs["choices"] = [choice for choice in Status.choices if choice[0] in ("draft", "review")]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return fields if self.has_publish_permission(request) else [*fields, "published_at", "featured"]

    def save_related(self, request, form, formsets, change):
        """A new article gets its author's byline, because authors see only their own articles; tags relate it."""
        with labels_changing(form.instance):
            super().save_related(request, form, formsets, change)
            if not change and not form.instance.authors.exists():
                Byline.objects.create(article=form.instance, author=author_of(request.user))
        if "tags" in form.changed_data:
            update_related(form.instance)

    # --- columns and links ---

    @admin.display(description="state", ordering="status")
    def state(self, article):
        return "Scheduled" if article.is_scheduled else article.get_status_display()

    @admin.display(ordering="counts__views")
    def views(self, article):
        return article.counts.views

    @admin.display(ordering="counts__hearts")
    def hearts(self, article):
        return article.counts.hearts

    @admin.display(description="preview")
    def links(self, article):
        if article.pk is None:
            return "Save to get a preview link."
        if article.is_published:
            return format_html('<a href="{}">View on the site</a>', article.get_absolute_url())
        link = '<a href="{}">Preview</a> (the link works for 7 days, without an account)'
        return format_html(link, article.get_preview_url())

    @admin.display(description="length")
    def reading(self, article):
        return f"{article.word_count:,} words, {article.reading_minutes} min read"

    def view_on_site(self, article):
        return article.get_absolute_url() if article.is_published else article.get_preview_url()

    # --- actions ---

    @admin.action(description="Publish now", permissions=["publish"])
    def publish_now(self, request, queryset):
        for article in queryset:
            article.publish(by=request.user, at=None if article.is_published else timezone.now())
        self.message_user(request, f"Published: {len(queryset)}.", messages.SUCCESS)

    @admin.action(description="Archive", permissions=["publish"])
    def archive(self, request, queryset):
        for article in queryset:
            article.archive(by=request.user)
        self.message_user(request, f"Archived: {len(queryset)}. They are no longer on the site.", messages.SUCCESS)

    def has_publish_permission(self, request):
        return request.user.has_perm("articles.publish_article")

    # --- the preview beside the editor ---

    def get_urls(self):
        preview = self.admin_site.admin_view(require_POST(self.render_preview))
        return [path("render/", preview, name="articles_article_render"), *super().get_urls()]

    def render_preview(self, request):
        """The Markdown of the form as HTML."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        source = request.POST.get("body", "")
        if len(source) > BODY_LENGTH:
            return HttpResponse("This text is too long to preview.", status=413, content_type="text/plain")
        return HttpResponse(markdown.render_article(source, Pictures(source).resolve).html)
