"""Forged forms of the admin: refused, and never an error 500."""

import re

import pytest
from django.core.files import File

from publishing.tests.test_access import admin_url, browsers, rows, things  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


def fields_of(page):
    """What a change form sends when nothing is changed: {name: value}."""
    found = {}
    forms = [page.context["adminform"].form]
    forms += [inline.formset.management_form for inline in page.context["inline_admin_formsets"]]
    for bound in (bound for form in forms for bound in form):
        widget, value = bound.field.widget, bound.value()
        if hasattr(widget, "widgets"):
            parts = widget.decompress(value)
            found |= {f"{bound.html_name}_{number}": part for number, part in enumerate(parts)}
        else:
            found[bound.html_name] = value
    return {name: "" if value is None or isinstance(value, File) else value for name, value in found.items()}


def forged(fields):
    moments = {name: "" for name in fields if re.search(r"_[01]$", name)}
    others = {name: value for name, value in fields.items() if name not in moments}
    yield {}
    yield dict.fromkeys(fields, "")
    yield dict.fromkeys(fields, "\u0664\x00")
    yield dict.fromkeys(others, "nonsense") | moments
    yield fields | moments
    yield fields | moments | ({"status": "nonsense"} if "status" in fields else {})
    yield {name: value for name, value in (fields | moments).items() if name not in ("status", "state", "kind")}


def test_no_forged_form_is_an_error(browsers, rows):  # noqa: F811
    tried = 0
    for label, row in rows.items():
        path = admin_url(label, "change", row.pk)
        page = browsers["owner"].get(path)
        if not page.context or "adminform" not in page.context:
            continue
        for sent in forged(fields_of(page)):
            assert browsers["owner"].post(path, sent).status_code < 500, (label, sent)
            tried += 1
    assert tried > 100
