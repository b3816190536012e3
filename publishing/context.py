"""What every template may use."""

from django.conf import settings

from .models import Publication


def publication(request):
    """The publication's name and wording, and the address that absolute links start with. No query while unchanged."""
    return {"publication": Publication.current(), "site_url": settings.SITE_URL}
