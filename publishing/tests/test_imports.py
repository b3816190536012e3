"""Who may import whom: the apps, the parts inside each app from low to high, and what knows no Django at all."""

import ast
import re
from collections.abc import Iterable
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
MAY_IMPORT = {
    "publishing": {"publishing"},
    "articles": {"publishing", "articles"},
    "comments": {"publishing", "articles", "comments"},
    "quizzes": {"publishing", "articles", "quizzes"},
}
# These put everything together.
FREE = {"publishing.urls", "publishing.settings"}

# The modules and folders of each app, from low to high: each may import those on the lines above it.
ORDER = {
    "publishing": """
        files bucket paths date_formats groups roles serving
        text
        wording
        database
        cache
        outbound drawing
        in_redis
        monitoring
        models
        mail
        web
        bases
        inbox
        links
        transfer
        identity
        maintenance
        sponsors
        moving
        admin views context templatetags checks
        urls settings management apps
        wsgi
    """,
    "articles": """
        querysets search links
        models
        covers images checks labels news
        versions
        trash
        bulk notes
        importing metadata lists navigation schedule
        transfer
        sitemaps feeds forms templatetags
        corrections front overviews pages
        drawings views staff
        inbox identity moving
        admin
        urls management apps
    """,
    "comments": """
        choices querysets
        models
        reading
        mail
        screening
        moderation
        privacy
        forms
        writing
        transfer
        templatetags feeds
        views
        inbox following
        admin
        urls management apps
    """,
    "quizzes": """
        kinds
        formats
        editing
        querysets
        models
        taking
        results
        statistics
        lint
        transfer
        forms
        schedule
        templatetags feeds sitemaps
        views
        inbox
        admin
        urls management apps
    """,
}
# Imports against the order that are still to be mended; nothing is added here.
EXCEPTIONS: dict[str, list[str]] = {}
# What computes and knows neither Django nor a model, so that it can be used without a site.
PURE = r"quizzes\.(kinds(\.base|\.grading(\..*)?|\.\w+\.rules)?|formats(\..*)?|statistics\.items)"


@cache
def modules() -> dict[str, Path]:
    """Our modules by their dotted names, without tests and migrations."""
    paths = [path for app in MAY_IMPORT for path in (ROOT / app).rglob("*.py")]
    kept = [path.relative_to(ROOT) for path in paths if not {"tests", "migrations"} & set(path.parts)]
    return {".".join(path.with_suffix("").parts).removesuffix(".__init__"): ROOT / path for path in kept}


def module_of(name: str) -> str:
    """The module that a dotted name is in: `comments.models` of `comments.models.Comment`."""
    return name if name in modules() or "." not in name else module_of(name.rpartition(".")[0])


@cache
def nodes(module: str) -> list[ast.AST]:
    return list(ast.walk(ast.parse(modules()[module].read_text())))


@pytest.fixture(scope="module", autouse=True)
def _trees():
    """The trees go with the last test of them."""
    yield
    nodes.cache_clear()


def imports_in(nodes: Iterable[ast.AST], package: str = "") -> set[str]:
    """The names that are imported by any of `nodes`, relative ones from `package`."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            start = ".".join([*parts, *filter(None, [node.module])])
            found |= {f"{start}.{alias.name}" for alias in node.names}
    return found


def package_of(module: str) -> str:
    return module if modules()[module].name == "__init__.py" else module.rpartition(".")[0]


@cache
def imports() -> dict[str, set[str]]:
    """What each of our modules imports: modules of ours, and full names of all else."""
    found = {module: imports_in(nodes(module), package_of(module)) for module in modules()}
    return {module: {module_of(n) if n.split(".")[0] in ORDER else n for n in names} for module, names in found.items()}


def ours(module: str) -> list[str]:
    return sorted(name for name in imports()[module] if name.split(".")[0] in ORDER)


def part_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def ranks(app: str) -> dict[str, int]:
    lines = ORDER[app].strip().splitlines()
    return {part: rank for rank, line in enumerate(lines) for part in line.split()}


def test_relative_imports_are_resolved():
    tree = ast.parse("def f():\n    from ..models import Comment\nfrom . import access\nimport re")

    assert imports_in(ast.walk(tree), "comments.admin") == {"comments.models.Comment", "comments.admin.access", "re"}
    assert module_of("comments.models.Comment") == "comments.models"
    assert "comments.models" in imports()["comments.feeds"]


def test_an_app_imports_only_those_that_it_may_know():
    strangers = [
        f"{module} → {name}"
        for module in set(imports()) - FREE
        for name in ours(module)
        if name.split(".")[0] not in MAY_IMPORT[module.split(".")[0]]
    ]

    assert strangers == []


@pytest.mark.parametrize("app", ORDER)
def test_each_part_has_its_place_in_the_order(app):
    parts = {part_of(module) for module in modules() if module.split(".")[0] == app} - {""}

    assert parts - set(ranks(app)) == set()


@pytest.mark.parametrize("app", ORDER)
def test_parts_import_only_what_is_below_them(app):
    rank = ranks(app)
    upwards = {
        f"{module} → {name}"
        for module in imports()
        for name in ours(module)
        if module.split(".")[0] == name.split(".")[0] == app and part_of(name) != part_of(module)
        if part_of(name) and rank[part_of(name)] >= rank[part_of(module)]
    }

    assert upwards == set(EXCEPTIONS.get(app, ()))


def test_no_module_imports_itself_by_way_of_others():
    graph = {
        module: [name for name in ours(module) if f"{module} → {name}" not in chain(*EXCEPTIONS.values())]
        for module in imports()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_nothing_is_imported_inside_a_function():
    late = {
        f"{module} → {module_of(name)}"
        for module in modules()
        for node in nodes(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for name in imports_in(ast.walk(node), package_of(module))
    }

    assert late - set(chain(*EXCEPTIONS.values())) == set()


def test_what_computes_knows_no_django():
    pure = {module for module in modules() if re.fullmatch(PURE, module)}
    reached, ahead = set(), set(pure)
    while ahead:
        reached |= ahead
        ahead = {name for module in ahead for name in ours(module)} - reached
    knowing = {module for module in reached if any(name.split(".")[0] == "django" for name in imports()[module])}

    assert len(pure) > 10
    assert knowing == set()
