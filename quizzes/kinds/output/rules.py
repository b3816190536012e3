"""What a program prints. An answer is the text as typed."""

from ..grading import texts
from ..messages import gettext_noop as _
from ..messages import joined
from ..short_answer.rules import ShortAnswer

FENCE = "`" * 8


class Output(ShortAnswer):
    name, label = "output", _("Predict the output")
    # Translators: for readers.
    hint = _("predict the output")
    fields = ("program", "language", "recorded_output", "interpreter", "has_run", "recording")
    columns = {}
    usual_matching = texts.LINES
    keeps_space = True

    def problems(self, question, choices):
        parts = {
            _("a program"): question.program,
            _("a recorded output"): question.recorded_output,
            _("the interpreter it was run with"): question.interpreter,
        }
        if missing := [words for words, value in parts.items() if not value.strip()]:
            return [_("It needs %(parts)s.", parts=joined(missing))]
        if question.is_recording_stale:
            return [_("The program has changed since its output was recorded. Run it, and record what it prints now.")]
        return []

    def frozen(self, question, choices, html):
        return super().frozen(question, choices, html) | {
            "matching": self.usual_matching,
            "program": question.program,
            "program_html": html(f"{FENCE}{question.language}\n{question.program.rstrip()}\n{FENCE}"),
            "language": question.language,
            "interpreter": question.interpreter,
            "choices": [self.variant(question.recorded_output) | {"id": 0}],
        }

    def missing(self, item):
        return "" if item.recorded_output.strip() and not item.choices else super().missing(item)
