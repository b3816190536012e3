"""Import the questions of a file into a quiz. Importing the same file again changes nothing."""

import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from articles.models import Article, Category
from publishing.text import languages, markdown
from publishing.text.fields import TITLE_LENGTH
from publishing.text.parsing import title_of
from publishing.text.slugs import slug_of
from publishing.text.validators import sentences

from .. import formats
from ..formats.items import MAX_BYTES, Item, ItemFile, UnreadableFile
from ..kinds.words import translated
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
OUTCOMES = {
    "new": pgettext_lazy("question", "new"),
    "shared": pgettext_lazy("question", "shared"),
    "changed": pgettext_lazy("question", "changed"),
    "unchanged": pgettext_lazy("question", "unchanged"),
    "skipped": pgettext_lazy("question", "skipped"),
    "error": pgettext_lazy("question", "error"),
}
NOW = {
    Status.DRAFT: gettext_lazy("The quiz is now a draft."),
    Status.REVIEW: gettext_lazy("The quiz is now in review."),
    Status.ARCHIVED: gettext_lazy("The quiz is now archived."),
}
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
    def outcome_words(self) -> str:
        return OUTCOMES[self.outcome]

    @property
    def kind(self) -> str:
        return translated(self.item.rules.label) if self.item else ""

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
        counts = {outcome: outcomes.count(outcome) for outcome in IMPORTED}
        counts["left_out"] = len(outcomes) - sum(counts.values())
        words = _(
            "Questions: %(new)s new, %(shared)s shared, %(changed)s changed, %(unchanged)s unchanged, "
            "%(left_out)s left out."
        )
        return words % counts

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
        raise ValidationError(translated(error.args[0])) from error
    fields = {key: value for key, value in file.header.items() if value or key == "articles"}
    title = title_of(Path(name).stem)[:TITLE_LENGTH] or _imported()
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
    report = ImportReport(
        rows=[Row(problem.line, "error", reason=translated(problem.message)) for problem in file.problems]
    )
    report.rows += [
        Row(skipped.line, "skipped", reason=_("This kind of question is not supported: %(kind)s.") % skipped._asdict())
        for skipped in file.skipped
    ]
    report.notes = [_on_line(note.line, translated(note.message)) for note in file.notes]
    if len(file.items) > MOST_QUESTIONS:
        counts = {"count": len(file.items), "most": MOST_QUESTIONS}
        raise ValidationError(_("The file has %(count)s questions. The limit is %(most)s."), params=counts)
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


def _imported() -> str:
    """The title of a quiz whose file tells none, for readers."""
    with languages.of_the_site():
        # Translators: for readers.
        return pgettext("title of a quiz", "Imported")


def _on_line(line: int, note: str) -> str:
    return _("Line %(line)s: %(note)s") % {"line": line, "note": note}


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
            allowed[name] = _("a whole number from 1")
    if "shuffle_questions" in fields:
        values["shuffle_questions"] = BOOLEANS.get(fields["shuffle_questions"].lower())
        if values["shuffle_questions"] is None:
            allowed["shuffle_questions"] = "true or false"
    if allowed:
        message = _("%(field)s cannot be “%(value)s”. Use: %(allowed)s.")
        said = [{"field": name, "value": fields[name], "allowed": words} for name, words in allowed.items()]
        raise ValidationError([ValidationError(message, params=params) for params in said])
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
            report.notes.append(_("There is no category “%(category)s” for the quiz.") % fields)
    changed = {name: value for name, value in values.items() if value != getattr(quiz, name)}
    for name, value in changed.items():
        if not report.is_new:
            said = {"field": quiz._meta.get_field(name).verbose_name}
            said |= {"before": _as_text(getattr(quiz, name)), "after": _as_text(value)}
            report.notes.append(_("The %(field)s of the quiz changes from “%(before)s” to “%(after)s”.") % said)
        setattr(quiz, name, value)
    quiz.full_clean()
    if changed or report.is_new:
        quiz.save()
    if "articles" in fields:
        _link(quiz, [slug for slug in map(str.strip, fields["articles"].split(",")) if slug], report)
    return quiz


def _as_text(value) -> str:
    none = pgettext("value", "none")
    return {None: none, "": none, True: _("yes"), False: _("no")}.get(value) or str(value)


def _link(quiz: Quiz, slugs: list[str], report: ImportReport) -> None:
    articles = {article.slug: article for article in Article.objects.filter(slug__in=slugs).only("slug")}
    report.notes += [
        _("There is no article “%(slug)s”, so the quiz is not linked to it.") % {"slug": slug}
        for slug in slugs
        if slug not in articles
    ]
    if {article.pk for article in articles.values()} != set(quiz.articles.values_list("pk", flat=True)):
        quiz.link_to(articles.values())
        if not report.is_new:
            report.notes.append(_("The linked articles of the quiz change."))


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
            reason = _("The same question is on line %(line)s.") % {"line": first_line}
            report.rows.append(Row(item.line, "error", item.name, reason))
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
        report.notes += [_on_line(item.line, note) for note in content.notes]
        imported.append((index, placement))
    _reorder(before, [placement for _index, placement in imported], report)
    if others := lookup.not_in_file():
        report.notes.append(
            _("Not in this file, but still in the quiz: %(questions)s.") % {"questions": _quoted(others)}
        )
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
            shared = _("Shared with %(quizzes)s.") % {"quizzes": others}
            reason = shared if others else _("Already in the question bank.")
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
        said = {"category": old_path, "quizzes": others}
        reason = _("Stays in the category “%(category)s”: %(quizzes)s has it too.") % said
        return row("unchanged", question, reason), placement
    changes, category = tuple(differences.between(before, after)), BankCategory.named(after.category)
    if not others:
        import_question.store(question, content, category)
        return row("changed", question, changes=changes), placement
    placement.question = Question(external_id=lookup.free_id(key, after.category))
    import_question.store(placement.question, content, category)
    placement.save()
    reason = _("Replaces a question that stays unchanged in %(quizzes)s.") % {"quizzes": others}
    return row("new", placement.question, reason, changes), placement


def _with_valid_category(quiz: Quiz, lookup: QuestionLookup, item: Item, notes: list[str]) -> tuple[Item, str]:
    """The item and the path of its category. An invalid category is removed, with a note."""
    path = lookup.path(item)
    try:
        BankCategory(path=path).clean_fields()
    except ValidationError as error:
        path = category_path("", quiz)
        said = {"category": path, "problem": " ".join(error.messages)}
        notes.insert(0, _("Filed under “%(category)s”, because its category is not valid. %(problem)s") % said)
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
        report.notes.append(_("The order of the questions changes."))
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
            report.notes += [_("Not published:"), *sentences(error)]
        else:
            words = _("Published edition %(number)s.") if number != before else _("Edition %(number)s is up to date.")
            report.notes.append(words % {"number": number})
    elif status and status != quiz.status and not {status, quiz.status} <= {Status.DRAFT, Status.REVIEW}:
        change = quiz.archive if status == Status.ARCHIVED else quiz.withdraw
        change(by=by)
        report.notes.append(str(NOW[status]))
