"""Pictures, galleries and files of posts in plain HTML, with the addresses of the full files."""

import re
from html import escape, unescape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ..site import Attachment, Site, file_of
from .markup import IMAGE

_LINKED = re.compile(
    r"<a\b((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>\s*(<img\b(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>)\s*</a>", re.IGNORECASE
)
_ATTRIBUTE = re.compile(r"([A-Za-z][\w:.-]*)\s*(?:=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_SIZE = re.compile(r"-\d+x\d+(?=\.\w+$)")
# Of scaled and edited files.
_EDITION = re.compile(r"(?:-scaled|-rotated|-e\d{9,}|-\d+x\d+)+(?=\.\w+$)")
_SIZES = {"w", "h", "width", "height", "resize", "fit", "crop", "quality", "strip", "ssl", "zoom", "size"}
_PHOTON = re.compile(r"^i\d\.wp\.com$")
_LAZY = ("data-orig-file", "data-src", "data-lazy-src", "data-original", "data-lazy", "data-full-url")
_KEPT = ("title", "class", "width", "height")
_FILES = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?|heic)$", re.IGNORECASE)


def attributes(text: str) -> dict[str, str]:
    """The attributes of a start tag, by lower-case names; the first of a name counts."""
    found = {}
    for name, *values in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), unescape(next(filter(None, values), "")))
    return found


def tag(address: str, alt: str = "") -> str:
    return f'<img src="{escape(address)}" alt="{escape(alt)}">'


def figure(address: str, alt: str, caption: str) -> str:
    """`caption` is HTML."""
    words = f"<figcaption>{caption}</figcaption>" if caption.strip() else ""
    return f"<figure>{tag(address, alt)}{words}</figure>"


def full_address(site: Site, address: str, id: str = "") -> str:
    """The address of the file itself, not of one of its sizes.

    An id counts only for an attachment of the same name: it may come from another site.
    """
    return site.held(_of_file_itself(site, address, id))


def _of_file_itself(site: Site, address: str, id: str) -> str:
    parts = urlsplit(address)
    if _PHOTON.match(parts.netloc):
        host, _, path = parts.path.lstrip("/").partition("/")
        parts = parts._replace(netloc=host, path=f"/{path}")
    if parts.netloc.endswith(".wordpress.com") or _PHOTON.match(urlsplit(address).netloc):
        query = [(name, value) for name, value in parse_qsl(parts.query) if name not in _SIZES]
        parts = parts._replace(query=urlencode(query))
        address = urlunsplit(parts)
    known = site.attachments.get(id)
    if known and _stem(known.address) == _stem(address):
        # With or without TLS, as it was written.
        is_same = known.address.partition(":")[2] == address.partition(":")[2]
        return address if is_same else known.address
    file = file_of(address)
    if file in site.by_file:
        return address
    other = site.by_file.get(_SIZE.sub("", file)) or site.by_file.get(_SIZE.sub("-scaled", file))
    return site.attachments[other].address if other else address


def _stem(address: str) -> str:
    return _EDITION.sub("", urlsplit(address).path.rpartition("/")[2]).lower()


def with_full_files(html: str, site: Site) -> str:
    """Pictures with their full files, and without links to themselves."""
    html = _LINKED.sub(lambda found: _unlinked(found, site), html)
    return IMAGE.sub(lambda found: _full(found[1], site), html)


def _full(text: str, site: Site) -> str:
    values = attributes(text)
    address = values.get("src", "")
    lazy = next((values[name] for name in _LAZY if values.get(name)), "")
    if lazy and (not address or address.startswith("data:") or values.get("data-orig-file")):
        address = lazy
    id = re.search(r"\bwp-image-(\d+)\b", values.get("class", ""))
    address = full_address(site, address, id[1] if id else values.get("data-id", ""))
    kept = "".join(f' {name}="{escape(values[name])}"' for name in _KEPT if values.get(name))
    return f'<img src="{escape(address)}" alt="{escape(values.get("alt", ""))}"{kept}>'


def _unlinked(found: re.Match, site: Site) -> str:
    """A picture whose link leads to the file or to its page in the media library, without the link."""
    link, image = attributes(found[1]), attributes(found[2][4:-1])
    address = link.get("href", "")
    is_page = "attachment" in link.get("rel", "").split() or "attachment_id=" in address
    is_page = is_page or any(address and address == known.link for known in _of_file(site, image))
    is_itself = _FILES.search(urlsplit(address).path) and _stem(address) == _stem(image.get("src", ""))
    return found[2] if is_page or is_itself else found[0]


def _of_file(site: Site, image: dict[str, str]) -> list[Attachment]:
    file = file_of(image.get("src", ""))
    ids = [site.by_file.get(file), site.by_file.get(_SIZE.sub("", file))]
    return [site.attachments[id] for id in ids if id]


def is_file(address: str) -> bool:
    """Whether an address is that of a picture, by its ending."""
    return bool(_FILES.search(urlsplit(address).path))


def is_picture(attachment: Attachment) -> bool:
    return is_file(attachment.address)


def gallery(pictures: list[str]) -> str:
    """Of figures or image tags."""
    return f'<div class="gallery">\n{"".join(pictures)}\n</div>' if pictures else ""


def of_attachment(attachment: Attachment) -> str:
    return figure(attachment.address, attachment.alt, attachment.caption)
