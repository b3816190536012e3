"""The format of ads.txt: IAB Tech Lab, "ads.txt Specification" 1.1, section 3.4."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_HOST_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_HOST_LABEL}\.)+{_HOST_LABEL}", re.ASCII | re.IGNORECASE)
_ACCOUNT = re.compile(r"[!-+\--~]+", re.ASCII)
_CERTIFICATION = re.compile(r"[a-z0-9]+", re.ASCII | re.IGNORECASE)
_VARIABLE = re.compile(r"[a-z][a-z0-9_-]*[ \t]*=[ \t]*[!-~].*", re.ASCII | re.IGNORECASE)
_NOT_PLAIN = re.compile(r"[^\t -~]")


def validate_ads_txt(text: str) -> None:
    """Every line must be a record, a variable (`contact=…`), a comment or blank.

    Raises one ValidationError with a message for each wrong line. Lines end in a line feed.
    """
    problems = [
        ValidationError(_("Line %(number)s: %(problem)s"), params={"number": number, "problem": problem})
        for number, line in enumerate(text.split("\n"), start=1)
        if (problem := _problem(line))
    ]
    if problems:
        raise ValidationError(problems)


def _problem(line: str) -> str:
    if strange := _NOT_PLAIN.search(line):
        if not strange[0].isprintable():
            return _("a hidden character is not plain ASCII.")
        return _("“%(character)s” is not plain ASCII.") % {"character": strange[0]}
    line = line.partition("#")[0].strip()
    if not line or _VARIABLE.fullmatch(line):
        return ""
    parts = [part.strip() for part in line.split(",")]
    if len(parts) not in (3, 4):
        return _("write “domain, account id, DIRECT or RESELLER”, and a certification id if there is one.")
    if not _DOMAIN.fullmatch(parts[0]):
        return _("“%(text)s” is not the domain of an advertising system.") % {"text": parts[0]}
    if not _ACCOUNT.fullmatch(parts[1]):
        return _("the account id is missing or holds a space.")
    if parts[2].upper() not in ("DIRECT", "RESELLER"):
        return _("“%(text)s” should be DIRECT or RESELLER.") % {"text": parts[2]}
    if len(parts) == 4 and not _CERTIFICATION.fullmatch(parts[3]):
        message = _("“%(text)s” is not a certification id, which is made of letters and digits.")
        return message % {"text": parts[3]}
    return ""
