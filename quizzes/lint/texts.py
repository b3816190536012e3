"""What the Markdown of a question holds: its words, its code, its pictures and its links."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ..kinds import rules_of
from ..kinds.base import Rules
from ..kinds.cloze.rules import BLANK
from ..kinds.grading.weights import fraction_of

_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_PICTURE_TAG = re.compile(r"<img\b[^>]*>", re.I)
_ALT = re.compile(r"""\balt\s*=\s*(?:"\s*[^"\s]|'\s*[^'\s]|[^\s"'>])""", re.I)
_LINK_TAG = re.compile(r"""<a\b[^>]*?\bhref\s*=\s*["']?([^"'\s>]+)""", re.I)


@dataclass
class Parsed:
    """A piece of Markdown. `prose` is its text without code, `plain` with it; `loud` is as long as `prose`, and has
    spaces in place of everything that is not emphasised.

    `code` holds what stands in code, `fences` the language of each fenced listing, `pictures` the alternative text of
    each picture, `links` where each link leads.
    """

    prose: str = ""
    loud: str = ""
    plain: str = ""
    code: list[str] = field(default_factory=list)
    fences: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


def parsed(source: str) -> Parsed:
    """Take Markdown apart. Linear in its length."""
    found, prose, loud, plain, depth = Parsed(), [], [], [], 0
    for token in _leaves(_PARSER.parse(source)):
        depth += token.nesting if token.type.startswith(("strong_", "em_")) else 0
        match token.type:
            case "text":
                prose.append(token.content)
                loud.append(token.content if depth else " " * len(token.content))
                plain.append(token.content)
            case "code_inline" | "code_block" | "fence":
                found.code.append(token.content)
                plain.append(token.content)
                if token.type == "fence":
                    found.fences.append(" ".join(token.info.split()[:1]))
            case "image":
                found.pictures.append(token.content.strip())
            case "link_open":
                found.links.append(str(token.attrGet("href")))
            case "html_inline" | "html_block":
                found.pictures += ["x" if _ALT.search(tag) else "" for tag in _PICTURE_TAG.findall(token.content)]
                found.links += _LINK_TAG.findall(token.content)
            case "softbreak" | "hardbreak":
                for words in (prose, loud, plain):
                    words.append(" ")
    found.prose, found.loud, found.plain = ("".join(words) for words in (prose, loud, plain))
    return found


_BREAK = Token("softbreak", "", 0)


def _leaves(tokens: list[Token]) -> Iterator[Token]:
    """The tokens that hold something, with a break after each block."""
    for token in tokens:
        yield from token.children or [token]
        if token.type in ("inline", "fence", "code_block"):
            yield _BREAK


@dataclass(frozen=True)
class Subject:
    """A question with its choices, as the rules look at it. `known` says what links lead to, or is None."""

    question: object
    choices: Sequence
    known: object = None

    @property
    def rules(self) -> Rules:
        return rules_of(self.question.kind)

    @cached_property
    def stem(self) -> Parsed:
        return parsed(self.question.stem)

    @cached_property
    def parsed_choices(self) -> list[Parsed]:
        """The choices in their order; typed answers are not Markdown, and not parsed."""
        return [parsed(choice.text) if not self.rules.is_typed else Parsed() for choice in self.choices]

    @cached_property
    def right(self) -> list[int]:
        """Places of the right choices."""
        is_right = self.rules.is_right
        return [place for place, choice in enumerate(self.choices) if is_right(fraction_of(choice.weight))]

    @property
    def wrong(self) -> list[int]:
        return [place for place in range(len(self.choices)) if place not in self.right]

    @property
    def lengths(self) -> list[int]:
        """How many characters of each choice are read."""
        return [len(" ".join(choice.plain.split())) for choice in self.parsed_choices]

    @cached_property
    def texts(self) -> list[tuple[str, Parsed]]:
        """Everything that is Markdown, with the name of the place where it stands."""
        question = self.question
        named = [("its text", self.stem), ("its explanation", parsed(question.explanation))]
        named += [(f"hint {number}", parsed(hint)) for number, hint in enumerate(question.hint_list, 1)]
        named += [(f"choice {number}", choice) for number, choice in enumerate(self.parsed_choices, 1)]
        named += [
            (f"the feedback of choice {number}", parsed(choice.feedback))
            for number, choice in enumerate(self.choices, 1)
            if choice.feedback
        ]
        return named

    @property
    def stem_without_blanks(self) -> str:
        return BLANK.sub(" ", self.question.stem)
