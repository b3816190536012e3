"""What articles add to the look of the publication: the colours of categories, and pages to preview it with."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from publishing.identity import face

from ..models import Article
from ..navigation import sections


@face.palettes
def of_categories():
    """No query while nothing has changed."""
    return {category.colour_class: category.palette for category in sections()}


@face.preview("front-page", _("Front page"))
def front_page():
    return reverse("articles:home")


@face.preview("article", _("Article"))
def newest_article():
    article = Article.objects.published().newest_first().only("slug").first()
    return article and article.get_absolute_url()
