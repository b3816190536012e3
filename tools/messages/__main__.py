"""Collect all messages, and compile the catalogues: `make messages`, and `make messages LANGUAGE=it` to begin one.

Needs GNU gettext. Each language has one file, publishing/locale/<language>/LC_MESSAGES/django.po; those of the admin
have djangojs.po for its scripts besides. What only the admin says is left out of the other languages.
"""

import os
import re
import sys
from contextlib import contextmanager
from pathlib import Path

import django
import polib
from django.conf import settings
from django.core.management import call_command

# Of the header: only the translations themselves change a file.
UNUSED = ("POT-Creation-Date", "PO-Revision-Date", "Report-Msgid-Bugs-To", "Last-Translator", "Language-Team")
ROOT = Path(__file__).parents[2]
DERIVED = ROOT / "publishing" / "models-derived.py"
LEFT_OUT = [
    "benchmarks/*",
    "demo/*",
    "deploy/*",
    "docs/*",
    "tools/*",
    "var/*",
    "conftest.py",
    "*/tests/*",
    "static/vendor/*",
]
# Folders and modules whose words are those of the admin. A message there that readers see, too, has a comment
# `Translators: for readers.` on the line above.
_DESK = re.compile(
    r"^templates/admin/|^publishing/(settings|checks|models)\b|(^|/)migrations/"
    r"|(^|/)(admin|backup|bulk|checks|editing|formats|identity|importing|inbox|labels|lint|management|models|moderation"
    r"|moving|notes|screening|staff|statistics|transfer|trash|versions)(/|\.py$)"
)


def is_desk(entry: polib.POEntry) -> bool:
    return "for readers" not in entry.comment and all(_DESK.search(file) for file, _ in entry.occurrences)


def file_of(language: str, domain: str = "django") -> Path:
    return settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / f"{domain}.po"


@contextmanager
def derived_names():
    """Names of models and fields that stand nowhere as a message, in a file for xgettext."""
    from django.apps import apps

    from publishing.bases import names

    own = [model for model in apps.get_models() if (ROOT / model.__module__.partition(".")[0]).is_dir()]
    DERIVED.write_text("".join(f"_({name!r})\n" for name in sorted(names.derived(own))))
    try:
        yield
    finally:
        DERIVED.unlink()


def collect(languages: list[str], domain: str) -> None:
    for language in languages:
        file_of(language).parent.mkdir(parents=True, exist_ok=True)
    written = {"add_location": "file", "no_obsolete": True, "no_wrap": True, "verbosity": 0}
    with derived_names():
        call_command("makemessages", locale=languages, domain=domain, ignore_patterns=LEFT_OUT, **written)
    for language in filter(lambda language: file_of(language, domain).exists(), languages):
        catalogue = polib.pofile(str(file_of(language, domain)), wrapwidth=0)
        if language not in settings.DESK_LANGUAGES:
            catalogue[:] = [entry for entry in catalogue if not is_desk(entry)]
        for name in (
            "POT-Creation-Date",
            "PO-Revision-Date",
            "Report-Msgid-Bugs-To",
            "Last-Translator",
            "Language-Team",
        ):
            catalogue.metadata.pop(name, None)
        catalogue.header = ""
        catalogue.metadata |= {"Project-Id-Version": "publishing", "Language": language}
        catalogue.metadata_is_fuzzy = False
        catalogue.save(newline="\n")
        catalogue.save_as_mofile(str(file_of(language, domain).with_suffix(".mo")))
        missing = len(catalogue.untranslated_entries()) + len(catalogue.fuzzy_entries())
        print(f"{language} {domain}: {len(catalogue)} messages, {missing} to translate")


def main() -> None:
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "publishing.settings"
    os.environ.setdefault("DEBUG", "True")
    django.setup()
    known = {language for language, _ in settings.LANGUAGES} - {"en"}
    collect(sorted(known | {language for language in sys.argv[1:] if language}), "django")
    collect([language for language in settings.DESK_LANGUAGES if language != "en"], "djangojs")


if __name__ == "__main__":
    main()
