"""The page that merges or renames labels, after it has said how many articles have them; and undoing a merge."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from publishing.text.validators import sentences

from ...labels import merging, names
from ...lists import uses
from ...models import MergedLabel
from ...models.taxonomy import Listed
from ..autosaving import KeyList

MOST = 50


def url_of(model: type[Listed], keys: Iterable[int]) -> str:
    return f"{reverse(f'admin:articles_{model._meta.model_name}_merge')}?{urlencode({'key': [*keys]}, doseq=True)}"


class LabelField(forms.ModelChoiceField):
    def label_from_instance(self, label):
        return f"{label} ({label.slug}): {uses.of(label)}"


class MergeForm(forms.Form):
    keep = LabelField(None, label=_("Which one stays"), widget=forms.RadioSelect, empty_label=None)
    name = forms.CharField(label=_("New name"), required=False, help_text=_("Empty: its name and its address stay."))

    def __init__(self, *args, model: type[Listed], labels, **kwargs):
        super().__init__(*args, **kwargs)
        self.model, self.labels = model, labels
        self.fields["keep"].queryset = labels
        self.fields["keep"].initial = max(labels, key=lambda label: label.link_number)
        if len(labels) == 1:
            # Nothing to choose, and nothing to do without a name.
            self.fields["keep"].widget = self.fields["keep"].hidden_widget()
            self.fields["name"].required, self.fields["name"].help_text = True, ""

    def clean_name(self):
        name = self.cleaned_data["name"]
        other = names.find(self.model, name) if name else None
        if other and other not in self.labels and self.model._meta.get_field(self.model.NAME_FIELD).unique:
            url = url_of(self.model, [label.pk for label in (*self.labels, other)])
            text = gettext("There is “{name}” already. <a href='{url}'>Merge with it?</a>")
            raise ValidationError(format_html(text, name=other, url=url))
        return name

    def _post_clean(self):
        """Merge and rename, or say why not."""
        if self.errors:
            return
        try:
            with transaction.atomic():
                self._carry_out(self.cleaned_data["keep"], self.cleaned_data["name"])
        except merging.NotPossible as error:
            self.add_error(None, str(error))
        except ValidationError as error:
            self.add_error("name", sentences(error))

    def _carry_out(self, kept, name):
        others = [label for label in self.labels if label != kept]
        if others:
            merging.merge(others, kept, by=self.user)
        if name:
            merging.rename(kept, name, by=self.user)

    # Set by the view.
    user = None


class KeysForm(forms.Form):
    key = KeyList()


@require_http_methods(["GET", "HEAD", "POST"])
def page(request, model_admin) -> HttpResponse:
    """GET says what will happen to the labels with the primary keys `key`; POST does it."""
    if not model_admin.has_merge_permission(request):
        raise PermissionDenied
    labels = _labels(request, model_admin)
    opts = model_admin.opts
    to_list = reverse(f"admin:articles_{opts.model_name}_changelist")
    if not 1 <= len(labels) <= MOST:
        text = gettext("Choose up to %(count)s %(kind)s that are still there.")
        messages.error(request, text % {"count": MOST, "kind": opts.verbose_name_plural})
        return HttpResponseRedirect(to_list)
    form = MergeForm(request.POST if request.method == "POST" else None, model=model_admin.model, labels=labels)
    form.user = request.user
    if form.is_bound and form.is_valid():
        kept = form.cleaned_data["keep"]
        text = gettext("Renamed. <a href='{url}'>{name}</a>: {uses}. Old addresses lead to it.")
        if len(labels) > 1:
            text = gettext("Merged. <a href='{url}'>{name}</a>: {uses}. Old addresses lead to it.")
        url = reverse(f"admin:articles_{opts.model_name}_change", args=[kept.pk])
        used = uses.of(model_admin.get_queryset(request).get(pk=kept.pk))
        messages.success(request, format_html(text, url=url, name=kept, uses=used))
        return HttpResponseRedirect(to_list)
    # As they are stored: what was tried is rolled back.
    labels = _labels(request, model_admin)
    context = admin.site.each_context(request) | {
        "title": _title(opts, labels),
        "opts": opts,
        "labels": [(label, uses.of(label)) for label in labels],
        "having_several": uses.having_several(list(labels)),
        "form": form,
        "to_list": to_list,
        "is_nav_sidebar_enabled": False,
    }
    return TemplateResponse(request, "admin/articles/labels/merge.html", context)


def _title(opts, labels) -> str:
    if len(labels) > 1:
        return gettext("Merge %(count)s %(kind)s") % {"count": len(labels), "kind": opts.verbose_name_plural}
    return gettext("Rename the %(kind)s “%(name)s”") % {"kind": opts.verbose_name, "name": labels[0]}


def _labels(request, model_admin):
    """Those of the address that are there."""
    form = KeysForm(request.GET)
    keys = form.cleaned_data["key"][: MOST + 1] if form.is_valid() else []
    return model_admin.get_queryset(request).filter(pk__in=keys)


def unmerge(request, key: int, model_admin) -> HttpResponse:
    """Undo a merge."""
    if not model_admin.has_merge_permission(request):
        raise PermissionDenied
    name = model_admin.opts.model_name
    merged = get_object_or_404(MergedLabel, kind=name, pk=key)
    try:
        label = merging.undo(merged, by=request.user)
    except merging.NotPossible as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse(f"admin:articles_{name}_changelist"))
    text = gettext("“%(name)s” is there again, with its address and its articles.")
    messages.success(request, text % {"name": label})
    return HttpResponseRedirect(reverse(f"admin:articles_{name}_change", args=[label.pk]))
