"""The address that a tester gets, and the cookie that their browser gets there.

Both say which `PassLink` they are of. A link that is over or revoked ends its cookies at once.
"""

import logging

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from publishing.bases.log import log

from .. import announcements
from ..models import Action, PassLink

logger = logging.getLogger(__name__)

# Over HTTPS browsers accept a __Host- cookie from this host only, not from others of the domain.
COOKIE = "__Host-maintenance-pass" if settings.HTTPS else "maintenance-pass"
# A token is no cookie and a cookie is no token: one that is read in a log or a history is good for one thing.
_ADDRESS, _COOKIE = "maintenance.pass-link.address", "maintenance.pass-link.cookie"


def make(link: PassLink, *, by) -> None:
    """Store a new link, and log it. Raises ValidationError."""
    link.created_by = by
    with transaction.atomic():
        link.full_clean()
        link.save()
        announcements.record(Action.LINK_MADE, by=by, reason=link.name)
    logger.info("Maintenance, a link for testers until %s by %s: %s", link.expires_at, by, link)


def revoke(links: QuerySet, *, by) -> int:
    """End the valid ones of some links at once, and log it. Returns their number."""
    with transaction.atomic():
        revoked = list(links.valid())
        for link in revoked:
            link.revoked_at = timezone.now()
            link.save(update_fields=["revoked_at"])
            log(by, link, str(Action.LINK_REVOKED.label))
            announcements.record(Action.LINK_REVOKED, by=by, reason=link.name)
            logger.info("Maintenance, a link for testers revoked by %s: %s", by, link)
    return len(revoked)


def address_of(link: PassLink) -> str:
    token = _signed(_ADDRESS, link)
    return settings.SITE_URL + reverse("maintenance-pass", args=[token])


def link_of_token(token: str) -> PassLink | None:
    """The link with this token, while it is valid. One query; none if the token is not ours."""
    return _link(_ADDRESS, token)


def is_valid_cookie(value: str) -> bool:
    """Whether a cookie is of a link that is valid. One query; none if it is not ours."""
    return _link(_COOKIE, value) is not None


def give_cookie(response, link: PassLink) -> None:
    seconds = max(0, int((link.expires_at - timezone.now()).total_seconds()))
    response.set_cookie(
        COOKIE, _signed(_COOKIE, link), max_age=seconds, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )


def take_cookie(response) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")


def _signed(salt, link) -> str:
    # With when it was made: a database that is restored gives its key to another link.
    return signing.Signer(salt=salt).sign_object([link.pk, link.created_at.isoformat()])


def _link(salt, value: str) -> PassLink | None:
    try:
        key, created_at = signing.Signer(salt=salt).unsign_object(value)
    except (signing.BadSignature, ValueError):
        return None
    return PassLink.objects.valid().filter(pk=key, created_at=created_at).first()
