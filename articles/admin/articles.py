"""The admin of articles."""

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import path, re_path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from publishing.bases.admin import SiteModelAdmin, row_or_404
from publishing.text import languages, markdown, reading_time

from .. import covers
from ..checks import publishing
from ..corrections import sources
from ..covers import neighbours
from ..links.incoming import incoming, links_to
from ..models import BODY_LENGTH, Article, LinkCard, Uploads, Version
from ..models.taxonomy import KINDS
from ..notes import views as notes
from ..trash import moving
from ..versions import buttons, saving
from ..versions.content import fields_of, put
from . import autosaving, checking, versions
from .article_list import ArticleListMixin
from .forms import ArticleForm
from .links import picker
from .taxonomy import picking
from .trash import views as trash

# Steps after which links lead nowhere.
HIDING = ("unpublish", "archive", "archive_later")


@admin.register(Article)
class ArticleAdmin(ArticleListMixin, SiteModelAdmin):
    form = ArticleForm
    search_fields = ["title"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["cover"]
    form_has_sidebar = list_has_sidebar = False
    show_full_result_count = False
    fieldsets = [
        (None, {"fields": ["title", "summary", "body"]}),
        (_("Placed in"), {"fields": ["category", "tags", "byline", "series", "series_position", "featured"]}),
        (_("Cover"), {"classes": ["collapse"], "fields": ["cover", "drawn_cover", "cover_letters"]}),
        (
            _("Address and search engines"),
            {"classes": ["collapse"], "fields": ["slug", "seo_title", "seo_description", "canonical_url"]},
        ),
        (_("Language"), {"classes": ["collapse"], "fields": ["language"]}),
        (_("Still true?"), {"classes": ["collapse"], "fields": ["applies_to", "verified_on"]}),
        (_("Sponsored slots"), {"classes": ["collapse"], "fields": ["is_sensitive"]}),
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
        """To move it to the trash."""
        allowed = super().has_delete_permission(request, obj)
        if obj is None or not allowed or buttons.may_publish(request.user):
            return allowed
        return Article.objects.deletable_by(request.user).filter(pk=obj.pk).exists()

    def has_publish_permission(self, request):
        return buttons.may_publish(request.user)

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "drawn_cover"] + ([] if self.has_publish_permission(request) else ["featured"])

    # --- the form ---

    @admin.display(description=_("without a picture"))
    def drawn_cover(self, article):
        """The cover that is drawn, and whether another article shows the same letters. One query."""
        drawn = covers.of(article) if article.title else None
        context = {"article": article, "drawing": drawn and markdown.stored(drawn.svg("wide"))}
        context["alike"] = neighbours.alike(article) if drawn else []
        return render_to_string("admin/articles/article/_drawn_cover.html", context)

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

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        article, version = obj or Article(), getattr(obj, "version", None)
        is_changeable = self.has_change_permission(request, obj) if obj else True
        steps = buttons.steps_for(article, version, request.user) if is_changeable else []
        context |= {
            "steps": steps,
            "has_timed_steps": any(step.needs_time for step in steps),
            "time_zone": timezone.get_current_timezone_name(),
            "conflict": (conflict := getattr(form, "conflict", None)),
            "conflicts": versions.conflict_in_words(conflict.merge) if conflict else [],
            "version": version,
            "checks": None,
            "step_fields": [form[name] for name in self.step_fields(article, request.user)] if steps else [],
            "state": buttons.state_in_words(article, filter(None, [version])),
            "preview_url": obj and obj.get_preview_url(),
            "incoming": incoming(obj, request.user) if obj else None,
            "dying": links_to([obj.pk]) if any(step.name in HIDING for step in steps) and obj.is_published else None,
            "autosave_url": reverse(
                f"admin:articles_article_autosave{'' if obj else '_new'}", args=[obj.pk] if obj else []
            ),
        }
        if version is not None and is_changeable:
            is_changed = obj.is_published and version.state != Version.State.LIVE
            live = fields_of(Article.objects.get(pk=obj.pk)) if is_changed else None
            context |= checking.context(obj, version.fields, live)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def step_fields(self, article: Article, user) -> list[str]:
        """The fields of the form that say more about the next step."""
        if not buttons.may_publish(user):
            return ["note"]
        return ["change_kind", "public_note", "note"] if article.is_published else ["note", "override"]

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

    # --- the trash ---

    def get_deleted_objects(self, objs, request):
        """Nothing else: all that belongs to an article stays with it in the trash."""
        return [], {}, set(), []

    def render_delete_form(self, request, context):
        dying = links_to([context["object"].pk])
        context |= {"title": gettext("Move to the trash"), "days": moving.KEPT_DAYS, "is_nav_sidebar_enabled": False}
        return super().render_delete_form(request, context | {"dying": dying})

    def log_deletions(self, request, queryset):
        """To move it to the trash is logged there."""

    def delete_model(self, request, article):
        moving.trash(article, by=request.user)

    def response_delete(self, request, obj_display, obj_id):
        if IS_POPUP_VAR in request.POST:
            return super().response_delete(request, obj_display, obj_id)
        self.message_user(request, trash.moved_message(request, obj_display, obj_id), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_changelist"))

    # --- links ---

    def view_on_site(self, article):
        return article.get_absolute_url() if article.is_published else article.get_preview_url()

    # --- what scripts send ---

    def get_urls(self):
        views = {
            "render": ("render/", self.render_preview),
            "autosave": ("<int:key>/autosave/", self.autosave),
            "autosave_new": ("autosave/", self.autosave),
            "check": ("check/", self.check_typed),
            "still_true": ("<int:key>/still-true/", self.still_true),
        }
        urls = [
            path(route, self.admin_site.admin_view(require_POST(view)), name=f"articles_article_{name}")
            for name, (route, view) in views.items()
        ]
        pick = self.admin_site.admin_view(require_safe(lambda request: picker.pick(self, request)))
        urls.append(path("links/", pick, name="articles_article_links"))
        labels = self.admin_site.admin_view(picking.labels)
        route = rf"^labels/(?P<kind>{'|'.join(KINDS)})/$"
        urls.append(re_path(route, labels, {"model_admin": self}, name="articles_article_labels"))
        return [*versions.urls(self), *notes.urls(self), *urls, *super().get_urls()]

    def autosave(self, request, key=None):
        """Save what is typed as the working version, valid or not: see `autosaving.save`."""
        if not (self.has_change_permission(request) if key else self.has_add_permission(request)):
            raise PermissionDenied
        return autosaving.save(request, key)

    def still_true(self, request, key):
        """The button of the inbox, which is shown again."""
        if not self.has_publish_permission(request):
            raise PermissionDenied
        article = row_or_404(Article.objects.all(), str(key))
        wrong = buttons.problem("still_true", buttons.steps_for(article, None, request.user), None, "", None)
        if wrong:
            text = gettext("“%(title)s” needs no check: %(reason)s") % {"title": article, "reason": wrong[1]}
            self.message_user(request, text, messages.ERROR)
        else:
            result = buttons.take("still_true", article, by=request.user)
            text = gettext("“%(title)s”: %(message)s") % {"title": article, "message": result.message}
            self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:index"))

    def check_typed(self, request):
        """What checks find in what is typed: see `checking.check`."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        return checking.check(request)

    def render_preview(self, request):
        """The Markdown of the form as HTML, with its length and headings."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        source = request.POST.get("body", "")
        if len(source) > BODY_LENGTH:
            return HttpResponse(gettext("This text is too long to preview."), status=413, content_type="text/plain")
        typed = "\n".join(request.POST.get(name, "") for name in ("title", "summary", "body"))
        language = languages.language_of_text(typed, request.POST.get("language", ""))
        look_up = Uploads(source).resolve
        with languages.of_the_site():
            rendered = markdown.render_article(source, look_up, look_up_cards=LinkCard.objects.known, language=language)
        seconds = reading_time.reading_seconds(rendered.words, rendered.code_lines, rendered.images, language)
        facts = {"words": rendered.words, "minutes": reading_time.minutes(seconds), "outline": rendered.contents}
        facts |= {"language": language, "direction": languages.direction_of(language)}
        return JsonResponse({"html": rendered.html} | facts)
