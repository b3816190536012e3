"""Shortcodes: those of WordPress become HTML, those of plugins give their content, and are told; "[sic]" is text.

https://developer.wordpress.org/plugins/shortcodes/
"""

import re
from base64 import b64decode
from collections import Counter
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import unquote

from ..site import Attachment, Site
from . import pictures
from .blocks import code
from .markup import text_of
from .names import BY_NUMBER, CODE, DETAILS, EMBEDS, FOOTNOTES, FORMS, KNOWN, LANGUAGES, LAYOUT, OWN, QUOTES, RULES
from .tokens import TOKEN, Token, attributes, tokens

_ADDRESS = re.compile(r"https?://[^\s\"'<>\[\]|]+")
_IDS = re.compile(r"\d+(?:\s*,\s*\d+)*")
# Attributes that name pictures, by number or by address; and shortcodes whose "ids" do.
_OF_PICTURES = re.compile(r"image|img|photo|picture|attachment|^src$|background", re.IGNORECASE)
_GALLERIES = re.compile(r"gallery|slide|carousel|image|img|photo", re.IGNORECASE)


@dataclass
class Shortcodes:
    """Of one post. `lost` counts those whose output is missing, `opened` those of which only the content stays."""

    site: Site
    # For galleries of all that was uploaded to it.
    post_id: str = ""
    lost: Counter = field(default_factory=Counter)
    opened: Counter = field(default_factory=Counter)
    missing: list[str] = field(default_factory=list)
    # Footnotes, which come behind the text.
    footnotes: list[str] = field(default_factory=list)

    def html(self, text: str) -> str:
        """Takes time in proportion to the text."""
        if "[" not in text:
            return text
        text = _with_code(text)
        # Of each open shortcode its token, and what it contains.
        stack: list[tuple[Token | None, list[str]]] = [(None, [])]
        position = 0
        opened: set[int] = set()
        for token in tokens(text):
            stack[-1][1].append(text[position : token.start])
            position = token.end
            if token.name == "":
                stack[-1][1].append(token.text)
            elif token.is_end:
                # An end that crosses others ends them, too.
                while token.partner and token.partner.start in opened:
                    start, parts = stack.pop()
                    opened.discard(start.start)
                    stack[-1][1].append(self._written(start, "".join(parts)))
            elif token.has_end:
                stack.append((token, []))
                opened.add(token.start)
            else:
                stack[-1][1].append(self._written(token, ""))
        stack[-1][1].append(text[position:])
        return "".join(stack[0][1])

    def notes(self) -> str:
        """What stands behind the text: its footnotes."""
        items = (
            f'<li id="fn-{number}">{content} <a href="#fn-{number}-link">↩</a></li>'
            for number, content in enumerate(self.footnotes, 1)
        )
        return f'\n<ol class="footnotes">{"".join(items)}</ol>\n' if self.footnotes else ""

    def _written(self, token: Token, content: str) -> str:
        name, values = token.name.lower(), attributes(token.text)
        if name in OWN and (name != "embed" or content.strip()):
            return self._own(name, values, content)
        if name in FOOTNOTES and content.strip() and "title" not in values:
            self.footnotes.append(content.strip())
            number = len(self.footnotes)
            return f'<sup><a href="#fn-{number}" id="fn-{number}-link">{number}</a></sup>'
        if (name in LAYOUT or name == "more") and not content:
            return "\n\n<hr>\n\n" if name in RULES else "\n\n"
        if name in FORMS:
            self.lost[name] += 1
            return "\n\n"
        if name in EMBEDS and (address := _embedded(name, values, content)):
            return f"\n\n{escape(address, quote=False)}\n\n"
        if name in ("vc_raw_html", "vc_raw_js"):
            content = _decoded(content) if name == "vc_raw_html" else ""
        return self._plugin(name, values, content)

    def _own(self, name: str, values: dict[str, str], content: str) -> str:
        """Of WordPress itself."""
        if name in ("caption", "wp_caption"):
            return _caption(values, content)
        if name in ("audio", "video"):
            return _media(name, values, content)
        if name == "embed":
            address = _embedded(name, values, content)
            return _line(address) if address else content
        if name == "nextpage":
            return "\n\n<hr>\n\n"
        return self._gallery(values) if name == "gallery" else self._playlist(values)

    # --- of plugins ---

    def _plugin(self, name: str, values: dict[str, str], content: str) -> str:
        """Pictures that its attributes name, and its content; without any, an address."""
        title = values.get("title", "") or values.get("heading", "")
        shown = self._pictures(name, values)
        address = next((value for value in values.values() if _ADDRESS.fullmatch(value)), "")
        alone = text_of(content)
        if _ADDRESS.fullmatch(alone) and "<img" not in content:
            # Of a picture, or something to embed.
            address, content = alone, ""
        if content.strip():
            self.opened[name] += 1
            return shown + _opened(name, title, content, address)
        if not shown and address:
            shown = pictures.tag(address, values.get("alt", title)) if pictures.is_file(address) else _line(address)
        (self.opened if shown else self.lost)[name] += 1
        return shown

    def _pictures(self, name: str, values: dict[str, str]) -> str:
        figures, used = [], set()
        for key, value in values.items():
            is_named = _OF_PICTURES.search(key) or (key in ("ids", "include") and _GALLERIES.search(name))
            if not is_named or value in used:
                continue
            used.add(value)
            if _IDS.fullmatch(value):
                known = (self.site.attachments.get(id.strip()) for id in value.split(","))
                figures += [pictures.of_attachment(one) for one in known if one and pictures.is_picture(one)]
            elif _ADDRESS.fullmatch(value) and pictures.is_file(value):
                figures.append(pictures.figure(value, values.get("alt", ""), ""))
        if len(figures) > 1:
            return f"\n\n{pictures.gallery(figures)}\n\n"
        return f"\n\n{figures[0]}\n\n" if figures else ""

    # --- files of the media library ---

    def _attachments(self, values: dict[str, str]) -> list[Attachment]:
        """By their ids in order, else all of the post."""
        ids = re.findall(r"\d+", values.get("ids", "") or values.get("include", ""))
        if not ids:
            out = set(re.findall(r"\d+", values.get("exclude", "")))
            parent = values.get("id") if values.get("id", "").isdigit() else self.post_id
            ids = [id for id in self.site.by_post.get(parent, []) if id not in out]
        found = [self.site.attachments.get(id) for id in ids]
        self.missing += [id for id, attachment in zip(ids, found, strict=True) if attachment is None]
        return [attachment for attachment in found if attachment]

    def _gallery(self, values: dict[str, str]) -> str:
        attachments = [attachment for attachment in self._attachments(values) if pictures.is_picture(attachment)]
        if not attachments:
            self.lost["gallery"] += 1
        figures = [pictures.of_attachment(attachment) for attachment in attachments]
        return f"\n\n{pictures.gallery(figures)}\n\n"

    def _playlist(self, values: dict[str, str]) -> str:
        kind = "video" if values.get("type") == "video" else "audio"
        files = [attachment for attachment in self._attachments(values) if not pictures.is_picture(attachment)]
        if not files:
            self.lost["playlist"] += 1
        links = (f'<li><a href="{escape(file.address)}">{escape(file.title or kind)}</a></li>' for file in files)
        return f"\n\n<ul>{''.join(links)}</ul>\n\n" if files else ""


# --- code ---

_CODE_START = re.compile(
    rf"(?<!\[)\[({'|'.join(sorted(CODE | LANGUAGES))})((?:[\s=:][^\[\]]*)?)\](?!\])", re.IGNORECASE
)


def _with_code(text: str) -> str:
    """Code first: what looks like a shortcode in it is none."""
    parts, position, lower, no_end = [], 0, text.lower(), set()
    for found in _CODE_START.finditer(text):
        name = found[1].lower()
        if found.start() < position or name in no_end:
            continue
        end = lower.find(f"[/{name}]", found.end())
        if end < 0:
            no_end.add(name)
            continue
        parts += [text[position : found.start()], _coloured(name, found[2], text[found.end() : end])]
        position = end + len(name) + 3
    return "".join([*parts, text[position:]])


def _coloured(name: str, text: str, content: str) -> str:
    values = attributes(text)
    language = values.get("language") or values.get("lang") or ("" if name in CODE else name)
    if name == "highlight" and not language and "\n" not in content:
        # Of words, in themes.
        return f"<mark>{content}</mark>"
    return code(unescape(content), language.lower())


# --- single shortcodes ---


def _caption(values: dict[str, str], content: str) -> str:
    """`caption="…"` of long ago, else what stands behind the picture."""
    picture = re.match(
        r"\s*(?:<(?:p|div)[^<>]*>)?\s*(<a\b[^<>]*>\s*<img\b[^<>]*>\s*</a>|<img\b[^<>]*>)", content, re.IGNORECASE
    )
    if not picture:
        return content
    words = content[picture.end() :].strip()
    words = re.sub(r"^(?:</p>|</div>|<br\s*/?>|\s)+|</?p[^<>]*>$", "", words).strip()
    words = words or values.get("caption", "")
    caption = f"<figcaption>{words}</figcaption>" if words else ""
    return f"\n\n<figure>{picture[1]}{caption}</figure>\n\n"


def _media(name: str, values: dict[str, str], content: str) -> str:
    kinds = ("src", "mp3", "m4a", "ogg", "wav", "mp4", "m4v", "webm", "ogv", "flv", "wmv", "url", "0")
    address = next((values[kind] for kind in kinds if values.get(kind)), "") or content.strip()
    # "[audio https://…|titles=…]"
    found = _ADDRESS.search(address)
    address = found[0] if found else address
    if not address:
        return ""
    return f'\n\n<figure><{name} src="{escape(address)}"></{name}></figure>\n\n'


def _embedded(name: str, values: dict[str, str], content: str) -> str:
    texts = (content.strip(), *(values.get(key, "") for key in ("url", "src", "href", "link", "id", "0")))
    for text in filter(None, map(unescape, texts)):
        if found := _ADDRESS.search(text):
            return found[0]
        if name in BY_NUMBER and re.fullmatch(r"[\w/-]{3,60}", text):
            return BY_NUMBER[name].format(text)
    return ""


def _opened(name: str, title: str, content: str, address: str) -> str:
    if name in QUOTES:
        return f'\n\n<blockquote class="pullquote">\n\n{content}\n\n</blockquote>\n\n'
    if name in DETAILS:
        return f"\n\n<details><summary>{escape(title)}</summary>\n\n{content}\n\n</details>\n\n"
    if "button" in name and address:
        return f'<a href="{escape(address)}">{content}</a>'
    return f"\n\n<strong>{escape(title)}</strong>\n\n{content}" if title else content


def _line(address: str) -> str:
    return f"\n\n{escape(address, quote=False)}\n\n"


def _decoded(content: str) -> str:
    """HTML that a page builder encodes, so that nothing changes it."""
    try:
        return unquote(b64decode(text_of(content), validate=True).decode())
    except ValueError:
        return ""


def without(text: str) -> str:
    """A short text without shortcodes, for summaries."""
    return TOKEN.sub(lambda found: "" if found[3].lower() in KNOWN else found[0], text)
