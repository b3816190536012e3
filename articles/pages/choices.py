"""Pages that texts may link to, and the pictures that they show."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..images import usage
from ..links import choices
from ..links.incoming import state_of, word_for
from ..models import Page


@choices.kind(_("Page"))
def _pages(query: str, user) -> list[choices.Choice]:
    """Those with all words in the title, but for archived ones. One query."""
    rows = Page.objects.all() if user.has_perm("articles.view_page") else Page.objects.published()
    rows = rows.exclude(status="archived")
    for word in query.split()[:12]:
        rows = rows.filter(title__icontains=word)
    rows = rows.only("title", "slug", "status", "published_at")[: choices.MOST]
    return [choices.Choice(row.title, row.get_absolute_url(), state_of(row)) for row in rows]


@usage.finder
def _pictures(keys):
    """The pages whose texts show pictures. One query."""
    links = Page.pictures.through.objects.select_related("page", "image").order_by("-page")
    if keys is not None:
        links = links.filter(image__key__in=keys)
    for link in links:
        state, url = (
            state_of(link.page) or word_for("published"),
            reverse("admin:articles_page_change", args=[link.page_id]),
        )
        yield link.image.key, usage.Use(_("In the text of the page"), link.page.title, state, url)
