"""The admin of articles."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from publishing.bases.admin import SiteModelAdmin
from publishing.text import markdown

from ..checks import publishing
from ..corrections import sources
from ..models import BODY_LENGTH, Article, Pictures, Version
from ..versions import buttons, saving
from ..versions.content import fields_of, put
from . import autosaving, checking, versions
from .article_list import ArticleListMixin
from .forms import ArticleForm

# What a button asks for.
STEP_FIELDS = ("at", "note", "override", "change_kind", "public_note")
# Of them, what is asked about changes of a published article.
CHANGE_FIELDS = ("change_kind", "public_note")


@admin.register(Article)
class ArticleAdmin(ArticleListMixin, SiteModelAdmin):
    form = ArticleForm
    search_fields = ["title"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["category", "series", "tags", "cover"]
    form_has_sidebar = list_has_sidebar = False
    readonly_fields = ["links", "reading"]
    actions = ["publish_now", "archive"]
    show_full_result_count = False
    fieldsets = [
        (None, {"fields": ["links", "title", "slug", "summary", "body", "reading"]}),
        (
            "Publication",
            {"fields": ["at", "note", "override", *CHANGE_FIELDS, "category", "tags", "byline", "featured"]},
        ),
        ("Still true?", {"fields": ["applies_to", "verified_on"]}),
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
        return super().has_delete_permission(request, obj) and buttons.may_publish(request.user)

    def has_publish_permission(self, request):
        return buttons.may_publish(request.user)

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return fields if self.has_publish_permission(request) else [*fields, "featured"]

    # --- the form ---

    def get_object(self, request, object_id, from_field=None):
        """The article with what is worked on."""
        article = super().get_object(request, object_id, from_field)
        if article is not None:
            article.version = saving.shown(article)
            put(article, article.version.fields)
        return article

    def get_form(self, request, obj=None, change=False, **kwargs):
        """A class of its own for each request."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user, form.version = request.user, getattr(obj, "version", None)
        if obj and obj.is_published:
            form.begun_note = sources.note_from(request.GET.get(sources.PARAMETER, ""), obj, request.user)
        return form

    def get_fieldsets(self, request, obj=None):
        fieldsets, hidden = super().get_fieldsets(request, obj), ()
        if obj is not None and not self.has_change_permission(request, obj):
            hidden = STEP_FIELDS
        elif not self.has_publish_permission(request):
            hidden = (*CHANGE_FIELDS, "override")
        else:
            hidden = ("override",) if obj is not None and obj.is_published else CHANGE_FIELDS
        return [
            (name, options | {"fields": [field for field in options["fields"] if field not in hidden]})
            for name, options in fieldsets
        ]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        article, version = obj or Article(), getattr(obj, "version", None)
        is_changeable = self.has_change_permission(request, obj) if obj else True
        context |= {
            "steps": buttons.steps_for(article, version, request.user) if is_changeable else [],
            "conflict": getattr(form, "conflict", None),
            "version": version,
            "checks": None,
            "autosave_url": reverse(
                f"admin:articles_article_autosave{'' if obj else '_new'}", args=[obj.pk] if obj else []
            ),
        }
        if version is not None and is_changeable:
            is_changed = obj.is_published and version.state != Version.State.LIVE
            live = fields_of(Article.objects.get(pk=obj.pk)) if is_changed else None
            context |= checking.context(obj, version.fields, live)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request, article, form, change):
        """The form has saved the working version of an article that exists."""
        if not change:
            article.pk = saving.create(form.content(), by=request.user, key=form.cleaned_data["created_in"]).pk
        cleaned = form.cleaned_data
        article.result = buttons.take(
            form.wanted_step(), article, by=request.user, at=cleaned["at"], note=form.version_note(), change=form.change
        )
        if form.overridden:
            publishing.log_override(request.user, article, form.overridden, cleaned["override"])

    def save_related(self, request, form, formsets, change):
        """Tags and authors are saved with the version."""
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def log_addition(self, request, article, message):
        """Each step has its own entry."""

    log_change = log_addition

    def response_add(self, request, article, post_url_continue=None):
        return self._to_form(request, article)

    def response_change(self, request, article):
        return self._to_form(request, article)

    def _to_form(self, request, article):
        result = article.result
        self.message_user(request, result.message, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[result.key]))

    # --- links ---

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
        stopped = [one for one in queryset if publishing.stopping("publish", one, fields_of(one))]
        published = [one for one in queryset if one not in stopped]
        for article in published:
            article.publish(by=request.user)
        if published:
            self.message_user(request, f"Published: {len(published)}.", messages.SUCCESS)
        if stopped:
            titles = ", ".join(f"“{one}”" for one in stopped[:10])
            message = f"Not published, because checks stop it: {len(stopped)}. See the form of {titles}."
            self.message_user(request, message, messages.WARNING)

    @admin.action(description="Archive", permissions=["publish"])
    def archive(self, request, queryset):
        for article in queryset:
            article.archive(by=request.user)
        self.message_user(request, f"Archived: {len(queryset)}. They are no longer on the site.", messages.SUCCESS)

    # --- what scripts send ---

    def get_urls(self):
        views = {
            "render": ("render/", self.render_preview),
            "autosave": ("<int:key>/autosave/", self.autosave),
            "autosave_new": ("autosave/", self.autosave),
            "check": ("check/", self.check_typed),
        }
        urls = [
            path(route, self.admin_site.admin_view(require_POST(view)), name=f"articles_article_{name}")
            for name, (route, view) in views.items()
        ]
        return [*versions.urls(self), *urls, *super().get_urls()]

    def autosave(self, request, key=None):
        """Save what is typed as the working version, valid or not: see `autosaving.save`."""
        if not (self.has_change_permission(request) if key else self.has_add_permission(request)):
            raise PermissionDenied
        return autosaving.save(request, key)

    def check_typed(self, request):
        """What checks find in what is typed: see `checking.check`."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        return checking.check(request)

    def render_preview(self, request):
        """The Markdown of the form as HTML."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        source = request.POST.get("body", "")
        if len(source) > BODY_LENGTH:
            return HttpResponse("This text is too long to preview.", status=413, content_type="text/plain")
        return HttpResponse(markdown.render_article(source, Pictures(source).resolve).html)
