"""Publisher ids and ad units of AdSense: what owners paste, checked, and what the site says of one."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

CLIENT = re.compile(r"ca-pub-[0-9]{16}")
AD_UNIT = re.compile(r"[0-9]{10}")
MOST_PASTED = 5000
# The account of Google itself, the same for all: https://support.google.com/adsense/answer/12171612
_GOOGLE = "f08c47fec0942fa0"
_ALONE = re.compile(r"(?:ca-)?(pub-[0-9]{16})", re.IGNORECASE)
_LINE = re.compile(rf"google\.com\s*,\s*(pub-[0-9]{{16}})\s*,\s*DIRECT\s*,\s*{_GOOGLE}", re.IGNORECASE)
_SOURCE = r"https://pagead2\.googlesyndication\.com/pagead/js/adsbygoogle\.js(?:\?[^\"'<>\s]*)?"
# Of the snippets that AdSense shows: its script, a unit, the call for it, a meta tag, a comment.
_PIECE = re.compile(
    rf"""<script(?:\s+async(?:="")?)?\s+src=["']{_SOURCE}["'][^<>"']*(?:"[^<>"']*"\s*)?>\s*</script>
    |<ins\s[^<>]*>\s*</ins>
    |<script>\s*\(adsbygoogle\s*=\s*window\.adsbygoogle\s*\|\|\s*\[\]\)\.push\(\{{\}}\);?\s*</script>
    |<meta\s[^<>]*>
    |<!--[^<>]*-->""",
    re.IGNORECASE | re.VERBOSE,
)
_ID_IN_PIECE = re.compile(r"""(?<![\w-])(?:ca-)?(pub-[^"'&<>\s]*)""", re.IGNORECASE)


def normalised(pasted: str) -> str:
    """The id `ca-pub-…` of a pasted id, line of ads.txt or snippet. Raises ValidationError with a sentence.

    White space around it, upper case and a missing `ca-` are mended; everything else is refused.
    """
    text = pasted.strip()
    found = _in_snippet(text) if text.startswith("<") else _alone(text)
    if len(found) > 1:
        raise ValidationError(_("Two publisher ids are in it: paste the snippet of one account."))
    client = f"ca-{found.pop().lower()}" if found else ""
    validate_client(client)
    return client


def validate_client(client: str) -> None:
    """Raises ValidationError unless it is `ca-pub-` and 16 of the digits 0 to 9, and nothing before or after it."""
    if not CLIENT.fullmatch(client):
        raise ValidationError(_("That is no publisher id: write ca-pub- and its 16 digits, and nothing else."))


def _alone(text: str) -> set[str]:
    found = _ALONE.fullmatch(text) or _LINE.fullmatch(text)
    return {found[1]} if found else set()


def _in_snippet(text: str) -> set[str]:
    if _PIECE.sub("", text[:MOST_PASTED]).strip() or len(text) > MOST_PASTED:
        raise ValidationError(
            _("That is more than the snippet of AdSense. Paste the id alone: ca-pub- and its 16 digits.")
        )
    return {found.lower() for found in _ID_IN_PIECE.findall(text)}


def ads_txt_line(client: str) -> str:
    """The record of ads.txt that says that the account may sell here."""
    return f"google.com, {client.removeprefix('ca-')}, DIRECT, {_GOOGLE}"


def with_line(client: str, lines: str) -> str:
    """The lines of /ads.txt: that of the id first, if there is one, then the owner's own without a second one of it."""
    if not client:
        return lines
    line = ads_txt_line(client)
    others = [other for other in lines.split("\n") if _record(other) != _record(line)]
    return "\n".join([line, *others]).strip()


def _record(line: str) -> list[str]:
    return [part.strip().lower() for part in line.partition("#")[0].split(",")]


def has_line(client: str, text: str) -> bool:
    """Whether an ads.txt has the record of the id."""
    return _record(ads_txt_line(client)) in map(_record, text.replace("\r", "\n").split("\n"))
