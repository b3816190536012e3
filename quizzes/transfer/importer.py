"""Import the questions of a file into a quiz. Importing the same file again changes nothing."""

import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from articles.models import Article, Category
from publishing.text import markdown
from publishing.text.fields import TITLE_LENGTH
from publishing.text.parsing import title_of
from publishing.text.slugs import slug_of
from publishing.text.validators import sentences

from .. import formats
from ..formats.items import MAX_BYTES, Item, ItemFile, UnreadableFile
from ..models import BankCategory, Difficulty, Layout, Placement, Question, Quiz, Status
from . import differences, exporter, import_question
from .import_lookup import QuestionLookup, category_path, merged
from .import_question import Content

__all__ = ["MAX_BYTES", "Fields", "ImportReport", "import_file", "import_items"]

# What a file or a command says about the quiz, as text, by the keys in `formats.items.HEADER_KEYS`.
Fields = Mapping[str, str]

# Ten times what a quiz can have; more would lock the database for too long.
MOST_QUESTIONS = 1000
IMPORTED = ("new", "shared", "changed", "unchanged")
BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True)
class Row:
    """What happened to one question: new, shared, changed, unchanged, skipped or error, and why.

    Imported questions have an item. `changes` are lines of the old and the new text, see `differences.between`.
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
class ImportReport:
    """The rows are in the order of the file; `notes` are about the quiz. `is_new` is the quiz.

    Nothing `is_saved` in a dry run, and if no question could be imported.
    """

    quiz: Quiz | None = None
    is_new: bool = False
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_saved: bool = False

    @property
    def has_imported(self) -> bool:
        return any(row.outcome in IMPORTED for row in self.rows)

    @property
    def counts(self) -> str:
        outcomes = [row.outcome for row in self.rows]
        counts = ", ".join(f"{outcomes.count(outcome)} {outcome}" for outcome in IMPORTED)
        left_out = len(outcomes) - sum(map(outcomes.count, IMPORTED))
        return f"Questions: {counts}, {left_out} left out."

    @property
    def digest(self) -> str:
        """Equal for two imports that do the same."""
        rows = [(row.line, row.outcome, row.name, row.reason, row.changes) for row in self.rows]
        return sha256(repr((rows, self.notes)).encode()).hexdigest()


def import_file(
    data: bytes, name: str, fields_of: Callable[[Fields], Fields], *, dry_run: bool = False, by=None
) -> ImportReport:
    """Import a file in any format. `fields_of` gets the fields in the file and returns those to use.

    The default title comes from the name of the file. Raises ValidationError, as `import_items` does.
    """
    try:
        file = formats.read(data, name)
    except UnreadableFile as error:
        raise ValidationError(str(error)) from error
    fields = {key: value for key, value in file.header.items() if value or key == "articles"}
    title = title_of(Path(name).stem)[:TITLE_LENGTH] or "Imported"
    return import_items(file, fields_of(fields), default_title=title, dry_run=dry_run, by=by)


def import_items(file: ItemFile, fields: Fields, *, default_title: str, dry_run: bool = False, by=None) -> ImportReport:
    """Import the questions of a file into the quiz with the slug in `fields`, or into a new one.

    The default slug comes from the title. `QuestionLookup` finds the questions that exist. No question of another quiz
    changes: one with the same content is shared, and one that would change is replaced by a new one in this quiz only.
    Questions of the quiz that are not in the file stay, and new ones come after the question that they follow in the
    file. With status "published" the quiz is published, or stays a draft with a note that says why.

    A question with an error is left out as a whole. Nothing is saved, and no image stays in storage, in a dry run, if
    no question could be imported, and if an exception is raised: ValidationError when fields of the quiz are wrong, and
    for more than 1,000 questions. Two queries for each question, ten more for each that is not unchanged.
    """
    report = ImportReport(rows=[Row(problem.line, "error", reason=problem.message) for problem in file.problems])
    report.rows += [
        Row(skipped.line, "skipped", reason=f"This kind of question is not supported: {skipped.kind}.")
        for skipped in file.skipped
    ]
    report.notes = [f"Line {note.line}: {note.message}" for note in file.notes]
    if len(file.items) > MOST_QUESTIONS:
        raise ValidationError(f"The file has {len(file.items)} questions. The limit is {MOST_QUESTIONS}.")
    if not file.items:
        return report
    with ExitStack() as undo:
        with transaction.atomic():
            report.quiz = quiz = _save_quiz(fields, default_title, report)
            imported = _import_items(quiz, file.items, report, undo)
            _set_always(fields.get("always"), file, imported)
            _set_status(quiz, fields.get("status"), by, report)
            report.is_saved = report.has_imported and not dry_run
            transaction.set_rollback(not report.is_saved)
        if report.is_saved:
            undo.pop_all()
    report.rows.sort(key=lambda row: row.line)
    return report


def _values(fields: Fields) -> dict:
    """The fields as values of the model. Raises ValidationError with a sentence for each wrong one."""
    values = {name: fields[name] for name in ("title", "summary", "difficulty", "layout") if name in fields}
    allowed = {}
    for name, choices in (("difficulty", Difficulty), ("layout", Layout), ("status", Status)):
        if name in fields and fields[name] not in choices.values:
            allowed[name] = ", ".join(choices.values)
    for name in {"draw_count", "time_limit"} & set(fields):
        values[name] = int(fields[name]) if re.fullmatch("[0-9]{1,5}", fields[name]) else 0
        if values[name] == 0:
            allowed[name] = "a whole number from 1"
    if "shuffle_questions" in fields:
        values["shuffle_questions"] = BOOLEANS.get(fields["shuffle_questions"].lower())
        if values["shuffle_questions"] is None:
            allowed["shuffle_questions"] = "true or false"
    if allowed:
        raise ValidationError([f"{name} cannot be “{fields[name]}”. Use: {words}." for name, words in allowed.items()])
    return values


def _save_quiz(fields: Fields, default_title: str, report: ImportReport) -> Quiz:
    values = _values(fields)
    slug = fields.get("slug") or slug_of(fields.get("title") or default_title)
    quiz = Quiz.objects.filter(slug=slug).first() or Quiz(slug=slug, title=default_title)
    report.is_new = quiz.pk is None
    if "category" in fields:
        if category := Category.objects.filter(slug=fields["category"]).first():
            values["category"] = category
        else:
            report.notes.append(f"There is no category “{fields['category']}” for the quiz.")
    changed = {name: value for name, value in values.items() if value != getattr(quiz, name)}
    for name, value in changed.items():
        if not report.is_new:
            label = quiz._meta.get_field(name).verbose_name
            before, after = _as_text(getattr(quiz, name)), _as_text(value)
            report.notes.append(f"The {label} of the quiz changes from “{before}” to “{after}”.")
        setattr(quiz, name, value)
    quiz.full_clean()
    if changed or report.is_new:
        quiz.save()
    if "articles" in fields:
        _link(quiz, [slug for slug in map(str.strip, fields["articles"].split(",")) if slug], report)
    return quiz


def _as_text(value) -> str:
    return {None: "none", "": "none", True: "yes", False: "no"}.get(value) or str(value)


def _link(quiz: Quiz, slugs: list[str], report: ImportReport) -> None:
    articles = {article.slug: article for article in Article.objects.filter(slug__in=slugs).only("slug")}
    report.notes += [
        f"There is no article “{slug}”, so the quiz is not linked to it." for slug in slugs if slug not in articles
    ]
    if {article.pk for article in articles.values()} != set(quiz.articles.values_list("pk", flat=True)):
        quiz.link_to(articles.values())
        if not report.is_new:
            report.notes.append("The linked articles of the quiz change.")


def _import_items(quiz: Quiz, items: list[Item], report: ImportReport, undo: ExitStack) -> list[tuple[int, Placement]]:
    """Returns (index, placement) of the imported items."""
    before = exporter.placements_of(quiz)
    lookup = QuestionLookup(quiz, [placement.question for placement in before], items)
    placements = {placement.question_id: placement for placement in before}
    slugs = {item.read_again.partition("#")[0].strip() for item in items} - {""}
    articles = {article.slug: article for article in Article.objects.filter(slug__in=slugs).only("slug", "contents")}
    imported = []
    for index, item in enumerate(items):
        key, first_line = lookup.identify(item)
        if first_line:
            report.rows.append(Row(item.line, "error", item.name, f"The same question is on line {first_line}."))
            continue
        try:
            with ExitStack() as images, transaction.atomic():
                content = import_question.content_of(item, articles=articles, undo=images)
                row, placement = _import_item(quiz, lookup, item, key, content, placements)
                undo.push(images.pop_all())
        except ValidationError as error:
            report.rows.append(Row(item.line, "error", item.name, " ".join(sentences(error))))
            continue
        report.rows.append(row)
        report.notes += [f"Line {item.line}: {note}" for note in content.notes]
        imported.append((index, placement))
    _reorder(before, [placement for _, placement in imported], report)
    if others := lookup.not_in_file():
        report.notes.append(f"Not in this file, but still in the quiz: {_quoted(others)}.")
    return imported


def _import_item(
    quiz: Quiz, lookup: QuestionLookup, item: Item, key: str, content: Content, placements: dict[int, Placement]
) -> tuple[Row, Placement]:
    def row(outcome, question, reason="", changes=()):
        return Row(item.line, outcome, str(question), reason, item, changes)

    item, path = _with_valid_category(quiz, lookup, item, content.notes)
    question = lookup.in_quiz(item, key, path, content)
    if question is None:
        if question := lookup.in_bank(item, content):
            others = _other_quizzes(question, quiz)
            reason = f"Shared with {others}." if others else "Already in the question bank."
            return row("shared", question, reason), quiz.place(question)
        question = Question(external_id=lookup.free_id(key, path))
        import_question.store(question, content, BankCategory.named(path))
        return row("new", question), quiz.place(question)

    placement, old_path = placements[question.pk], question.category.path
    before = replace(import_question.stored_content(question), category=old_path)
    after = replace(content.item, category=path if item.category else old_path)
    if before == after:
        return row("unchanged", question), placement
    others = _other_quizzes(question, quiz)
    if others and before == replace(after, category=old_path):
        return row("unchanged", question, f"Stays in the category “{old_path}”: {others} has it too."), placement
    changes, category = tuple(differences.between(before, after)), BankCategory.named(after.category)
    if not others:
        import_question.store(question, content, category)
        return row("changed", question, changes=changes), placement
    placement.question = Question(external_id=lookup.free_id(key, after.category))
    import_question.store(placement.question, content, category)
    placement.save()
    return row("new", placement.question, f"Replaces a question that stays unchanged in {others}.", changes), placement


def _with_valid_category(quiz: Quiz, lookup: QuestionLookup, item: Item, notes: list[str]) -> tuple[Item, str]:
    """The item and the path of its category. An invalid category is removed, with a note."""
    path = lookup.path(item)
    try:
        BankCategory(path=path).clean_fields()
    except ValidationError as error:
        path = category_path("", quiz)
        notes.insert(0, f"Filed under “{path}”, because its category is not valid. {' '.join(error.messages)}")
        item = replace(item, category="")
    return item, path


def _other_quizzes(question: Question, quiz: Quiz) -> str:
    """The titles of the other quizzes with this question. One query."""
    return _quoted(question.quizzes.exclude(pk=quiz.pk).order_by("title"))


def _quoted(rows) -> str:
    return ", ".join(f"“{row}”" for row in rows)


def _reorder(before: list[Placement], imported: list[Placement], report: ImportReport) -> None:
    """Number the placements again if the file has another order."""
    placements = {placement.pk: placement for placement in (*before, *imported)}
    current = [placement.pk for placement in before]
    order = merged(current, list(dict.fromkeys(placement.pk for placement in imported)))
    if order == list(placements):
        return
    if [pk for pk in order if pk in current] != current:
        report.notes.append("The order of the questions changes.")
    for position, pk in enumerate(order, 1):
        placements[pk].position = position
    Placement.objects.bulk_update(placements.values(), ["position"])


def _set_always(numbers: str | None, file: ItemFile, imported: list[tuple[int, Placement]]) -> None:
    """Mark the questions that are on every paper. `numbers` ("1, 3") count all questions of the file."""
    if numbers is None:
        return
    wanted = {number.strip() for number in numbers.split(",")}
    other_lines = [other.line for other in (*file.problems, *file.skipped)]
    for index, placement in imported:
        number = index + 1 + sum(line < file.items[index].line for line in other_lines)
        if placement.is_always != (str(number) in wanted):
            placement.is_always = not placement.is_always
            placement.save()


def _set_status(quiz: Quiz, status: str | None, by, report: ImportReport) -> None:
    if status == Status.PUBLISHED:
        before = quiz.edition_number
        try:
            number = quiz.publish(by=by).number
        except ValidationError as error:
            report.notes += ["Not published:", *sentences(error)]
        else:
            is_new = number != before
            report.notes.append(f"Published edition {number}." if is_new else f"Edition {number} is up to date.")
    elif status and status != quiz.status and not {status, quiz.status} <= {Status.DRAFT, Status.REVIEW}:
        change = quiz.archive if status == Status.ARCHIVED else quiz.withdraw
        change(by=by)
        report.notes.append(f"The quiz is now {Status(status).label.lower()}.")
