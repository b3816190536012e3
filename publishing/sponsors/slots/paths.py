"""The pages that a slot is limited to, as editors type them."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from publishing.links import targets
from publishing.text.parsing import normal_line_ends
from publishing.text.validators import validate_storable

MOST_PAGES = 100


def validated(text: str) -> list[str]:
    """The paths of the addresses in its lines, once each; those of renamed pages as they are now.

    Raises ValidationError with a sentence for the first line that leads to no public page of this site. A few queries.
    """
    validate_storable(text)
    lines = [(number, line.strip()) for number, line in enumerate(normal_line_ends(text).split("\n"), 1)]
    found = {number: targets.internal(line, "/") for number, line in lines if line}
    if len(found) > MOST_PAGES:
        raise ValidationError(_("Give at most %(most)s pages."), params={"most": MOST_PAGES})
    leading = targets.targets(parts.path for parts in found.values() if parts)
    result = []
    for number, parts in found.items():
        target = parts and leading[parts.path]
        if not target or not target.is_found or target.is_staff or (target.kind and not target.row):
            message = _("Line %(number)s: there is no such page here. Copy the address of one.")
            raise ValidationError(message, params={"number": number})
        result.append(target.kind and target.new_path() or parts.path)
    return list(dict.fromkeys(result))
