"""Parts of HTML that is written by machines, found in linear time."""

import re

IMAGE = re.compile(r"<img\b((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)
# Without an end, and the comment of a block that was cut.
_OPEN_COMMENT = re.compile(r"<!--(?:\s*/?wp:[^\n<]*)?")
_TAG = re.compile(r"<[^<>]*>")


def elements(html: str, name: str) -> list[str]:
    """The elements of a name with their tags; of nested ones the innermost."""
    end = f"</{name}>"
    parts = re.split(rf"(?=<{name}[\s>])", html)[1:]
    return [part[: part.index(end) + len(end)] for part in parts if end in part]


def without_elements(html: str, name: str) -> str:
    end = f"</{name}>"
    first, *parts = re.split(rf"(?=<{name}[\s>])", html)
    return first + "".join(part.partition(end)[2] if end in part else part for part in parts)


def without_tags(html: str, names: str) -> str:
    """Without the start and end tags of the names, which "|" separates."""
    return re.sub(rf"</?(?:{names})\b[^<>]*>", "", html)


def inner(element: str) -> str:
    """What is between the tags of one element."""
    return element[element.index(">") + 1 : element.rindex("<")]


def text_of(html: str) -> str:
    return _TAG.sub("", html).strip()


def without_comments(html: str) -> str:
    """A comment that does not end takes nothing with it."""
    end = html.rfind("-->") + 3 if "-->" in html else 0
    return re.sub(r"<!--.*?-->", "", html[:end], flags=re.DOTALL) + _OPEN_COMMENT.sub("", html[end:])
