"""The page of the admin on which AdSense is connected, in steps."""

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..models import AdSense, Slot, Source
from . import checks, connecting, ids, serving
from .forms import ConsentForm, IdForm

LOGGED = 10


@require_http_methods(["GET", "HEAD", "POST"])
def page(request):
    """GET shows how far it is; POST takes a `step`: id, consent, check, connect, disconnect."""
    may_change = request.user.has_perm("sponsors.change_adsense")
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        shown = _STEPS.get(request.POST.get("step"), lambda request: None)(request)
        return shown or HttpResponseRedirect(reverse("admin:sponsors_adsense_changelist"))
    if not (may_change or request.user.has_perm("sponsors.view_adsense")):
        raise PermissionDenied
    return _shown(request)


def _store_id(request) -> TemplateResponse | None:
    form = IdForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _shown(request, id_form=form)
    connecting.change(request.user, client=form.client)
    messages.success(request, _("The id is stored, and its line is in /ads.txt.") if form.client else _("Stored."))
    return None


def _store_consent(request) -> TemplateResponse | None:
    form = ConsentForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _shown(request, consent_form=form)
    connecting.change(request.user, **form.cleaned_data)
    messages.success(request, _("Stored."))
    return None


def _check(request) -> None:
    connecting.check(AdSense.objects.first() or AdSense())


def _connect(request) -> None:
    try:
        connecting.connect(request.user)
    except connecting.NotReady as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("Connected. Readers are asked on pages with a slot of AdSense."))


def _disconnect(request) -> None:
    connecting.disconnect(request.user)
    messages.success(request, _("Disconnected. No page loads anything of Google any more."))


_STEPS = {
    "id": _store_id,
    "consent": _store_consent,
    "check": _check,
    "connect": _connect,
    "disconnect": _disconnect,
}


def _shown(request, id_form: IdForm | None = None, consent_form: ConsentForm | None = None) -> TemplateResponse:
    """The page; 422 with a form that was refused, which keeps what was typed."""
    row = AdSense.current()
    status = 422 if id_form or consent_form else 200
    chosen = {name: getattr(row, name) for name in ("privacy_page", "consent", "platform_script")}
    id_form = id_form or IdForm(initial={"pasted": row.client}, label_suffix="")
    consent_form = consent_form or ConsentForm(initial=chosen, label_suffix="")
    known = checks.known(row)
    measured = [(label, known.get(name)) for name, label in checks.LABELS.items()]
    kind = ContentType.objects.get_for_model(AdSense)
    context = admin.site.each_context(request) | {
        "title": "AdSense",
        "opts": AdSense._meta,
        "is_nav_sidebar_enabled": False,
        "adsense": row,
        "id_form": id_form,
        "consent_form": consent_form,
        "line": ids.ads_txt_line(row.client) if row.client else "",
        "slots": [slot for slot in Slot.all_rows() if slot.source == Source.ADSENSE],
        "checks": measured,
        "is_connected": serving.is_connected(),
        "may_change": request.user.has_perm("sponsors.change_adsense"),
        "log": LogEntry.objects.filter(content_type=kind).select_related("user")[:LOGGED],
    }
    return TemplateResponse(request, "admin/sponsors/adsense.html", context, status=status)
