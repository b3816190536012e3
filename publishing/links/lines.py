"""Links that people type as lines: words, and then the address."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.translation import gettext

from publishing.text.fields import ProseField
from publishing.text.validators import validate_no_turned_text, validate_storable, validate_visible

MOST_LINKS = 12
WORDS_LENGTH, ADDRESS_LENGTH = 60, 500
_WEB = URLValidator(schemes=["http", "https"])
_MAILBOX = EmailValidator()


def links_in(text: str) -> list[tuple[str, str]]:
    """Words and address of each line; without words, the host or the mailbox. Lines that are not right are left out."""
    return [link for line in text.splitlines() if (link := _link(line)) and not _problem(*link)]


def validate_links(text: str) -> None:
    """Raises ValidationError with a sentence that names the first line which is not right."""
    rows = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(rows) > MOST_LINKS:
        raise ValidationError(gettext("Give at most %(most)s links.") % {"most": MOST_LINKS})
    for number, line in rows:
        if problem := _problem(*_link(line)):
            raise ValidationError(gettext("Line %(number)s: %(problem)s") % {"number": number, "problem": problem})


def _link(line: str) -> tuple[str, str] | None:
    *words, address = line.split() or [""]
    return (" ".join(words) or _host(address), address) if address else None


def _host(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    return (parts.hostname or parts.path).removeprefix("www.")


def _problem(words: str, address: str) -> str:
    """Why readers cannot be given this link; empty if they can."""
    scheme, _, rest = address.partition(":")
    is_mail = scheme.lower() == "mailto"
    if not is_mail and scheme.lower() not in ("http", "https"):
        return gettext("end it with an address that begins with https://, http:// or mailto:.")
    if len(words) > WORDS_LENGTH:
        return gettext("use at most %(most)s characters for the words.") % {"most": WORDS_LENGTH}
    if len(address) > ADDRESS_LENGTH:
        return gettext("the address is longer than %(most)s characters.") % {"most": ADDRESS_LENGTH}
    try:
        validate_visible(words)
        if is_mail:
            _MAILBOX(rest.partition("?")[0])
        else:
            _WEB(address)
    except ValidationError:
        return gettext("“%(address)s” is not a whole address.") % {"address": address}
    return ""


class LinksField(ProseField):
    """Lines that `links_in` reads."""

    default_validators = [validate_storable, validate_no_turned_text, validate_links]
