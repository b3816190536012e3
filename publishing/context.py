"""The context of every template."""

from django.conf import settings

from .models import Publication


def publication(request):
    """The row of names and sentences, and the start of absolute links. No query within one cache generation."""
    return {"publication": Publication.current(), "site_url": settings.SITE_URL}
