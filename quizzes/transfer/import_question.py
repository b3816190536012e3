"""One question between a file and the bank: what is written when it comes in, and what it is when it goes out."""

import html
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from hashlib import sha256
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import Exists, OuterRef

from articles.models import Article, Image

from ..editing import validation
from ..formats.items import Item, ItemChoice, Text, normal, one_line
from ..kinds import rules_of
from ..kinds.base import Rules
from ..kinds.grading import numbers, texts
from ..kinds.grading.choices import SINGLE
from ..models import BankCategory, Choice, Question, QuestionTag, Quiz

FIVE_PLACES = Decimal("0.00001")
# What a question, and a choice, of the bank and of a file have under one name and as the same thing.
SAME_IN_BOTH = ("kind", "name", "shuffle", "program", "language", "interpreter")
SAME_OF_CHOICES = ("pair", "blank", "tolerance", "is_pinned", "is_offered")
CHOICE_FIELDS = (*SAME_OF_CHOICES, "weight", "feedback", "position", "tolerance_kind")
PLACEHOLDER = "@@PLUGINFILE@@/"


@dataclass(frozen=True)
class Content:
    """What an item of a file asks, ready to be compared and stored; `notes` say what of it could not be kept.

    Where it is filed and by which id it is found do not belong to it.
    """

    item: Item
    article: Article | None
    anchor: str
    notes: list[str]


def content_of(item: Item, *, articles: Mapping[str, Article], undo: ExitStack) -> Content:
    """The content of an item. New pictures are stored at once; `undo` gets what takes them from the disk again.

    `articles` are those that questions may name, by slug. Raises ValidationError for too many choices and for a
    picture that cannot be stored. One query for each picture.
    """
    if len(item.choices) > validation.MOST_CHOICES:
        raise ValidationError(validation.problems_of_question(Question(), item.choices))
    article, anchor, notes = _read_again(item.read_again, articles)
    tags, more_notes = _sound_tags(item.tags)
    item = replace(
        settled(item, {name: _address_of(name, data, undo) for name, data in item.images}),
        category="",
        external_id="",
        read_again=f"{article.slug}#{anchor}" if article else "",
        tags=tags,
    )
    return Content(item, article, anchor, notes + more_notes)


def stored(question: Question) -> Item:
    """The content of a question of the bank; equal to that of an item that asks the same. No query when prefetched."""
    return replace(settled(item_of(question)), category="", external_id="")


def equals(content: Content, *, outside: Quiz) -> Iterator[Question]:
    """The questions of the bank that have this content, apart from those of a quiz, oldest first. Three queries."""
    item = content.item
    similar = Question.objects.exclude(placements__quiz=outside).filter(
        kind=item.kind,
        name=item.name,
        stem=item.stem.source,
        explanation=_source(item.explanation),
        program=item.program,
    )
    if item.choices:
        # Many questions have one text, such as "What does this print?".
        for choice in (item.choices[0], item.choices[-1]):
            same = Choice.objects.filter(question=OuterRef("pk"), text=choice.text.source, pair=choice.pair)
            similar = similar.filter(Exists(same))
    similar = similar.select_related("category", "article").prefetch_related("choices", "tags").order_by("pk")
    return (question for question in similar if stored(question) == item)


def store(question: Question, content: Content, category: BankCategory) -> Question:
    """Write the content into a new question, or over an existing one; choices whose text stays keep their rows.

    Raises ValidationError for what cannot be asked.
    """
    is_new = question.pk is None
    choices = [_choice(choice, number) for number, choice in enumerate(content.item.choices, 1)]
    _write(question, content, choices, category)
    _store_choices(question, choices, is_new)
    question.tags.set(QuestionTag.named(content.item.tags))
    return question


def settled(item: Item, addresses: Mapping[str, str] | None = None) -> Item:
    """The question as it is stored: texts as Markdown, weights to five places. Settled alike, two are the same.

    `addresses` are those of the embedded pictures, by their names.
    """
    item = normal(item)
    names = {form: address for name, address in (addresses or {}).items() for form in _written_forms(name)}
    forms = sorted(names, key=len, reverse=True)

    def markdown(text: Text | None) -> Text | None:
        if text is None:
            return None
        source = text.as_markdown()
        for form in forms:
            source = source.replace(PLACEHOLDER + form, names[form])
        return Text(source, "markdown")

    def choice(given: ItemChoice) -> ItemChoice:
        return replace(
            given,
            text=given.text if item.rules.is_typed else markdown(given.text),
            feedback=markdown(given.feedback),
            weight=given.percent.quantize(FIVE_PLACES, ROUND_HALF_EVEN),
        )

    joined = Question(hints="\n---\n".join(markdown(hint).source for hint in item.hints))
    return replace(
        item,
        stem=markdown(item.stem),
        explanation=markdown(item.explanation),
        hints=tuple(Text(hint, "markdown") for hint in joined.hint_list),
        choices=tuple(map(choice, item.choices)),
        rule="" if item.rule == SINGLE else item.rule,
        tags=tuple(sorted(set(item.tags))),
        images=(),
    )


def _written_forms(name: str) -> set[str]:
    """How texts may name a file: as it is, as part of an address, as part of an attribute."""
    return {name, quote(name), html.escape(name)}


def _address_of(name: str, data: bytes, undo: ExitStack) -> str:
    """The address of an embedded picture, which is stored unless it is there."""
    is_there = Image.objects.filter(digest=sha256(data).hexdigest()).exists()
    try:
        file = Image.take_in(ContentFile(data, name=name), alt="").file
    except ValidationError as error:
        raise ValidationError(f"“{name}”: {' '.join(error.messages)}") from error
    if not is_there:
        undo.callback(file.storage.delete, file.name)
    return file.url


def _read_again(named: str, articles: Mapping[str, Article]) -> tuple[Article | None, str, list[str]]:
    """The article and heading of "slug#heading", and what is wrong with it."""
    slug, _, anchor = one_line(named).partition("#")
    if not slug:
        return None, "", []
    article = articles.get(slug)
    if article is None:
        return None, "", [f"There is no article “{slug}” to read again."]
    known = {heading["id"] for heading in article.contents}
    notes = [f"The article “{slug}” has no heading “{anchor}”."] if anchor and anchor not in known else []
    return article, anchor, notes


def _sound_tags(names) -> tuple[tuple[str, ...], list[str]]:
    sound, notes = set(), []
    for name in filter(None, map(one_line, names)):
        try:
            QuestionTag(name=name).clean_fields()
        except ValidationError as error:
            notes.append(f"The tag “{name[:60]}” was left out. {' '.join(error.messages)}")
        else:
            sound.add(name)
    return tuple(sorted(sound)), notes


def _write(question: Question, content: Content, choices, category) -> None:
    item, rules = content.item, content.item.rules
    fields = {name: getattr(item, name) for name in SAME_IN_BOTH} | {
        "stem": item.stem.source,
        "explanation": _source(item.explanation),
        "hints": "\n---\n".join(hint.source for hint in item.hints),
        "matching": item.matching if "matching" in rules.fields else texts.PLAIN,
        "rule": "" if item.rule == rules.usual_scoring else item.rule,
        "recorded_output": item.recorded_output,
        "category": category,
        "article": content.article,
        "anchor": content.anchor,
    }
    for name, value in fields.items():
        setattr(question, name, value)
    if item.recorded_output:
        question.record(item.recorded_output, item.interpreter)
    if wrong := validation.problems_of_question(question, choices):
        raise ValidationError(wrong)
    question.full_clean()
    question.save()


def _choice(choice: ItemChoice, number: int) -> Choice:
    return Choice(
        text=choice.text.source,
        weight=choice.weight,
        feedback=_source(choice.feedback),
        tolerance_kind=choice.tolerance_kind or numbers.NOMINAL,
        position=number,
        **{name: getattr(choice, name) for name in SAME_OF_CHOICES},
    )


def _store_choices(question: Question, wanted: list[Choice], is_new: bool) -> None:
    """Keep the rows whose text stays, so that a choice keeps its identity."""
    left = [] if is_new else list(question.choices.all())
    for choice in wanted:
        same = [row for row in left if (row.text, row.pair, row.blank) == (choice.text, choice.pair, choice.blank)]
        row = same[0] if same else next((row for row in left if choice.text and row.text == choice.text), None)
        if row is None:
            row = Choice(question=question, text=choice.text)
        else:
            left.remove(row)
        if row.pk is None or any(getattr(row, name) != getattr(choice, name) for name in CHOICE_FIELDS):
            for name in CHOICE_FIELDS:
                setattr(row, name, getattr(choice, name))
            row.full_clean()
            row.save()
    for row in left:
        row.delete()


def item_of(question: Question, line: int = 0) -> Item:
    """The question as plain data, from which every format is written.

    An output that was recorded for another program is left out: a file cannot say that it is out of date. Two queries
    unless tags and article are prefetched.
    """
    rules, article = rules_of(question.kind), question.article
    is_recorded = "program" in rules.fields and not question.is_recording_stale
    return Item(
        line=line,
        stem=Text(question.stem, "markdown"),
        choices=tuple(_item_choice(choice, rules) for choice in question.choices.all()),
        explanation=_markdown(question.explanation),
        hints=tuple(map(_markdown, question.hint_list)),
        external_id=question.external_id,
        tags=tuple(sorted(tag.name for tag in question.tags.all())),
        category=question.category.path,
        matching=str(question.matching) if "matching" in rules.fields else "",
        rule=str(question.rule),
        recorded_output=question.recorded_output if is_recorded else "",
        read_again=f"{article.slug}#{question.anchor}" if article else "",
        **{name: getattr(question, name) for name in SAME_IN_BOTH},
    )


def _item_choice(choice: Choice, rules: Rules) -> ItemChoice:
    return ItemChoice(
        line=0,
        text=Text(choice.text, "plain" if rules.is_typed else "markdown"),
        weight=choice.weight.normalize() if rules.has_weights else None,
        feedback=_markdown(choice.feedback),
        tolerance_kind=str(choice.tolerance_kind) if "tolerance" in rules.columns else "",
        **{name: getattr(choice, name) for name in SAME_OF_CHOICES},
    )


def _markdown(source: str) -> Text | None:
    return Text(source, "markdown") if source else None


def _source(text: Text | None) -> str:
    return text.source if text else ""
