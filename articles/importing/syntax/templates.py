"""Tags of templates: shortcodes of Hugo and Zola, Liquid of Jekyll, tag plugins of Hexo."""

import re

from .hidden import Hidden
from .nesting import Tag

# What begins a tag again ends one that was not closed, so that time is linear.
_TAGS = re.compile(
    r"\{\{\s*(?P<literal>\"[^\"\n]{1,300}\"|'[^'\n]{1,300}')\s*\}\}|\{\{\{(?P<triple>[^{}\n]{1,300})\}\}\}"
    r"|\{\{(?P<mark>[<%])[ \t\n]*(?P<hugo>(?:(?!\{\{[<%]|[>%]\}\}).){0,5000})[>%]\}\}"
    r"|\{%-?[ \t\n]*(?P<liquid>(?:(?!\{%|%\}).){0,5000}?)[ \t\n]*-?%\}"
    r"|(?<![=$\\])\{\{(?![<%])-?(?P<variable>(?:(?!\{\{|\}\}).){0,1000}?)-?\}\}",
    re.DOTALL,
)
_STRING = r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|`[^`]*`|“[^”]*”'
_ARGUMENT = re.compile(
    rf"(?P<name>[\w.:-]*\w)[ \t\n]*(?:=|:(?!//))[ \t\n]*(?P<value>{_STRING}|\[[^\]]*\]|[^\s,()]*)"
    rf"|(?P<word>{_STRING}|[^\s()]+)",
    re.DOTALL,
)
# Of Zola since 0.23: `{{ <youtube id="x" /> }}`, `{% <note> %} … {% </note> %}`.
_COMPONENT = re.compile(r"<(/?[A-Za-z_].*)>", re.DOTALL)
_NAME = re.compile(r"/?[ \t\n]*([\w./-]+)")


def tags_of(text: str, hidden: Hidden) -> list[Tag]:
    return [tag for found in _TAGS.finditer(text) if (tag := _tag(found, hidden))]


def _tag(found: re.Match, hidden: Hidden) -> Tag | None:
    tag = Tag("", hidden.restore(found[0]), found.start(), found.end())
    if found["hugo"] is not None:
        return _hugo(tag, found["hugo"].strip(), hidden)
    if found["liquid"] is not None:
        return _liquid(tag, found["liquid"].strip(), hidden)
    variable = found["literal"] or found["triple"] or found["variable"] or ""
    return _variable(tag, hidden.restore(variable).strip(), hidden)


def _hugo(tag: Tag, inner: str, hidden: Hidden) -> Tag | None:
    name = _NAME.match(inner)
    if not name:
        return None
    tag.family, tag.name = "hugo", name[1].strip("/").lower()
    tag.is_end = inner.startswith("/")
    tag.is_void = inner.endswith("/")
    tag.key = f"hugo {tag.name}"
    arguments(tag, inner[name.end() :].rstrip("/"), hidden)
    return tag


def _liquid(tag: Tag, inner: str, hidden: Hidden) -> Tag | None:
    if component := _COMPONENT.fullmatch(inner):
        return _hugo(tag, component[1], hidden)
    name = re.match(r"[\w-]+", inner)
    if not name:
        return None
    tag.name, rest = name[0].lower(), inner[name.end() :]
    if rest.lstrip().startswith("("):
        # Of Zola: `{% quote(author="x") %} … {% end %}`.
        tag.family, tag.key = "hugo", "zola"
    elif tag.name == "end":
        tag.family, tag.key, tag.is_end = "hugo", "zola", True
    elif tag.name.startswith("end") and not rest.strip():
        tag.family, tag.key, tag.is_end = "liquid", f"liquid {tag.name[3:]}", True
    else:
        tag.family, tag.key = "liquid", f"liquid {tag.name}"
    arguments(tag, rest, hidden)
    return tag


def _variable(tag: Tag, inner: str, hidden: Hidden) -> Tag | None:
    if component := _COMPONENT.fullmatch(inner):
        return _hugo(tag, component[1], hidden)
    call = re.match(r"([A-Za-z_][\w:]*)\s*\(", inner)
    if call and inner.endswith(")"):
        # Of Zola: `{{ youtube(id="x") }}`.
        tag.family, tag.name, tag.is_void = "hugo", call[1].lower(), True
        arguments(tag, inner[call.end() - 1 :], hidden)
    else:
        tag.family, tag.name, tag.is_void = "variable", inner, True
    return tag


def arguments(tag: Tag, text: str, hidden: Hidden) -> None:
    for found in _ARGUMENT.finditer(text):
        if found["name"]:
            tag.named[found["name"].lower()] = hidden.restore(unquoted(found["value"]))
        elif word := unquoted(found["word"] if tag.family == "liquid" else found["word"].strip(",")):
            tag.words.append(hidden.restore(word))


def unquoted(text: str) -> str:
    if len(text) > 1 and text[0] in "\"'`“" and text[-1] in "\"'`”":
        text = re.sub(r"\\([\"'\\])", r"\1", text[1:-1])
    return text
