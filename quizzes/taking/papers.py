"""A paper: which questions of an edition a reader gets, in which order, and the tokens of their choices.

All of it is a pure function of the edition, the ticket and the site's secret key. Choices have opaque tokens instead of
ids, in an order that does not depend on which is right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.crypto import salted_hmac

from ..editing.snapshots import EditionSnapshot
from ..kinds import corrected, rules_of
from . import shuffling
from .tickets import Ticket

# 64 bits cannot be guessed, and keep the page small.
TOKEN_CHARACTERS = 16


@dataclass(frozen=True)
class Paper:
    """One reader's paper, or the one that everyone gets. `corrections` are the current ones, as plain data."""

    edition: EditionSnapshot
    ticket: Ticket
    corrections: tuple[dict, ...] = ()

    @property
    def needs_start(self) -> bool:
        """Whether the reader has to start it before they can answer."""
        return self.edition.needs_start and not self.ticket.seed

    @cached_property
    def questions(self) -> list[dict]:
        """In the order of the paper."""
        bundle, questions = self.edition.bundle, self.edition.questions
        if self.ticket.only:
            questions = [question for question in questions if question["id"] in self.ticket.only]
        elif bundle["draw"]:
            always = [question["always"] for question in questions]
            questions = shuffling.drawn(questions, always, bundle["draw"], self.ticket.key("draw"), "draw")
        if bundle["shuffle_questions"]:
            questions = shuffling.shuffled(questions, self.ticket.key("questions"), "questions")
        return questions

    @cached_property
    def corrected_questions(self) -> list[dict]:
        """The questions as they are graded: without disregarded ones, with answers that are accepted too."""
        return [found for question in self.questions if (found := corrected(question, self.corrections))]

    def choices(self, question: Mapping) -> list[dict]:
        """The choices, items or left sides in the order that the reader sees."""
        return rules_of(question["kind"]).laid_out(question, self)

    def shuffled(self, items: Sequence, purpose: str, label: int | str, pinned: Sequence[bool] = ()) -> list:
        """In an order that depends on the ticket, `purpose` and `label`; `pinned` ones keep their places."""
        return shuffling.shuffled(items, self.ticket.key(purpose), str(label), pinned)

    def token(self, question: Mapping, choice: Mapping, side: str = "choice") -> str:
        """The id of a choice in the page: 16 hexadecimal digits of HMAC-SHA-256 with the secret key."""
        value = f"{self.edition.pk}:{question['id']}:{choice['id']}"
        secret = self.ticket.secret
        digest = salted_hmac(f"quizzes.papers.{side}", value, secret=secret, algorithm="sha256").hexdigest()
        return digest[:TOKEN_CHARACTERS]

    def ids_by_token(self, question: Mapping) -> dict[str, int]:
        return {self.token(question, choice): choice["id"] for choice in self.choices(question)}

    def field_names(self, question: Mapping) -> list[str]:
        """Every field that a browser may send for the question."""
        return rules_of(question["kind"]).field_names(question, self)
