"""Tables as CSV files that a spreadsheet can open without running what is in them."""

import csv
import re
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

# A spreadsheet reads text that begins with one of these as a formula (OWASP, "CSV Injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def response(name: str, columns: Sequence[str], rows: Iterable[Sequence], *, has_mark: bool = False) -> HttpResponse:
    """A file to download: UTF-8, lines end in CR LF (RFC 4180). With the mark of UTF-8, Excel reads it as such."""
    answer = HttpResponse("\ufeff" if has_mark else "", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(answer)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([plain(value) for value in row])
    return answer


def plain(value):
    """Text that a spreadsheet would read as a formula gets an apostrophe."""
    is_formula = isinstance(value, str) and value.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(value)
    return f"'{value}" if is_formula else value
