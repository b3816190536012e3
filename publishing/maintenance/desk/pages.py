"""The pages about maintenance in the admin: the state now, planning, confirming and the history."""

from datetime import timedelta

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.forms import Media
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from publishing.bases.admin import row_or_404

from .. import announcements, switch
from ..decision import ANNOUNCED
from ..models import PassLink, State, Window
from . import history, plans, previews, undo
from .forms import ExtendForm, PlanForm, WhyForm

# What the calendar of Django's admin needs.
CORE = Media(js=["admin/js/core.js"])
PER_PAGE, RECENT = 30, 8
CONFIRM, EDIT = "confirm", "edit"


def _needs(request, action: str) -> None:
    if not request.user.has_perm(f"maintenance.{action}_window"):
        raise PermissionDenied


def _page(request, template: str, context: dict, status: int = 200) -> TemplateResponse:
    everywhere = admin.site.each_context(request) | {"opts": Window._meta, "is_nav_sidebar_enabled": False}
    template = f"admin/maintenance/window/{template}.html"
    return TemplateResponse(request, template, everywhere | context, status=status)


def _overview() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:maintenance_window_changelist"))


@require_safe
def overview(request):
    """The state now, what can be done about it, what is planned, and what happened last."""
    _needs(request, "view")
    windows = list(Window.objects.not_over().select_related("created_by").order_by("starts_at"))
    situation = announcements.stored_situation()
    shown = _shown(situation, windows)
    context = {
        "title": _("Maintenance"),
        "situation": situation,
        "switched": switch.current(),
        "shown": shown,
        "planned": [window for window in windows if window != shown],
        "end_form": WhyForm(auto_id=False),
        "extend_form": ExtendForm(label_suffix=""),
        "can_add": request.user.has_perm("maintenance.add_window"),
        "can_change": request.user.has_perm("maintenance.change_window"),
        "can_undo": undo.is_possible(request),
        "links": PassLink.objects.valid().count(),
        "links_address": _address_of_links(request),
        "events": history.events(list(history.keys()[:RECENT])),
        "zone": timezone.get_current_timezone_name(),
    }
    return _page(request, "overview", context)


def _shown(situation, windows):
    """The window that makes the situation what it is: the strictest that is active, or the one that is announced."""
    active = [window for window in windows if window.is_active]
    if not active and situation.state == ANNOUNCED:
        now = timezone.now()
        active = [window for window in windows if window.starts_at - window.announce_before <= now][:1]
    return max(active, key=lambda window: State.values.index(window.state), default=None)


def _address_of_links(request) -> str:
    if not (admin.site.is_registered(PassLink) and request.user.has_perm("maintenance.view_passlink")):
        return ""
    return reverse("admin:maintenance_passlink_changelist")


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request, state="", key=None):
    """GET: the form. POST: what the window would do, to be confirmed; confirmed, it is stored if nothing changed."""
    _needs(request, "change" if key else "add")
    if state and state not in (ANNOUNCED, *State.values):
        raise Http404("There is no such state.")
    window = row_or_404(Window.objects.all(), key) if key else None
    if window and window.is_over:
        raise PermissionDenied
    if request.method != "POST":
        return _form(request, PlanForm(instance=window, state=state), window)
    form = PlanForm(request.POST, instance=window)
    if not form.is_valid() or request.POST.get("action") == EDIT:
        return _form(request, form, window, 200 if form.is_valid() else 422)
    store = announcements.amend if window else announcements.put
    try:
        return _decided(request, form, lambda: plans.of(form.instance), lambda: store(form.instance, by=request.user))
    except ValidationError as error:
        form.add_error(None, error)
        return _form(request, form, window, 422)


def _decided(request, form, plan_of, store):
    """What the plan would do, to be confirmed; confirmed, `store()` is called if nothing has changed meanwhile."""
    if request.POST.get("action") != CONFIRM:
        return _to_confirm(request, form, plan_of(), request.POST.get("digest", plans.digest()) != plans.digest())
    with transaction.atomic():
        announcements.alone()
        planned = plan_of()
        if request.POST.get("digest") != planned.digest:
            return _to_confirm(request, form, planned, has_changed=True)
        before = plans.snapshot()
        store()
    undo.remember(request, before)
    messages.success(request, _("It is ended.") if planned.is_end else str(planned.window))
    return _overview()


def _form(request, form, window, status=200):
    title = _("Change a maintenance window") if window else _("Plan maintenance")
    zone = timezone.get_current_timezone_name()
    # Of when it was opened, also after what was typed had to be corrected.
    digest = request.POST.get("digest") or plans.digest()
    context = {"title": title, "form": form, "media": CORE + form.media, "window": window, "zone": zone}
    context["digest"] = digest
    return _page(request, "plan", context, status)


def _to_confirm(request, form, planned, has_changed=False):
    names = tuple(form.fields)
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        if name.startswith(names) and name not in ("action", "digest")
        for value in values
    ]
    context = {
        "title": _("Confirm maintenance"),
        "plan": planned,
        "switched": switch.current(),
        "why": form.cleaned_data["reason"],
        "kept": kept,
        "can_edit": isinstance(form, PlanForm),
        "has_changed": has_changed,
        "zone": timezone.get_current_timezone_name(),
        "previews": previews.of(planned),
    }
    return _page(request, "confirm", context, 409 if has_changed else 200)


@require_POST
def end(request, key):
    """What ending a window does, to be confirmed; one that is planned never begins."""
    _needs(request, "change")
    window, form = row_or_404(Window.objects.all(), key), WhyForm(request.POST)
    if window.is_over:
        messages.warning(request, _("Nothing was ended: it is over already."))
        return _overview()
    if not form.is_valid():
        return _refused(request, form.errors["reason"])
    windows, reason = Window.objects.filter(pk=window.pk), form.cleaned_data["reason"]
    return _decided(
        request,
        form,
        lambda: plans.of_end([window]),
        lambda: announcements.end(by=request.user, windows=windows, reason=reason),
    )


@require_POST
def extend(request, key):
    """What a later end does, to be confirmed."""
    _needs(request, "change")
    window, form = row_or_404(Window.objects.all(), key), ExtendForm(request.POST)
    if not form.is_valid():
        return _refused(request, [text for texts in form.errors.values() for text in texts])
    ends_at = window.ends_at and window.ends_at + timedelta(minutes=form.cleaned_data["minutes"])
    reason = form.cleaned_data["reason"]
    try:
        return _decided(
            request,
            form,
            lambda: plans.of_extension(window, ends_at),
            lambda: announcements.extend(window, ends_at, by=request.user, reason=reason),
        )
    except ValidationError as error:
        return _refused(request, error.messages)


def _refused(request, problems) -> HttpResponseRedirect:
    messages.error(request, " ".join(problems))
    return _overview()


@require_POST
def take_back(request):
    """Undo the last change of this person, unless something else has changed since."""
    _needs(request, "change")
    try:
        is_undone = undo.undo(request)
    except ValidationError as error:
        return _refused(request, error.messages)
    if is_undone:
        messages.success(request, _("The last change is undone."))
    else:
        messages.warning(request, _("Nothing was undone: maintenance has changed since."))
    return _overview()


@require_safe
def past(request):
    """All that happened, by page, of one state or person if asked for."""
    _needs(request, "view")
    form = history.FilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    pages = Paginator(history.keys(**{name: chosen.get(name, "") for name in ("to", "who")}), PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    asked = {name: value for name, value in chosen.items() if value}
    context = {
        "title": _("History of maintenance"),
        "form": form,
        "page": page,
        "events": history.events(list(page.object_list)),
        "asked": asked,
        "zone": timezone.get_current_timezone_name(),
    }
    return _page(request, "past", context)
