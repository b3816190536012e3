"""Where an advertisement may lead."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

# Only what is encrypted: nobody on the way can put another page in its place.
_WEB = URLValidator(schemes=["https"])
# Controls and spaces, which browsers drop or stop at, marks that draw nothing or turn text around, and the backslash,
# which browsers read as a slash.
_STRANGE = re.compile(
    r"[\x00-\x20\x7f-\xa0\u061c\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\\<>\"`^{|}\ud800-\udfff]"
)


def validate_target(address: str) -> None:
    """Raises ValidationError unless it is a whole address of the web that begins with https:// and has no password."""
    if not address.startswith("https://"):
        raise ValidationError(_("Give an address that begins with https://."), code="scheme")
    if _STRANGE.search(address):
        raise ValidationError(_("The address has a character that no address has, such as a space."), code="character")
    try:
        parts = urlsplit(address)
        if parts.port == 0:
            raise ValueError("no port")
        _WEB(address)
    except (ValueError, ValidationError) as error:
        raise ValidationError(
            _("This is not a whole address, such as https://example.org/offer."), code="whole"
        ) from error
    if "@" in parts.netloc:
        raise ValidationError(_("Leave out the name or password before the @."), code="password")
