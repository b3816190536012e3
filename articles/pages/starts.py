"""Texts with which a page can begin, with marked places for the owner to fill in."""

from dataclasses import dataclass

from django.template.loader import render_to_string

from publishing.models import Publication


@dataclass(frozen=True)
class Start:
    slug: str
    title: str
    summary: str


STARTS = (
    Start("about", "About", "Who writes here, and why."),
    Start("imprint", "Imprint", "Who is responsible for this site."),
    Start("privacy", "Privacy", "What this site stores about its readers, where, and for how long."),
)


def fields_of(slug: str) -> dict[str, str]:
    """The fields of a new page that begins with this text; empty if there is none of that name."""
    start = next((start for start in STARTS if start.slug == slug), None)
    if start is None:
        return {}
    body = render_to_string(f"articles/pages/starts/{slug}.md", {"publication": Publication.current()}).strip()
    return {"title": start.title, "slug": slug, "summary": start.summary, "body": body}
