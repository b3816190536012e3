"""What invalidates pages or may change them, and is in none of the changes."""

import ast
from pathlib import Path

from django.apps import apps
from django.contrib import admin

from publishing.bases.shown import Shown
from publishing.cache.models import Invalidating, SingleRow

ROOT = Path(__file__).parents[2]
APPS = ("articles", "comments", "publishing", "quizzes")
LEFT_OUT = {"tests", "migrations"}
CALLS = {("pages", "invalidate"), ("pages", "withdraw"), ("changes", "invalidate")}
# Commands that change nothing that is stored, or that only call others.
READS = {
    "backup",
    "check_articles",
    "delete_old_transfers",
    "import_markdown",
    "lint_quiz",
    "export_quiz",
    "export_comments",
    "export_site",
    "keep_quizzes",
    "prove_slots",
    "create_roles",
    "load_demo",
    "prepare_demo",
    "migrate",
}

# What puts all rows in the place of others and so invalidates every page. It needs a site that is empty.
WHOLE = {
    "publishing/transfer/backup/restoring.py:restore",
    "publishing/transfer/export/restoring.py:_end",
    "publishing/transfer/export/restoring.py:_undo",
    "restore",
}


def missing(magazine, functions: set[str]) -> list[str]:
    """Sentences; `functions` are those that were recorded."""
    wanted = _calling() | _saved_and_deleted()
    actions = {
        (model.__name__, action if isinstance(action, str) else action.__name__)
        for model, site_admin in admin.site._registry.items()
        for action in site_admin.actions or ()
    }
    commands = {
        path.stem
        for app in APPS
        for path in (ROOT / app).glob("**/management/commands/*.py")
        if path.stem != "__init__"
    }
    return [
        *(f"{name} is in no change" for name in sorted(wanted - WHOLE - functions)),
        *(f"the action {action} of {model} is in no change" for model, action in sorted(actions - magazine.actions)),
        *(f"the command {name} is in no change" for name in sorted(commands - READS - WHOLE - magazine.commands)),
    ]


def _calling() -> set[str]:
    """Functions that invalidate pages, as `recorder` writes them."""
    found = set()
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            name = path.relative_to(ROOT)
            if not LEFT_OUT & set(name.parts) and name.as_posix() != "publishing/cache/pages.py":
                found |= {f"{name}:{function}" for function in _functions(ast.parse(path.read_text()))}
    return found


def _functions(node, names=()):
    """The qualified names of the functions below a node that call one of `CALLS` themselves."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | ast.FunctionDef):
            yield from _functions(child, (*names, child.name))
        elif _is_call(child):
            yield ".".join(names)
            yield from _functions(child, names)
        else:
            yield from _functions(child, names)


def _is_call(node):
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in CALLS
    )


def _saved_and_deleted() -> set[str]:
    found = set()
    for model in apps.get_models():
        if issubclass(model, Shown | Invalidating):
            found.add(f"{model.__name__}.save")
            if not issubclass(model, SingleRow):
                found.add(f"{model.__name__}.delete")
    return found
