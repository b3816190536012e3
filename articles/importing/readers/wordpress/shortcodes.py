"""Shortcodes: those of WordPress become HTML, those of plugins give their content, and are told; "[sic]" is text.

https://developer.wordpress.org/plugins/shortcodes/
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape

from . import pictures
from .blocks import code
from .site import Site

_VALUE = r"(?:[^\[\]\"'<>]|\"[^\"\[]{0,2000}\"|'[^'\[]{0,2000}'|<[^<>]{0,500}>)"
_TOKEN = re.compile(rf"\[(\[?)(/?)([A-Za-z][\w-]*)((?:[\s=/:]{_VALUE}{{0,3000}}?)?)(/?)\](\]?)")
_RAW = re.compile(r"<(!--|pre\b|code\b|script\b|style\b|textarea\b)|<[A-Za-z/][^<>]*>", re.IGNORECASE)
_PAIR = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s'\"]+))|\"([^\"]*)\"|(\S+)")
_ADDRESS = re.compile(r"https?://[^\s\"'<>\[\]|]+")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "″": '"', "’": "'", "′": "'", "«": '"', "»": '"'})

# Of plugins that colour code: content as it stands. Those that name a language.
_LANGUAGES = {
    "php", "css", "js", "javascript", "python", "py", "bash", "shell", "xml", "html", "sql", "java", "csharp", "cpp",
    "ruby", "perl", "diff", "jscript", "vb", "delphi", "scala", "groovy", "powershell", "go", "swift", "json", "yaml",
}  # fmt: skip
_CODE = {"code", "sourcecode", "source", "highlight", "cc", "cci", "crayon", "prism", "codeblock", "geshi", "text",
         "plain", "ccn", "ccb", "pre", "codesyntax"}  # fmt: skip
# Written by readers into a form, or made anew for each of them: neither they nor their content are text.
_FORMS = {
    "contact-form-7", "contact-form", "contact-field", "gravityform", "gravityforms", "wpforms", "ninja_form",
    "ninja_forms", "formidable", "mc4wp_form", "fluentform", "forminator_form", "caldera_form", "poll", "polldaddy",
    "crowdsignal", "jetpack_subscription_form", "subscribe2", "newsletter_form", "newsletter", "woocommerce_cart",
    "woocommerce_checkout", "add_to_cart", "products", "searchform", "recaptcha", "paypal", "wpdm_package",
}  # fmt: skip
_EMBEDS = {
    "embed", "embedyt", "youtube", "vimeo", "tweet", "twitter", "instagram", "facebook", "soundcloud", "spotify",
    "gist", "dailymotion", "ted", "vine", "googlemaps", "googlevideo", "slideshare", "scribd", "flickr", "tiktok",
    "wpvideo", "videopress", "pinterest", "bandcamp", "codepen", "youtube_sc", "ytp_video", "fve", "lyte",
}  # fmt: skip
_BY_NUMBER = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "tweet": "https://twitter.com/i/web/status/{}",
    "gist": "https://gist.github.com/{}",
    "dailymotion": "https://www.dailymotion.com/video/{}",
    "ted": "https://www.ted.com/talks/{}",
    "wpvideo": "https://videopress.com/v/{}",
    "videopress": "https://videopress.com/v/{}",
    "instagram": "https://www.instagram.com/p/{}/",
}
# Folded out by the reader; "title" is what they see first.
_DETAILS = {"toggle", "spoiler", "expand", "su_spoiler", "collapse", "accordion_item", "accordion-item", "bg_collapse",
            "hide", "su_expand", "faq"}  # fmt: skip
_KNOWN = {"caption", "wp_caption", "gallery", "audio", "video", "playlist", "more", "nextpage"} | _EMBEDS | _FORMS


@dataclass
class Token:
    start: int
    end: int
    name: str
    is_end: bool
    is_alone: bool
    text: str
    has_end: bool = False
    # Of an end, its start.
    partner: "Token | None" = None


@dataclass
class Shortcodes:
    """Of one post. `lost` counts those whose output is missing, `opened` those of which only the content stays."""

    site: Site
    # For galleries of all that was uploaded to it.
    post_id: str = ""
    lost: Counter = field(default_factory=Counter)
    opened: Counter = field(default_factory=Counter)
    missing: list[str] = field(default_factory=list)

    def html(self, text: str) -> str:
        """Takes time in proportion to the text."""
        if "[" not in text:
            return text
        text = self._code(text)
        # Of each open shortcode its token, and what it contains.
        stack: list[tuple[Token | None, list[str]]] = [(None, [])]
        position = 0
        opened: set[int] = set()
        for token in _paired(list(_tokens(text))):
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
                stack[-1][1].append(self._written(token, None))
        stack[-1][1].append(text[position:])
        return "".join(stack[0][1])

    def _code(self, text: str) -> str:
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

    def _written(self, token: Token, content: str | None) -> str:
        name, values = token.name.lower(), attributes(token.text)
        if name in ("caption", "wp_caption"):
            return _caption(values, content or "")
        if name == "gallery":
            return self._gallery(values)
        if name in ("audio", "video"):
            return _media(name, values, content or "")
        if name == "playlist":
            return self._playlist(values)
        if name in ("more", "nextpage"):
            return "\n\n<hr>\n\n" if name == "nextpage" else "\n\n"
        if name in _FORMS:
            self.lost[name] += 1
            return "\n\n"
        if name in _EMBEDS and (address := _embedded(name, values, content or "")):
            return f"\n\n{escape(address, quote=False)}\n\n"
        return self._plugin(name, values, content)

    def _plugin(self, name: str, values: dict[str, str], content: str | None) -> str:
        """The content stays; without any, an address does."""
        title = values.get("title", "") or values.get("heading", "")
        address = next((value for value in values.values() if _ADDRESS.fullmatch(value)), "")
        if content is not None and content.strip():
            self.opened[name] += 1
            if name in _DETAILS:
                return f"\n\n<details><summary>{escape(title)}</summary>\n\n{content}\n\n</details>\n\n"
            if "button" in name and address:
                return f'<a href="{escape(address)}">{content}</a>'
            return f"\n\n<strong>{escape(title)}</strong>\n\n{content}" if title else content
        if address:
            self.opened[name] += 1
            if pictures.is_file(address):
                return pictures.tag(address, values.get("alt", title))
            return f"\n\n{escape(address, quote=False)}\n\n"
        self.lost[name] += 1
        return ""

    def _attachments(self, values: dict[str, str]) -> list:
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


_CODE_START = re.compile(
    rf"(?<!\[)\[({'|'.join(sorted(_CODE | _LANGUAGES))})((?:[\s=:][^\[\]]*)?)\](?!\])", re.IGNORECASE
)


def _coloured(name: str, text: str, content: str) -> str:
    values = attributes(text)
    language = values.get("language") or values.get("lang") or ("" if name in _CODE else name)
    if name == "highlight" and not language and "\n" not in content:
        # Of words, in themes.
        return f"<mark>{content}</mark>"
    return code(unescape(content), language.lower())


def _tokens(text: str) -> Iterator[Token]:
    """What may be a shortcode, outside of tags, comments and code."""
    position, lower, no_end = 0, text.lower(), set()
    while position < len(text):
        raw, token = _RAW.search(text, position), _TOKEN.search(text, position)
        if token is None:
            return
        if raw and raw.start() < token.start():
            position = raw.end()
            name = (raw[1] or "").lower()
            if name and name not in no_end:
                end = lower.find("-->" if name == "!--" else f"</{name}", position)
                if end < 0:
                    no_end.add(name)
                elif name in ("pre", "code"):
                    yield from _escaped(text, position, end)
                position = max(position, end)
            continue
        position = token.end()
        if token[1] and token[6]:
            yield Token(token.start(), token.end(), "", False, False, f"&#91;{token[0][2:-2]}&#93;")
        elif token[1]:
            # "[[1]" and the like: look again behind the first bracket.
            position = token.start() + 1
        else:
            end = token.end() - len(token[6])
            position = end
            yield Token(token.start(), end, token[3], bool(token[2]), bool(token[5]), token[4])


def _escaped(text: str, start: int, end: int) -> Iterator[Token]:
    """In code, "[[name]]" stands for "[name]"."""
    for found in _TOKEN.finditer(text, start, end):
        if found[1] and found[6]:
            yield Token(found.start(), found.end(), "", False, False, f"&#91;{found[0][2:-2]}&#93;")


def _paired(tokens: list[Token]) -> list[Token]:
    """The tokens that are shortcodes; each end knows its start."""
    opened: dict[str, list[Token]] = {}
    for token in tokens:
        if token.is_end and opened.get(token.name):
            token.partner = opened[token.name].pop()
            token.partner.has_end = True
        elif not token.is_end and not token.is_alone and token.name:
            opened.setdefault(token.name, []).append(token)
    return [token for token in tokens if _is_shortcode(token)]


def _is_shortcode(token: Token) -> bool:
    """Not "[sic]", "[1]" or "[see below]"."""
    name = token.name.lower()
    if not name or token.has_end or token.partner or name in _KNOWN:
        return True
    if token.is_end:
        return False
    is_typed = bool(re.match(r"[\s]+(?:[\w-]+\s*=\s*[\"'\w#/]|https?://)", token.text.translate(_QUOTES)))
    return is_typed or token.is_alone or bool(re.search(r"[a-z0-9][_-][a-z0-9]", token.name) and token.name == name)


def attributes(text: str) -> dict[str, str]:
    """By lower-case names; those without a name by their numbers."""
    found: dict[str, str] = {}
    number = 0
    # "[youtube=https://…]"
    text = re.sub(r"^[=:]", " ", text.translate(_QUOTES))
    for name, *quoted, alone, word in _PAIR.findall(text):
        if name:
            found.setdefault(name.lower(), unescape(next(filter(None, quoted), "")))
        else:
            found[str(number)] = unescape(alone or word).strip("\"'")
            number += 1
    return found


def _caption(values: dict[str, str], content: str) -> str:
    """`caption="…"` of long ago, else what stands behind the picture."""
    picture = re.match(r"\s*(?:<(?:p|div)[^>]*>)?\s*(<a\b[^>]*>\s*<img\b[^>]*>\s*</a>|<img\b[^>]*>)", content, re.I)
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
        if name in _BY_NUMBER and re.fullmatch(r"[\w/-]{3,60}", text):
            return _BY_NUMBER[name].format(text)
    return ""


def without(text: str) -> str:
    """A short text without shortcodes, for summaries."""
    return _TOKEN.sub(lambda found: "" if found[3].lower() in _KNOWN else found[0], text)
