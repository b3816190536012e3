"""docs/architecture.md names every module of the apps, and no page names a file that is not there."""

import re
from collections import Counter

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
APPS = ("publishing", "articles", "comments", "quizzes")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
# A row of the map: a folder (or, with *, folders of one shape), then its modules, each in backticks with its task.
MAP_ROW = re.compile(r"^\| `((?:publishing|articles|comments|quizzes)/[\w/*]*)` \| (.+) \|$", re.MULTILINE)
NAME = re.compile(r"`([^`\n]+)`")
# What looks like a file or a folder of ours, not like an address, a type of media or a pattern.
PATH = re.compile(r"[\w-][\w.-]*(/[\w.-]+)*(/[\w.-]+/|\.(py|md|css|js|html|txt|yaml|conf))")
# Without CHANGELOG.md and docs/decisions.md, which also tell of files that are gone.
PAGES = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "deploy/README.md"]
PAGES += [
    f"docs/{name}.md"
    for name in ("architecture", "moderating", "moving", "performance", "quizzes", "scaling", "writing")
]


def modules():
    """Every module without migrations, tests and commands: `articles/feeds`."""
    found = [path.relative_to(ROOT) for app in APPS for path in (ROOT / app).rglob("*.py") if path.stem != "__init__"]
    left_out = {"migrations", "tests", "management"}
    return {str(path.with_suffix("")) for path in found if not left_out & set(path.parts)}


def file_names():
    folders = [*APPS, "templates", "static", "docs", "demo", "deploy", "benchmarks"]
    return {path.name for path in ROOT.iterdir()} | {path.name for name in folders for path in (ROOT / name).rglob("*")}


def commands():
    return {path.stem for app in APPS for path in (ROOT / app).rglob("commands/*.py") if path.name != "__init__.py"}


def folders(pattern, name):
    """The folder of a row; of a row for several, those that hold the module, or all where none does."""
    every = list(ROOT.glob(pattern)) if "*" in pattern else [ROOT / pattern]
    return [folder for folder in every if (folder / f"{name}.py").exists()] or every


def test_the_map_names_every_module_once_and_no_other():
    named = Counter(
        str(folder.relative_to(ROOT) / name)
        for pattern, text in MAP_ROW.findall(ARCHITECTURE)
        for name in NAME.findall(text)
        for folder in folders(pattern, name)
    )

    assert modules() - set(named) == set(), "not in the map"
    assert set(named) - modules() == set(), "in the map, but not there"
    assert [name for name, times in named.items() if times > 1] == []


def test_the_table_of_commands_names_every_command_of_ours():
    assert commands() <= set(re.findall(r"^\| `(\w+)", ARCHITECTURE, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_is_there(page):
    text = (ROOT / page).read_text()
    paths = [name for name in NAME.findall(text) if PATH.fullmatch(name)]
    paths += re.findall(r"[\w/]+/test_\w+\.py", text)
    shown = re.sub(r"`[^`\n]*`", "", text)
    links = [link for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", shown) if link]

    names = file_names()
    missing = {path for path in paths if not ((ROOT / path).exists() if "/" in path else path in names)}
    assert missing | {link for link in links if not ((ROOT / page).parent / link).exists()} == set()
