"""What readers will see, as documents of their own for a frame: the notice on a page, and the page of a closed site."""

import re
from dataclasses import dataclass
from types import SimpleNamespace

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from publishing.text import languages

from ..decision import Situation
from ..middleware import refusal
from ..models import State
from .plans import Plan


@dataclass(frozen=True)
class Preview:
    title: str
    document: str
    is_page: bool = False


def of(plan: Plan) -> list[Preview]:
    """In the order in which readers see them, in the language of the site."""
    found = []
    if plan.announced:
        found.append(Preview(_("Before it begins"), _notice(plan.announced)))
    if plan.then.state == State.CLOSED:
        found.append(Preview(_("While it is closed"), _page(plan.then), is_page=True))
    if plan.then.is_on:
        # While the site is closed, on the pages that stay open.
        found.append(Preview(_("On every page that is open"), _notice(plan.then)))
    return found


def _notice(situation: Situation) -> str:
    request = SimpleNamespace(maintenance=situation)
    with languages.of_the_site():
        return _without_scripts(render_to_string("admin/maintenance/window/notice.html", {"request": request}))


def _page(situation: Situation) -> str:
    request = HttpRequest()
    request.method, request.maintenance = "GET", situation
    with languages.of_the_site():
        return _without_scripts(refusal(request).content.decode())


def _without_scripts(document: str) -> str:
    """A frame for looking at runs none, which browsers would report for each."""
    return re.sub(r"<script\b[^<>]*></script>", "", document)
