"""Links for testers. One is shown when it is made, and never again; it is revoked and not deleted."""

from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from publishing.bases.admin import SiteModelAdmin, find_row

from ..models import PassLink
from . import links

HOURS = {
    1: _("1 hour"), 8: _("8 hours"), 24: _("24 hours"), 72: _("3 days"), 168: _("7 days"), 744: _("31 days"),
}  # fmt: skip
USUAL_HOURS = 24
# In the session of who made it, until its page has been shown.
JUST_MADE = "pass-link"


class PassLinkForm(forms.ModelForm):
    """A new link: for whom, and for how long."""

    hours = forms.TypedChoiceField(
        label=_("Valid for"), coerce=int, choices=list(HOURS.items()), initial=USUAL_HOURS,
        help_text=_("From now on. You can revoke it before."),
    )  # fmt: skip

    class Meta:
        model = PassLink
        fields = ["name"]

    def clean(self):
        cleaned = super().clean()
        if hours := cleaned.get("hours"):
            self.instance.expires_at = timezone.now() + timedelta(hours=hours)
        return cleaned


@admin.register(PassLink)
class PassLinkAdmin(SiteModelAdmin):
    form = PassLinkForm
    list_display = ["name", "state", "expires_at", "created_by", "created_at"]
    list_select_related = ["created_by"]
    actions = ["revoke"]

    @admin.display(description=_("state"))
    def state(self, link):
        if link.revoked_at:
            return gettext("Revoked")
        return gettext("Valid") if link.is_valid else gettext("Over")

    def get_fields(self, request, obj=None):
        return ["name", "state", "expires_at", "created_by", "created_at", "revoked_at"] if obj else ["name", "hours"]

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj) if obj else []

    def has_change_permission(self, request, obj=None):
        """The permission is for revoking: a link itself never changes."""
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request, obj=None):
        return False

    def add_view(self, request, form_url="", extra_context=None):
        """Without the ways to save that would lead past the address."""
        only_save = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().add_view(request, form_url, {**(extra_context or {}), **only_save})

    def save_model(self, request, obj, form, change):
        links.make(obj, by=request.user)

    def response_add(self, request, obj, post_url_continue=None):
        request.session[JUST_MADE] = obj.pk
        return HttpResponseRedirect(reverse("admin:maintenance_passlink_change", args=[obj.pk]))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Who has just made it sees its address, once."""
        context, link = {}, find_row(PassLink.objects.valid(), object_id)
        if link and request.session.get(JUST_MADE) == link.pk:
            del request.session[JUST_MADE]
            context["address"] = links.address_of(link)
        response = super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})
        if context:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    @admin.action(description=_("Revoke the selected links"), permissions=["change"])
    def revoke(self, request, queryset):
        if number := links.revoke(queryset, by=request.user):
            message = ngettext("%(number)s link revoked.", "%(number)s links revoked.", number) % {"number": number}
            self.message_user(request, message, messages.SUCCESS)
        else:
            self.message_user(request, gettext("None of these links is valid any more."), messages.WARNING)
