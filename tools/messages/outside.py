"""Sentences that nobody can translate: `python tools/messages/outside.py [PATH…]` lists those outside of gettext.

In templates: text, attributes that people read or hear, and words in quotes inside of tags. In Python: literals that
look like a label or a sentence. In scripts: the same. What is not for readers or editors, such as a line of the log or
an error that only developers see, is known by its place, or is named in outside.toml with the reason.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
FOLDERS = ("publishing", "articles", "comments", "quizzes", "templates", "static/js")
# Commands and checks speak to operators, migrations keep what was, settings refuse to start.
LEFT_OUT = ("*/tests/*", "*/migrations/*", "*/management/*", "*/locale/*", "publishing/settings.py", "*/checks.py")
_WORD = re.compile(r"[^\W\d_]{2,}")
# A label or a sentence: a capital letter or a quote, and a second word or a sign at the end.
_SENTENCE = re.compile(r"\s*[“(]?[^\W\d_a-z][\w’'-]*([.:!?…]\s*$|[,;:]?\s+\S)")
_SPOKEN = ("alt", "title", "placeholder", "aria-label", "aria-description", "aria-roledescription", "label", "summary")
# Keywords whose words people read, however they begin.
_LABELS = (
    "help_text",
    "verbose_name",
    "verbose_name_plural",
    "label",
    "short_description",
    "description",
    "empty_label",
)
_SQL = re.compile(r"\s*(ALTER|CREATE|DELETE|DROP|EXPLAIN|INSERT|PRAGMA|SELECT|SET|UPDATE|VACUUM|WITH)\b")
_TAG = re.compile(r"(\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\})", re.DOTALL)
_QUOTED = re.compile(r'"([^"\n]*)"|\'([^\'\n]*)\'')
# Tags whose words in quotes are names.
_NAMES = ("load", "extends", "include", "static", "url", "block", "if", "elif", "with", "cycle", "now", "for", "crispy")
_GETTEXT = {"_", "noop", *(f"{kind}gettext{form}" for kind in ("", "n", "p", "np") for form in ("", "_lazy", "_noop"))}
# Their messages are for developers and operators.
_SILENT = re.compile(
    r"(Error|ImproperlyConfigured|Warning|NotImplemented|Http404|PermissionDenied|BadRequest|SuspiciousOperation)$"
    r"|^(debug|info|warning|error|exception|critical|log|compile|startswith|endswith|partition|execute|RunSQL|Regex)$"
)


class Found(NamedTuple):
    file: str
    line: int
    text: str


class _Page(HTMLParser):
    """The words of a template whose tags are taken out."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.silent = [], 0

    def handle_starttag(self, tag, attributes):
        self.silent += tag in ("script", "style")
        is_button = tag == "input" and ("type", "submit") in attributes
        for name, value in attributes:
            is_spoken = name in _SPOKEN or (name == "value" and is_button)
            is_sentence = name == "content" or name.startswith("data-")
            if value and ((is_spoken and _WORD.search(value)) or (is_sentence and _SENTENCE.match(value))):
                self.found.append((self.getpos()[0], value))

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.silent and _WORD.search(data):
            before = len(data) - len(data.lstrip())
            self.found.append((self.getpos()[0] + data[:before].count("\n"), data.strip()))


def in_template(text: str) -> Iterator[tuple[int, str]]:
    out, line, inside = [], 1, False
    for part in _TAG.split(text):
        lines = "\n" * part.count("\n")
        name = part[2:-2].split()[0] if part.startswith(("{%", "{{")) and part[2:-2].split() else ""
        if part.startswith("{%") and name in ("blocktranslate", "comment"):
            inside = True
        if not part.startswith(("{%", "{{", "{#")):
            out.append(lines if inside else part)
        else:
            out.append(lines)
            if not inside and name not in ("translate", *_NAMES):
                words = (first or second for first, second in _QUOTED.findall(part))
                yield from ((line, word) for word in words if _SENTENCE.match(word))
        if name in ("endblocktranslate", "endcomment"):
            inside = False
        line += len(lines)
    page = _Page()
    page.feed("".join(out))
    page.close()
    yield from page.found


class _Code(ast.NodeVisitor):
    def __init__(self):
        self.found = []

    def visit_Expr(self, node):
        # A docstring.
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Call(self, node):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in _GETTEXT:
            return
        if _SILENT.search(name) and name != "ValidationError":
            return
        self.generic_visit(node)

    def visit_keyword(self, node):
        is_text = isinstance(getattr(node.value, "value", None), str)
        if node.arg in _LABELS and is_text and _WORD.search(node.value.value):
            self.found.append((node.value.lineno, node.value.value))
        else:
            self.generic_visit(node)

    def visit_JoinedStr(self, node):
        text = "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        self._look(node, text)

    def visit_Constant(self, node):
        if isinstance(node.value, str):
            self._look(node, node.value)

    def _look(self, node, text):
        if _SENTENCE.match(text) and not _SQL.match(text):
            self.found.append((node.lineno, text))


def in_python(text: str) -> Iterator[tuple[int, str]]:
    code = _Code()
    code.visit(ast.parse(text))
    yield from code.found


_SCRIPT = re.compile(r'(\w*)\(?\s*("(?:[^"\\\n]|\\.)*"|`[^`]*`)')


def in_script(text: str) -> Iterator[tuple[int, str]]:
    text = re.sub(r"/\*.*?\*/|^\s*//.*", lambda comment: "\n" * comment[0].count("\n"), text, flags=re.S | re.M)
    for found in _SCRIPT.finditer(text):
        if found[1] not in ("gettext", "ngettext", "pgettext") and _SENTENCE.match(found[2][1:-1]):
            yield text.count("\n", 0, found.start()) + 1, found[2][1:-1]


_READ = {".py": in_python, ".js": in_script, ".html": in_template, ".txt": in_template, ".xml": in_template}


def files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.rglob("*")) if path.is_dir() else [path]


def outside(paths: list[Path] | None = None) -> list[Found]:
    """All that is found and not named in outside.toml."""
    reasons = tomllib.loads((Path(__file__).parent / "outside.toml").read_text())
    found = []
    for file in files(paths or [ROOT / folder for folder in FOLDERS]):
        name = str(file.resolve().relative_to(ROOT))
        read = _READ.get(file.suffix)
        if not read or any(fnmatch(name, pattern) for pattern in LEFT_OUT):
            continue
        allowed = [entry for pattern, entries in reasons.items() if fnmatch(name, pattern) for entry in entries]
        found += [
            Found(name, line, " ".join(text.split()))
            for line, text in read(file.read_text())
            if not any(fnmatch(" ".join(text.split()), entry) for entry in allowed)
        ]
    return found


if __name__ == "__main__":
    for place in outside([Path(name) for name in sys.argv[1:]]):
        print(f"{place.file}:{place.line}: {place.text[:110]}")
