"""What quizzes/lint finds, as the desk shows it."""

from dataclasses import dataclass

from django.urls import reverse

from .. import lint

WORDS = {"giveaway": "gives it away", "missing": "missing", "unclear": "unclear"}


@dataclass(frozen=True)
class Row:
    """A finding with its severity in words; `url` and `title` are those of the question, empty for a whole quiz."""

    word: str
    severity: str
    sentence: str
    url: str
    title: str


def rows(findings: list[lint.Finding]) -> list[Row]:
    """No query."""
    return [
        Row(
            WORDS[finding.severity],
            finding.severity,
            finding.sentence,
            reverse("admin:quizzes_question_change", args=[finding.question]) if finding.question else "",
            finding.title,
        )
        for finding in findings
    ]
