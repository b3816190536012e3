"""Sentences for readers that the owner may replace, in each language apart: `Publication.wording` stores theirs."""

from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_noop, override

from .text import fields, languages

LENGTH = 200
# Ours, by the names under which `Publication` has them.
DEFAULTS = {
    "maintenance_sentence": gettext_noop("Site under maintenance. Quizzes stay open."),
    "maintenance_announced_sentence": gettext_noop("Maintenance is planned. Quizzes stay open."),
    "maintenance_read_only_sentence": gettext_noop("You can read, but not send anything. Quizzes stay open."),
    "maintenance_closed_sentence": gettext_noop("The site is closed for a while. Quizzes stay open."),
    "maintenance_quizzes_sentence": gettext_noop("Maintenance, of the quizzes too."),
    "slot_sentence": gettext_noop("This space is kept free: a preview of the layout until AdSense is connected."),
    "comments_sentence": gettext_noop("Questions, corrections and tips stay visible to everyone who reads the page."),
    "comments_empty_sentence": gettext_noop("Be the first: ask what was unclear, or correct what is wrong."),
    "comments_held_sentence": gettext_noop("A moderator reads every comment before it appears."),
    "quizzes_sentence": gettext_noop("Short tests on what you have just read. No clock, no account."),
}


def default(name: str) -> str:
    """Ours, in the language of the site."""
    return _translated(DEFAULTS[name], settings.LANGUAGE_CODE)


@cache
def _translated(text: str, language: str) -> str:
    with override(language):
        return gettext(text)


def own(wording: dict, name: str) -> str:
    """That of the owner in the language of the site, or ""."""
    return wording.get(settings.LANGUAGE_CODE, {}).get(name, "")


def sentence(name: str) -> property:
    """What readers see. What is set is stored for the language of the site; "" and our own leave ours."""

    def get(publication) -> str:
        return own(publication.wording, name) or default(name)

    def replace(publication, words: str) -> None:
        theirs = {**publication.wording.get(settings.LANGUAGE_CODE, {}), name: words}
        if words in ("", default(name)):
            del theirs[name]
        publication.wording = {**publication.wording, settings.LANGUAGE_CODE: theirs}

    return property(get, replace)


def check(wording) -> None:
    """Raises ValidationError for what no form stores."""
    field = fields.LineField(max_length=LENGTH)
    for language, sentences in wording.items() if isinstance(wording, dict) else [("", None)]:
        if not language or languages.clean_tag(language) != language or not isinstance(sentences, dict):
            raise ValidationError(gettext("Wording has sentences by language."))
        for name, words in sentences.items():
            if name not in DEFAULTS or not isinstance(words, str):
                raise ValidationError(gettext("Wording has a sentence that no page shows."))
            field.clean(words, None)
