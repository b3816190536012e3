"""Text and addresses in Markdown that mean nothing but themselves."""

import re

# In a line: backslashes, code, what may be HTML or an entity, footnotes and alerts; brackets that would make a link or
# the definition of one; what may close a formula, strike or lower, open a mark, or raise; the end of a text in which
# the next one might complete it.
_IN_LINE = re.compile(
    r"\\(?![a-zA-Z\d])|`|<(?=[a-zA-Z/!?])|&(?=#?\w{1,40};)|\[(?=[\^!])|\](?=[(\[:])|!(?=\[)"
    r"|\$(?=\$|\s?\Z)|(?<!\s)\$(?!(?!(?:th|st|nd|rd|s)(?!\w))\w)"
    r"|~(?=~|\s?\Z)|(?<!\s)~|(?<=\A\s)~|(?<![=A-Za-z0-9_])=(?==(?:[^\s=]|\Z))|\^(?=\S{0,60}(?:\^|\Z))"
)
# Stars and low lines that may open or close emphasis: not between spaces, low lines not within words.
_STAR = re.compile(r"\*(?!(?<=\S\s\*)\s\S)")
_LOW_LINES = re.compile(r"_+(?!(?<=\S\s_)\s\S)")
# At the start of a line: headings, quotes, lists, containers, definitions, rules and the second line of a table.
_AT_START = re.compile(
    r"^(\d{1,9}(?=[.)](?:\s|$))|(?=#{1,6}(?:\s|$)|[-+*](?:\s|$)|>|:{3}|[:~](?:\s|$)|=+\s*$|(?=[ |:]*-)[ |:\-]*+$"
    r"|(?P<rule>[_*-])\s*(?:(?P=rule)\s*){2,}$|~{3}|\[[ xX]\]\s))",
    re.MULTILINE,
)
_NOTE = re.compile(r"\[\^\d+\]\Z")
_ALONE = re.compile(r"https?://[^\s<>\"]{1,490}", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_NEEDS_BRACKETS = re.compile(r"[\s<>]|^$")
_IN_ADDRESS = re.compile(r"\\(?=[!-/:-@\[-`{-~])|&(?=#?\w{1,40};)")


def in_line(text: str) -> str:
    """Text within a line."""
    text = _IN_LINE.sub(r"\\\g<0>", text)
    text = _STAR.sub(r"\\*", text) if "*" in text else text
    return _LOW_LINES.sub(_low_lines, text) if "_" in text else text


def joint(before: str, after: str) -> str:
    """`before`, changed where the text after it would give its last sign a meaning."""
    sign = before[-1:]
    has_meaning = (
        (sign == "!" and after.startswith("["))
        or (sign == "]" and after[:1] in ("(", "[", ":") and not _NOTE.search(before))
        or (sign == "<" and (after[:1].isalpha() or after[:1] in ("/", "!", "?")))
    )
    return f"{before[:-1]}\\{sign}" if after and has_meaning and not before.endswith(f"\\{sign}") else before


def _low_lines(run: re.Match) -> str:
    text, start, end = run.string, run.start(), run.end()
    if text[start - 1 : start].isalnum() and text[end : end + 1].isalnum():
        return run[0]
    return run[0].replace("_", r"\_")


def block(text: str) -> str:
    """The Markdown of a paragraph, of which no line begins another block."""
    return _AT_START.sub(lambda start: f"{start[1] or ''}\\", text)


def in_brackets(text: str) -> str:
    """Text within the brackets of a link or a picture."""
    return re.sub(r"(?<!\\)[\[\]]", r"\\\g<0>", in_line(text))


def unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def is_address(text: str) -> bool:
    return bool(_ALONE.fullmatch(text))


def target(address: str, title: str = "") -> str:
    """What stands in the parentheses of a link or a picture."""
    address = _IN_ADDRESS.sub(r"\\\g<0>", address.strip())
    if _NEEDS_BRACKETS.search(address) or not _is_balanced(address):
        address = re.sub(r"\s*[\r\n]\s*", "", address).replace("<", "%3C").replace(">", "%3E")
        address = f"<{address}>"
    if not title:
        return address
    title = " ".join(title.split())
    title = re.sub(r"\\(?![a-zA-Z\d])|&(?=#?\w{1,40};)|\"", r"\\\g<0>", title)
    return f'{address} "{title}"'


def _is_balanced(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return False
    return not depth
