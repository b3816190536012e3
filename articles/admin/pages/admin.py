"""The list and the form of pages."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from publishing.bases.admin import SiteModelAdmin
from publishing.text.fields import SUMMARY_LENGTH

from ...links.incoming import state_of, word_for
from ...models import Page
from ...pages import starts
from ..widgets import MarkdownWidget

# Buttons beside those that save.
STEPS = ("_publish", "_withdraw", "_archive")


class PageForm(forms.ModelForm):
    class Meta:
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2, "cols": 90, "maxlength": SUMMARY_LENGTH}),
            "body": MarkdownWidget(attrs={"rows": 24}),
        }

    def clean(self):
        cleaned = super().clean()
        if self.instance.is_released and not cleaned.get("published_at"):
            sentence = gettext("A published page needs a date. To hide it from readers, make it a draft or archive it.")
            self.add_error("published_at", sentence)
        if cleaned.get("body") and (self.instance.is_released or "_publish" in self.data):
            try:
                Page(body=cleaned["body"]).check_filled_in()
            except ValidationError as error:
                self.add_error("body", error)
        return cleaned


@admin.register(Page)
class PageAdmin(SiteModelAdmin):
    form = PageForm
    fields = ["title", "slug", "summary", "body", "published_at"]
    list_display = ["title", "address", "state", "published_at", "modified_at"]
    list_filter = ["status"]
    search_fields = ["title", "slug", "text"]
    prepopulated_fields = {"slug": ["title"]}
    actions = ["publish", "archive"]
    form_has_sidebar = list_has_sidebar = False
    change_form_template = "admin/articles/page/change_form.html"
    change_list_template = "admin/articles/page/change_list.html"

    def has_publish_permission(self, request):
        return request.user.has_perm("articles.publish_page")

    def view_on_site(self, page):
        return page.get_absolute_url() if page.is_published else page.get_preview_url()

    @admin.display(description=_("address"), ordering="slug")
    def address(self, page):
        return f"/{page.slug}/"

    @admin.display(description=_("state"), ordering="status")
    def state(self, page):
        return capfirst(self._state(page))

    def _state(self, page) -> str:
        return state_of(page) or word_for("published")

    # --- the form ---

    def get_changeform_initial_data(self, request):
        """The text of a template, if the address names one."""
        return starts.fields_of(request.GET.get("template", ""))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= {"steps": self._steps(request, obj or Page()), "page_state": obj and self.state(obj)}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def changelist_view(self, request, extra_context=None):
        context = {"starts": starts.STARTS if self.has_add_permission(request) else []}
        return super().changelist_view(request, context | (extra_context or {}))

    def _steps(self, request, page) -> dict:
        """What the account may do with a page beside saving it: the words of each button, by its name."""
        if not (self.has_publish_permission(request) and self.has_change_permission(request, page)):
            return {}
        if not page.is_released:
            archive = {"_archive": gettext("Save and archive")} if page.status == Page.Status.DRAFT and page.pk else {}
            draft = {"_withdraw": gettext("Save as a draft again")} if page.status == Page.Status.ARCHIVED else {}
            return {"_publish": gettext("Save and publish")} | draft | archive
        return {"_withdraw": gettext("Save and make it a draft"), "_archive": gettext("Save and archive")}

    def response_add(self, request, page, post_url_continue=None):
        return self._take_step(request, page) or super().response_add(request, page, post_url_continue)

    def response_change(self, request, page):
        return self._take_step(request, page) or super().response_change(request, page)

    def _take_step(self, request, page):
        wanted = next((name for name in STEPS if name in request.POST), None)
        if wanted is None:
            return None
        if not self.has_publish_permission(request):
            # What was saved is rolled back.
            raise PermissionDenied
        if wanted not in self._steps(request, page):
            text = gettext("Saved. “%(title)s” is %(state)s now.") % {"title": page, "state": self._state(page)}
            self.message_user(request, text, messages.WARNING)
        else:
            {"_publish": self._publish, "_withdraw": self._withdraw, "_archive": self._archive}[wanted](request, page)
        return HttpResponseRedirect(reverse("admin:articles_page_change", args=[page.pk]))

    def _publish(self, request, page):
        try:
            page.publish(by=request.user)
        except ValidationError as error:
            text = gettext("“%(title)s” was not published. %(reason)s")
            self.message_user(request, text % {"title": page, "reason": error.messages[0]}, messages.ERROR)
        else:
            text = gettext("“%(title)s” is published.")
            if page.is_scheduled:
                text = gettext("“%(title)s” will appear on %(date)s.")
            values = {"title": page, "date": date_format(timezone.localtime(page.published_at), _("j F Y"))}
            self.message_user(request, text % values, messages.SUCCESS)

    def _withdraw(self, request, page):
        page.withdraw(by=request.user)
        self.message_user(request, gettext("“%(title)s” is a draft now.") % {"title": page}, messages.SUCCESS)

    def _archive(self, request, page):
        page.archive(by=request.user)
        text = gettext("“%(title)s” is archived: readers do not see it.")
        self.message_user(request, text % {"title": page}, messages.SUCCESS)

    # --- actions ---

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish(self, request, queryset):
        for page in queryset:
            self._publish(request, page)

    @admin.action(description=pgettext_lazy("verb", "Archive"), permissions=["publish"])
    def archive(self, request, queryset):
        for page in queryset:
            self._archive(request, page)
