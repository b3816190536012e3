"""How large the code is and how much of it one has to know at once, in figures with limits.

    structure.py            print the table
    structure.py --limits   and fail if a figure is over its limit
    structure.py --files    and list the files behind the last rows

"Python" is that of the four apps without migrations and tests. To measure another commit, copy this file and
demo_visits.py into the benchmarks/ of its checkout.
"""

import argparse
import ast
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

from demo_visits import ROOT, prepare, steps

APPS = ("publishing", "articles", "comments", "quizzes")
LEFT_OUT = {"migrations", "tests", "vendor"}
LONG_LINE = 110
# What a comment goes through: its form, the queue, and the page that shows it.
COMMENT = ("article page", "comment posted", "comment approved", "article page")
# Every request goes through the files that this one enters.
ANY_PAGE = "home page"


def files(folder: str, *suffixes: str) -> list[Path]:
    found = (path for path in (ROOT / folder).rglob("*") if path.suffix in suffixes)
    return sorted(path for path in found if not LEFT_OUT & set(path.relative_to(ROOT).parts))


def lines(paths: list[Path]) -> list[str]:
    return [line for path in paths for line in path.read_text().splitlines()]


def tree(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text())))


def fullest_folder(python: list[Path]) -> tuple[int, str]:
    """The most modules side by side in one folder, and its name."""
    folders = Counter(path.parent for path in python if path.name != "__init__.py")
    folder, number = folders.most_common(1)[0]
    return number, str(folder.relative_to(ROOT))


def part_imports(app: str) -> int:
    """How many pairs of top-level modules and folders of an app there are of which one imports the other."""
    pairs = set()
    for path in files(app, ".py"):
        package = path.relative_to(ROOT).parts[:-1]
        part = path.relative_to(ROOT / app).parts[0].removesuffix(".py")
        for node in tree(path):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                above = package[: len(package) - node.level + 1] if node.level else ()
                module = ".".join([*above, *filter(None, [node.module])])
                names = [f"{module}.{alias.name}" for alias in node.names]
            else:
                continue
            targets = {name.split(".")[1] for name in names if name.startswith(f"{app}.")}
            pairs |= {(part, target) for target in targets - {part} if is_part(app, target)}
    return len({pair for pair in pairs if pair[0] != "__init__"})


def is_part(app: str, name: str) -> bool:
    return (ROOT / app / f"{name}.py").exists() or (ROOT / app / name).is_dir()


def naming(word: str, paths: list[Path]) -> list[str]:
    """The files that hold the word, or a name with it, such as `_grade_numeric`."""
    pattern = re.compile(rf"(?<![a-z]){word}(?![a-z])")
    return [str(path.relative_to(ROOT)) for path in paths if pattern.search(path.read_text())]


def entered(do) -> set[str]:
    """The files of the apps of which a function is called while `do` runs."""
    codes = set()

    def note(frame, event, _):
        if event == "call":
            codes.add((frame.f_code.co_filename, frame.f_code.co_name))

    sys.setprofile(note)
    try:
        do()
    finally:
        sys.setprofile(None)
    names = {name.removeprefix(f"{ROOT}/") for name, function in codes if function != "<module>"}
    return {name for name in names if name.split("/")[0] in APPS}


def way_of_a_comment() -> tuple[set[str], set[str]]:
    """The files that are entered on its way: those that not every page needs, and the others."""
    with tempfile.TemporaryDirectory(prefix="structure-") as directory:
        prepare(directory)
        ready = steps()
        for name in (ANY_PAGE, *COMMENT):
            ready[name]()()
        every = entered(ready[ANY_PAGE]())
        way = set().union(*(entered(ready[name]()) for name in COMMENT))
    return way - every, way & every


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limits", action="store_true", help="fail if a figure is over its limit")
    parser.add_argument("--files", action="store_true", help="list the files behind the last two rows")
    options = parser.parse_args()
    python = [path for app in APPS for path in files(app, ".py")]
    templates, looks = files("templates", ".html"), files("static", ".css", ".js")
    filled = [line for line in lines(templates) if line.strip()]
    modules, folder = fullest_folder(python)
    numeric = naming("numeric", python + templates)
    own, shared = way_of_a_comment()
    # Commit 1d2b3c4 had 28,406 lines and 188,649 nodes; the limits are 0.89 and 0.90 of these.
    rows = [
        ("lines of Python", len(lines(python)), 25_281),
        ("nodes of its syntax trees", sum(len(tree(path)) for path in python), 169_784),
        ("characters in a line of a template, mean", round(sum(map(len, filled)) / len(filled), 1), 60),
        (f"lines of templates, CSS and scripts over {LONG_LINE}",
         sum(len(line) > LONG_LINE for line in lines(templates + looks)), 0),
        (f"modules in one folder, most ({folder})", modules, 12),
        ("imports between parts of quizzes", part_imports("quizzes"), 45),
        ("imports between parts of comments", part_imports("comments"), 45),
        ("files that name one kind of question (numeric)", len(numeric), 10),
        (f"files on the way of a comment, beside {len(shared)} of every page", len(own), 25),
    ]  # fmt: skip
    print(f"| {'what':<62} |     now | at most |\n| {'-' * 62} | ------: | ------: |")
    for what, now, limit in rows:
        print(f"| {what:<62} | {now:>7,} | {limit:>7,} |")
    if options.files:
        for title, names in [("numeric", numeric), ("a comment", own), ("every page", shared)]:
            print(f"\n{title}:", *sorted(names), sep="\n  ")
    over = [what for what, now, limit in rows if now > limit]
    if options.limits and over:
        sys.exit("\nover the limit: " + "; ".join(over))


if __name__ == "__main__":
    main()
