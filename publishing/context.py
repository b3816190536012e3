"""The context of every template."""

from django.conf import settings

from .identity import face


def publication(request):
    """Names, sentences, colours and logo, and the start of absolute links. No query while nothing has changed."""
    shown = face.current()
    return {"publication": shown.publication, "identity": shown, "site_url": settings.SITE_URL}
