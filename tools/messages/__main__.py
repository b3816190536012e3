"""Collect all messages, and compile the catalogues: `make messages`, and `make messages LANGUAGE=it` to begin one.

Needs GNU gettext. Each language has one file, publishing/locale/<language>/LC_MESSAGES/django.po; those of the admin
have djangojs.po for its scripts besides. What only the admin says is left out of the other languages. A catalogue with
faults is not compiled: the one before stays.
"""

import os
import sys
from pathlib import Path

import django

ROOT = Path(__file__).parents[2]


def main() -> int:
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "publishing.settings"
    os.environ.setdefault("DEBUG", "True")
    django.setup()
    import catalogues
    from django.conf import settings

    known = {language for language, _ in settings.LANGUAGES} - {"en"}
    status = 0
    for languages, domain in (
        (known | set(filter(None, sys.argv[1:])), "django"),
        (set(settings.DESK_LANGUAGES) - {"en"}, "djangojs"),
    ):
        for catalogue in catalogues.collect(sorted(languages), domain):
            language = catalogue.metadata["Language"]
            print(f"{language} {domain}: {len(catalogue)} messages, {len(catalogues.missing(catalogue))} to translate")
            if wrong := list(catalogues.faults(catalogue)):
                print("  not compiled:", *wrong, sep="\n  ")
                status = 1
            else:
                catalogue.save_as_mofile(str(catalogues.file_of(language, domain).with_suffix(".mo")))
    return status


if __name__ == "__main__":
    sys.exit(main())
