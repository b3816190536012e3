"""The answer with a card for sharing, below the page that it is of: `…/card-<digest>.png`."""

from django.http import HttpResponse
from django.shortcuts import redirect

from ..cache import pages
from .share_cards import ShareCard

# The address changes with the picture.
IMMUTABLE = "public, max-age=31536000, s-maxage=31536000, immutable"


def card_path(page: str, card: ShareCard) -> str:
    return f"{page}card-{card.digest}.png"


def card_response(request, card: ShareCard, digest: str | None, *names: str) -> HttpResponse:
    """The card; for an outdated digest, a redirect. `names` are those of what it shows. Other sites may embed it."""
    if digest not in (None, card.digest):
        return redirect(card_path(request.path.rpartition("/")[0] + "/", card))
    pages.cacheable(request, *names)
    response = HttpResponse(card.png(), content_type="image/png")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if digest:
        response.headers["Cache-Control"] = IMMUTABLE
    return response
