"""SVG that can be shown: the elements and attributes of a drawing, and nothing that runs or loads anything."""

import re
from xml.etree.ElementTree import Element, tostring  # noqa: S405 - a tree; defusedxml reads

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

MOST_BYTES = 100_000
MOST_ELEMENTS, MOST_DEPTH, MOST_USES = 3000, 40, 50
LONGEST_SIDE, MOST_RATIO = 100_000, 20
NAMESPACE = "http://www.w3.org/2000/svg"
_HREF = ("href", "{http://www.w3.org/1999/xlink}href")

_ELEMENTS = """
    svg g defs symbol use title desc style path rect circle ellipse line polyline polygon text tspan
    linearGradient radialGradient stop clipPath mask
"""
# What programs note for themselves; left out.
_NOTES = {"metadata"}
_ATTRIBUTES = """
    id class style transform d points x y x1 y1 x2 y2 cx cy r rx ry fx fy dx dy width height viewBox
    preserveAspectRatio offset gradientUnits gradientTransform spreadMethod clipPathUnits maskUnits maskContentUnits
    fill fill-opacity fill-rule clip-path clip-rule mask color opacity display visibility stroke stroke-width
    stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset stop-color
    stop-opacity font-family font-size font-weight font-style letter-spacing text-anchor paint-order type media
    vector-effect shape-rendering
"""
ELEMENTS, ATTRIBUTES = frozenset(_ELEMENTS.split()), frozenset(_ATTRIBUTES.split())
# Only what is in the drawing itself; an escape could hide another word.
_LOADS = re.compile(r"@(?!media\b)|\\|expression|javascript|url\s*\(\s*(?![\"']?\s*#)|image(-set)?\s*\(", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_NUMBER = re.compile(r"\s*(\d{0,6}(?:\.\d{0,9})?)\s*(?:px|pt|pc|mm|cm|in|em)?\s*")


def sanitised(content: bytes) -> tuple[bytes, float, float]:
    """The drawing in UTF-8 with what is allowed, its width and its height.

    Raises ValidationError with a sentence if it is no drawing, too large, or has what may not be in a logo.
    """
    if len(content) > MOST_BYTES:
        raise ValidationError(gettext("The drawing is larger than 100 kB. Make it simpler, or upload a PNG."))
    try:
        root = fromstring(content, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise ValidationError(
            gettext("The drawing defines entities, which a logo may not have. Save it as plain SVG.")
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise ValidationError(gettext("This is no SVG: it cannot be read as XML.")) from error
    if _name(root) != "svg":
        raise ValidationError(gettext("This is no SVG: its first element is not <svg>."))
    _measure(root)
    _check_uses(root)
    made = _clean(root)
    width, height = _size(root)
    made.attrib = {"xmlns": NAMESPACE} | made.attrib | {"width": f"{width:g}", "height": f"{height:g}"}
    made.attrib.setdefault("viewBox", f"0 0 {width:g} {height:g}")
    return tostring(made, "utf-8", xml_declaration=False), width, height


def _name(element) -> str:
    """The name of an element of SVG; empty for others."""
    namespace, _, name = str(element.tag).rpartition("}")
    return name if namespace in ("", f"{{{NAMESPACE}") else ""


def _measure(root) -> None:
    level, number = [root], 0
    for _ in range(MOST_DEPTH):
        number += len(level)
        level = [child for element in level for child in element]
    if level or number > MOST_ELEMENTS:
        raise ValidationError(gettext("The drawing has too many parts. Make it simpler, or upload a PNG."))


def _check_uses(root) -> None:
    """Copies of copies grow without limit when they are drawn."""
    uses = [element for element in root.iter() if _name(element) == "use"]
    copied = {next((element.get(name) for name in _HREF if element.get(name)), "")[1:] for element in uses}
    nested = [
        element
        for element in root.iter()
        if element.get("id") in copied and any(_name(part) == "use" for part in element.iter())
    ]
    if nested or len(uses) > MOST_USES:
        raise ValidationError(gettext("The drawing has copies of copies. Make it simpler, or upload a PNG."))


def _clean(element) -> Element:
    name = _name(element)
    if name not in ELEMENTS:
        raise ValidationError(
            gettext("The drawing has <%(name)s>, which a logo may not have. Remove it, or upload a PNG.")
            % {"name": name[:40]}
        )
    made = Element(name, dict(filter(None, (_attribute(*pair) for pair in element.attrib.items()))))
    made.text, made.tail = element.text, element.tail
    if name == "style":
        _check_style(made.text or "")
    made.extend([_clean(child) for child in element if _name(child) and _name(child) not in _NOTES])
    return made


def _attribute(name: str, value: str) -> tuple[str, str] | None:
    """The attribute as it may stay; None if it is left out."""
    if name.lower().startswith("on"):
        raise ValidationError(
            gettext("The drawing has a script (%(name)s), which a logo may not have.") % {"name": name[:40]}
        )
    if name in _HREF:
        if not value.strip().startswith("#"):
            raise ValidationError(gettext("The drawing refers to something outside itself, which a logo may not do."))
        return "href", value.strip()
    _check_style(value)
    return (name, value) if name in ATTRIBUTES else None


def _check_style(text: str) -> None:
    if _LOADS.search(_COMMENT.sub("", text)):
        raise ValidationError(
            gettext("The drawing has a style that loads something from outside, which a logo may not do.")
        )


def _size(root) -> tuple[float, float]:
    """Width and height, from the attributes of these names or from the viewBox."""
    numbers = [_NUMBER.fullmatch(root.get(name) or "") for name in ("width", "height")]
    sizes = [float(number[1] or 0) if number and number[1] != "." else 0 for number in numbers]
    if not all(sizes):
        try:
            *_, width, height = map(float, (root.get("viewBox") or "").replace(",", " ").split())
            sizes = [width, height]
        except ValueError:
            sizes = [0, 0]
    if not all(0 < size <= LONGEST_SIDE for size in sizes):
        raise ValidationError(
            gettext("The drawing has no size. Its first element needs a viewBox, such as “0 0 120 40”.")
        )
    if max(sizes) > MOST_RATIO * min(sizes):
        raise ValidationError(gettext("The drawing is more than 20 times as long as it is wide."))
    return sizes[0], sizes[1]
