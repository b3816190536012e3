"""The form for a new colleague, and the page of one, for owners."""

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from publishing import mail
from publishing.bases.admin import row_or_404

from ..news import telling
from . import accounts, links
from .forms import ColleagueForm, MailsForm, NewColleagueForm
from .mail import mail_link


@require_http_methods(["GET", "HEAD", "POST"])
def new_colleague(request):
    """An account, its role and its byline in one go, and the invitation."""
    if not request.user.has_perm("auth.add_user"):
        raise PermissionDenied
    if request.method != "POST":
        return _render(request, "new.html", NewColleagueForm(), _("New colleague"))
    with transaction.atomic():
        accounts.lock()
        form = NewColleagueForm(request.POST)
        if not form.is_valid():
            return _render(request, "new.html", form, _("New colleague"), status=422)
        values = {name: form.cleaned_data[name] for name in ("name", "email", "role", "byline", "news")}
        user = accounts.make(**values, by=request.user)
        text = _("%(name)s has an account. The user name is %(username)s.")
        messages.success(request, text % {"name": user.get_full_name(), "username": user.get_username()})
        if form.cleaned_data["invite"]:
            return _send_link(request, user)
    return _to(user)


@require_http_methods(["GET", "HEAD", "POST"])
def colleague(request, key):
    """One account: its name, address, role and byline, and the buttons that end it or send a link."""
    if not request.user.has_perm("auth.change_user"):
        raise PermissionDenied
    user = row_or_404(User.objects.all(), key)
    if user.is_superuser and not request.user.is_superuser:
        raise PermissionDenied("This account belongs to a superuser.")
    if request.method != "POST":
        return _page(request, user, ColleagueForm(user=user, by=request.user))
    with transaction.atomic():
        accounts.lock()
        user = row_or_404(User.objects.select_for_update(), key)
        action = next((action for name, action in ACTIONS.items() if name in request.POST), _save)
        return action(request, user)


def _save(request, user):
    form = ColleagueForm(request.POST, user=user, by=request.user)
    if not form.is_valid():
        return _page(request, user, form, status=422)
    accounts.change(user, **form.cleaned_data, by=request.user)
    messages.success(request, _("%(name)s is saved.") % {"name": user.get_full_name()})
    return _to(user)


def _leave(request, user):
    if user == request.user:
        messages.error(request, _("Nobody ends their own account."))
    elif user.is_active:
        accounts.end(user, by=request.user)
        text = _("%(name)s can no longer sign in. The byline and the articles stay.")
        messages.success(request, text % {"name": _name(user)})
    return _to(user)


def _come_back(request, user):
    if not user.is_active:
        accounts.begin_again(user, by=request.user)
        text = _("The account of %(name)s is open. Send a link to choose a password.")
        messages.success(request, text % {"name": _name(user)})
    return _to(user)


@sensitive_variables("link")
def _send_link(request, user):
    """By mail, or else shown on the page, once: it is not stored."""
    if not links.is_open(user):
        messages.error(request, _("The account of %(name)s is closed.") % {"name": _name(user)})
    elif not mail.is_set_up() or not user.email:
        form = ColleagueForm(user=user, by=request.user)
        return _page(request, user, form, link=links.link_for(user))
    else:
        mail_link.enqueue(user.pk)
        messages.success(request, _("A link to choose a password goes to %(email)s.") % {"email": user.email})
    return _to(user)


@require_http_methods(["GET", "HEAD", "POST"])
def own_mails(request):
    """Which mails somebody wants for their own account."""
    if request.method != "POST":
        form = MailsForm(initial={"news": telling.wants_news(request.user)}, label_suffix="")
        return _render(request, "mails.html", form, _("Mails to me"))
    form = MailsForm(request.POST)
    telling.choose(request.user, form.is_valid() and form.cleaned_data["news"])
    messages.success(request, _("Your choice is saved."))
    return redirect("admin:auth_user_mails")


ACTIONS = {"_leave": _leave, "_come_back": _come_back, "_link": _send_link}


def _name(user):
    return user.get_full_name() or user.get_username()


def _to(user):
    return redirect("admin:auth_user_colleague", user.pk)


def _page(request, user, form, status=200, link=""):
    context = {
        "colleague": user,
        "is_self": user == request.user,
        "has_password": user.has_usable_password(),
        "link": link,
        "lifetime": links.lifetime(user),
    }
    return _render(request, "colleague.html", form, _name(user), status, **context)


def _render(request, template, form, title, status=200, **context):
    context |= {
        **admin.site.each_context(request),
        "title": title,
        "opts": User._meta,
        "form": form,
        "has_mail": mail.is_set_up(),
        "is_nav_sidebar_enabled": False,
    }
    return render(request, f"admin/articles/staff/{template}", context, status=status)
