"""Languages of texts: tags of BCP 47, the script that a text is written in, and the direction that follows from it."""

import re
import threading
from functools import lru_cache
from unicodedata import normalize

import langcodes
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import trans_real

TAG_LENGTH = 35
RIGHT_TO_LEFT = frozenset({"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"})
# The letters of each script, by which the one of a text is found. Latin is what is left.
_LETTERS = {
    "Arab": "\u0620-\u064a\u066e-\u06d3\u0750-\u077f\u08a0-\u08c7\ufb50-\ufdff\ufe70-\ufefc",
    "Hebr": "\u05d0-\u05ea\ufb1d-\ufb4f",
    "Jpan": "\u3041-\u3096\u30a1-\u30fa\u31f0-\u31ff\uff66-\uff9d",
    "Hani": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f",
    "Kore": "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3",
    "Thai": "\u0e01-\u0e4e",
    "Cyrl": "\u0400-\u052f",
    "Grek": "\u0370-\u03ff\u1f00-\u1fff",
    "Deva": "\u0904-\u0939\u0958-\u0961",
    "Syrc": "\u0710-\u074f",
    "Thaa": "\u0780-\u07b1",
}
_FIND = {script: re.compile(f"[{letters}]") for script, letters in _LETTERS.items()}
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
# The language of a text of which only the script is known, where nearly all texts in that script have it.
_USUAL = {"Arab": "ar", "Hebr": "he", "Jpan": "ja", "Hani": "zh", "Kore": "ko", "Thai": "th", "Grek": "el"}
# Texts with these letters alone are in the language of a site that is written with others besides.
_ALSO = {"Jpan": "Hani", "Kore": "Hani"}
# Words of these have half as many letters as those of others, at most.
_SHORT = ("Jpan", "Hani", "Kore")
# So many characters tell the script of a text, without what is no prose, which is looked for in this part of it.
_SAMPLE, _READ = 20_000, 100_000
# In Markdown: code, formulas, HTML, addresses and entities.
_NO_PROSE = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}|~{3,}).*?(?:^[ \t>]*(?P=fence)|\Z)|^\$\$.*?(?:\$\$|\Z)|(?P<code>`+)[^`\n]+(?P=code)"
    r"|\$[^$\s][^$\n]*\$|<[A-Za-z/!][^<>]{0,2000}>|https?://\S+|\]\([^()\s]*|&#?\w{1,30};",
    re.DOTALL | re.MULTILINE,
)
# In words: of Latin letters and others in which many languages are written.
_LETTERS_OF = {
    "Latn": _("Latin letters"), "Cyrl": _("Cyrillic letters"), "Deva": _("Devanagari letters"),
    "Syrc": _("Syriac letters"), "Thaa": _("Thaana letters"),
}  # fmt: skip


def clean_tag(tag: str) -> str:
    """A language tag as BCP 47 writes it: `pt-BR` for `pt_br`. "" for "".

    Raises ValidationError for what is no tag, or names a language, script or region that the registry of IANA lacks.
    """
    tag = tag.strip().replace("_", "-")
    if not tag:
        return ""
    try:
        clean = langcodes.standardize_tag(tag) if len(tag) <= TAG_LENGTH and langcodes.tag_is_valid(tag) else ""
    except ValueError:
        clean = ""
    if not clean or clean.startswith("x-"):
        message = _("“%(tag)s” is not a language tag. Enter one such as en, pt-BR or ar.")
        raise ValidationError(message, code="invalid_language", params={"tag": tag[:60]})
    return clean


@lru_cache(maxsize=500)
def script_of(language: str) -> str:
    """The script that a language is usually written in, or that its tag names, as ISO 15924 writes it: "Latn".

    Chinese has "Hani" in both of its forms. "Latn" for a language that is not known.
    """
    try:
        script = langcodes.Language.get(language or "und").maximize().script or "Latn"
    except ValueError:
        # Of what is being typed.
        script = "Latn"
    return "Hani" if script in ("Hans", "Hant") else script


@lru_cache(maxsize=500)
def direction_of(language: str) -> str:
    """ "ltr" or "rtl"."""
    return "rtl" if script_of(language) in RIGHT_TO_LEFT else "ltr"


@lru_cache(maxsize=500)
def locale_of(language: str) -> str:
    """As OpenGraph writes it, with the territory where most of its writers live: "pt_BR". "" if it is not known."""
    if not language or language.startswith("und"):
        return ""
    tag = langcodes.Language.get(language).maximize()
    return f"{tag.language}_{tag.territory}" if tag.territory else ""


def written_in(text: str) -> str:
    """The script of most words of a text in Markdown; "" for one without letters. Han with a tenth of kana is Japanese.

    Code, formulas, HTML and addresses do not count. Looks at 20,000 characters: 2 ms; less for ASCII.
    """
    text = text[:_READ]
    if text.isascii():
        return "Latn" if _LATIN.search(text) else ""
    text = _NO_PROSE.sub(" ", text)[:_SAMPLE]
    counts = {script: len(find.findall(text)) for script, find in _FIND.items()}
    counts["Latn"] = len(_LATIN.findall(text))
    for script in _SHORT:
        counts[script] *= 2
    if counts.get("Jpan", 0) * 10 > counts.get("Hani", 0):
        counts["Jpan"] += counts.pop("Hani")
    script = max(counts, key=counts.__getitem__)
    return script if counts[script] else ""


def language_of_text(text: str, chosen: str = "") -> str:
    """The tag of a text: `chosen` if it is one, else that of the site if it has the script of the text, or a usual one.

    `und-Cyrl`, "not known, in Cyrillic letters", for a script in which many languages are written.
    """
    try:
        return clean_tag(chosen) or _language_in(written_in(text))
    except ValidationError:
        return _language_in(written_in(text))


def found_now(tag: str) -> str:
    """What `language_of_text` finds now of texts for which it found `tag`, perhaps on a site of another language."""
    return _language_in(script_of(tag))


def _language_in(script: str) -> str:
    ours = script_of(settings.LANGUAGE_CODE)
    if not script or script in (ours, _ALSO.get(ours)):
        return settings.LANGUAGE_CODE
    return _USUAL.get(script, f"und-{script}")


def name_of(tag: str) -> str:
    """For people: "Arabic", "Brazilian Portuguese", "Cyrillic letters"; a tag that has no name here as it is."""
    if tag.startswith("und-"):
        return str(_LETTERS_OF.get(tag.removeprefix("und-"), tag))
    try:
        info = translation.get_language_info(tag.lower())
    except KeyError:
        return tag
    name = info["name_translated"]
    return name if info["code"] == tag.lower() else f"{name} ({tag})"


@lru_cache(maxsize=1)
def usual() -> list[tuple[str, str]]:
    """Tags that people choose among, and the names of the languages in themselves."""
    rows = {langcodes.standardize_tag(tag): info.get("name_local") for tag, info in LANG_INFO.items()}
    return sorted((tag, normalize("NFC", name)) for tag, name in rows.items() if name)


def of_the_desk():
    """A context in which words are those of editors, for what a task or the clock writes down for them."""
    return translation.override(settings.DESK_LANGUAGE)


def keep_by_thread() -> None:
    """Keep the current language in each thread. Django's `Local` is for asynchronous views, of which there are none.

    A page asks for its language a hundred times, and each time is ten calls of functions less: a twentieth of a page.
    """
    trans_real._active = threading.local()


def of_the_site():
    """A context in which words are those of readers: for a preview, a mail or a value that the admin makes for them."""
    return translation.override(settings.LANGUAGE_CODE)
