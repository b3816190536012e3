"""The rules: functions that give a sentence for each thing they find. `Rule` adds the name and the severity."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from .texts import Parsed, Subject

GIVEAWAY, MISSING, UNCLEAR = "giveaway", "missing", "unclear"

# A key this many times as long as every other choice is chosen for its length, unless all of them are short.
MUCH_LONGER, LONG_ENOUGH = 1.3, 20
# A wrong choice of less than this share of the usual length is ruled out for its length.
MUCH_SHORTER = 1 / 3
# From so many questions on, what more than half of them have in common is a pattern.
PATTERN = 5
FEW_CHOICES = 3
# Shorter answers stand in every text.
TELLING = 3


@dataclass(frozen=True)
class Rule:
    """A rule: its name, how grave it is, and the function that looks."""

    name: str
    severity: str
    look: Callable

    def __call__(self, about) -> Iterator[str]:
        return self.look(about)


@dataclass(frozen=True)
class Finding:
    """One thing that was found. `question` is its id and `title` what it is called; None and "" of a whole quiz."""

    rule: str
    severity: str
    sentence: str
    question: int | None = None
    title: str = ""

    @classmethod
    def by(cls, rule: Rule, sentence: str, subject: Subject | None = None) -> "Finding":
        about = (subject.question.pk, str(subject.question)) if subject else (None, "")
        return cls(rule.name, rule.severity, sentence, *about)


QUESTION_RULES: list[Rule] = []
QUIZ_RULES: list[Rule] = []


def every_rule() -> list[Rule]:
    return [*QUESTION_RULES, *QUIZ_RULES]


def _rule(rules: list[Rule], severity: str):
    """Decorate a rule; its name is that of the function with hyphens."""

    def add(look):
        rules.append(Rule(look.__name__.replace("_", "-"), severity, look))
        return look

    return add


def _of_question(severity: str):
    return _rule(QUESTION_RULES, severity)


def _of_quiz(severity: str):
    return _rule(QUIZ_RULES, severity)


# --- giveaways of one question ---


@_of_question(GIVEAWAY)
def longest_choice(about: Subject) -> Iterator[str]:
    """The right choice is at least 1.3 times as long as every wrong one, and over 20 characters."""
    if not about.rules.has_distractors or not about.right or not about.wrong:
        return
    shortest_right = min(about.lengths[place] for place in about.right)
    longest_wrong = max(about.lengths[place] for place in about.wrong)
    if shortest_right > LONG_ENOUGH and shortest_right >= MUCH_LONGER * longest_wrong:
        yield "What is right is much longer than every wrong choice. Shorten it, or give the others as much to say."


@_of_question(GIVEAWAY)
def short_distractor(about: Subject) -> Iterator[str]:
    """A wrong choice is less than a third as long as the choices usually are, which are over 20 characters."""
    if not about.rules.has_distractors or len(about.choices) < FEW_CHOICES:
        return
    usual = median(about.lengths)
    if usual <= LONG_ENOUGH:
        return
    for place in about.wrong:
        if about.lengths[place] < usual * MUCH_SHORTER and not _ABOVE.search(about.parsed_choices[place].plain):
            yield f"Choice {place + 1} is wrong and much shorter than the others; nobody will take it for right."


def _takes_one_of_many(about: Subject) -> bool:
    return about.rules.has_distractors and not about.rules.takes_several


@_of_question(GIVEAWAY)
def few_choices(about: Subject) -> Iterator[str]:
    """A single choice has fewer than three choices."""
    if _takes_one_of_many(about) and len(about.choices) < FEW_CHOICES:
        yield "With two choices every second guess is right. Add a third, or make it true or false."


@_of_question(GIVEAWAY)
def answer_in_stem(about: Subject) -> Iterator[str]:
    """What a blank accepts stands elsewhere in the text, as a word of its own."""
    if not about.rules.has_blanks:
        return
    flags = re.I if str(about.question.matching) == "plain" else 0
    said = set()
    for choice in about.choices:
        text = choice.text.strip()
        if len(text) < TELLING or (choice.blank, text) in said or choice.weight < 100:
            continue
        if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", about.stem_without_blanks, flags):
            said.add((choice.blank, text))
            yield f"“{text[:60]}”, which blank [[{choice.blank}]] accepts, stands in the text already."


# --- what is unclear ---


_ABOVE = re.compile(
    r"\b(?:all|none|both|neither|any|either) of (?:the )?(?:above|these|those|others?)\b"
    r"|\b(?:all|none) the above\b|\b(?:both|neither) [a-e] (?:and|nor) [a-e]\b",
    re.I,
)


@_of_question(UNCLEAR)
def all_of_the_above(about: Subject) -> Iterator[str]:
    """A choice speaks of those above it, and can stand anywhere."""
    if not about.rules.has_distractors or not about.question.shuffle:
        return
    for place, (choice, text) in enumerate(zip(about.choices, about.parsed_choices, strict=True), 1):
        if not choice.is_pinned and (found := _ABOVE.search(text.plain)):
            yield f"Choice {place} says “{found[0]}”, but the choices are shuffled. Pin it, or say it another way."


@_of_question(UNCLEAR)
def duplicate_choices(about: Subject) -> Iterator[str]:
    """Two choices read the same but for capitals, spacing and Markdown. In code, capitals count."""
    if not about.rules.choices_differ:
        return
    places = defaultdict(list)
    for place, text in enumerate(about.parsed_choices, 1):
        if folded := " ".join(text.plain.split()).casefold():
            places[folded].append((place, text))
    for alike in places.values():
        for (first, one), (second, other) in zip(alike, alike[1:], strict=False):
            if not _differ_in_code(one, other):
                yield f"Choices {first} and {second} read the same."


def _differ_in_code(one: Parsed, other: Parsed) -> bool:
    return bool(one.code and other.code) and " ".join(one.plain.split()) != " ".join(other.plain.split())


_NEGATIVE = re.compile(r"\b(not|except|never)\b")


@_of_question(UNCLEAR)
def negative_stem(about: Subject) -> Iterator[str]:
    """What is asked turns on a small "not", "except" or "never" that is neither bold nor in capitals."""
    if not about.rules.is_ticked:
        return
    start = 0
    for sentence in _sentences(about.stem.prose):
        start = about.stem.prose.index(sentence, start)
        for found in _NEGATIVE.finditer(sentence):
            word, place = found[0], start + found.start()
            if about.stem.loud[place : place + len(word)] != word:
                yield f"Its text turns on a small “{word}”. Write **{word}**, or ask what is the case."
                return


def _sentences(prose: str) -> list[str]:
    """The sentences that ask, or all of them where none does."""
    every = [sentence for sentence in re.split(r"(?<=[.?!:…])\s+", prose) if sentence]
    return [sentence for sentence in every if sentence.endswith(("?", ":", "…"))] or every


# --- what is missing ---


@_of_question(MISSING)
def missing_explanation(about: Subject) -> Iterator[str]:
    """Nobody is told why."""
    if not about.question.explanation.strip():
        yield "It has no explanation: readers are told what is right, and not why."


@_of_question(MISSING)
def missing_feedback(about: Subject) -> Iterator[str]:
    """Some wrong choices say what is wrong with them, others do not."""
    if not about.rules.has_distractors:
        return
    silent = [place + 1 for place in about.wrong if not about.choices[place].feedback.strip()]
    if silent and len(silent) < len(about.wrong):
        which = f"choice {silent[0]} has" if len(silent) == 1 else f"choices {', '.join(map(str, silent))} have"
        yield f"Some wrong choices say why they are wrong, but {which} no feedback."


@_of_question(MISSING)
def image_without_alt(about: Subject) -> Iterator[str]:
    """A picture says nothing to those who do not see it."""
    for where, text in about.texts:
        if not all(text.pictures):
            yield f"A picture in {where} has no alternative text: ![what it shows](…)."


@_of_question(MISSING)
def code_without_language(about: Subject) -> Iterator[str]:
    """A listing, or the program whose output is asked for, has no language and so no colours."""
    for where, text in about.texts:
        if not all(text.fences):
            yield f"A listing in {where} names no language: ```python."
    if "program" in about.rules.fields and not about.question.language.strip():
        yield "Its program names no language."


@_of_question(MISSING)
def dead_link(about: Subject) -> Iterator[str]:
    """A link, or where to read again, leads to a page of this site that readers do not find."""
    if about.known is None:
        return
    for where, text in about.texts:
        for href in dict.fromkeys(text.links):
            if problem := about.known.problem(href):
                yield f"The link to {href[:120]} in {where} leads nowhere: {problem}."
    question = about.question
    if question.article_id and (problem := about.known.problem_of_reading(question.article_id, question.anchor)):
        yield f"Where to read again leads nowhere: {problem}."


# --- the questions of a quiz together ---


def _singles(subjects) -> list[Subject]:
    return [about for about in subjects if _takes_one_of_many(about) and len(about.right) == 1 and about.wrong]


@_of_quiz(GIVEAWAY)
def longest_choice_pattern(subjects: list[Subject]) -> Iterator[str]:
    """The right choice is the longest in more than half of at least five single choices."""
    singles = _singles(subjects)
    longest = [about for about in singles if about.lengths[about.right[0]] > max(about.lengths[i] for i in about.wrong)]
    if len(singles) >= PATTERN and len(longest) * 2 > len(singles):
        yield f"In {len(longest)} of {len(singles)} single choices the longest choice is the right one."


@_of_quiz(GIVEAWAY)
def key_position(subjects: list[Subject]) -> Iterator[str]:
    """The right choice stands in one place in more than half of at least five single choices where it stays there."""
    fixed = [about for about in _singles(subjects) if _stays(about)]
    if len(fixed) < PATTERN:
        return
    place, times = Counter(about.right[0] + 1 for about in fixed).most_common(1)[0]
    if times * 2 > len(fixed):
        yield f"In {times} of {len(fixed)} single choices that are not shuffled, choice {place} is the right one."


def _stays(about: Subject) -> bool:
    return not about.question.shuffle or about.choices[about.right[0]].is_pinned
