"""The base class of the forms of a kind of question: how readers see it, and how their answers are read.

`question` comes from an edition's bundle, `paper` is the reader's (quizzes/taking/papers.py), and `sent` maps names of
fields to lists of submitted values.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import reduce
from html import unescape

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing.text import markdown
from publishing.text.parsing import normal_line_ends
from publishing.text.validators import validate_storable

from .base import Rules, field_name
from .cloze.rules import AS_WRITTEN, FIRST_BLANK, LAST_BLANK
from .grading.numbers import NumberProblem, read_number
from .words import translated

# A word, a line of code.
TEXT_LENGTH = 500
_BLOCK = re.compile(r"<(?=/?(?:p|pre|li|div|h[1-6]|br|tr|td|table|ul|ol|blockquote)\b)")
UNKNOWN = gettext_lazy("An answer was sent that is not on this paper. Choose again.")


class Forms:
    """A kind of question over HTTP. Stateless; quizzes/kinds/forms.py has one object for each kind.

    Templates get the question as a dict, with what `shown` or `reviewed` adds to it or replaces.
    """

    # Its template on a paper ("question"), on a result ("reviewed") and on a printed paper ("printed"), by that word.
    template: str
    # The script that a paper with such a question loads.
    script = ""

    def __init__(self, rules: Rules):
        self.rules = rules

    def clean(self, question: Mapping, paper, sent: Mapping) -> object:
        """The answer that is graded and stored; empty for none. Raises ValidationError."""
        raise NotImplementedError

    def shown(self, question: Mapping, paper, sent: Mapping) -> dict:
        """The context of the paper's template: the fields with their submitted values, without the right answers."""
        raise NotImplementedError

    def reviewed(self, question: Mapping, answer, mark) -> dict:
        """The context of the templates of a result: what was answered, and what is right."""
        raise NotImplementedError

    def answer_groups(self, question: Mapping, report) -> Iterator:
        """The groups of answers on the page of statistics (quizzes/statistics/answer_reports.py)."""
        raise NotImplementedError


def text_of(html: str, longest: int = 160) -> str:
    """HTML of an edition as one line of text, "(a picture)" for one alone."""
    text = " ".join(unescape(strip_tags(_BLOCK.sub(" <", html.translate(AS_WRITTEN)))).split())
    return Truncator(text).chars(longest) or _("(a picture)")


def words(html: str) -> dict:
    """A short text: `line` is the content of its only paragraph, for a label; other HTML is in `blocks`."""
    inner = html.removeprefix("<p>").removesuffix("</p>")
    is_single = html.startswith("<p>") and html.endswith("</p>") and "</p>" not in inner
    line, blocks = (inner, "") if is_single else ("", html)
    return {"line": markdown.stored(line), "blocks": markdown.stored(blocks)}


def split_stem(html: str) -> tuple[str, str]:
    """The content of the first paragraph, for a legend, and the blocks after it. A legend has no blank."""
    first, _, rest = html.removeprefix("<p>").partition("</p>")
    if not html.startswith("<p>") or any(FIRST_BLANK <= character <= LAST_BLANK for character in first):
        return "", html
    return first, rest.strip()


def any_of(texts: Collection[str]) -> str:
    """Accepted answers as one text: "a or b"."""
    return reduce(lambda some, text: _("%(some)s or %(text)s") % {"some": some, "text": text}, texts) if texts else ""


def first_sent(sent: Mapping, name: str) -> str:
    return "".join(sent.get(name, ())[:1])


def sent_to(question: Mapping, sent: Mapping) -> list[str]:
    """The values of the only field of a question."""
    return list(sent.get(field_name(question), ()))


def ids_of(known: Mapping[str, int], tokens: Collection[str]) -> list[int]:
    if any(token not in known for token in tokens):
        raise ValidationError(UNKNOWN, code="unknown")
    return [known[token] for token in tokens]


def one_text(values: Collection[str], longest: int = TEXT_LENGTH) -> str:
    """The text of one field that is typed into; "" for white space. Raises ValidationError."""
    if len(values) > 1:
        raise ValidationError(_("This question takes one answer, but several were sent. Type one."), code="several")
    text = normal_line_ends("".join(values))
    if len(text) > longest:
        message = _("An answer has at most %(most)s characters; this one has %(count)s.")
        raise ValidationError(message, code="long", params={"most": longest, "count": len(text)})
    validate_storable(text)
    return text if text.strip() else ""


def number_errors(text: str, blank: str = "") -> list[ValidationError]:
    """The error of a text that is not a number; it names the `blank` that it was typed into, if there is one."""
    try:
        read_number(text)
    except NumberProblem as error:
        words = translated(error.args[0])
        if blank:
            words = _("Blank %(number)s: %(problem)s") % {"number": blank, "problem": words}
        return [ValidationError(words, code="number")]
    return []
