"""A system check of the pages that are stored: `migrate` runs it at each update."""

from django.core.checks import Tags, Warning, register
from django.db import connections

from publishing.links import routes

from ..models import Page


@register(Tags.database)
def check_hidden_pages(databases, **kwargs):
    """Warn of pages that a new route hides."""
    return [
        Warning(
            f"Readers cannot open the page “{title}”: a route of the site has its address, /{slug}/.",
            hint="Give the page another address in the admin.",
            obj=f"articles.Page {key}",
            id="articles.W001",
        )
        for alias in databases or ()
        for key, title, slug in _stored(alias)
        if routes.is_taken(slug)
    ]


def _stored(alias):
    with connections[alias].cursor() as cursor:
        # It runs before the migration that makes the table.
        if Page._meta.db_table not in connections[alias].introspection.table_names(cursor):
            return []
    return list(Page.objects.using(alias).values_list("pk", "title", "slug"))
