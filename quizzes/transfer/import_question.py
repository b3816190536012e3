"""Convert questions between the items of a file and the rows of the bank."""

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
from django.utils.translation import gettext as _

from articles.models import Article, Image, picture_files

from ..editing import validation
from ..formats.items import Item, ItemChoice, Text, normal, one_line
from ..kinds import rules_of
from ..kinds.base import Rules
from ..kinds.grading import numbers, texts
from ..kinds.grading.choices import SINGLE
from ..models import BankCategory, Choice, Question, QuestionTag, Quiz

FIVE_PLACES = Decimal("0.00001")
# Fields with the same name and meaning in a file and in the bank.
QUESTION_FIELDS = ("kind", "name", "shuffle", "program", "language", "interpreter")
COMMON_CHOICE_FIELDS = ("pair", "blank", "tolerance", "is_pinned", "is_offered")
CHOICE_FIELDS = (*COMMON_CHOICE_FIELDS, "weight", "feedback", "position", "tolerance_kind")
PLACEHOLDER = "@@PLUGINFILE@@/"


@dataclass(frozen=True)
class Content:
    """The content of an item, without its category and id, ready to compare and store. `notes` say what was lost."""

    item: Item
    article: Article | None
    anchor: str
    notes: list[str]


def content_of(item: Item, *, articles: Mapping[str, Article], undo: ExitStack) -> Content:
    """The content of an item. New images are stored at once; `undo` gets the callbacks that delete their files.

    `articles` are those that items name, by slug. Raises ValidationError for too many choices and for an invalid image.
    """
    if len(item.choices) > validation.MOST_CHOICES:
        raise ValidationError(validation.problems_of_question(Question(), item.choices))
    notes: list[str] = []
    article, anchor = _article_and_anchor(item.read_again, articles, notes)
    tags = _valid_tags(item.tags, notes)
    item = replace(
        normalised(item, {name: _image_url(name, data, undo) for name, data in item.images}),
        category="",
        external_id="",
        read_again=f"{article.slug}#{anchor}" if article else "",
        tags=tags,
    )
    return Content(item, article, anchor, notes)


def stored_content(question: Question) -> Item:
    """The content of a question of the bank; equal to `Content.item` of the same question in a file."""
    return replace(normalised(item_of(question)), category="", external_id="")


def questions_with(content: Content, *, outside: Quiz) -> Iterator[Question]:
    """The questions of the bank with this content that are not in the quiz, oldest first."""
    item = content.item
    similar = Question.objects.exclude(placements__quiz=outside).filter(
        kind=item.kind,
        name=item.name,
        stem=item.stem.source,
        explanation=_source(item.explanation),
        program=item.program,
    )
    if item.choices:
        # Many questions share a text such as "What does this print?".
        for choice in (item.choices[0], item.choices[-1]):
            same = Choice.objects.filter(question=OuterRef("pk"), text=choice.text.source, pair=choice.pair)
            similar = similar.filter(Exists(same))
    similar = similar.select_related("category", "article").prefetch_related("choices", "tags").order_by("pk")
    return (question for question in similar if stored_content(question) == item)


def store(question: Question, content: Content, category: BankCategory) -> None:
    """Save the content in a new or existing question. Choices with the same text keep their rows.

    Raises ValidationError for a question that cannot be graded.
    """
    item, rules = content.item, content.item.rules
    choices = [_choice(choice, number) for number, choice in enumerate(item.choices, 1)]
    for name in QUESTION_FIELDS:
        setattr(question, name, getattr(item, name))
    question.stem, question.explanation = item.stem.source, _source(item.explanation)
    question.hints = "\n---\n".join(hint.source for hint in item.hints)
    question.matching = item.matching if "matching" in rules.fields else texts.PLAIN
    question.rule = "" if item.rule == rules.usual_scoring else item.rule
    question.recorded_output = item.recorded_output
    question.category, question.article, question.anchor = category, content.article, content.anchor
    if item.recorded_output:
        question.record(item.recorded_output, item.interpreter)
    if problems := validation.problems_of_question(question, choices):
        raise ValidationError(problems)
    question.full_clean()
    question.save()
    _save_choices(question, choices)
    question.tags.set(QuestionTag.named(item.tags))


def normalised(item: Item, image_urls: Mapping[str, str] | None = None) -> Item:
    """The item as it is stored: texts as Markdown, weights to five places. `image_urls` are by name of the image."""
    item = normal(item)
    # An image can be named as it is, as part of a URL, or as part of an attribute.
    urls = {
        PLACEHOLDER + written: url
        for name, url in (image_urls or {}).items()
        for written in (name, quote(name), html.escape(name))
    }

    def markdown(text: Text | None) -> Text | None:
        if text is None:
            return None
        source = text.as_markdown()
        for placeholder in sorted(urls, key=len, reverse=True):
            source = source.replace(placeholder, urls[placeholder])
        return Text(source, "markdown")

    choices = [
        replace(
            choice,
            text=choice.text if item.rules.is_typed else markdown(choice.text),
            feedback=markdown(choice.feedback),
            weight=choice.percent.quantize(FIVE_PLACES, ROUND_HALF_EVEN),
        )
        for choice in item.choices
    ]
    joined = Question(hints="\n---\n".join(markdown(hint).source for hint in item.hints))
    return replace(
        item,
        stem=markdown(item.stem),
        explanation=markdown(item.explanation),
        hints=tuple(Text(hint, "markdown") for hint in joined.hint_list),
        choices=tuple(choices),
        rule="" if item.rule == SINGLE else item.rule,
        tags=tuple(sorted(set(item.tags))),
        images=(),
    )


def _image_url(name: str, data: bytes, undo: ExitStack) -> str:
    """The URL of an embedded image, which is stored unless the same one is."""
    is_stored = Image.objects.filter(digest=sha256(data).hexdigest()).exists()
    try:
        image = Image.from_file(ContentFile(data, name=name), alt="")
    except ValidationError as error:
        said = {"name": name, "problem": " ".join(error.messages)}
        raise ValidationError(_("“%(name)s”: %(problem)s"), params=said) from error
    if not is_stored:
        undo.callback(picture_files.delete, [image.file.name], [image.original])
    return image.file.url


def _article_and_anchor(source: str, articles: Mapping[str, Article], notes: list[str]) -> tuple[Article | None, str]:
    """The article and heading of "slug#heading"."""
    slug, _sharp, anchor = one_line(source).partition("#")
    article = articles.get(slug)
    if article is None:
        notes += [_("There is no article “%(slug)s” to link to.") % {"slug": slug}] if slug else []
        return None, ""
    if anchor and all(anchor != heading["id"] for heading in article.contents):
        notes.append(_("The article “%(slug)s” has no heading “%(heading)s”.") % {"slug": slug, "heading": anchor})
    return article, anchor


def _valid_tags(names, notes: list[str]) -> tuple[str, ...]:
    valid = set()
    for name in filter(None, map(one_line, names)):
        try:
            QuestionTag(name=name).clean_fields()
        except ValidationError as error:
            said = {"tag": name[:60], "problem": " ".join(error.messages)}
            notes.append(_("The tag “%(tag)s” was left out. %(problem)s") % said)
        else:
            valid.add(name)
    return tuple(sorted(valid))


def _choice(choice: ItemChoice, number: int) -> Choice:
    return Choice(
        text=choice.text.source,
        weight=choice.weight,
        feedback=_source(choice.feedback),
        tolerance_kind=choice.tolerance_kind or numbers.NOMINAL,
        position=number,
        **{name: getattr(choice, name) for name in COMMON_CHOICE_FIELDS},
    )


def _save_choices(question: Question, choices: list[Choice]) -> None:
    """Save `choices` in the rows with the same text, so that answers still refer to them; delete the other rows."""
    rows = list(question.choices.all())
    for choice in choices:
        same = [row for row in rows if (row.text, row.pair, row.blank) == (choice.text, choice.pair, choice.blank)]
        same += [row for row in rows if choice.text and row.text == choice.text]
        if same:
            rows.remove(same[0])
        row = same[0] if same else Choice(question=question, text=choice.text)
        if row.pk is None or any(getattr(row, name) != getattr(choice, name) for name in CHOICE_FIELDS):
            for name in CHOICE_FIELDS:
                setattr(row, name, getattr(choice, name))
            row.full_clean()
            row.save()
    for row in rows:
        row.delete()


def item_of(question: Question) -> Item:
    """The question as plain data for every format. A recorded output that is out of date is left out."""
    rules, article = rules_of(question.kind), question.article
    is_recorded = "program" in rules.fields and not question.is_recording_stale
    return Item(
        line=0,
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
        **{name: getattr(question, name) for name in QUESTION_FIELDS},
    )


def _item_choice(choice: Choice, rules: Rules) -> ItemChoice:
    return ItemChoice(
        line=0,
        text=Text(choice.text, "plain" if rules.is_typed else "markdown"),
        weight=choice.weight.normalize() if rules.has_weights else None,
        feedback=_markdown(choice.feedback),
        tolerance_kind=str(choice.tolerance_kind) if "tolerance" in rules.columns else "",
        **{name: getattr(choice, name) for name in COMMON_CHOICE_FIELDS},
    )


def _markdown(source: str) -> Text | None:
    return Text(source, "markdown") if source else None


def _source(text: Text | None) -> str:
    return text.source if text else ""
