"""All categories, tags, authors or series that have published articles."""

from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from publishing.cache import pages
from publishing.groups import Group, in_group
from publishing.models import Publication

from .. import metadata
from ..forms import PageForm
from ..lists import numbers
from ..models import Article, Author, Category, ListCount, Series, Tag
from ..models.shown import author_names, every_name

PAGE_SIZE = 60
# The name of the URL, what the page is called, and the sentence below.
KINDS = {
    Category: ("categories", _("Sections"), _("What %(name)s is about.")),
    Tag: ("tags", _("Tags"), _("Every subject that articles of %(name)s are tagged with.")),
    Author: ("authors", _("Authors"), _("Everyone who writes in %(name)s.")),
    Series: ("all-series", _("Series"), _("Articles of %(name)s that belong together, in their order.")),
}


def url_of_all(model) -> str:
    """The address of the page that lists all labels of a kind."""
    return reverse(f"articles:{KINDS[model][0]}")


def with_articles(model) -> QuerySet:
    """Labels with published articles and how many they have (`number`, read by `published_number`).

    Numbers are stored. Three queries if an article is scheduled, cached.
    """
    kind = model._meta.model_name
    stored = ListCount.objects.filter(kind=kind, key=OuterRef("pk"))
    rows = model.objects.annotate(number=Subquery(stored.values("number"))).filter(number__gt=0)
    for key, scheduled in numbers.scheduled_of(kind).items():
        rows = rows.exclude(pk=key, number__lte=scheduled)
    return rows.with_faces() if model is Author else rows


def published_number(label) -> int:
    """How many published articles a label `with_articles` has."""
    return label.number - numbers.scheduled_in((label._meta.model_name, label.pk))


@in_group(Group.ARTICLES)
@pages.reads("page")
@require_safe
def all_labels(request, model):
    """Two queries, however many labels and articles there are."""
    name, heading, sentence = KINDS[model]
    heading = str(heading)
    paginator, number = Paginator(with_articles(model), PAGE_SIZE), PageForm(request.GET).number()
    if number is None or number > paginator.num_pages:
        raise Http404("No such page.")
    page = paginator.page(number)
    for label in page:
        label.published = published_number(label)
        label.about = label.biography_html if model is Author else label.description
    faces = [name for author in page for name in author_names(author)] if model is Author else []
    pages.cacheable(request, every_name(model._meta.model_name), *faces, until=Article.next_publication())
    context = {"heading": heading, "labels": page, "page": page, "kind": model._meta.model_name}
    description = sentence % {"name": Publication.current().name}
    context |= metadata.for_page(heading, reverse(f"articles:{name}"), description, page)
    return render(request, "articles/overviews/labels.html", context)
