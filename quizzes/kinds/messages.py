"""Sentences of modules that know no Django: in English, with what it takes to say them in another language.

`words.translated` translates one where it is shown. Import the functions under the names by which the messages are
collected: `gettext_noop as _`, `ngettext_noop as ngettext`, `pgettext_noop as pgettext`.
"""


class Message(str):
    """A sentence in English. `message` has the placeholders %(name)s that `params` fills, with messages too."""

    message = plural = context = ""
    number = None
    params: dict

    @classmethod
    def of(cls, text: str, params: dict, **how):
        found = cls(text % params if params else text)
        vars(found).update(how, params=params)
        return found


def gettext_noop(message: str, **params) -> Message:
    return Message.of(message, params, message=message)


def pgettext_noop(context: str, message: str, **params) -> Message:
    return Message.of(message, params, message=message, context=context)


def ngettext_noop(message: str, plural: str, number: int, **params) -> Message:
    """Has the placeholder %(count)s besides those of `params`."""
    params["count"] = number
    return Message.of(message if number == 1 else plural, params, message=message, plural=plural, number=number)


def joined(messages: list) -> str:
    """Messages and other texts as one: "a program, a recorded output and the interpreter"."""
    *before, last = messages
    if not before:
        return last
    first = before[0]
    for each in before[1:]:
        first = gettext_noop("%(first)s, %(next)s", first=first, next=each)
    return gettext_noop("%(first)s and %(last)s", first=first, last=last)
