"""Takes questions that were read from a file into a quiz: again and again, without making anything twice."""

import hashlib
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from articles.models import Article

from . import editions
from .formats.items import Item, ItemFile
from .models import Choice, Difficulty, Question, Quiz, Status

FIVE_PLACES = Decimal("0.00001")
CHOICE_FIELDS = ["weight", "feedback", "position"]


@dataclass(frozen=True)
class QuizFields:
    """What a file or a command says about the quiz itself; None leaves what is there."""

    title: str | None = None
    slug: str | None = None
    summary: str | None = None
    difficulty: str | None = None
    status: str | None = None
    articles: tuple[str, ...] | None = None

    @classmethod
    def from_header(cls, header: dict[str, str]) -> "QuizFields":
        articles = header.get("articles")
        slugs = tuple(slug.strip() for slug in articles.split(",") if slug.strip()) if articles is not None else None
        names = ("title", "slug", "summary", "difficulty", "status")
        return cls(articles=slugs, **{name: header.get(name) or None for name in names})

    def overridden_by(self, other: "QuizFields") -> "QuizFields":
        return replace(self, **{name: value for name, value in vars(other).items() if value is not None})


@dataclass
class Report:
    """What became of every question. `skipped` and `wrong` are (line, reason) pairs; `notes` concern the whole quiz."""

    quiz: Quiz | None = None
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: list[tuple[int, str]] = field(default_factory=list)
    wrong: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def counts(self) -> str:
        reasons = [
            f"{number} {reason}"
            for number, reason in [
                (self.unchanged, "unchanged"),
                (len(self.skipped), "not supported yet"),
                (len(self.wrong), "wrong"),
            ]
            if number
        ]
        skipped = self.unchanged + len(self.skipped) + len(self.wrong)
        why = f" ({', '.join(reasons)})" if reasons else ""
        return f"Questions: {self.created} created, {self.updated} updated, {skipped} skipped{why}."


def import_gift(parsed: ItemFile, fields: QuizFields, *, default_title: str, by=None) -> Report:
    """Store the questions of a file in the quiz that `fields.slug` names, which is made when there is none.

    Without a slug it comes from the title, and without a title from `default_title`; a quiz that exists keeps its own.

    A question is found again by its `[id:]`, else by its name, else by its text. Questions of the quiz that the file
    does not have are left alone. With status "published" the quiz is published, or stays a draft with a note that says
    why. All or nothing is stored for each question; an error in one keeps no other out. Raises ValidationError when
    the quiz's own fields are wrong. About ten queries, and three for each question that changes.
    """
    report = Report(wrong=[(error.line, error.message) for error in parsed.problems])
    report.skipped = [(found.line, f"not supported yet: {found.kind}") for found in parsed.skipped]
    with transaction.atomic():
        report.quiz = quiz = _quiz(fields, default_title, report)
        _take_in(quiz, parsed.items, report)
        _set_status(quiz, fields.status, by, report)
    report.wrong.sort()
    return report


def _quiz(fields: QuizFields, default_title: str, report: Report) -> Quiz:
    if fields.difficulty and fields.difficulty not in Difficulty.values:
        raise ValidationError(f"The difficulty is “{fields.difficulty}”; it can be {', '.join(Difficulty.values)}.")
    if fields.status and fields.status not in Status.values:
        raise ValidationError(f"The status is “{fields.status}”; it can be {', '.join(Status.values)}.")
    slug = fields.slug or slugify(fields.title or default_title)
    quiz = Quiz.objects.filter(slug=slug).first() or Quiz(slug=slug, title=default_title)
    wanted = {name: getattr(fields, name) for name in ("title", "summary", "difficulty")}
    changed = {name: value for name, value in wanted.items() if value is not None and value != getattr(quiz, name)}
    for name, value in changed.items():
        setattr(quiz, name, value)
    quiz.full_clean()
    if changed or quiz.pk is None:
        quiz.save()
    if fields.articles is not None:
        _link(quiz, fields.articles, report)
    return quiz


def _link(quiz: Quiz, slugs: tuple[str, ...], report: Report) -> None:
    articles = {article.slug: article for article in Article.objects.filter(slug__in=slugs).only("slug")}
    report.notes += [
        f"There is no article “{slug}”; the quiz is not linked to it." for slug in slugs if slug not in articles
    ]
    if {article.pk for article in articles.values()} != set(quiz.articles.values_list("pk", flat=True)):
        quiz.link_to(articles.values())


def _take_in(quiz: Quiz, questions: list[Item], report: Report) -> None:
    stored = {question.external_id: question for question in quiz.questions_in_order() if question.external_id}
    seen: dict[str, int] = {}
    for position, read in enumerate(questions, 1):
        key, whole = _external_id(read, seen), _whole(read)
        if first := seen.get(key) or seen.get(whole):
            report.wrong.append((read.line, f"The same question stands on line {first} already."))
            continue
        seen[key] = seen[whole] = read.line
        question = stored.get(key) or Question(quiz=quiz, external_id=key)
        try:
            with transaction.atomic():
                outcome = _store(question, read, position)
        except ValidationError as error:
            report.wrong.append((read.line, " ".join(sentences(error))))
        else:
            setattr(report, outcome, getattr(report, outcome) + 1)
    if left := [question for key, question in stored.items() if key not in seen]:
        names = ", ".join(f"“{question}”" for question in left)
        report.notes.append(f"In the quiz but not in this file, left alone: {names}.")


def _external_id(read: Item, seen: dict[str, int]) -> str:
    """What the question is known by: as little of it as tells it from the questions before it in the file."""
    if read.external_id:
        return read.external_id
    known_by = [read.name] * bool(read.name) + [f"{read.name}\n{read.stem.source}"]
    return next((key for key in map(_digest, known_by) if key not in seen), _whole(read))


def _whole(read: Item) -> str:
    answers = [f"{choice.percent} {choice.text.source}" for choice in read.choices]
    return _digest("\n".join([read.name, read.stem.source, *answers]))


def _digest(text: str) -> str:
    return "gift:" + hashlib.sha256(text.encode()).hexdigest()[:20]


def _store(question: Question, read: Item, position: int) -> str:
    """Write what differs; returns "created", "updated" or "unchanged". Raises ValidationError."""
    weights = [choice.percent.quantize(FIVE_PLACES, ROUND_HALF_EVEN) for choice in read.choices]
    choices = [
        Choice(
            text=choice.text.as_markdown(),
            weight=weight,
            feedback=choice.feedback.as_markdown() if choice.feedback else "",
            position=number,
        )
        for number, (choice, weight) in enumerate(zip(read.choices, weights, strict=True), 1)
    ]
    if wrong := editions.problems_of_choices(read.kind, weights, [choice.text for choice in choices]):
        raise ValidationError(wrong)
    wanted = {
        "kind": read.kind,
        "name": read.name,
        "stem": read.stem.as_markdown(),
        "explanation": read.explanation.as_markdown() if read.explanation else "",
        "position": position,
    }
    is_new = question.pk is None
    is_changed = is_new or any(getattr(question, name) != value for name, value in wanted.items())
    if is_changed:
        for name, value in wanted.items():
            setattr(question, name, value)
        question.full_clean()
        question.save()
    is_changed |= _store_choices(question, choices, is_new)
    return "created" if is_new else "updated" if is_changed else "unchanged"


def _store_choices(question: Question, wanted: list[Choice], is_new: bool) -> bool:
    """Keep the rows whose text stays, so that a choice keeps its identity; returns whether anything was written."""
    left = [] if is_new else list(question.choices.all())
    is_changed = False
    for choice in wanted:
        row = next((row for row in left if row.text == choice.text), None)
        if row is None:
            row = Choice(question=question, text=choice.text)
        else:
            left.remove(row)
        if row.pk is None or any(getattr(row, name) != getattr(choice, name) for name in CHOICE_FIELDS):
            for name in CHOICE_FIELDS:
                setattr(row, name, getattr(choice, name))
            row.full_clean()
            row.save()
            is_changed = True
    for row in left:
        row.delete()
    return is_changed or bool(left)


def _set_status(quiz: Quiz, status: str | None, by, report: Report) -> None:
    if status == Status.PUBLISHED:
        before = quiz.edition_number
        try:
            edition = quiz.publish(by=by)
        except ValidationError as error:
            report.notes += ["Not published:", *sentences(error)]
        else:
            new = edition.number != before
            report.notes.append(
                f"Published as edition {edition.number}." if new else f"Edition {before} stays as it is."
            )
    elif status == Status.ARCHIVED and quiz.status != Status.ARCHIVED:
        quiz.archive(by=by)
    elif status == Status.DRAFT and quiz.status != Status.DRAFT:
        quiz.withdraw(by=by)


def sentences(error: ValidationError) -> list[str]:
    """What is wrong, one sentence each, with the name of the field where there is one."""
    if hasattr(error, "error_dict"):
        return [f"{name}: {sentence}" for name, sentences in error.message_dict.items() for sentence in sentences]
    return error.messages
