"""What the catalogues promise: every message of the code in every language, whole, and compiled as it is written."""

import shutil
import sys
from gettext import GNUTranslations
from pathlib import Path

import polib
import pytest
from django.conf import settings as project_settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError

sys.path.insert(0, str(project_settings.BASE_DIR / "tools" / "messages"))
import catalogues
import outside

FILES = sorted(project_settings.LOCALE_PATHS[0].glob("*/LC_MESSAGES/*.po"))
NAMES = [f"{file.parts[-3]} {file.stem}" for file in FILES]
each = pytest.mark.parametrize("file", FILES, ids=NAMES)


def test_readers_have_seven_languages_and_the_desk_has_two():
    assert {language for language, _ in project_settings.LANGUAGES} >= {"ar", "de", "en", "es", "fr", "ja", "pl"}
    assert set(project_settings.DESK_LANGUAGES) == {"de", "en"}


@each
def test_nothing_is_untranslated_or_to_be_looked_at(file):
    catalogue = catalogues.read(file)

    assert catalogues.missing(catalogue) == []
    assert catalogue.obsolete_entries() == []


@each
def test_translations_have_the_placeholders_tags_and_plural_forms_of_their_messages(file):
    assert list(catalogues.faults(catalogues.read(file))) == []


@each
def test_what_is_compiled_is_what_is_written(file):
    assert file.with_suffix(".mo").read_bytes() == catalogues.read(file).to_binary()


def test_the_catalogues_have_the_messages_of_the_code(settings, tmp_path):
    if not shutil.which("xgettext"):
        pytest.skip("GNU gettext is not installed: apt-get install gettext")
    for file in FILES:
        copy = tmp_path / file.relative_to(settings.LOCALE_PATHS[0])
        copy.parent.mkdir(parents=True, exist_ok=True)
        catalogue = catalogues.read(file)
        # Somebody took the mark as fuzzy away, and left this line, which gettext refuses alone.
        catalogue[0].previous_msgctxt = "verb"
        catalogue.save(str(copy))
    settings.LOCALE_PATHS = [tmp_path]

    for domain in sorted({file.stem for file in FILES}):
        languages = [file.parts[-3] for file in FILES if file.stem == domain]
        for catalogue in catalogues.collect(languages, domain):
            committed = catalogues.read(catalogues.file_of(catalogue.metadata["Language"], domain, FILES[0].parents[2]))
            assert keys(catalogue) == keys(committed), "make messages"


def keys(catalogue):
    return {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in catalogue}


def test_no_sentence_is_outside_of_gettext():
    assert [f"{found.file}:{found.line}: {found.text}" for found in outside.outside()] == []


# --- faults ---


def catalogue_of(*entries, plural="nplurals=2; plural=(n != 1);"):
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": "de", "Plural-Forms": plural}
    catalogue.extend(polib.POEntry(**entry) for entry in entries)
    return catalogue


@pytest.mark.parametrize(
    "rule", ["", "nplurals=2; plural=(n != ;", "nplurals=2; plural=__import__(1);", "nplurals=1; plural=n;"]
)
def test_a_broken_rule_for_plurals_is_named(rule):
    assert "Plural-Forms" in " ".join(catalogues.faults(catalogue_of(plural=rule)))


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"msgid": "%(name)s wrote", "msgstr": "%(nom)s schrieb"}, "placeholders"),
        ({"msgid": "a <b>word</b>", "msgstr": "ein Wort"}, "tags"),
        ({"msgid": "By ", "msgstr": "Von"}, "space"),
        (
            {"msgid": "%(count)s file", "msgid_plural": "%(count)s files", "msgstr_plural": {0: "Dateien"}},
            "plural forms",
        ),
    ],
)
def test_a_fault_of_a_translation_is_named(entry, said):
    assert said in " ".join(catalogues.faults(catalogue_of(entry)))


def test_the_site_does_not_start_with_a_catalogue_that_cannot_be_read(settings, tmp_path):
    folder = Path(tmp_path / "de" / "LC_MESSAGES")
    folder.mkdir(parents=True)
    settings.LOCALE_PATHS = [tmp_path]
    catalogue = catalogue_of({"msgid": "Save", "msgstr": "Speichern"}, plural="nplurals=2; plural=(n != ;")
    catalogue.save_as_mofile(str(folder / "django.mo"))

    with pytest.raises(SystemCheckError, match=r"publishing.E002.*de/LC_MESSAGES/django.mo"):
        call_command("check", fail_level="ERROR")

    catalogue.metadata["Plural-Forms"] = "nplurals=2; plural=(n != 1);"
    catalogue.save_as_mofile(str(folder / "django.mo"))
    call_command("check", fail_level="ERROR")
    with (folder / "django.mo").open("rb") as compiled:
        assert GNUTranslations(compiled).gettext("Save") == "Speichern"
