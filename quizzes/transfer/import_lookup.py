"""Find the question that an item of a file is, and the order of the questions after an import."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, count

from ..formats.items import Item, normal
from ..models import Question, Quiz
from ..models.bank import normal_path
from .import_question import Content, item_of, questions_with, stored_content

# What Moodle puts before the categories of its users.
MOODLE_ROOTS = ("$course$", "$cat1$", "$module$", "$system$", "top")
# Ids are unique in a category. If another question has the id already, a number is added: q1, q1~2, q1~3.
NUMBERED = re.compile(r"(.+)~[0-9]+")
# The start of ids that were generated for questions without one.
GENERATED = "gift:"


def category_path(path: str, quiz: Quiz) -> str:
    """The path in the bank for a category in a file; without one, the title of the quiz."""
    parts = normal_path(path).split("/")
    while parts and parts[0] in MOODLE_ROOTS:
        parts.pop(0)
    return "/".join(parts) or normal_path(quiz.title.replace("/", "-"))


class QuestionLookup:
    """The existing questions that the items of a file can be.

    A question of the quiz is found by its id, first in the category that the item names, then in the others; then by
    its content; and without an id by its name, or else its text. Many files have a question "Question 1" with the id
    "1", so outside the quiz only equal content counts.
    """

    def __init__(self, quiz: Quiz, questions: Sequence[Question], items: Sequence[Item]):
        self._quiz = quiz
        self._unmatched = {question.pk: question for question in questions}
        self._ids = {item.external_id for item in items if item.external_id}
        self._named = {(self.path(item), item.external_id) for item in items if item.category and item.external_id}
        self._by_text: dict[str, Question] = {}
        self._with_id: dict[str, list[Question]] = defaultdict(list)
        self._with_content: dict[Item, list[Question]] = defaultdict(list)
        keys: set[str] = set()
        for question in questions:
            self._with_id[self._id(question)].append(question)
            self._with_content[stored_content(question)].append(question)
            key = question.external_id or _key(normal(item_of(question)), keys)
            keys.add(key)
            if not question.external_id:
                self._by_text[key] = question
        self._item_keys: set[str] = set()
        self._first_lines: dict[tuple[str, str], int] = {}

    def path(self, item: Item) -> str:
        return category_path(item.category, self._quiz)

    def identify(self, item: Item) -> tuple[str, int]:
        """The id of the next item, given or generated, and the line that has the same question already, or 0."""
        item, line = normal(item), item.line
        key = item.external_id or _key(item, self._item_keys)
        marks = [(self.path(item), key)] if item.external_id else [("", key), ("", _full_key(item))]
        first_line = next((self._first_lines[mark] for mark in marks if mark in self._first_lines), 0)
        if not first_line:
            self._item_keys.add(key)
            self._first_lines |= dict.fromkeys([*marks, ("", _full_key(item))], line)
        return key, first_line

    def in_quiz(self, item: Item, key: str, path: str, content: Content) -> Question | None:
        """The question of the quiz that the item is. Each is returned once."""
        equal = (
            question
            for question in self._with_content[content.item]
            if question.pk in self._unmatched and self._ids_allow(question, item)
        )
        question = self._by_id(key, path) or next(equal, None) or self._by_text.get(key)
        return self._unmatched.pop(question.pk, None) if question else None

    def in_bank(self, item: Item, content: Content) -> Question | None:
        """A question with the same content that is not in the quiz."""
        questions = questions_with(content, outside=self._quiz)
        return next((question for question in questions if self._ids_allow(question, item)), None)

    def free_id(self, key: str, path: str) -> str:
        """The id for a new question in a category: `key`, with a number if another question has it."""
        root = key[:190]
        similar = Question.objects.filter(category__path=path, external_id__startswith=root)
        taken = set(similar.values_list("external_id", flat=True))
        return next(key for key in chain([key], (f"{root}~{number}" for number in count(2))) if key not in taken)

    def not_in_file(self) -> list[Question]:
        """The questions of the quiz that no item was."""
        return list(self._unmatched.values())

    def _id(self, question: Question) -> str:
        """The id as the file may have it: without an added number, unless the file has the number too."""
        numbered = NUMBERED.fullmatch(question.external_id)
        return numbered[1] if numbered and question.external_id not in self._ids else question.external_id

    def _by_id(self, key: str, path: str) -> Question | None:
        """Prefers the category `path`, then the exact id. Another category must not be in the file with the same id."""
        candidates = [
            question
            for question in self._with_id[key]
            if question.pk in self._unmatched
            and (question.category.path == path or (question.category.path, key) not in self._named)
        ]
        return min(
            candidates,
            key=lambda question: (question.category.path != path, question.external_id != key),
            default=None,
        )

    def _ids_allow(self, question: Question, item: Item) -> bool:
        """Two given ids must be equal, and a question with an id that the file uses is no other item."""
        if item.external_id and question.external_id and not question.external_id.startswith(GENERATED):
            return self._id(question) == item.external_id
        return question.external_id == item.external_id or question.external_id not in self._ids


def _key(item: Item, others: set[str]) -> str:
    """An id made from the name, from name and text, or from everything: the first that is not in `others`."""
    texts = [item.name] * bool(item.name) + [f"{item.name}\n{item.stem.source}"]
    return next((key for key in map(_digest, texts) if key not in others), _full_key(item))


def _full_key(item: Item) -> str:
    answers = [f"{choice.percent} {choice.text.source}" for choice in item.choices]
    return _digest("\n".join([item.name, item.stem.source, *answers]))


def _digest(text: str) -> str:
    return GENERATED + hashlib.sha256(text.encode()).hexdigest()[:20]


def merged(current: Sequence[int], wanted: Sequence[int]) -> list[int]:
    """`current` with the elements of `wanted` in the order of `wanted`; each new one follows its predecessor there."""
    known = iter([one for one in wanted if one in current])
    order = [next(known) if one in wanted else one for one in current]
    for index, one in enumerate(wanted):
        if one in current:
            continue
        if index:
            position = order.index(wanted[index - 1]) + 1
        else:
            position = next((order.index(other) for other in wanted if other in current), len(order))
        order.insert(position, one)
    return order
