"""The list of all corrections."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from publishing.cache import pages
from publishing.groups import Group, in_group
from publishing.models import Publication

from .. import metadata
from ..forms import PageForm
from ..models import Article, Correction
from ..models.shown import link_names

PAGE_SIZE = 30


@in_group(Group.ARTICLES)
@pages.reads("page")
@require_safe
def correction_list(request):
    """The corrections of all published articles, newest first."""
    paginator = Paginator(Correction.objects.published(), PAGE_SIZE)
    number = PageForm(request.GET).number()
    if number is None or number > paginator.num_pages:
        raise Http404("No such page.")
    page, path = paginator.page(number), reverse("articles:corrections")
    links = link_names({correction.article_id for correction in page})
    pages.cacheable(request, "corrections", *links, until=Article.next_publication())
    context = {"corrections": page, "page": page, "feed_url": reverse("articles:corrections-feed")}
    context["heading"] = _("Corrections")
    description = _("What was corrected in the articles of %(name)s.") % {"name": Publication.current().name}
    context |= metadata.for_page(context["heading"], path, description, page)
    return render(request, "articles/corrections.html", context)
