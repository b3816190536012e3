"""The history of an article: its versions, what differs between two of them, and to work on an earlier one again."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from ..models import Article
from ..versions import buttons, differences, saving, steps
from ..versions.content import KEYS, LISTS
from ..versions.differences import LABELS, Part
from . import presence

PAGE_LENGTH = 50
# What screen readers say before the text.
MARKS = {"del": _("removed:"), "ins": _("added:")}
COLUMNS = ["number", "state", "kind", "changed_at", "note", "goes_live_at", "article_id"]
COLUMNS += ["by__username", "by__first_name", "by__last_name"]


def urls(model_admin) -> list:
    views = {
        "versions": ("<int:key>/versions/", require_GET(versions)),
        "difference": ("<int:key>/versions/compare/", require_GET(difference)),
        "restore": ("<int:key>/versions/restore/", require_POST(restore)),
        "presence": ("<int:key>/presence/", require_POST(presence.beat)),
    }
    return [
        path(
            route,
            model_admin.admin_site.admin_view(view),
            {"model_admin": model_admin},
            name=f"articles_article_{name}",
        )
        for name, (route, view) in views.items()
    ]


class NumbersForm(forms.Form):
    """The numbers of the versions that are compared, or of the one that is restored."""

    old = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    new = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


def versions(request, key: int, model_admin) -> HttpResponse:
    """The versions in use, and the earlier ones on pages, newest first. Reads no texts."""
    article = _article(model_admin, request, key)
    rows = article.versions.select_related("by").only(*COLUMNS)
    in_use = list(rows.shown())
    page = Paginator(rows.earlier(), PAGE_LENGTH).get_page(request.GET.get("page"))
    newest = [*in_use, *page.object_list][:2]
    context = {
        "in_use": in_use,
        "page_obj": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "new": newest[0].number if newest else None,
        "old": newest[-1].number if newest else None,
    }
    return _page(model_admin, request, article, "versions", gettext("Versions"), context)


def difference(request, key: int, model_admin) -> HttpResponse:
    """What differs between the versions `old` and `new`, by default the live one and what is worked on."""
    article = _article(model_admin, request, key)
    form = NumbersForm(request.GET)
    if not form.is_valid():
        raise Http404("There is no such version.")
    in_use = list(article.versions.shown().only("state", "number"))
    numbers = {name: form.cleaned_data[name] for name in ("old", "new")}
    for name, default in {"old": in_use[-1:], "new": in_use[:1]}.items():
        numbers[name] = numbers[name] or (default[0].number if default else 0)
    found = {row.number: row for row in article.versions.select_related("by").filter(number__in=numbers.values())}
    try:
        old, new = (found[number] for number in numbers.values())
    except KeyError:
        raise Http404("There is no such version. It may have been thinned out.") from None
    blocks, left_out = _body(old.fields, new.fields)
    context = {
        "old": old,
        "new": new,
        "sides": [("old", gettext("Old"), old), ("new", gettext("New"), new)],
        "changes": _changes(old.fields, new.fields),
        "blocks": blocks,
        "left_out": left_out,
        "shown": in_use[0].number if in_use else None,
    }
    title = gettext("Version %(old)s and version %(new)s") % {"old": old.number, "new": new.number}
    return _page(model_admin, request, article, "difference", title, context)


def restore(request, key: int, model_admin) -> HttpResponse:
    """Work on the `version` of this number again. What was worked on stays in the history."""
    article = _article(model_admin, request, key)
    form = NumbersForm(request.POST)
    if not form.is_valid():
        raise Http404("There is no such version.")
    version = get_object_or_404(article.versions, number=form.cleaned_data["version"] or 0)
    fields = buttons.permitted(version.fields, article, saving.shown(article), request.user)
    steps.restore(version, by=request.user, fields=fields)
    text = gettext("Version %(number)s is restored. What was worked on before is in the history.")
    text %= {"number": version.number}
    if article.is_published:
        text = f"{text} {gettext('Readers see it once you publish changes.')}"
    model_admin.message_user(request, text, messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[key]))


def _article(model_admin, request, key: int) -> Article:
    """Raises Http404 if they do not see it, PermissionDenied if they may not change it: notes are for colleagues."""
    article = get_object_or_404(model_admin.get_queryset(request).only("title", "status", "published_at"), pk=key)
    if not model_admin.has_change_permission(request, article):
        raise PermissionDenied
    return article


def _page(model_admin, request, article: Article, name: str, title: str, context: dict) -> HttpResponse:
    context |= model_admin.admin_site.each_context(request)
    context |= {"title": title, "subtitle": article.title, "article": article, "opts": model_admin.opts}
    return TemplateResponse(request, f"admin/articles/article/{name}.html", context)


# --- differences as HTML ---


@dataclass(frozen=True)
class Change:
    """A field before and after, with marks."""

    label: str
    before: SafeString
    after: SafeString


def _changes(old: dict, new: dict) -> list[Change]:
    """The fields that differ, but for the text. One query for each kind of row that they name."""
    names = [name for name in LABELS if name != "body" and old.get(name) != new.get(name)]
    changes = []
    for name in names:
        rows = _rows(name, old, new)
        parts = differences.word_difference(*(_in_words(name, fields.get(name), rows) for fields in (old, new)))
        sides = (_marked(part for part in parts if part.kind != hidden) for hidden in ("ins", "del"))
        changes.append(Change(str(LABELS[name]), *sides))
    return changes


def _rows(name: str, *versions: dict) -> dict:
    """The rows that the field names in these versions, by key."""
    model = (KEYS | LISTS).get(name)
    if model is None:
        return {}
    return model.objects.in_bulk({key for fields in versions for key in _keys(fields.get(name))})


def _keys(value) -> list[int]:
    return value if isinstance(value, list) else [value] if value else []


def _in_words(name: str, value, rows: dict) -> str:
    if name in KEYS or name in LISTS:
        return ", ".join(str(rows[key]) if key in rows else gettext("one that is deleted") for key in _keys(value))
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return "" if value is None else str(value)


def conflict_in_words(merge) -> list[tuple[str, list[tuple[str, str]]]]:
    """The fields that both changed, each with the pairs of what both wrote. One query for a field with rows."""
    found = []
    for name, pieces in merge.conflicts.items():
        pairs = [(piece.mine, piece.theirs) for piece in pieces if piece.is_conflict]
        rows = _rows(name, *({name: value} for pair in pairs for value in pair))
        found.append((str(LABELS[name]), [tuple(_in_words(name, value, rows) for value in pair) for pair in pairs]))
    return found


def _marked(parts) -> SafeString:
    return format_html_join("", "{}", ((_with_mark(part),) for part in parts))


def _with_mark(part: Part) -> SafeString:
    if part.kind == "same":
        return conditional_escape(part.text)
    element = '<{0}><span class="visually-hidden">{1} </span>{2}</{0}>'
    return format_html(element, part.kind, MARKS[part.kind], _visible(part))


def _visible(part: Part) -> str:
    """Line ends alone are marked."""
    return part.text.replace("\n", "↵\n") if part.text.isspace() else part.text


def _body(old: dict, new: dict) -> tuple[list[tuple[SafeString, int]], int]:
    """The blocks of the text, each with the number of paragraphs if it is folded, and how many changes are left out."""
    # With the same end: a paragraph does not change because one is added after it.
    texts = (fields.get("body", "").rstrip("\n") for fields in (old, new))
    found = differences.text_difference(*(text and f"{text}\n\n" for text in texts))
    if not any(paragraph.is_changed for paragraph in found):
        return [], 0
    shown, left_out = differences.blocks(found)
    return [(_marked(_without_end(block.parts)), block.folded) for block in shown], left_out


def _without_end(parts: tuple[Part, ...]) -> list[Part]:
    *others, last = parts
    text = last.text.rstrip("\n")
    return [*others, Part(last.kind, text)] if text or last.kind != "same" else others
