r"""Moodle's notation for answers inside a text: `{1:SHORTANSWER:=a~%50%b#feedback}`. A backslash escapes ~ # } " and /.

Blanks are [[1]], [[2]], … here. A blank is typed into, or has a list of which one text is chosen.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ...kinds.cloze.rules import BLANK
from ...kinds.grading.numbers import ANYTHING, NOMINAL
from ...kinds.messages import gettext_noop as _
from ..items import MARKUP_REMOVED, ItemChoice, Text, WrongItem, has_markup, weight_of, without_markup

_TYPED = {"SHORTANSWER": "plain", "SA": "plain", "MW": "plain", "SHORTANSWER_C": "case", "SAC": "case", "MWC": "case"}
_NUMBER = ("NUMERICAL", "NM")
_LIST = re.compile(r"(?:MULTICHOICE(?:_V|_H|_S|_VS|_HS)?|MC(?:V|H|S|VS|HS)?)")
_START = re.compile(
    r"\{([0-9]{0,4}):(SHORTANSWER_C|SHORTANSWER|SAC|SA|MWC|MW|NUMERICAL|NM|(?:MULTICHOICE|MULTIRESPONSE|MC|MR)[A-Z_]{0,4}):"
)
_END = re.compile(r"(?<!\\)\}")
_NEXT = re.compile(r"(?<!\\)~")
_FEEDBACK = re.compile(r"(?<![\\&])#")
_SHARE = re.compile(r"%(-?[0-9]{1,3}(?:[.,][0-9]{0,12})?)%")
_ESCAPED = re.compile(r'\\([~#}"/])')
_TO_ESCAPE = re.compile(r"[~#}]")


def read(text: Text, line: int, notes: list[str]) -> dict[str, Any]:
    """Fields of an item: the stem with [[1]], [[2]], … for its blanks, the accepted texts, and their comparison.

    Adds to `notes`. Linear in the length of the text. Raises WrongItem for a blank of another kind or without an end.
    """
    source, at, pieces = text.source, 0, []
    choices, modes, shares = [], set(), set()
    while found := _START.search(source, at):
        share, kind = found.groups()
        end = _END.search(source, found.end())
        if not end:
            raise WrongItem(line, _("The blank {%(share)s:%(kind)s: does not end with }.", share=share, kind=kind))
        is_list = bool(_LIST.fullmatch(kind))
        if not is_list and kind not in (*_TYPED, *_NUMBER):
            raise WrongItem(
                line,
                _(
                    "A blank of the kind %(kind)s is not supported, only a text or number to type and a list of texts.",
                    kind=kind,
                ),
            )
        number = len(pieces) // 2 + 1
        pieces += [source[at : found.start()], f"[[{number}]]"]
        modes.add(_TYPED.get(kind))
        shares.add(int(share or 1))
        alternatives = source[found.end() : end.start()]
        # A list may start with the ~ of its first text.
        for raw in _NEXT.split(alternatives.strip().removeprefix("~") if is_list else alternatives):
            choice = _answer(raw, number, kind in _NUMBER, text.format, line, notes)
            choices.append(replace(choice, is_offered=is_list))
        at = end.end()
    if not choices:
        raise WrongItem(line, _("It has no blank."))
    if {"plain", "case"} <= modes:
        notes.append(_("Capitals counted in some of its blanks; they do not now."))
    if len(shares) > 1:
        notes.append(_("Its blanks counted differently; they count the same now."))
    stem = replace(text, source="".join([*pieces, source[at:]]))
    return {"stem": stem, "choices": tuple(choices), "matching": "case" if modes - {None} == {"case"} else "plain"}


def _answer(raw: str, blank: int, is_number: bool, text_format: str, line: int, notes: list[str]) -> ItemChoice:
    raw, weight, tolerance = raw.strip(), Decimal(0), ""
    if raw.startswith("="):
        weight, raw = Decimal(100), raw[1:]
    elif share := _SHARE.match(raw):
        weight, raw = weight_of(line, share[1].replace(",", ".")), raw[share.end() :]
    parts = [_ESCAPED.sub(r"\1", part).strip() for part in _FEEDBACK.split(raw, maxsplit=1)]
    answer, feedback = parts[0], "".join(parts[1:])
    if text_format == "html":
        notes += [MARKUP_REMOVED] * (has_markup(answer) and MARKUP_REMOVED not in notes)
        answer = without_markup(answer).strip()
    if is_number and answer not in ("", ANYTHING):
        answer, _sign, tolerance = (part.strip() for part in answer.partition(":"))
        tolerance = tolerance or "0"
    if not answer:
        raise WrongItem(line, _("An accepted answer of blank %(blank)s is empty.", blank=blank))
    return ItemChoice(
        line,
        Text(answer, "plain"),
        weight,
        feedback=Text(feedback, text_format) if feedback else None,
        tolerance=tolerance,
        tolerance_kind=NOMINAL if tolerance else "",
        blank=blank,
    )


def write(stem: Text, choices: Sequence[ItemChoice], matching: str) -> str:
    """The stem in Moodle's notation, which cannot express everything: compare with `read`."""
    typed = "SHORTANSWER" if matching == "plain" else "SHORTANSWER_C"
    blanks = {}
    for choice in choices:
        blanks.setdefault(choice.blank, []).append(choice)

    def shown(found: re.Match) -> str:
        here = blanks.get(int(found[1]))
        if not here:
            return found[0]
        is_number = any(choice.tolerance for choice in here)
        kind = "MULTICHOICE_S" if any(choice.is_offered for choice in here) else "NUMERICAL" if is_number else typed
        return f"{{1:{kind}:{'~'.join(_alternative(choice, stem.format) for choice in here)}}}"

    return BLANK.sub(shown, stem.source)


def _alternative(choice: ItemChoice, text_format: str) -> str:
    weight = "=" if choice.percent == 100 else f"%{choice.percent:f}%"
    text = choice.text.source
    if text_format == "html":
        text = html.escape(text, quote=False)
    tolerance = "" if choice.tolerance in ("", "0") else f":{choice.tolerance}"
    feedback = f"#{_escape(choice.feedback.source)}" if choice.feedback else ""
    return f"{weight}{_escape(text)}{tolerance}{feedback}"


def _escape(text: str) -> str:
    return _TO_ESCAPE.sub(r"\\\g<0>", text)
