"""Fields in which labels are chosen by typing, and the endpoint behind them.

A select holds what is chosen, a text field beside it takes names. With the script these are chosen and made at once;
without it when the form is sent.
"""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, Max, OuterRef, Q, Subquery, When
from django.http import JsonResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from publishing.bases.admin import SEARCH_LENGTH

from ...labels import names
from ...lists import uses
from ...models import Article, Series
from ...models.taxonomy import KINDS, Listed, kept_key

MOST_RESULTS = 12
TYPED_LENGTH = 2000
# In digits: longer ones are no keys.
LONGEST_KEY = 19


class Typed(str):
    """What is in the text field: a name, or several with commas between."""


class Picker(forms.Select):
    """A select of what is chosen, in its order, and a text field for names."""

    template_name = "articles/picker.html"

    def __init__(self, model: type[Listed], *, is_multiple=False, is_ordered=False):
        super().__init__()
        self.model, self.allow_multiple_selected, self.is_ordered = model, is_multiple, is_ordered

    def value_from_datadict(self, data, files, name):
        typed = Typed(data.get(f"{name}_typed", "").strip())
        if not self.allow_multiple_selected:
            return typed or data.get(name)
        keys = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [*keys, typed] if typed else keys

    def format_value(self, value):
        return [str(key) for key in _listed(value) if not isinstance(key, Typed)]

    def optgroups(self, name, value, attrs=None):
        """What is chosen, and for one label nothing. One query if there is any."""
        keys = [int(key) for key in value if key.isdecimal() and len(key) < LONGEST_KEY]
        rows = self.model.objects.in_bulk(keys)
        options = [(key, str(rows[key])) for key in dict.fromkeys(keys) if key in rows]
        nothing = [] if self.allow_multiple_selected else [("", gettext("None"))]
        return [
            (None, [self.create_option(name, key, label, key != "" or not options, index)], index)
            for index, (key, label) in enumerate([*nothing, *options])
        ]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        kind = self.model._meta.model_name
        # The attributes are those of the text field.
        context["widget"]["attrs"].pop("multiple", None)
        context["widget"] |= {
            "typed": ", ".join(part for part in _listed(value) if isinstance(part, Typed)),
            "url": reverse("admin:articles_article_labels", args=[kind]),
            "kind": self.model._meta.verbose_name,
            "is_multiple": self.allow_multiple_selected,
            "is_ordered": self.is_ordered,
        }
        return context


def _listed(value) -> list:
    values = value if isinstance(value, list | tuple) else [value]
    return [one for one in values if one not in (None, "")]


class _ByName:
    """Finds the labels of typed names. Those that there are not are returned unsaved: the form makes them."""

    # Set by the form: who types.
    user = None

    def _kept(self, key):
        """A form that was open while a label was merged sends its old key."""
        if not str(key).isdecimal() or len(str(key)) >= LONGEST_KEY:
            text = gettext("Choose a %(kind)s that there is.")
            raise ValidationError(text % {"kind": self.model._meta.verbose_name})
        return str(kept_key(self.model._meta.model_name, int(key)))

    def _named(self, typed: str) -> list[Listed]:
        if len(typed) > TYPED_LENGTH:
            count = number_format(TYPED_LENGTH, force_grouping=True)
            raise ValidationError(gettext("Type at most %(count)s characters.") % {"count": count})
        whole = names.find(self.model, typed)
        if whole or not self.widget.allow_multiple_selected:
            return [whole or self._new(typed)]
        parts = {names.compared(part): part for part in reversed(typed.split(",")) if part.strip()}
        return [names.find(self.model, part) or self._new(part) for part in reversed(parts.values())]

    def _new(self, name: str) -> Listed:
        what = self.model._meta.verbose_name
        if not may_make(self.model, self.user):
            text = gettext("There is no %(kind)s “%(name)s”. Choose one that there is.")
            raise ValidationError(text % {"kind": what, "name": names.tidy(name)})
        try:
            return names.new(self.model, name)
        except ValidationError as error:
            values = {"kind": what, "name": names.tidy(name)[:80], "reason": " ".join(error.messages)}
            raise ValidationError(gettext("“%(name)s” cannot be a %(kind)s: %(reason)s") % values) from error


class LabelField(_ByName, forms.ModelChoiceField):
    """One label, or None."""

    def __init__(self, model: type[Listed], **kwargs):
        super().__init__(model.objects, required=False, widget=Picker(model), **kwargs)
        self.model = model

    def clean(self, value):
        if isinstance(value, Typed):
            return self._named(value)[0]
        return super().clean(value and self._kept(value))


class LabelsField(_ByName, forms.ModelMultipleChoiceField):
    """Several labels, in the order in which they were sent."""

    def __init__(self, model: type[Listed], *, is_ordered=False, **kwargs):
        widget = Picker(model, is_multiple=True, is_ordered=is_ordered)
        super().__init__(model.objects, required=False, widget=widget, **kwargs)
        self.model = model

    def clean(self, value):
        value = value or []
        keys = [self._kept(key) for key in value if not isinstance(key, Typed)]
        rows = {row.pk: row for row in super().clean(keys)}
        chosen = [rows[key] for key in dict.fromkeys(int(key) for key in keys)]
        for typed in (part for part in value if isinstance(part, Typed)):
            chosen += [row for row in self._named(typed) if row.pk is None or row not in chosen]
        return chosen


def may_make(model: type[Listed], user) -> bool:
    return user.has_perm(f"articles.add_{model._meta.model_name}")


# --- what the script asks for ---


class QueryForm(forms.Form):
    q = forms.CharField(required=False, max_length=SEARCH_LENGTH)
    name = forms.CharField(required=False, max_length=TYPED_LENGTH)


@require_http_methods(["GET", "POST"])
def labels(request, kind: str, model_admin) -> JsonResponse:
    """GET `q`: up to `MOST_RESULTS` labels with that in their name. POST `name`: the label that has it, made if needed.

    400: `problem` says why there is none. 403: they may not make any.
    """
    if not (model_admin.has_add_permission(request) or model_admin.has_change_permission(request)):
        raise PermissionDenied
    model, form = KINDS[kind], QueryForm(request.GET if request.method == "GET" else request.POST)
    if not form.is_valid():
        return JsonResponse({"problem": gettext("This is too long.")}, status=400)
    is_allowed = may_make(model, request.user)
    if request.method == "POST":
        if not is_allowed:
            raise PermissionDenied
        try:
            label = names.make(model, form.cleaned_data["name"], by=request.user)
        except ValidationError as error:
            return JsonResponse({"problem": " ".join(error.messages)}, status=400)
        return JsonResponse(_results(model, Q(pk=label.pk))[0])
    query = names.tidy(form.cleaned_data["q"])
    same = names.find(model, query) if query else None
    results = _results(model, Q(**{f"{model.NAME_FIELD}__icontains": query}), query)
    if same:
        own = _results(model, Q(pk=same.pk))
        results = [*own, *(result for result in results if result["key"] != same.pk)]
    return JsonResponse({"results": results, "same": bool(same), "may_make": is_allowed and bool(query) and not same})


def _results(model: type[Listed], condition: Q, query: str = "") -> list[dict]:
    """Names that begin with the query first. One query."""
    begins = Case(When(**{f"{model.NAME_FIELD}__istartswith": query}, then=0), default=1)
    rows = uses.with_numbers(model.objects.filter(condition)).order_by(begins, model.NAME_FIELD, "pk")
    if model is Series:
        last = Article.objects.filter(series=OuterRef("pk")).order_by().values("series")
        rows = rows.annotate(last=Subquery(last.annotate(last=Max("series_position")).values("last")))
    results = []
    for row in rows[:MOST_RESULTS]:
        note = ngettext("%(count)s article", "%(count)s articles", row.released_number)
        note %= {"count": number_format(row.released_number, force_grouping=True)}
        place = {"place": (row.last or 0) + 1} if model is Series else {}
        results.append({"key": row.pk, "name": str(row), "note": note} | place)
    return results
