"""Accounts: the list of colleagues, their pages, and Django's form of an account with all its permissions."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import User
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from publishing.bases.admin import SiteModelAdmin

from ..staff import accounts, views

admin.site.unregister(User)


class AccountForm(UserChangeForm):
    def clean_email(self):
        email = self.cleaned_data["email"]
        others = User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk)
        if email and "email" in self.changed_data and others.exists():
            raise forms.ValidationError(_("Another account has this address."))
        return email


class RoleFilter(admin.SimpleListFilter):
    title, parameter_name = _("role"), "role"

    def lookups(self, request, model_admin):
        return [(role, accounts.role_name(role)) for role in settings.ROLES]

    def queryset(self, request, queryset):
        role = self.value()
        if role is None:
            return queryset
        members = Q(groups__name=role)
        # A superuser is an owner.
        return queryset.filter(members | Q(is_superuser=True) if role == "Owner" else members).distinct()


class AccountFilter(admin.SimpleListFilter):
    title, parameter_name = _("account"), "account"

    def lookups(self, request, model_admin):
        return [("open", pgettext("an account", "open")), ("invited", gettext("invited")), ("ended", gettext("ended"))]

    def queryset(self, request, queryset):
        state = self.value()
        if state is None:
            return queryset
        queryset = queryset.filter(is_active=state != "ended")
        if state == "ended":
            return queryset
        no_password = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        return queryset.filter(no_password if state == "invited" else ~no_password)


@admin.register(User)
class ColleagueAdmin(SiteModelAdmin, UserAdmin):
    """A new account is made by the form for a new colleague; the list leads to the page of each."""

    form = AccountForm
    list_display = ["name", "role", "byline", "account", "last_sign_in"]
    list_display_links = None
    list_filter = [AccountFilter, RoleFilter]
    search_fields = ["username", "first_name", "last_name", "email"]
    ordering = ["-is_active", Lower("last_name"), "username"]
    list_select_related = ["author"]
    actions = None
    change_list_template = "admin/articles/staff/list.html"

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def get_urls(self):
        new, page = self.admin_site.admin_view(views.new_colleague), self.admin_site.admin_view(views.colleague)
        ours = [path("add/", new, name="auth_user_add"), path("<key>/colleague/", page, name="auth_user_colleague")]
        ours.append(path("mails/", self.admin_site.admin_view(views.own_mails), name="auth_user_mails"))
        return [*ours, *super().get_urls()]

    # --- what a superuser has is given by a superuser only ---

    def has_change_permission(self, request, obj=None):
        is_above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not is_above

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj), "last_login", "date_joined"]
        return fields if request.user.is_superuser else [*fields, "is_superuser", "user_permissions"]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": gettext("Colleagues")} | (extra_context or {}))

    # --- columns ---

    @admin.display(description=_("name"), ordering="last_name")
    def name(self, user):
        link = reverse("admin:auth_user_colleague", args=[user.pk])
        return format_html('<a href="{}">{}</a>', link, user.get_full_name() or user.get_username())

    @admin.display(description=_("role"))
    def role(self, user):
        return accounts.role_name(accounts.role_of(user)) or "–"

    @admin.display(description=_("account"), ordering="is_active")
    def account(self, user):
        if not user.is_active:
            return gettext("ended")
        return pgettext("an account", "open") if user.has_usable_password() else gettext("invited")

    @admin.display(description=_("last sign-in"), ordering="last_login", empty_value=_("never"))
    def last_sign_in(self, user):
        return user.last_login

    @admin.display(description=_("byline"))
    def byline(self, user):
        author = getattr(user, "author", None)
        return author and format_html('<a href="{}">{}</a>', author.get_absolute_url(), author)
