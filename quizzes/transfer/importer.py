"""Takes questions that were read from a file into a quiz: again and again, without making anything twice."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from articles.models import Article, Category
from publishing.text import markdown
from publishing.text.fields import TITLE_LENGTH
from publishing.text.parsing import title_of
from publishing.text.validators import sentences

from .. import formats
from ..formats.items import MAX_BYTES, Item, ItemFile, UnreadableFile
from ..models import BankCategory, Difficulty, Layout, Placement, Question, Quiz, Status
from . import differences, exporter, import_question
from .import_lookup import Known, category_path, merged
from .import_question import Content

__all__ = ["MAX_BYTES", "QuizFields", "Report", "import_file", "import_items"]

# Ten times what a quiz can hold; more would keep others from writing for too long.
MOST_QUESTIONS = 1000
TAKEN_IN = ("new", "shared", "changed", "unchanged")
TRUE, FALSE = ("true", "yes", "1"), ("false", "no", "0", "")


@dataclass(frozen=True)
class QuizFields:
    """What a file or a command says about the quiz itself, as text; None leaves what is there."""

    title: str | None = None
    slug: str | None = None
    summary: str | None = None
    difficulty: str | None = None
    status: str | None = None
    articles: tuple[str, ...] | None = None
    category: str | None = None
    draw_count: str | None = None
    shuffle_questions: str | None = None
    time_limit: str | None = None
    layout: str | None = None
    always: str | None = None

    @classmethod
    def from_header(cls, header: dict[str, str]) -> "QuizFields":
        articles = header.get("articles")
        slugs = tuple(slug.strip() for slug in articles.split(",") if slug.strip()) if articles is not None else None
        names = [name for name in cls.__dataclass_fields__ if name != "articles"]
        return cls(articles=slugs, **{name: header.get(name) or None for name in names})

    def overridden_by(self, other: "QuizFields") -> "QuizFields":
        return replace(self, **{name: value for name, value in vars(other).items() if value is not None})

    def values(self) -> dict:
        """The fields of a quiz that are given, as what they are. Raises ValidationError with a sentence for each."""
        found, wrong = {}, []
        for name, known in (("difficulty", Difficulty), ("layout", Layout)):
            if (value := getattr(self, name)) and value not in known.values:
                wrong.append(f"The {name} is “{value}”; it can be {', '.join(known.values)}.")
        if self.status and self.status not in Status.values:
            wrong.append(f"The status is “{self.status}”; it can be {', '.join(Status.values)}.")
        for name in ("title", "summary", "difficulty", "layout"):
            if getattr(self, name) is not None:
                found[name] = getattr(self, name)
        for name in ("draw_count", "time_limit"):
            if (value := getattr(self, name)) is not None:
                number = int(value) if value.isascii() and value.isdigit() and len(value) < 6 else None
                wrong += [] if number else [f"{name.capitalize()} is “{value}”, which is no whole number from 1 on."]
                found[name] = number
        if self.shuffle_questions is not None:
            said = self.shuffle_questions.lower()
            wrong += [] if said in TRUE + FALSE else [f"Shuffle_questions is “{said}”; it can be true or false."]
            found["shuffle_questions"] = said in TRUE
        if wrong:
            raise ValidationError(wrong)
        return found


@dataclass(frozen=True)
class Row:
    """What became of one question: new, shared, changed, unchanged, skipped or wrong, and why.

    What came in has an item. `changes` are the lines of the old text and of the new one; see `differences.between`.
    """

    line: int
    outcome: str
    name: str = ""
    reason: str = ""
    item: Item | None = None
    changes: tuple[tuple[str, str], ...] = ()

    @property
    def stem_html(self) -> str:
        return markdown.render_fragment(self.item.stem.as_markdown())


@dataclass
class Report:
    """What became of every question, in the order of the file; `notes` concern the whole quiz.

    Nothing `is_stored` in a dry run, and when no question could be taken in. `is_new` is the quiz.
    """

    quiz: Quiz | None = None
    is_new: bool = False
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_stored: bool = False

    def having(self, outcome: str) -> list[Row]:
        return [row for row in self.rows if row.outcome == outcome]

    @property
    def has_imported(self) -> bool:
        return any(row.outcome in TAKEN_IN for row in self.rows)

    @property
    def counts(self) -> str:
        left_out = [("skipped", "of another kind"), ("wrong", "wrong")]
        taken_in = ", ".join(f"{len(self.having(outcome))} {outcome}" for outcome in TAKEN_IN)
        why = ", ".join(f"{len(self.having(outcome))} {words}" for outcome, words in left_out if self.having(outcome))
        return f"Questions: {taken_in}{f'; left out: {why}' if why else ''}."

    @property
    def digest(self) -> str:
        """Tells whether another import did the same."""
        rows = [(row.line, row.outcome, row.name, row.reason, row.changes) for row in self.rows]
        return sha256(repr((rows, self.notes)).encode()).hexdigest()


def import_file(
    data: bytes, name: str, fields_of: Callable[[QuizFields], QuizFields], *, dry_run: bool = False, by=None
) -> Report:
    """Read a file in any of the formats and store its questions; `fields_of` gets what the file says about the quiz.

    Without a title there the quiz is called as the file is. Raises ValidationError for a file that cannot be read, and
    as `import_items` does.
    """
    try:
        file = formats.read(data, name)
    except UnreadableFile as error:
        raise ValidationError(str(error)) from error
    fields = fields_of(QuizFields.from_header(file.header))
    title = title_of(Path(name).stem)[:TITLE_LENGTH] or "Imported"
    return import_items(file, fields, default_title=title, dry_run=dry_run, by=by)


def import_items(file: ItemFile, fields: QuizFields, *, default_title: str, dry_run: bool = False, by=None) -> Report:
    """Store the questions of a file in the quiz that `fields.slug` names, which is made when there is none.

    Without a slug it comes from the title, and without a title from `default_title`; a quiz that exists keeps its own.
    How a question is found again says `matching_up.Known`. No question of another quiz changes: one with the same
    content is shared, and one that changes here and stands in another quiz becomes a new question of this quiz.
    Questions of the quiz that the file does not have are left alone, and new ones come after the one that they follow
    in the file. With status "published" the quiz is published, or stays a draft with a note that says why.

    All or nothing is stored for each question; an error in one keeps no other out. Nothing is stored, and no picture
    stays on the disk, in a dry run, when no question could be taken in, and when the import breaks off. Raises
    ValidationError when the quiz's own fields are wrong, and for more than 1,000 questions. About twenty queries, two
    for each question and about ten more for each that is new, shared or changed.
    """
    report = Report(rows=[Row(problem.line, "wrong", reason=problem.message) for problem in file.problems])
    report.rows += [
        Row(found.line, "skipped", reason=f"a kind that quizzes do not have: {found.kind}") for found in file.skipped
    ]
    report.notes = [f"Line {note.line}: {note.message}" for note in file.notes]
    if len(file.items) > MOST_QUESTIONS:
        raise ValidationError(f"The file holds {len(file.items)} questions; {MOST_QUESTIONS} is the most.")
    if not file.items:
        return report
    with ExitStack() as undo:
        with transaction.atomic():
            report.quiz = quiz = _quiz(fields, default_title, report)
            placed = _take_in(quiz, file.items, report, undo)
            _set_always(fields.always, file, placed)
            _set_status(quiz, fields.status, by, report)
            report.is_stored = report.has_imported and not dry_run
            transaction.set_rollback(not report.is_stored)
        if report.is_stored:
            undo.pop_all()
    report.rows.sort(key=lambda row: row.line)
    return report


def _quiz(fields: QuizFields, default_title: str, report: Report) -> Quiz:
    values = fields.values()
    slug = fields.slug or slugify(fields.title or default_title)
    quiz = Quiz.objects.filter(slug=slug).first() or Quiz(slug=slug, title=default_title)
    if fields.category:
        found = Category.objects.filter(slug=fields.category).first()
        values |= {"category": found} if found else {}
        report.notes += [] if found else [f"There is no category “{fields.category}” for the quiz."]
    changed = {name: value for name, value in values.items() if value != getattr(quiz, name)}
    for name, value in changed.items():
        if quiz.pk:
            label = quiz._meta.get_field(name).verbose_name
            report.notes.append(f"The quiz's {label} changes from “{_said(getattr(quiz, name))}” to “{_said(value)}”.")
        setattr(quiz, name, value)
    quiz.full_clean()
    report.is_new = quiz.pk is None
    if changed or report.is_new:
        quiz.save()
    if fields.articles is not None:
        _link(quiz, fields.articles, report)
    return quiz


def _said(value) -> str:
    return {None: "none", "": "none", True: "yes", False: "no"}.get(value) or str(value)


def _link(quiz: Quiz, slugs: tuple[str, ...], report: Report) -> None:
    articles = {article.slug: article for article in Article.objects.filter(slug__in=slugs).only("slug")}
    report.notes += [
        f"There is no article “{slug}”; the quiz is not linked to it." for slug in slugs if slug not in articles
    ]
    if {article.pk for article in articles.values()} != set(quiz.articles.values_list("pk", flat=True)):
        quiz.link_to(articles.values())
        report.notes += [] if report.is_new else ["The quiz is linked to other articles now."]


def _take_in(quiz: Quiz, items: list[Item], report: Report, undo: ExitStack) -> list[tuple[int, Placement]]:
    """Store the items; returns (index, placement) of those that were stored."""
    placements = exporter.placements_of(quiz)
    known = Known(quiz, [placement.question for placement in placements], items)
    by_question = {placement.question_id: placement for placement in placements}
    slugs = {item.read_again.partition("#")[0].strip() for item in items} - {""}
    articles = {article.slug: article for article in Article.objects.filter(slug__in=slugs).only("slug", "contents")}
    placed = []
    for index, item in enumerate(items):
        key, first = known.taken(item)
        if first:
            report.rows.append(Row(item.line, "wrong", item.name, f"The same question stands on line {first} already."))
            continue
        try:
            with ExitStack() as files, transaction.atomic():
                content = import_question.content_of(item, articles=articles, undo=files)
                row, placement, notes = _placed(quiz, known, item, key, content, by_question)
                undo.push(files.pop_all())
        except ValidationError as error:
            report.rows.append(Row(item.line, "wrong", item.name, " ".join(sentences(error))))
            continue
        report.rows.append(row)
        report.notes += [f"Line {item.line}: {note}" for note in (*notes, *content.notes)]
        placed.append((index, placement))
    _put_in_order(placements, [placement for _, placement in placed], report)
    if left := known.left():
        names = ", ".join(f"“{question}”" for question in left)
        report.notes.append(f"In the quiz but not in this file, left alone: {names}.")
    return placed


def _placed(
    quiz: Quiz, known: Known, item: Item, key: str, content: Content, by_question: dict[int, Placement]
) -> tuple[Row, Placement, list[str]]:
    """Store one question: what became of it, its place in the quiz, and what is wrong with its category."""
    item, path, notes = _filed(quiz, known, item)
    found = known.question(item, key, path, content)
    if found is None:
        if shared := known.elsewhere(item, content):
            names = _names_of_quizzes(shared, quiz)
            reason = f"Shared with {names}." if names else "Taken from the question bank."
            return Row(item.line, "shared", str(shared), reason, item), quiz.place(shared), notes
        question = Question(external_id=known.free_id(key, path))
        import_question.store(question, content, BankCategory.named(path))
        return Row(item.line, "new", str(question), "", item), quiz.place(question), notes

    placement, path = by_question[found.pk], path if item.category else found.category.path
    before = replace(import_question.stored(found), category=found.category.path)
    after = replace(content.item, category=path)
    others = "" if before == after else _names_of_quizzes(found, quiz)
    if before == after or (others and before == replace(after, category=before.category)):
        reason = f"It stays in the folder “{before.category}”, because {others} has it too." if others else ""
        return Row(item.line, "unchanged", str(found), reason, item), placement, notes
    changes = tuple(differences.between(before, after))
    if not others:
        import_question.store(found, content, BankCategory.named(path))
        return Row(item.line, "changed", str(found), "", item, changes), placement, notes
    placement.question = import_question.store(
        Question(external_id=known.free_id(key, path)), content, BankCategory.named(path)
    )
    placement.save()
    reason = f"It takes the place of one that stays as it is for {others}."
    return Row(item.line, "new", str(placement.question), reason, item, changes), placement, notes


def _filed(quiz: Quiz, known: Known, item: Item) -> tuple[Item, str, list[str]]:
    """The item, the path of its category, and what is wrong with one that the file names. The item loses that one."""
    path = known.path(item)
    try:
        BankCategory(path=path).clean_fields()
    except ValidationError as error:
        path = category_path("", quiz)
        notes = [f"Filed under “{path}”: its own category cannot be one. {' '.join(error.messages)}"]
        return replace(item, category=""), path, notes
    return item, path, []


def _names_of_quizzes(question: Question, quiz: Quiz) -> str:
    """The other quizzes that have the question. One query."""
    titles = question.quizzes.exclude(pk=quiz.pk).order_by("title").values_list("title", flat=True)
    return ", ".join(f"“{title}”" for title in titles)


def _put_in_order(before: list[Placement], wanted: list[Placement], report: Report) -> None:
    """Number the places anew if the file has another order. The rows are told apart by their keys."""
    there = {placement.pk: placement for placement in (*before, *wanted)}
    current = [placement.pk for placement in before]
    order = merged(current, list(dict.fromkeys(placement.pk for placement in wanted)))
    if order == list(there):
        return
    if [pk for pk in order if pk in current] != current:
        report.notes.append("The questions stand in another order now.")
    for position, pk in enumerate(order, 1):
        there[pk].position = position
    Placement.objects.bulk_update(there.values(), ["position"])


def _set_always(numbers: str | None, file: ItemFile, placed: list[tuple[int, Placement]]) -> None:
    """Which questions stand on every paper, by their numbers in the file ("1, 3"), in which bad ones count, too."""
    if numbers is None:
        return
    wanted = {number.strip() for number in numbers.split(",")}
    other_lines = [other.line for other in (*file.problems, *file.skipped)]
    for index, placement in placed:
        number = index + 1 + sum(line < file.items[index].line for line in other_lines)
        if placement.is_always != (str(number) in wanted):
            placement.is_always = not placement.is_always
            placement.save()


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
        report.notes.append("The quiz is archived.")
    elif status == Status.DRAFT and quiz.status != Status.DRAFT:
        quiz.withdraw(by=by)
        report.notes.append("The quiz is a draft again.")
