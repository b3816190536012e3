"""Catalogues of messages: what is collected into them, and what is wrong with one."""

import gettext
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polib
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from publishing.bases import names

# Of the header: only the translations themselves change a file.
UNUSED = ("POT-Creation-Date", "PO-Revision-Date", "Report-Msgid-Bugs-To", "Last-Translator", "Language-Team")
# With the folder of the catalogues: otherwise makemessages would take it before LOCALE_PATHS.
FOLDERS = ("benchmarks", "demo", "deploy", "docs", "publishing/locale", "tools", "var", "*/tests", "static/vendor")
LEFT_OUT = [f"{folder}/*" for folder in FOLDERS]
# Folders and modules whose words are those of the admin. A message there that readers see, too, has a comment
# `Translators: for readers.` on the line above.
_DESK = re.compile(
    r"^derived-names|^templates/admin/|^publishing/(settings|checks|models|drawing/pictures)\b|(^|/)migrations/"
    r"|^articles/(apps|front|images|links|lists/(desk_rows|uses)|news|pages/choices)\b|^articles/corrections/admin\.py"
    r"|^templates/articles/(markdown_widget|picker)\.html"
    r"|^quizzes/kinds/(base\.py|messages\.py|\w+/rules\.py|grading/(choices|ordering|texts)\.py)"
    r"|^quizzes/results/corrections\.py|^publishing/maintenance/(moments|templatetags/desk_)"
    r"|^publishing/sponsors/(adsense|proof|slots|house/(admin|editing))\b"
    r"|(^|/)(admin|ads_txt|announcements|apps|backup|bulk|checks|desk|editing|formats|groups|identity|importing|inbox|"
    r"labels|lines|lint|management|models|moderation|moving|notes|outbound|passwords|paths|screening|staff|"
    r"statistics|transfer|trash|versions|writers)(/|\.py$)"
)
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")
_TAG = re.compile(r"</?[a-z][^>]*>")
# Of what is counted, one form may say it in a word: "one comment".
_COUNT = re.compile(r"%\(\w*(count|number|counter|total|maximum|n)\w*\)[sd]|%d")
_SPACES = (" ", "\t", "\n")
# Signs that have their space in them.
_WIDE = ("、", "。", "：", "，")
NUMBERS = (*range(0, 202), 1000, 1_000_000)


def file_of(language: str, domain: str = "django", root: Path | None = None) -> Path:
    return (root or settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / f"{domain}.po"


def read(file: Path) -> polib.POFile:
    return polib.pofile(str(file), wrapwidth=0)


def is_desk(entry: polib.POEntry) -> bool:
    """Whether only the admin says it."""
    return "for readers" not in entry.comment and all(_DESK.search(file) for file, _ in entry.occurrences)


@contextmanager
def derived_names():
    """Names of models and fields that stand nowhere as a message, in a file for xgettext."""
    root = settings.BASE_DIR
    own = [model for model in apps.get_models() if (root / model.__module__.partition(".")[0]).is_dir()]
    # Not among the files of the site, whose digest names its cached pages.
    file = root / "derived-names.py"
    file.write_text("".join(f"_({name!r})\n" for name in sorted(names.derived(own))))
    try:
        yield
    finally:
        file.unlink()


def forget_earlier(catalogue: polib.POFile) -> bool:
    """Take away what a message was before, if its mark as fuzzy was taken away and the lines below were left.

    A line `#| msgctxt` that stands alone is a fault of syntax for gettext. Whether there was anything.
    """
    names = ("previous_msgctxt", "previous_msgid", "previous_msgid_plural")
    left = [entry for entry in catalogue if not entry.fuzzy and any(getattr(entry, name) for name in names)]
    for entry in left:
        vars(entry).update(dict.fromkeys(names))
    return bool(left)


def collect(languages: list[str], domain: str) -> Iterator[polib.POFile]:
    """Write the messages of the code into the catalogues of some languages, which keep what is translated."""
    for language in languages:
        file = file_of(language, domain)
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and forget_earlier(catalogue := read(file)):
            catalogue.save(newline="\n")
    written = {"add_location": "file", "no_obsolete": True, "no_wrap": True, "verbosity": 0}
    with derived_names():
        call_command("makemessages", locale=languages, domain=domain, ignore_patterns=LEFT_OUT, **written)
    for language in languages:
        if file_of(language, domain).exists():
            catalogue = read(file_of(language, domain))
            if language not in settings.DESK_LANGUAGES:
                catalogue[:] = [entry for entry in catalogue if not is_desk(entry)]
            for name in UNUSED:
                catalogue.metadata.pop(name, None)
            catalogue.header = ""
            catalogue.metadata |= {"Project-Id-Version": "publishing", "Language": language}
            catalogue.metadata_is_fuzzy = False
            catalogue.save(newline="\n")
            yield catalogue


def texts_of(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def missing(catalogue: polib.POFile) -> list[str]:
    """The messages without a translation, or with one that somebody has to look at."""
    return [entry.msgid for entry in catalogue if entry.fuzzy or not all(map(str.strip, texts_of(entry)))]


def faults(catalogue: polib.POFile) -> Iterator[str]:
    """What is wrong with the translations that there are, and with the rule for plurals."""
    rule = catalogue.metadata.get("Plural-Forms", "")
    found = re.fullmatch(r"\s*nplurals\s*=\s*(\d+)\s*;\s*plural\s*=\s*([^;]+);?\s*", rule)
    try:
        form = gettext.c2py(found[2])
        forms = {form(number) for number in NUMBERS}
    except (TypeError, ValueError, ZeroDivisionError, RecursionError):
        yield f"“Plural-Forms: {rule}” is no rule for plurals."
        return
    if not forms <= set(range(int(found[1]))):
        yield f"“Plural-Forms: {rule}” leads to a form that it does not have."
    for entry in catalogue:
        if entry.fuzzy or not any(texts_of(entry)):
            continue
        if entry.msgid_plural and len(entry.msgstr_plural) != int(found[1]):
            yield f"“{entry.msgid}” has {len(entry.msgstr_plural)} plural forms; the rule asks for {found[1]}."
        yield from _differences(entry)


def _edges(text: str) -> tuple[bool, bool]:
    """Whether it begins and ends with a space that HTML folds. French has others before signs."""
    return text[:1] in _SPACES, text[-1:] in _SPACES


def _differences(entry: polib.POEntry) -> Iterator[str]:
    source = entry.msgid_plural or entry.msgid
    for text in filter(None, texts_of(entry)):
        for what, pattern in (("placeholders", _PLACEHOLDER), ("tags", _TAG)):
            wanted, given = set(pattern.findall(source)), set(pattern.findall(text))
            # Attributes of a tag may be words; its address may not.
            if what == "tags":
                wanted, given = ({tag.split()[0].strip("<>") for tag in tags} for tags in (wanted, given))
            lacking = {name for name in wanted - given if not (entry.msgid_plural and _COUNT.fullmatch(name))}
            if lacking or given - wanted:
                yield f"“{entry.msgid[:80]}”: the {what} of “{text[:80]}” differ."
        if _edges(source) != _edges(text) and not text.endswith(_WIDE):
            yield f"“{entry.msgid[:80]}”: “{text[:80]}” begins or ends with another space."
