"""The articles of a year."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from publishing.cache import pages
from publishing.groups import Group, in_group
from publishing.models import Publication

from .. import metadata
from ..forms import PageForm
from ..lists import months, numbers, paging
from ..models import Article, fetching
from ..models.list_counts import EVERY
from ..models.shown import row_names


class _YearPaginator(paging.ListPaginator):
    def __init__(self, articles, number: int):
        super().__init__(articles, EVERY)
        self._number = number

    @cached_property
    def count(self):
        return self._number


@in_group(Group.ARTICLES)
@pages.reads("page")
@require_safe
def archive_year(request, year):
    """Its months with their numbers, and its articles in pages, newest first."""
    found = [row for row in numbers.cached("numbers of months", numbers.published_in_months) if row[0].year == year]
    number = PageForm(request.GET).number()
    if not found or number is None:
        raise Http404("Nothing was published in this year.")
    beginning, end = months.month_range(year, 1)[0], months.month_range(year, 12)[1]
    articles = Article.objects.published_between(beginning, end).newest_first()
    paginator = _YearPaginator(articles, sum(of_month for _, of_month in found))
    if number > paginator.num_pages:
        raise Http404("No such page.")
    page = paginator.page(number)
    fetching.fetch_authors(page.object_list)
    names = (f"month:{year}{month:02}" for month in range(1, 13))
    pages.cacheable(request, *names, *row_names(page), until=Article.next_publication())
    path = reverse("articles:year", args=[year])
    description = _("Articles of %(name)s from %(year)s.") % {"name": Publication.current().name, "year": year}
    context = {"year": year, "months": found[::-1], "articles": page, "page": page}
    context |= metadata.for_page(str(year), path, description, page)
    return render(request, "articles/overviews/year.html", context)
