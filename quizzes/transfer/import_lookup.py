"""Which question of a file is which question of the bank, and where a new one stands among those that are there."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, count
from typing import TypeVar

from ..formats.items import Item, normal
from ..models import Question, Quiz
from ..models.bank import normal_path
from .import_question import Content, equals, item_of, stored

T = TypeVar("T")

# What Moodle puts before the categories of its users.
MOODLE_ROOTS = ("$course$", "$cat1$", "$module$", "$system$", "top")
# An id is unique in its folder. Another question of the same id has a number behind it: q1, q1~2, q1~3.
NUMBERED = re.compile(r"(.+)~[0-9]+")
# How an id starts that was made for a question without one.
MADE = "gift:"


def category_path(path: str, quiz: Quiz) -> str:
    """The folder of the bank for a category as a file names it; for none, the one with the quiz's title."""
    parts = normal_path(path).split("/")
    while parts and parts[0] in MOODLE_ROOTS:
        parts.pop(0)
    return "/".join(parts) or normal_path(quiz.title.replace("/", "-"))


class Known:
    """The questions that a file may mean.

    In the quiz one is found again by its id, in the category that the file names or else in another one, from which
    the file then moves it; then by its content; and without an id of its own by its name, else its text. Questions
    called "Question 1" with the id "1" are in every file, so outside the quiz only the same content is the same
    question.
    """

    def __init__(self, quiz: Quiz, questions: Sequence[Question], items: Sequence[Item]):
        self._quiz = quiz
        self._left = {question.pk: question for question in questions}
        self._ids = {item.external_id for item in items if item.external_id}
        self._named = {(self.path(item), item.external_id) for item in items if item.category and item.external_id}
        self._by_words: dict[str, Question] = {}
        self._first_lines: dict[tuple[str, str], int] = {}
        self._with_id: dict[str, list[Question]] = defaultdict(list)
        self._with_content: dict[Item, list[Question]] = defaultdict(list)
        seen: set[str] = set()
        for question in questions:
            self._with_id[self._id(question)].append(question)
            self._with_content[stored(question)].append(question)
            key = question.external_id or _key(normal(item_of(question)), seen)
            seen.add(key)
            if not question.external_id:
                self._by_words[key] = question
        self._seen: set[str] = set()

    def path(self, item: Item) -> str:
        return category_path(item.category, self._quiz)

    def taken(self, item: Item) -> tuple[str, int]:
        """By what the next question of the file is known, and the line on which it stands already, or 0."""
        item, line = normal(item), item.line
        key = item.external_id or _key(item, self._seen)
        marks = [(self.path(item), key)] if item.external_id else [("", key), ("", _whole(item))]
        first = next((self._first_lines[mark] for mark in marks if mark in self._first_lines), 0)
        if not first:
            self._seen |= {key}
            self._first_lines |= dict.fromkeys([*marks, ("", _whole(item))], line)
        return key, first

    def question(self, item: Item, key: str, path: str, content: Content) -> Question | None:
        """The question of the quiz that the item is; each is given once."""
        equal = (one for one in self._with_content[content.item] if one.pk in self._left and self._may_be(one, item))
        found = self._by_id(key, path) or next(equal, None) or self._by_words.get(key)
        return self._left.pop(found.pk, None) if found else None

    def elsewhere(self, item: Item, content: Content) -> Question | None:
        """The question with the same content that is not in the quiz."""
        return next((one for one in equals(content, outside=self._quiz) if self._may_be(one, item)), None)

    def free_id(self, key: str, path: str) -> str:
        """The id for a new question: its own or a made one, with a number behind it where another one has it."""
        root = key[:190]
        there = Question.objects.filter(category__path=path, external_id__startswith=root)
        taken = set(there.values_list("external_id", flat=True))
        return next(one for one in chain([key], (f"{root}~{number}" for number in count(2))) if one not in taken)

    def left(self) -> list[Question]:
        """Those of the quiz that no item was."""
        return list(self._left.values())

    def _id(self, question: Question) -> str:
        """The id as the file may write it: without a number behind it, unless the file has that, too."""
        numbered = NUMBERED.fullmatch(question.external_id)
        return numbered[1] if numbered and question.external_id not in self._ids else question.external_id

    def _by_id(self, key: str, path: str) -> Question | None:
        found = [one for one in self._with_id[key] if one.pk in self._left]
        found.sort(key=lambda one: (one.category.path != path, one.external_id != key))
        return next(
            (one for one in found if one.category.path == path or (one.category.path, key) not in self._named), None
        )

    def _may_be(self, question: Question, item: Item) -> bool:
        """Whether their ids allow it: two that are given differ, and one that is given belongs to whom it names."""
        if item.external_id and question.external_id and not question.external_id.startswith(MADE):
            return self._id(question) == item.external_id
        return question.external_id == item.external_id or question.external_id not in self._ids


def _key(item: Item, seen: set[str]) -> str:
    """What a question without an id is known by: as little of it as tells it from the questions before it."""
    known_by = [item.name] * bool(item.name) + [f"{item.name}\n{item.stem.source}"]
    return next((key for key in map(_digest, known_by) if key not in seen), _whole(item))


def _whole(item: Item) -> str:
    answers = [f"{choice.percent} {choice.text.source}" for choice in item.choices]
    return _digest("\n".join([item.name, item.stem.source, *answers]))


def _digest(text: str) -> str:
    return MADE + hashlib.sha256(text.encode()).hexdigest()[:20]


def merged(current: Sequence[T], wanted: Sequence[T]) -> list[T]:
    """`current` with what `wanted` names in the order of `wanted`; what is new comes after what it follows there."""
    known = iter([one for one in wanted if one in current])
    order = [next(known) if one in wanted else one for one in current]
    first_known = next((one for one in wanted if one in current), None)
    for index, one in enumerate(wanted):
        if one in current:
            continue
        if index:
            place = order.index(wanted[index - 1]) + 1
        else:
            place = len(order) if first_known is None else order.index(first_known)
        order.insert(place, one)
    return order
