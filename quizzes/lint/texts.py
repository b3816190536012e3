"""The Markdown of a question taken apart: its words, code, images and links."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ..kinds import rules_of
from ..kinds.base import Rules
from ..kinds.grading.weights import fraction_of

_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_IMAGE_TAG = re.compile(r"<img\b[^>]*>", re.I)
_ALT = re.compile(r"""\balt\s*=\s*(?:"\s*[^"\s]|'\s*[^'\s]|[^\s"'>])""", re.I)
_LINK_TAG = re.compile(r"""<a\b[^>]*?\bhref\s*=\s*["']?([^"'\s>]+)""", re.I)


@dataclass
class Parsed:
    """A piece of Markdown: `prose` is its text without code, `plain` its text with code; `emphasised` is `prose` with
    spaces in place of everything that is not emphasised.

    `code` lists all code, `languages` that of each fenced code block, `alt_texts` that of each image ("" for none),
    `links` the target of each link.
    """

    prose: str = ""
    emphasised: str = ""
    plain: str = ""
    code: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    alt_texts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def add_text(self, text: str, is_emphasised: bool = False) -> None:
        self.prose += text
        self.emphasised += text if is_emphasised else " " * len(text)
        self.plain += text


def parsed(source: str) -> Parsed:
    result, depth = Parsed(), 0
    for token in _leaves(_PARSER.parse(source)):
        depth += token.nesting if token.type.startswith(("strong_", "em_")) else 0
        match token.type:
            case "text":
                result.add_text(token.content, depth > 0)
            case "softbreak" | "hardbreak":
                result.add_text(" ")
            case "code_inline" | "code_block" | "fence":
                result.code.append(token.content)
                result.plain += token.content
                if token.type == "fence":
                    result.languages.append(" ".join(token.info.split()[:1]))
            case "image":
                result.alt_texts.append(token.content.strip())
            case "link_open":
                result.links.append(str(token.attrGet("href")))
            case "html_inline" | "html_block":
                result.alt_texts += ["x" if _ALT.search(tag) else "" for tag in _IMAGE_TAG.findall(token.content)]
                result.links += _LINK_TAG.findall(token.content)
    return result


_BREAK = Token("softbreak", "", 0)


def _leaves(tokens: list[Token]) -> Iterator[Token]:
    """The inline tokens, with a break after each block."""
    for token in tokens:
        yield from token.children or [token]
        if token.type in ("inline", "fence", "code_block"):
            yield _BREAK


@dataclass
class Subject:
    """A question with its choices, as the rules see it. `targets` are the `LinkTargets`, set before rules run."""

    question: object
    choices: Sequence
    targets: object = None

    @property
    def rules(self) -> Rules:
        return rules_of(self.question.kind)

    @cached_property
    def stem(self) -> Parsed:
        return parsed(self.question.stem)

    @cached_property
    def parsed_choices(self) -> list[Parsed]:
        """The choices in order; typed answers are not Markdown, so they are empty here."""
        return [parsed(choice.text) if not self.rules.is_typed else Parsed() for choice in self.choices]

    @cached_property
    def right(self) -> list[int]:
        """Indexes of the right choices."""
        is_right = self.rules.is_right
        return [index for index, choice in enumerate(self.choices) if is_right(fraction_of(choice.weight))]

    @property
    def wrong(self) -> list[int]:
        return [index for index in range(len(self.choices)) if index not in self.right]

    @property
    def lengths(self) -> list[int]:
        """The visible characters of each choice."""
        return [len(" ".join(choice.plain.split())) for choice in self.parsed_choices]

    @cached_property
    def texts(self) -> list[tuple[str, Parsed]]:
        """(where, text) for everything that is Markdown."""
        question = self.question
        named = [(_("the question text"), self.stem), (_("the explanation"), parsed(question.explanation))]
        for number, hint in enumerate(question.hint_list, 1):
            named.append((_("hint %(number)s") % {"number": number}, parsed(hint)))
        for number, (choice, text) in enumerate(zip(self.choices, self.parsed_choices, strict=True), 1):
            named.append((_("choice %(number)s") % {"number": number}, text))
            named.append((_("the feedback of choice %(number)s") % {"number": number}, parsed(choice.feedback)))
        return named
