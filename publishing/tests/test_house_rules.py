"""The rules of the house that a machine can see: sizes, and what is not done here at all."""

import ast
import re
from functools import cache

import pytest
from django.conf import settings

from .test_imports import imports_in

ROOT = settings.BASE_DIR
APPS = ("publishing", "articles", "comments", "quizzes")
LINES = {".py": 400}
BYTES = {".html": 6_000, ".css": 16_000, ".js": 8_000}
LINE_LENGTH = 110
FUNCTION_LINES = 60
SIGNALS = {"django.db.models.signals", "django.core.signals", "django.dispatch", "django.contrib.auth.signals"}


def is_ours(path):
    return not {".venv", "var", "vendor", "migrations", "tests", "node_modules"} & set(path.relative_to(ROOT).parts)


def files(*suffixes):
    folders = [ROOT / name for name in (*APPS, "templates", "static", "deploy", "benchmarks")]
    found = [path for folder in folders for path in folder.rglob("*") if path.suffix in suffixes]
    found += [ROOT / "conftest.py", ROOT / "manage.py"] if ".py" in suffixes else []
    return sorted(path for path in found if is_ours(path))


def name_of(path):
    return str(path.relative_to(ROOT))


PYTHON = files(".py")


@cache
def every_node(path):
    """All nodes of a file: it is parsed once for all rules."""
    return list(ast.walk(ast.parse(path.read_text(), str(path))))


@pytest.fixture(scope="module", autouse=True)
def _trees():
    """The trees go with the last rule: the tests after them need the memory."""
    yield
    every_node.cache_clear()


def nodes(path, *kinds):
    return [node for node in every_node(path) if isinstance(node, kinds)]


def lines_with(pattern, *suffixes):
    """`file:line` of each line that the pattern is found in."""
    return [
        f"{name_of(path)}:{number}: {line.strip()}"
        for path in files(*suffixes)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_there_is_something_to_check():
    assert len(PYTHON) > 50
    assert len(files(".html")) > 20
    assert len(files(".js")) > 2


def test_a_file_can_be_read_in_one_sitting():
    lengths = {name_of(path): (path.read_text().count("\n"), LINES[path.suffix]) for path in files(*LINES)}

    assert {name: length for name, length in lengths.items() if length[0] > length[1]} == {}


def test_templates_style_sheets_and_scripts_are_short_and_narrow():
    sizes = {name_of(path): path.stat().st_size for path in files(*BYTES) if path.stat().st_size > BYTES[path.suffix]}

    assert sizes == {}
    assert lines_with(rf".{{{LINE_LENGTH + 1}}}", *BYTES) == []


def test_a_template_has_one_block_a_line():
    block = r"(article|aside|div|d[dlt]|footer|form|h[1-6]|header|li|nav|[ou]l|p|section|t[dhr]|thead|tbody)\b"

    assert lines_with(rf"</{block}.*<{block}", ".html") == []


def test_a_style_sheet_has_one_declaration_a_line():
    assert lines_with(r"^\s*(?!/?\*).*(;\s*\S|[{}].*[;{}])", ".css") == []


def test_a_function_fits_on_a_screen():
    tests = [path for app in APPS for path in (ROOT / app).rglob("tests/*.py")]
    lengths = {
        f"{name_of(path)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in [*PYTHON, *tests]
        for node in nodes(path, ast.FunctionDef, ast.AsyncFunctionDef)
    }

    assert {name: length for name, length in lengths.items() if length > FUNCTION_LINES} == {}


def test_only_markup_marks_text_safe():
    marks = {"mark_safe", "SafeString", "SafeText", "html_safe"}
    found = []
    for path in set(PYTHON) - {ROOT / "publishing/text/markdown.py"}:
        called = {ast.unparse(node.func).split(".")[-1] for node in nodes(path, ast.Call)}
        decorators = {ast.unparse(name) for node in nodes(path, ast.ClassDef) for name in node.decorator_list}
        made = {node.name for node in nodes(path, ast.FunctionDef)} & {"__html__"}
        if (called | decorators) & marks or made:
            found.append(name_of(path))

    assert found == []
    assert lines_with(r"\|\s*safe(seq)?\b|autoescape\s+off", ".html") == []


def test_nothing_happens_behind_a_signal():
    imported = {
        name_of(path)
        for path in PYTHON
        if any(name.startswith(tuple(SIGNALS)) for name in imports_in(every_node(path), "publishing"))
    }

    assert imported == set()
    assert lines_with(r"@receiver|\b(pre|post)_(save|delete|migrate|init)\.connect|m2m_changed", ".py") == []


def test_nothing_prints_or_runs_text():
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in PYTHON
        if path.relative_to(ROOT).parts[0] != "benchmarks"
        for node in nodes(path, ast.Call)
        if isinstance(node.func, ast.Name) and node.func.id in ("print", "breakpoint", "eval", "exec")
    ]

    assert found == []


def test_no_except_catches_everything_there_is():
    assert [name_of(path) for path in PYTHON for node in nodes(path, ast.ExceptHandler) if node.type is None] == []


def test_nothing_is_left_to_do():
    unfinished = r"\b(TODO|FIXME|XXX|HACK)\b|not implemented yet"

    assert [line for line in lines_with(unfinished, *LINES, *BYTES) if "TK" not in line] == []


def test_templates_have_nothing_inline():
    assert lines_with(r"\sstyle\s*=|\son[a-z]+\s*=|<style|javascript:|<script(?![^>]*\ssrc=)", ".html") == []


def test_scripts_build_no_html_from_strings():
    pattern = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\.srcdoc"

    assert lines_with(pattern, ".js") == []


def test_scripts_store_through_their_shared_helpers():
    # The other two run before the first paint, and so import nothing.
    found = {line.split(":")[0] for line in lines_with(r"\b(local|session)Storage\b", ".js")}

    assert found == {"static/js/helpers.js", "static/js/theme.js", "static/js/notice.js"}
