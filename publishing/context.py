"""The context of every template."""

from django.conf import settings

from .models import Publication


def publication(request):
    """The row of names and sentences, and the start of absolute links. No query while nothing has changed."""
    return {"publication": Publication.current(), "site_url": settings.SITE_URL}
