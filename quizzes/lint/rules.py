"""The rules: functions that yield a sentence for each problem they find."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..kinds.cloze.rules import BLANK
from .texts import Subject

GIVEAWAY, MISSING, UNCLEAR = "giveaway", "missing", "unclear"
SEVERITIES = {
    GIVEAWAY: gettext_lazy("giveaway"),
    MISSING: gettext_lazy("missing"),
    UNCLEAR: gettext_lazy("unclear"),
}

# A right choice this many times as long as each wrong one gives itself away, unless all are short (in characters).
MUCH_LONGER, LONG_ENOUGH = 1.3, 20
# A wrong choice shorter than this share of the median length is easy to rule out.
MUCH_SHORTER = 1 / 3
# With fewer questions, what more than half of them have in common is chance.
PATTERN = 5
FEW_CHOICES = 3
# Shorter answers occur in every text.
TELLING = 3


class Rule(NamedTuple):
    name: str
    severity: str
    check: Callable[..., Iterator[str]]


@dataclass(frozen=True)
class Finding:
    """`question` is the id and `title` the name of a question; None and "" if it is about the whole quiz."""

    rule: str
    severity: str
    sentence: str
    question: int | None = None
    title: str = ""

    @property
    def severity_name(self) -> str:
        return SEVERITIES[self.severity]


QUESTION_RULES: list[Rule] = []
QUIZ_RULES: list[Rule] = []


def _rule(rules: list[Rule], severity: str):
    """Add the decorated function to `rules`; its name with hyphens is the rule's."""

    def add(check):
        rules.append(Rule(check.__name__.replace("_", "-"), severity, check))
        return check

    return add


# --- giveaways of one question ---


@_rule(QUESTION_RULES, GIVEAWAY)
def longest_choice(subject: Subject) -> Iterator[str]:
    """Each right choice is at least 1.3 times as long as every wrong one, and longer than 20 characters."""
    if not subject.rules.has_distractors or not subject.right or not subject.wrong:
        return
    shortest_right = min(subject.lengths[index] for index in subject.right)
    longest_wrong = max(subject.lengths[index] for index in subject.wrong)
    if shortest_right > LONG_ENOUGH and shortest_right >= MUCH_LONGER * longest_wrong:
        yield _("The right choice is much longer than the wrong ones. Shorten it, or lengthen the others.")


@_rule(QUESTION_RULES, GIVEAWAY)
def short_distractor(subject: Subject) -> Iterator[str]:
    """A wrong choice is shorter than a third of the median length, which is over 20 characters."""
    if not subject.rules.has_distractors or len(subject.choices) < FEW_CHOICES:
        return
    usual = median(subject.lengths)
    if usual <= LONG_ENOUGH:
        return
    for index in subject.wrong:
        if subject.lengths[index] < usual * MUCH_SHORTER and not _ABOVE.search(subject.parsed_choices[index].plain):
            words = _("Choice %(number)s is wrong and much shorter than the others, so it is easy to rule out.")
            yield words % {"number": index + 1}


def _is_single_choice(subject: Subject) -> bool:
    return subject.rules.has_distractors and not subject.rules.takes_several


@_rule(QUESTION_RULES, GIVEAWAY)
def few_choices(subject: Subject) -> Iterator[str]:
    """A single choice question has fewer than three choices."""
    if _is_single_choice(subject) and len(subject.choices) < FEW_CHOICES:
        yield _("With two choices half of all guesses are right. Add a third, or make it a true or false question.")


@_rule(QUESTION_RULES, GIVEAWAY)
def answer_in_stem(subject: Subject) -> Iterator[str]:
    """The text contains the answer to a blank as a whole word."""
    if not subject.rules.has_blanks:
        return
    flags = re.I if str(subject.question.matching) == "plain" else 0
    stem, reported = BLANK.sub(" ", subject.question.stem), set()
    for choice in subject.choices:
        text = choice.text.strip()
        if len(text) < TELLING or (choice.blank, text) in reported or choice.weight < 100:
            continue
        if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", stem, flags):
            reported.add((choice.blank, text))
            words = _("The question text contains “%(text)s”, the answer to blank [[%(blank)s]].")
            yield words % {"text": text[:60], "blank": choice.blank}


# --- what is unclear ---


_ABOVE = re.compile(
    r"\b(?:all|none|both|neither|any|either) of (?:the )?(?:above|these|those|others?)\b"
    r"|\b(?:all|none) the above\b|\b(?:both|neither) [a-e] (?:and|nor) [a-e]\b",
    re.I,
)


@_rule(QUESTION_RULES, UNCLEAR)
def all_of_the_above(subject: Subject) -> Iterator[str]:
    """A choice refers to those above it, but is shuffled."""
    if not subject.rules.has_distractors or not subject.question.shuffle:
        return
    for number, (choice, text) in enumerate(zip(subject.choices, subject.parsed_choices, strict=True), 1):
        if not choice.is_pinned and (match := _ABOVE.search(text.plain)):
            words = _("Choice %(number)s says “%(words)s”, but choices are shuffled. Pin it, or reword it.")
            yield words % {"number": number, "words": match[0]}


@_rule(QUESTION_RULES, UNCLEAR)
def duplicate_choices(subject: Subject) -> Iterator[str]:
    """Two choices differ only in capitals, spacing or Markdown. In code, capitals count."""
    if not subject.rules.choices_differ:
        return
    groups = defaultdict(list)
    for number, text in enumerate(subject.parsed_choices, 1):
        if words := " ".join(text.plain.split()):
            groups[words.casefold()].append((number, words, text))
    for group in groups.values():
        for (first, words, text), (second, other_words, other_text) in pairwise(group):
            if words == other_words or not (text.code and other_text.code):
                yield _("Choices %(first)s and %(second)s have the same text.") % {"first": first, "second": second}


_NEGATIVE = re.compile(r"\b(not|except|never)\b")


@_rule(QUESTION_RULES, UNCLEAR)
def negative_stem(subject: Subject) -> Iterator[str]:
    """The question depends on "not", "except" or "never", which is neither emphasised nor in capitals."""
    if not subject.rules.is_ticked:
        return
    start = 0
    for sentence in _sentences(subject.stem.prose):
        start = subject.stem.prose.index(sentence, start)
        for match in _NEGATIVE.finditer(sentence):
            word, at = match[0], start + match.start()
            if subject.stem.emphasised[at : at + len(word)] != word:
                words = _("The question depends on “%(word)s”. Write **%(word)s**, or ask a positive question.")
                yield words % {"word": word}
                return


def _sentences(prose: str) -> list[str]:
    """The sentences that ask something, or all of them if none does."""
    sentences = [sentence for sentence in re.split(r"(?<=[.?!:…])\s+", prose) if sentence]
    return [sentence for sentence in sentences if sentence.endswith(("?", ":", "…"))] or sentences


# --- what is missing ---


@_rule(QUESTION_RULES, MISSING)
def missing_explanation(subject: Subject) -> Iterator[str]:
    """There is no explanation."""
    if not subject.question.explanation.strip():
        yield _("Add an explanation. Without it readers see what is right, but not why.")


@_rule(QUESTION_RULES, MISSING)
def missing_feedback(subject: Subject) -> Iterator[str]:
    """Some wrong choices have feedback, others do not."""
    if not subject.rules.has_distractors:
        return
    missing = [str(index + 1) for index in subject.wrong if not subject.choices[index].feedback.strip()]
    if missing and len(missing) < len(subject.wrong):
        words = _("Some wrong choices have feedback, others have none: %(numbers)s.")
        yield words % {"numbers": ", ".join(missing)}


@_rule(QUESTION_RULES, MISSING)
def image_without_alt(subject: Subject) -> Iterator[str]:
    """An image has no alternative text."""
    for where, text in subject.texts:
        if not all(text.alt_texts):
            words = _("An image in %(where)s has no alternative text. Write ![what it shows](…).")
            yield words % {"where": where}


@_rule(QUESTION_RULES, MISSING)
def code_without_language(subject: Subject) -> Iterator[str]:
    """A code block or program has no language, so it is shown without colours."""
    for where, text in subject.texts:
        if not all(text.languages):
            words = _("A code block in %(where)s has no language. Write, for example, ```python.")
            yield words % {"where": where}
    if "program" in subject.rules.fields and not subject.question.language.strip():
        yield _("The program has no language.")


@_rule(QUESTION_RULES, MISSING)
def dead_link(subject: Subject) -> Iterator[str]:
    """A link, or the article to read again, leads to a page of this site that readers cannot open."""
    for where, text in subject.texts:
        for href in dict.fromkeys(text.links):
            if problem := subject.targets.problem(href):
                words = _("The link to %(address)s in %(where)s does not work: %(problem)s.")
                yield words % {"address": href[:120], "where": where, "problem": problem}
    question = subject.question
    if question.article_id and (problem := subject.targets.article_problem(question.article_id, question.anchor)):
        yield _("The link to the article with the answer does not work: %(problem)s.") % {"problem": problem}


# --- the questions of a quiz together ---


def _singles(subjects) -> list[Subject]:
    return [one for one in subjects if _is_single_choice(one) and len(one.right) == 1 and one.wrong]


@_rule(QUIZ_RULES, GIVEAWAY)
def longest_choice_pattern(subjects: list[Subject]) -> Iterator[str]:
    """The right choice is the longest in more than half of at least five single choice questions."""
    singles = _singles(subjects)
    count = sum(one.lengths[one.right[0]] > max(one.lengths[index] for index in one.wrong) for one in singles)
    if len(singles) >= PATTERN and count * 2 > len(singles):
        words = _("In %(count)s of %(all)s single choice questions the longest choice is right.")
        yield words % {"count": count, "all": len(singles)}


@_rule(QUIZ_RULES, GIVEAWAY)
def key_position(subjects: list[Subject]) -> Iterator[str]:
    """The right choice has the same number in more than half of at least five single choice questions where it is not
    shuffled."""
    indexes = [
        one.right[0] for one in _singles(subjects) if not one.question.shuffle or one.choices[one.right[0]].is_pinned
    ]
    if len(indexes) < PATTERN:
        return
    index, count = Counter(indexes).most_common(1)[0]
    if count * 2 > len(indexes):
        words = _("In %(count)s of %(all)s single choice questions without shuffling, choice %(number)s is right.")
        yield words % {"count": count, "all": len(indexes), "number": index + 1}
