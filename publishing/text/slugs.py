"""Slugs: what stands in an address for a title or a name of any script."""

import re
from collections.abc import Container
from itertools import count

from anyascii import anyascii
from django.conf import settings
from django.utils.text import slugify

LENGTH = 200
# Names that differ in nothing else: C, C++, C#, .NET.
_SIGNS = [(re.compile(r"\+\+"), " plus plus"), (re.compile(r"(?<=\w)\+"), " plus"), (re.compile(r"(?<=\w)#"), " sharp")]
# App 1.2 is not App 12.
_DOT_INSIDE = re.compile(r"(?<=\w)\.(?=\w)")
_LEADING_DOT = re.compile(r"^\.(?=\w)")


def slug_of(text: str) -> str:
    """Lower-case letters, digits and hyphens, at most `LENGTH`; "" for a text without a letter or a digit.

    Other scripts are written in ASCII, about as they are pronounced, unless the setting NATIVE_SLUGS keeps them.
    """
    text = _DOT_INSIDE.sub("-", text)
    slug = slugify(text, allow_unicode=True) if settings.NATIVE_SLUGS else slugify(anyascii(text))
    return slug[:LENGTH].strip("-_")


class SlugConverter:
    """In a route, `<words:slug>`: a slug with letters of any script."""

    regex = r"[-\w]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def name_slug(name: str) -> str:
    """The slug of the name of a label, in which signs count: `c-plus-plus`, `c-sharp`, `dot-net`."""
    for sign, words in _SIGNS:
        name = sign.sub(words, name)
    return slug_of(_LEADING_DOT.sub("dot ", name))


def free(wanted: str, taken: Container[str]) -> str:
    """`wanted`, with a number behind it if it is taken."""
    stem = wanted[: LENGTH - 10]
    numbered = (f"{stem}-{number}" for number in count(2))
    return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)
