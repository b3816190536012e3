"""Links by which somebody chooses the password of their account. One works once, and for a limited time."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import base36_to_int, urlsafe_base64_encode
from django.utils.timesince import timeuntil

# Of an invitation: PASSWORD_RESET_TIMEOUT.
FORGOTTEN_SECONDS = 60 * 60


class LinkTokens(PasswordResetTokenGenerator):
    """Django's tokens, which end with the password, the address or the last sign-in that they were made for.

    An account that has a password gets `FORGOTTEN_SECONDS`, an invited one the time of Django's setting.
    """

    key_salt = "articles.staff.links"

    def check_token(self, user, token):
        if not super().check_token(user, token):
            return False
        age = self._num_seconds(self._now()) - base36_to_int(token.split("-")[0])
        return not user.has_usable_password() or age <= FORGOTTEN_SECONDS


tokens = LinkTokens()


def is_open(user: User) -> bool:
    """Whether this account may get a link."""
    return user.is_active and user.is_staff


def lifetime(user: User) -> str:
    """How long a link that is made now works: "3 days"."""
    seconds = FORGOTTEN_SECONDS if user.has_usable_password() else settings.PASSWORD_RESET_TIMEOUT
    now = timezone.now()
    return timeuntil(now + timedelta(seconds=seconds), now, depth=1).replace("\xa0", " ")


def link_for(user: User) -> str:
    """A new link, with the address of the site. No query, and nothing is stored."""
    key = urlsafe_base64_encode(force_bytes(user.pk))
    return settings.SITE_URL + reverse("staff:password", args=[key, tokens.make_token(user)])
