"""Texts with which a page can begin, with marked places for the owner to fill in."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.models import Publication
from publishing.text import languages

from ..models.pages.page import TO_FILL_IN


@dataclass(frozen=True)
class Start:
    slug: str
    title: str
    summary: str


STARTS = (
    # Translators: for readers. The title of a page, and its summary.
    Start("about", _("About"), _("Who writes here, and why.")),
    # Translators: for readers. The title of a page, and its summary.
    Start("imprint", _("Imprint"), _("Who is responsible for this site.")),
    # Translators: for readers. The title of a page, and its summary.
    Start("privacy", _("Privacy"), _("What this site stores about its readers, where, and for how long.")),
)


def fields_of(slug: str) -> dict[str, str]:
    """The fields of a new page that begins with this text; empty if there is none of that name."""
    start = next((start for start in STARTS if start.slug == slug), None)
    if start is None:
        return {}
    with languages.of_the_site():
        context = {"publication": Publication.current(), "fill_in": gettext(TO_FILL_IN)}
        body = render_to_string(f"articles/pages/starts/{slug}.txt", context).strip()
        return {"title": str(start.title), "slug": slug, "summary": str(start.summary), "body": body}
