"""The words of Moodle's ordering questions, in GIFT and in XML, for how they are shown and graded.

Source: Moodle, question/type/ordering/questiontype.php (`import_from_gift`, `set_options_for_import`).
"""

import re

from ...kinds.grading.ordering import RULES
from ...kinds.messages import gettext_noop as _
from ..items import WrongItem

GRADING_TYPES = (
    "ALL_OR_NOTHING", "ABSOLUTE_POSITION", "RELATIVE_NEXT_EXCLUDE_LAST", "RELATIVE_NEXT_INCLUDE_LAST",
    "RELATIVE_ONE_PREVIOUS_AND_NEXT", "RELATIVE_ALL_PREVIOUS_AND_NEXT", "LONGEST_ORDERED_SUBSET",
    "LONGEST_CONTIGUOUS_SUBSET", "RELATIVE_TO_CORRECT",
)  # fmt: skip
GRADING_TYPE_OF = dict(zip(RULES, GRADING_TYPES, strict=True))
# Of Moodle, without a grading type.
MOODLE_DEFAULT = "next-exclude-last"

_RULE_OF = {name: rule for rule, name in GRADING_TYPE_OF.items()}
_RULE_OF |= {str(number): rule for number, rule in enumerate(RULES, -1)}
_RULE_OF |= dict.fromkeys(("ABS", "ABSOLUTE"), "absolute-position") | dict.fromkeys(("REL", "RELATIVE"), MOODLE_DEFAULT)
_ALL, _SOME = ("", "ALL", "EXACT", "0"), ("RANDOM", "REL", "1", "CONTIGUOUS", "CONTIG", "2")
# The first line of an ordering in GIFT.
GIFT_HEAD = re.compile(
    r"\s*>\s*(?P<count>[0-9]{1,9})"
    r"(?:[^\S\n]+(?P<select>ALL|EXACT|RANDOM|REL|CONTIGUOUS|CONTIG)\b)?"
    r"(?:[^\S\n]+(?:HORIZONTAL|HORI|H|1|VERTICAL|VERT|V|0)\b)?"
    rf"(?:[^\S\n]+(?P<grading>{'|'.join(GRADING_TYPES)}|ABSOLUTE|ABS|RELATIVE|REL)\b)?"
    r"(?:[^\S\n]+(?:SHOW|TRUE|YES|1|HIDE|FALSE|NO|0)\b)?"
    r"(?:[^\S\n]+(?:none|123|abc|ABCD|iii|IIII)\b)?[^\S\n]*(?:\n|$)"
)

SHOWS_ALL = _("It showed some of its items; all are shown now.")
NO_GRADING_TYPE = _("It names no grading type; each item before its next counts, as in Moodle.")


def rule_and_notes(line: int, grading: str, select: str, count: str, items: int) -> tuple[str, list[str]]:
    """The rule of a grading type, named in full, in short or by its number, and what of the selection is lost.

    Raises WrongItem for unknown words.
    """
    rule, selected = _RULE_OF.get(grading.strip().upper()), select.strip().upper()
    if grading and not rule:
        raise WrongItem(line, _("The grading type “%(grading)s” is unknown.", grading=grading[:40]))
    if selected not in _ALL + _SOME:
        raise WrongItem(
            line, _("The selection “%(selection)s” is not ALL, RANDOM or CONTIGUOUS.", selection=select[:40])
        )
    notes = [] if rule else [NO_GRADING_TYPE]
    # Moodle shows at least two, and all where it does not have as many.
    if selected in _SOME and (not count.isdecimal() or int(count[:9]) < items):
        notes.append(SHOWS_ALL)
    return rule or MOODLE_DEFAULT, notes
