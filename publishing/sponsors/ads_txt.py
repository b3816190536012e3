"""The format of ads.txt: IAB Tech Lab, "ads.txt Specification" 1.1, section 3.4."""

import re

from django.core.exceptions import ValidationError

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
        ValidationError(f"Line {number}: {problem}")
        for number, line in enumerate(text.split("\n"), start=1)
        if (problem := _problem(line))
    ]
    if problems:
        raise ValidationError(problems)


def _problem(line: str) -> str:
    if strange := _NOT_PLAIN.search(line):
        name = f"“{strange[0]}”" if strange[0].isprintable() else "a hidden character"
        return f"{name} is not plain ASCII."
    line = line.partition("#")[0].strip()
    if not line or _VARIABLE.fullmatch(line):
        return ""
    parts = [part.strip() for part in line.split(",")]
    if len(parts) not in (3, 4):
        return "write “domain, account id, DIRECT or RESELLER”, and a certification id if there is one."
    if not _DOMAIN.fullmatch(parts[0]):
        return f"“{parts[0]}” is not the domain of an advertising system."
    if not _ACCOUNT.fullmatch(parts[1]):
        return "the account id is missing or holds a space."
    if parts[2].upper() not in ("DIRECT", "RESELLER"):
        return f"“{parts[2]}” should be DIRECT or RESELLER."
    if len(parts) == 4 and not _CERTIFICATION.fullmatch(parts[3]):
        return f"“{parts[3]}” is not a certification id, which is made of letters and digits."
    return ""
