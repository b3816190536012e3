"""A paper: which questions of an edition a reader is asked, in which order, and what stands for their choices.

All of it is a pure function of the edition, the ticket and this site's secret key. Each choice carries an opaque token
in place of its id, and stands in an order that has nothing to do with which is right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.crypto import salted_hmac

from ..editing.snapshots import EditionSnapshot
from ..kinds import corrected, rules_of
from . import shuffling
from .tickets import Ticket

# 64 bits: nobody guesses one, and a paper stays small.
TOKEN_CHARACTERS = 16


@dataclass(frozen=True)
class Paper:
    """One reader's paper, or the one that everybody gets. `corrections` are those known now, as plain data."""

    edition: EditionSnapshot
    ticket: Ticket
    corrections: tuple[dict, ...] = ()

    @property
    def needs_start(self) -> bool:
        """Whether a reader has to be given a paper of their own before there is anything to answer."""
        return self.edition.needs_start and not self.ticket.is_started

    @cached_property
    def questions(self) -> list[dict]:
        """What is asked, in the order in which it is asked."""
        bundle, asked = self.edition.bundle, self.edition.questions
        if self.ticket.only:
            asked = [question for question in asked if question["id"] in self.ticket.only]
        elif bundle["draw"]:
            always = [question["always"] for question in asked]
            asked = shuffling.drawn(asked, always, bundle["draw"], self.ticket.key("draw"), "draw")
        if bundle["shuffle_questions"]:
            asked = shuffling.shuffled(asked, self.ticket.key("questions"), "questions")
        return asked

    @cached_property
    def corrected_questions(self) -> list[dict]:
        """The same as they are graded: without those to be disregarded, with what is accepted too."""
        return [found for found in (corrected(question, self.corrections) for question in self.questions) if found]

    def choices(self, question: Mapping) -> list[dict]:
        """The choices, items or left sides as they lie before the reader."""
        return rules_of(question["kind"]).laid_out(question, self)

    def shuffled(self, items: Sequence, purpose: str, label: int | str, pinned: Sequence[bool] = ()) -> list:
        """In an order of this ticket's own for the purpose; the `pinned` ones stay in their places."""
        key = self.ticket.key(purpose)
        if pinned:
            return shuffling.shuffled_around(items, pinned, key, str(label))
        return shuffling.shuffled(items, key, str(label))

    def token(self, question: Mapping, choice: Mapping, side: str = "choice") -> str:
        """What stands for a choice in a page: 16 hexadecimal digits of HMAC-SHA-256 under the secret key."""
        value = f"{self.edition.pk}:{question['id']}:{choice['id']}"
        secret = self.ticket.secret
        digest = salted_hmac(f"quizzes.papers.{side}", value, secret=secret, algorithm="sha256").hexdigest()
        return digest[:TOKEN_CHARACTERS]

    def ids_by_token(self, question: Mapping) -> dict[str, int]:
        return {self.token(question, choice): choice["id"] for choice in self.choices(question)}

    def field_names(self, question: Mapping) -> list[str]:
        """Every field that a browser may send for the question."""
        return rules_of(question["kind"]).field_names(question, self)
