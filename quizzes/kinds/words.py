"""What the rules of kinds and the formats say, in the language of the page."""

from django.utils.functional import lazy
from django.utils.translation import gettext, ngettext, pgettext

from .messages import Message


def translated(text: str) -> str:
    """A message in the current language; any other text as it is."""
    if not isinstance(text, Message):
        return text
    if text.context:
        words = pgettext(text.context, text.message)
    elif text.plural:
        words = ngettext(text.message, text.plural, text.number)
    else:
        words = gettext(text.message)
    return words % {name: translated(value) for name, value in text.params.items()} if text.params else words


translated_lazy = lazy(translated, str)
