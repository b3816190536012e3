"""Which part of quizzes may import which: a part imports only those below it, and what is pure stays so."""

import ast
import subprocess
import sys

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR / "quizzes"
# From low to high; on one line stand parts that do not import each other.
ORDER = [
    ["kinds grading"],
    ["kinds"],
    ["kinds forms"],
    ["formats"],
    ["editing"],
    ["querysets"],
    ["models"],
    ["taking"],
    ["results"],
    ["statistics"],
    ["lint"],
    ["transfer"],
    ["forms"],
    ["templatetags", "feeds", "sitemaps"],
    ["views"],
    ["admin"],
    ["urls", "management", "apps"],
]
RANK = {part: rank for rank, parts in enumerate(ORDER) for part in parts}
PURE = ["quizzes.kinds.grading.texts", "quizzes.kinds", "quizzes.formats", "quizzes.statistics.items"]


def part_of(module):
    """The part that a module of quizzes belongs to. In kinds grading is below, and what needs Django above."""
    part, *names = module.split(".")
    if part == "kinds" and names and names[0] == "grading":
        return "kinds grading"
    return "kinds forms" if part == "kinds" and {"forms", "base_forms"} & set(names) else part


def modules():
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if not {"migrations", "tests"} & set(parts) and parts != ("__init__",):
            yield path, ".".join(parts)


def imported(path, module):
    """The modules of quizzes that a file imports, wherever in it."""
    package = ["quizzes", *module.split(".")[:-1]]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            names = [".".join([*above, *filter(None, [node.module]), alias.name]) for alias in node.names]
        else:
            continue
        yield from (name.removeprefix("quizzes.") for name in names if name.startswith("quizzes."))


def test_imports_lead_downwards():
    upwards = {
        f"{module} -> {target}"
        for path, module in modules()
        for target in imported(path, module)
        if part_of(module) != part_of(target) and RANK[part_of(target)] >= RANK[part_of(module)]
    }

    assert upwards == set()


def test_no_import_hides_in_a_function():
    hidden = [
        module
        for path, module in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]

    assert hidden == []


@pytest.mark.parametrize("module", PURE)
def test_what_is_pure_imports_neither_django_nor_models(module):
    code = f"import sys, {module}; print(*(n for n in sys.modules if n == 'django' or n == 'quizzes.models'))"

    found = subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True)

    assert (found.stdout.strip(), found.stderr) == ("", "")
