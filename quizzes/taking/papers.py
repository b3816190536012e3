"""A paper: which questions of an edition a reader is asked, in which order, and what stands for their choices.

All of it is a pure function of the edition, the ticket and this site's secret key. Each choice carries an opaque token
in place of its id, and stands in an order that has nothing to do with which is right.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.crypto import salted_hmac

from .. import grading
from ..grading.repairs import repaired
from . import shuffling
from .snapshots import EditionSnapshot
from .tickets import Ticket

# 64 bits: nobody guesses one, and a paper stays small.
TOKEN_CHARACTERS = 16
CHOICE_KINDS = frozenset({"single", "multiple", "true_false"})
TYPED_KINDS = frozenset({"short_answer", "numeric", "output"})


def field_name(question: Mapping, part: str | int = "") -> str:
    """The field of a question in the form, or of a part of it: a left side's token, the number of a blank."""
    return f"q{question['id']}-{part}" if part else f"q{question['id']}"


@dataclass(frozen=True)
class Paper:
    """One reader's paper, or the one that everybody gets. `repairs` are those known now, as plain data."""

    edition: EditionSnapshot
    ticket: Ticket
    repairs: tuple[dict, ...] = ()

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
    def repaired_questions(self) -> list[dict]:
        """The same as they are graded: without those to be disregarded, with what is accepted too."""
        return [found for found in (repaired(question, self.repairs) for question in self.questions) if found]

    def choices(self, question: Mapping) -> list[dict]:
        """The choices, items or left sides as they lie before the reader. Items never lie in their right order."""
        choices, label = question["choices"], str(question["id"])
        if question["kind"] == "ordering":
            mixed = shuffling.shuffled(choices, self.ticket.key("items"), label)
            return [*mixed[1:], mixed[0]] if mixed == choices else mixed
        if question["kind"] == "matching":
            lefts = [choice for choice in choices if choice["html"]]
            return shuffling.shuffled(lefts, self.ticket.key("lefts"), label) if question["shuffle"] else lefts
        if question["kind"] not in CHOICE_KINDS or not question["shuffle"]:
            return choices
        pinned = [choice["pinned"] for choice in choices]
        return shuffling.shuffled_around(choices, pinned, self.ticket.key("choices"), label)

    def right_sides(self, question: Mapping) -> list[dict]:
        """What the left sides can be paired with, each text once."""
        once = {choice["pair"]: choice for choice in reversed(question["choices"])}
        return shuffling.shuffled(list(reversed(once.values())), self.ticket.key("rights"), str(question["id"]))

    def offered_texts(self, question: Mapping) -> dict[int, list[str]]:
        """What can be chosen for the blanks that have a list, in the order in which the reader sees it."""
        key, listed = self.ticket.key("blanks"), grading.offered_texts(question)
        return {blank: shuffling.shuffled(texts, key, f"{question['id']}-{blank}") for blank, texts in listed.items()}

    def token(self, question: Mapping, choice: Mapping, side: str = "choice") -> str:
        """What stands for a choice in a page: 16 hexadecimal digits of HMAC-SHA-256 under the secret key."""
        value = f"{self.edition.pk}:{question['id']}:{choice['id']}"
        secret = self.ticket.secret
        digest = salted_hmac(f"quizzes.papers.{side}", value, secret=secret, algorithm="sha256").hexdigest()
        return digest[:TOKEN_CHARACTERS]

    def ids_by_token(self, question: Mapping, side: str = "choice") -> dict[str, int]:
        choices = self.right_sides(question) if side == "right" else self.choices(question)
        return {self.token(question, choice, side): choice["id"] for choice in choices}

    def blanks(self, question: Mapping) -> list[int]:
        """The numbers of the blanks of a cloze."""
        return sorted({choice["blank"] for choice in question["choices"]})

    def field_names(self, question: Mapping) -> list[str]:
        """Every field that a browser may send for the question."""
        if question["kind"] == "matching":
            return [field_name(question, self.token(question, left)) for left in self.choices(question)]
        if question["kind"] == "cloze":
            return [field_name(question, number) for number in self.blanks(question)]
        return [field_name(question)]
