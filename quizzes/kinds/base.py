"""The base class of the rules of a kind of question, which are pure.

`question` and `choice` are rows (stored or not) while a draft is checked or frozen, and plain data of an edition's
bundle (quizzes/editing/freezing.py) afterwards.
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from fractions import Fraction

from .grading import texts
from .grading.answers import Answer, Graded
from .grading.weights import fraction_of, fractions_of
from .messages import gettext_noop as _

# Keeps the lowest common denominator of all points of a paper below 2^63, and a question on one screen.
CHOICES_PER_QUESTION = 20


def field_name(question: Mapping, part: str | int = "") -> str:
    """The field of a question in the form, or of a part of it: a left side's token, the number of a blank."""
    return f"q{question['id']}-{part}" if part else f"q{question['id']}"


class Rules:
    """A kind of question. Subclasses are stateless; quizzes/kinds/__init__.py has one object of each."""

    name: str
    label: str
    # What a reader has to do, beside the number of the question.
    hint: str
    # The fields of a question that only some kinds have, and the columns of its choices with their headings.
    fields = ()
    columns = {}
    # The rules of scoring that an author may choose from, those that a file may name, and the usual one.
    scoring = scoring_in_files = ()
    usual_scoring = ""
    # How typed texts are usually compared; "" where nothing is typed.
    usual_matching = ""
    # The fewest and the most choices, and what is said of too few, and of an empty one.
    least, most = 2, CHOICES_PER_QUESTION
    too_few, one_empty = _("It needs at least two choices."), _("One of its choices is empty.")
    # Whether the choices are listed, and a reader ticks some; whether several; whether wrong ones may distract.
    is_ticked = takes_several = has_distractors = False
    # Whether the texts of choices must differ to those who read them.
    choices_differ = False
    # What the choices are called in every question of the kind.
    fixed_texts = ()
    # Whether choices are plain texts that what a reader types is compared with, to the last space or not.
    is_typed = keeps_space = False
    # Whether a browser may send a field for each choice.
    has_field_per_choice = False
    # Whether each choice has a weight.
    has_weights = True
    # Whether the text has blanks, which choices belong to.
    has_blanks = False
    # The label of a correction that accepts more; "" where none can.
    accept_words = ""

    # --- drafts ---

    def problems(self, question, choices: Sequence) -> list[str]:
        """What has to change before the question can be published, as sentences."""
        wrong = self.problem_of_texts([choice.text for choice in choices])
        return [wrong] if wrong else self.problems_of_choices(question, choices)

    def problem_of_texts(self, texts: Sequence[str]) -> str:
        """That the choices of a draft or a file are too few or empty, as a sentence; "" when they are not."""
        if len(texts) < self.least:
            return self.too_few
        return "" if all(text.strip() for text in texts) else self.one_empty

    def problems_of_choices(self, question, choices: Sequence) -> list[str]:
        """The other problems, once there are enough choices and none is empty."""
        raise NotImplementedError

    def field_count(self, question, choices: Sequence) -> int:
        """The most fields of a form that a browser sends for it."""
        return len(choices) if self.has_field_per_choice else 1

    def is_right(self, weight: Fraction) -> bool:
        """Whether a choice of this weight is one of the right ones."""
        return weight == 1

    def problems_of_best(self, choices: Sequence, none: str) -> list[str]:
        """`none`, the sentence for choices of which none is worth the whole point."""
        best = max(fraction_of(choice.weight) for choice in choices)
        return [] if best == 1 else [none]

    # --- editions ---

    def rule_for(self, weights: Collection[Fraction], wanted: str = "") -> str:
        """The author's rule, or the usual one for these weights; "" where there is nothing to choose.

        Raises ValueError for a rule that the kind does not have.
        """
        if not self.scoring or not wanted:
            return self.usual_scoring
        if wanted not in self.scoring:
            raise ValueError(f"A question of kind {self.name!r} has no rule {wanted!r}.")
        return wanted

    def frozen(self, question, choices: Sequence, html: Callable[[str], str]) -> dict:
        """The part of the bundle that depends on the kind. `html` renders Markdown."""
        weights = fractions_of([choice.weight for choice in choices])
        return {
            "rule": self.rule_for(weights, str(question.rule)),
            "matching": str(question.matching),
            "shuffle": question.shuffle,
            "stem": html(question.stem),
            "choices": [
                {"id": choice.pk, "weight": f"{choice.weight.normalize():f}", "feedback": html(choice.feedback)}
                | self.frozen_choice(choice, html)
                for choice in choices
            ],
        }

    def frozen_choice(self, choice, html: Callable[[str], str]) -> dict:
        return {"html": html(choice.text), "pinned": choice.is_pinned}

    # --- papers and answers ---

    def is_shuffled(self, question: Mapping) -> bool:
        """Whether readers see `laid_out` in different orders."""
        return question["shuffle"]

    def laid_out(self, question: Mapping, paper) -> list[dict]:
        """The choices in the reader's order."""
        return question["choices"]

    def field_names(self, question: Mapping, paper) -> list[str]:
        """Every field that a browser may send for the question."""
        return [field_name(question)]

    def as_laid_out(self, question: Mapping, order: Sequence[int]) -> Mapping:
        """The question with its choices in the order of these ids, in which the reader saw them."""
        place = {choice: number for number, choice in enumerate(order)}
        choices = sorted(question["choices"], key=lambda choice: place.get(choice["id"], len(place)))
        return {**question, "choices": choices}

    def grade(self, question: Mapping, answer: Answer) -> Graded:
        """The points of an answer that is not empty. Raises as `kinds.grade`."""
        raise NotImplementedError

    # --- statistics: answers as they are counted ---

    def counted(self, answer: Answer) -> Hashable:
        """An answer, or None, as a hashable value."""
        if isinstance(answer, dict):
            return tuple(answer.items())
        return answer if isinstance(answer, str) else tuple(answer or ())

    def spelling(self, question: Mapping) -> Callable[[str], str]:
        """Brings typed text into one spelling for counting; answers of one spelling are worth the same."""
        return texts.spelling(question["matching"])

    def whole_key(self, answer: Hashable, spelled: Callable[[str], str]) -> str:
        """The name of a counted answer as a whole; "" where too many differ for a figure."""
        return ",".join(map(str, answer))

    def part_keys(self, answer: Hashable, spelled: Callable[[str], str]) -> Iterable[str]:
        """The names of its parts; none where the name of the whole is enough."""
        return ()

    # --- corrections ---

    def fields_to_accept(self, question: Mapping) -> dict[str, Collection]:
        """The fields of a correction that accepts more, of "choice", "text" and "blank", each with its options."""
        return {}

    def part(self, question: Mapping, text: str, blank: int | None) -> tuple[Mapping, Answer]:
        """The question or its blank, and the text as an answer to it, to see how the text is graded now.

        Raises ValueError with a sentence for a text that cannot be accepted.
        """
        return question, text

    def accepting(self, question: Mapping, correction: Mapping, new_id: int) -> list[Mapping]:
        """The choices when the correction's choice, or its text as a choice with the new id, is accepted too."""
        raise ValueError(f"A question of kind {self.name!r} cannot accept more.")

    def is_void(self, question: Mapping) -> bool:
        """Whether corrections have left no right answer."""
        return False

    # --- files ---

    def missing(self, item) -> str:
        """Why an item cannot be written and read again, as a sentence; "" when it can."""
        return self.problem_of_texts([choice.text.source for choice in item.choices])

    def is_number(self, tolerance: str) -> bool:
        """Whether a choice with this tolerance, which may be "0" or "", is compared as a number."""
        return False


def problems_of_repeated(texts: Sequence[str], message: Callable[..., str]) -> list[str]:
    """A problem for each text that is there more than once; `message` makes a sentence of it, as its `text`."""
    times = Counter(" ".join(text.split()) for text in texts)
    return [message(text[:60]) for text in times if times[text] > 1]
