"""What the writing screen asks for when somebody looks for a page to link to."""

import re

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.utils.translation import gettext_lazy as _

from publishing.bases.admin import SEARCH_LENGTH

from ...links import choices
from ...links.choices import Choice
from ...links.incoming import state_of
from ...models import Article
from ...search import Hits

# What means something in the text of a link.
_MARKUP = re.compile(r"[\\\[\]`*_~^]|=(?==)|<(?=[a-zA-Z/!?])|&(?=#?\w+;)")


class QueryForm(forms.Form):
    q = forms.CharField(required=False, max_length=SEARCH_LENGTH)


def pick(model_admin, request) -> JsonResponse:
    """The pages whose titles have all words of `q`, the newest without one: {"pages": […]}; 400 with `errors`.

    At most five queries beside session, user and permissions.
    """
    if not (model_admin.has_add_permission(request) or model_admin.has_change_permission(request)):
        raise PermissionDenied
    form = QueryForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=400)
    return JsonResponse({"pages": [_data(*found) for found in choices.found(form.cleaned_data["q"], request.user)]})


def _data(kind: str, choice: Choice) -> dict:
    return {
        "kind": kind,
        "title": choice.title,
        "state": choice.state,
        "address": choice.address,
        "text": _MARKUP.sub(r"\\\g<0>", choice.title),
    }


@choices.kind(_("Article"))
def _articles(query: str, user) -> list[Choice]:
    """Those that the account may see, but for archived ones. Three queries."""
    articles = Article.objects
    if query:
        archived, others = articles.filter(status="archived"), articles.hidden_from(user)
        keys = Hits(query, archived if others is None else archived | others, in_titles=True)[0 : choices.MOST]
    else:
        keys = list(articles.published().newest_first().values_list("pk", flat=True)[: choices.MOST])
    rows = articles.only("title", "slug", "status", "published_at").in_bulk(keys)
    found = [rows[key] for key in keys if key in rows]
    return [Choice(row.title, row.get_absolute_url(), state_of(row)) for row in found]
