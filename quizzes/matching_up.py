"""Which question of a file is which question of the bank, and where a new one stands among those that are there."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

from .formats.items import Item, normal
from .models import Question, Quiz
from .models.bank import normal_path
from .question_store import item_of

T = TypeVar("T")

# What Moodle puts before the categories of its users.
MOODLE_ROOTS = ("$course$", "$cat1$", "$module$", "$system$", "top")


def category_path(path: str, quiz: Quiz) -> str:
    """The folder of the bank for a category as a file names it; for none, the one with the quiz's title."""
    parts = normal_path(path).split("/")
    while parts and parts[0] in MOODLE_ROOTS:
        parts.pop(0)
    return "/".join(parts) or normal_path(quiz.title.replace("/", "-"))


class Known:
    """The questions that a file may mean.

    One is found again by its id: in the category that the file names, first in the quiz, then in the whole bank, and
    last in the quiz in another category, from which the file then moves it. Without an id of its own it is known by
    its name, else its text, in the quiz alone: questions called "Question 1" are in every file.
    """

    def __init__(self, quiz: Quiz, questions: Sequence[Question], items: Sequence[Item]):
        self._quiz = quiz
        self._questions = list(questions)
        self._named = {(self.path(item), item.external_id) for item in items if item.category and item.external_id}
        self._by_words: dict[str, Question] = {}
        self._first_lines: dict[tuple[str, str], int] = {}
        seen: set[str] = set()
        for question in questions:
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

    def question(self, item: Item, key: str, path: str) -> Question | None:
        """The question that the item is; each is given once. One query for an id that the quiz does not have."""
        found = self._in_quiz(key, path) or (self._in_bank(item, path) if item.external_id else None)
        found = found or self._moved(item, key) or self._by_words.get(key)
        if found in self._questions:
            self._questions.remove(found)
        return found

    def free_key(self, item: Item, key: str, path: str) -> str:
        """The id for a new question: its own, or a made one, unless another quiz has one of that name there."""
        is_taken = not item.external_id and _in_category(path, key).exists()
        return "" if is_taken else key

    def left(self) -> list[Question]:
        """Those of the quiz that no item was."""
        return self._questions

    def _in_quiz(self, key: str, path: str) -> Question | None:
        return next((one for one in self._questions if (one.category.path, one.external_id) == (path, key)), None)

    def _in_bank(self, item: Item, path: str) -> Question | None:
        found = _in_category(path, item.external_id).select_related("category", "article")
        return found.prefetch_related("choices", "tags").first() if item.category else None

    def _moved(self, item: Item, key: str) -> Question | None:
        candidates = [one for one in self._questions if one.external_id == key]
        return next((one for one in candidates if (one.category.path, key) not in self._named), None)


def _in_category(path: str, key: str):
    return Question.objects.filter(category__path=path, external_id=key)


def _key(item: Item, seen: set[str]) -> str:
    """What a question without an id is known by: as little of it as tells it from the questions before it."""
    known_by = [item.name] * bool(item.name) + [f"{item.name}\n{item.stem.source}"]
    return next((key for key in map(_digest, known_by) if key not in seen), _whole(item))


def _whole(item: Item) -> str:
    answers = [f"{choice.percent} {choice.text.source}" for choice in item.choices]
    return _digest("\n".join([item.name, item.stem.source, *answers]))


def _digest(text: str) -> str:
    return "gift:" + hashlib.sha256(text.encode()).hexdigest()[:20]


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
