from django import template

from publishing.sponsors.models import Key, Slot
from publishing.sponsors.slots import explaining, filling, placement
from publishing.text import markdown

register = template.Library()


# The widths of the window at which one of two places of a slot is there (static/css/slots.css).
WIDE, NARROW = "wide", "narrow"


def _slot(context, key, at=""):
    request = context.get("request")
    if request is None:
        return ""
    request.has_slot_places = True
    if key not in getattr(request, "slots", ()):
        return ""
    slot, language = Slot.row(key), getattr(request, "slots_outlined_in", "")
    outline = explaining.outline(slot, request.slot_page, language) if language else None
    return filling.box(slot, request, at, outline)


@register.simple_tag(takes_context=True)
def sponsored_slot(context, key, at=""):
    """The slot `key`; nothing if this request does not have it. No query while nothing has changed.

    With `at` it is there in wide windows only, or in narrow ones.
    """
    if key not in Key.values:
        raise template.TemplateSyntaxError(f"There is no slot “{key}”; choose from {', '.join(Key.values)}.")
    return _slot(context, key, at)


@register.simple_tag(takes_context=True)
def sponsored_body(context, html, offsets, parts=()):
    """An article's stored HTML with `parts` (pairs for `markdown.interleave`), and slots at `offsets` if it has them.

    In narrow windows with the slot above the article too: slots that would be near it are in wide ones only.
    """
    top = _slot(context, Key.ARTICLE_TOP.value, NARROW)
    place = placement.top_inside(html) if top else None
    inserts = [*parts] if place is None else [*parts, (place, top)]
    is_on = Key.ARTICLE_BODY in getattr(context.get("request"), "slots", ())
    for offset in markdown.ends_of_paragraphs(html, offsets) if is_on else []:
        is_near = place is not None and placement.is_near(html, place, offset)
        inserts.append((offset, _slot(context, Key.ARTICLE_BODY.value, WIDE if is_near else "")))
    return markdown.interleave(html, inserts)
