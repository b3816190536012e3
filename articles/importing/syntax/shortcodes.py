"""What shortcodes and tag plugins become. Liquid's own tags are in `liquid`."""

import re

from django.utils.translation import gettext

from . import liquid, made
from .hidden import Found, Hidden, block
from .nesting import Tag, dedented, in_line, replace
from .templates import tags_of

_PICTURES = frozenset(
    "figure fig img image images picture photo imgproc image-caption lightbox zoom resize_image asset_img imgcap "  # noqa: SIM905
    "responsive-image featured-image figure.html image.html img.html picture.html".split()
)
_QUOTES = frozenset({"quote", "blockquote", "cite", "epigraph"})
_PULLED = frozenset({"pullquote", "pull", "pull-quote", "centerquote", "cq"})
_NOTES = frozenset({"sidenote", "sn", "footnote", "fn", "marginnote", "margin-note", "side-note"})
_FILES = frozenset({"video", "audio", "video.html", "audio.html", "html5video", "mp4", "mp3", "podcast", "asset_link"})
_TABS = frozenset({"tab", "tabitem", "tab-item", "codetab", "code-tab"})
_TAB_FRAMES = frozenset({"tabs", "tabpane", "tabgroup", "tab-group", "code-tabs", "codetabs"})
# They only arrange or decorate what is in them.
_FRAMES = frozenset(
    "tabs tabpane tabgroup columns column row col steps step cards card-group grid center left right div span lead "  # noqa: SIM905
    "section wrapper container raw code codeblock code-toggle highlight "
    " katex-inline markdown markdownify raw-html rawhtml html unsafe buttons".split()
)
_GALLERIES = frozenset({"gallery", "carousel", "slider", "image-gallery", "photo-gallery"})
_ICONS = frozenset({"icon", "fa", "fas", "fab", "fontawesome", "emoji", "svg", "octicon", "iconify", "br", "newline"})
_CONTENTS = frozenset(
    {
        "toc",
        "inlinetoc",
        "tocinline",
        "table_of_contents",
        "toc.html",
        "toc.md",
        "contents",
        "tableofcontents",
        "table-of-contents",
    }
)
_MORE = frozenset({"more", "excerpt", "truncate"})
_TEXTS = ("title", "text", "content", "caption", "description", "label")
_ADDRESS = re.compile(r"(?:https?:)?//\S+")
_FILE = re.compile(r"/[^\s?#]+\.\w{2,5}|[^\s?#]+\.(?:png|jpe?g|gif|webp|avif|svg)", re.IGNORECASE)
_PICTURE_FILE = re.compile(r"[^\s?#]+\.(?:png|jpe?g|gif|webp|avif|svg)(?:[?#]\S*)?", re.IGNORECASE)
# Not words for readers: "preserving_state_1".
_IDENTIFIER = re.compile(r"[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*_[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*")


class Shortcodes:
    """Replaces the tags of one text. `variables` are what templates know of the post: {"page.title": "…"}."""

    def __init__(self, hidden: Hidden, found: Found, variables: dict[str, str]):
        self.hidden, self.found, self.values = hidden, found, liquid.Values(variables, hidden, found)

    def replace(self, text: str) -> str:
        text = self.values.run(text)
        tags = tags_of(text, self.hidden)
        _name_tabs(tags)
        return replace(text, tags, self.render)

    def render(self, tag: Tag, content: str | None, before: str) -> str:
        if tag.family == "variable":
            return self.values.show(tag)
        if tag.is_end:
            # Its start is in code, or missing.
            self.found.changed[gettext("%(source)s without a beginning: left out") % {"source": tag.source[:60]}] += 1
            return ""
        if tag.family == "liquid" and tag.name in ("include", "include_relative", "include_cached", "partial"):
            tag.name = (tag.words.pop(0) if tag.words else "").rsplit("/", 1)[-1].lower()
            self.values.resolved(tag)
        name = re.sub(r"\.(?:html|liquid|md)$", "", tag.name).rsplit("/", 1)[-1]
        if tag.family == "liquid" and (told := self.values.render(tag, content)) is not None:
            return told
        for part in (self._of_address, self._of_box, self._of_text, self._of_element):
            if (told := part(name, tag, content, before)) is not None:
                return told
        return self._unknown(tag, content, before)

    # Each returns None for what it does not know.

    def _of_address(self, name: str, tag: Tag, content: str | None, before: str) -> str | None:
        if name in _PICTURES or tag.name in _PICTURES:
            return self._picture(name, tag, content, before)
        if name in ("ref", "relref") and re.match(r"[^./#@]", tag.value("path")):
            # Hugo looks beside the text and then from the root, as "@/" means here.
            return _target(f"@/{tag.value('path')}")
        if name in ("ref", "relref", "post_url", "asset_path", "post_path", "asset", "static_url"):
            return _target(tag.value("path"))
        if name == "link" and tag.family == "liquid":
            if len(tag.words) == 1:
                return _target(tag.words[0])
            address = next((word for word in tag.words if _ADDRESS.fullmatch(word) or word.startswith("/")), "")
            words = " ".join(word for word in tag.words if word not in (address, "true", "false"))
            return made.link(words or address, address)
        if name in ("post_link", "asset_link") and tag.words:
            target, *words = tag.words
            words = words[:-1] if words and words[-1] in ("true", "false") else words
            return made.link(" ".join(words) or target, _target(target))
        if name in _FILES:
            address = tag.value("src", "file", "url", "mp4", "webm", "ogg", "mp3")
            return made.embed(address, before, tag.get("title", "caption")) if address else None
        if not (content or "").strip() and (embed := made.embed_of(name)):
            address = made.place_of(embed, tag.words, tag.named)
            return made.embed(made.page_of(address), before) if address else None
        return None

    def _picture(self, name: str, tag: Tag, content: str | None, before: str) -> str | None:
        words = list(tag.words)
        source = tag.get("src", "image_path", "source", "path", "file", "filename", "url", "image", "img", "name")
        if not source:
            # Hexo: classes, the address, the size, a title, alternative text.
            place = next((at for at, word in enumerate(words) if re.search(r"[./]", word)), None)
            if place is None:
                return None
            source, words = words[place], [word for word in words[place + 1 :] if not re.fullmatch(r"\d+(px|%)?", word)]
        alt = tag.get("alt") or (words[1] if len(words) > 1 else words[0] if words and name != "img" else "")
        title = tag.get("title") or (words[0] if len(words) > 1 or (words and name == "img") else "")
        caption = tag.get("caption", "cap", "description", "legend") or " ".join((content or "").split())
        caption = " – ".join(dict.fromkeys(filter(None, (title, caption))))
        if credit := tag.get("attr", "credit", "attribution"):
            credit = made.link(credit, tag.get("attrlink")) if tag.get("attrlink") else credit
            caption = f"{caption} {credit}".strip()
        target = (
            tag.get("link", "href", "target") if tag.get("link", "href", "target") not in ("_blank", source) else ""
        )
        if tag.get("url") and tag.get("url") != source:
            target = tag.get("url")
        return made.picture(source, alt, caption, target, before)

    def _of_box(self, name: str, tag: Tag, content: str | None, before: str) -> str | None:
        if name in made.FOLDED and content is not None:
            title = tag.get("title", "summary", "header", "label") or " ".join(tag.words)
            return block(made.box("details", title, content))
        if name in _QUOTES and content is not None:
            return block(made.quote(dedented(content).strip("\n"), _cited(tag)))
        if name in _PULLED and content is not None:
            quoted = re.sub(r'\{" ?| ?"\}', "", dedented(content))
            return block(made.box("pull", "", quoted.strip("\n")))
        if name in _TABS and content is not None:
            label = tag.get("name", "label", "title", "header") or " ".join(tag.words)
            return block(f"**{label}**\n\n{content.strip(chr(10))}" if label else content)
        # "AlertBox" is an alert.
        name = name if name in made.KINDS else re.sub(r"(?<=\w)[_-]?box$", "", name)
        if name not in made.KINDS and name not in made.PLAIN_BOXES and name != "hint":
            return None
        text = content
        if text is None:
            text = tag.get("content", "text", "body", "message") or " ".join(tag.words)
            tag.words = []
            if not text:
                return None
        kind, title = _kind_and_title(name, tag)
        if in_line(before) and "\n" not in text.strip():
            # In the middle of a line: a box would tear it.
            return f"**{title or kind.capitalize()}** {text.strip()}" if title else text.strip()
        return block(made.admonition(kind, title, text))

    def _of_text(self, name: str, tag: Tag, content: str | None, before: str) -> str | None:
        if name in _NOTES:
            text = content if content is not None else (tag.words[-1] if tag.words else "")
            return f"^[{' '.join(text.split())}]" if text.strip() else ""
        if name in _CONTENTS:
            self.found.changed[gettext("the place of a list of contents: left out, pages have one")] += 1
            return ""
        if name in _ICONS and content is None:
            self.found.changed[gettext("a sign that only decorates, “%(name)s”: left out") % {"name": tag.name}] += 1
            return ""
        if name == "comment" or (name in _MORE and content is None):
            return ""
        if name in _GALLERIES and content and "![" in content:
            return block(made.box("gallery", "", dedented(content).strip("\n")))
        if name in _FRAMES | _GALLERIES and content is not None:
            # Of Hugo's Book, between columns.
            return content.replace("\n<--->\n", "\n\n")
        if name == "param":
            return self.values.of(f"page.{tag.value('name')}", tag.source)
        return None

    def _of_element(self, name: str, tag: Tag, content: str | None, before: str) -> str | None:
        if name in ("kbd", "mark", "sub", "sup", "abbr") and (content or tag.words):
            return f"<{name}>{content or ' '.join(tag.words)}</{name}>"
        if name == "label" and tag.words:
            # Of Hexo: `{% label info@text %}`.
            return " ".join(tag.words).rpartition("@")[2]
        if name == "mermaid" and content is not None:
            return block(f"```mermaid\n{content.strip(chr(10))}\n```")
        return None

    def _unknown(self, tag: Tag, content: str | None, before: str) -> str:
        """Its content, its address and its texts stay; its name is told."""
        address = tag.get("href", "url", "link", "src", "to")
        if not address:
            address = next((word for word in tag.words if _ADDRESS.fullmatch(word) or _FILE.fullmatch(word)), "")
        if content is not None:
            self.found.changed[gettext("the tag “%(tag)s” is not known: its content is kept") % {"tag": tag.name}] += 1
            return self._around(tag, content, address, before)
        texts = list(dict.fromkeys(tag.get(key) for key in _TEXTS if tag.get(key)))
        if address in tag.words and not texts:
            texts = list(filter(None, [" ".join(word.strip(",") for word in tag.words if word != address)]))
            address = address.strip(",")
        if address and _PICTURE_FILE.fullmatch(address):
            return made.picture(address, tag.get("alt"), " – ".join(texts), "", before)
        if address:
            self.found.changed[gettext("the tag “%(tag)s” is not known: its address is kept") % {"tag": tag.name}] += 1
            return made.link(texts[0], address) if texts else made.embed(address, before)
        if texts:
            self.found.lost[gettext("the tag “%(tag)s” is not known: only its text is kept") % {"tag": tag.name}] += 1
            return " – ".join(texts)
        words = gettext("the tag “%(tag)s” is not known: left out, %(source)s")
        self.found.lost[words % {"tag": tag.name, "source": tag.source[:120]}] += 1
        return ""

    def _around(self, tag: Tag, content: str, address: str, before: str) -> str:
        """The content of an unknown tag with the title, the address and the picture that the tag has."""
        text, alt = content.strip("\n"), tag.get("alt")
        title = tag.get("title", "name", "header", "label", "summary")
        title = "" if _IDENTIFIER.fullmatch(title) else title
        if address and _PICTURE_FILE.fullmatch(address):
            return block(f"{made.picture(address, alt, title)}\n\n{text}")
        if address and text.strip() and "\n" not in text.strip() and "](" not in text:
            words = f"{title} – {text.strip()}" if title else text.strip()
            return made.link(words, address)
        if alt and not address:
            words = gettext("the tag “%(tag)s” has a picture without an address: left out, “%(words)s”")
            self.found.lost[words % {"tag": tag.name, "words": alt[:120]}] += 1
        link = made.link(title or address, address) if address else ""
        if in_line(before):
            return f"{content} {link}".rstrip() if link else content
        heading = link or (f"**{title}**" if title else "")
        return block(f"{heading}\n\n{text}") if heading else content


def _target(path: str) -> str:
    """The target of a link as it was written, on its own."""
    return path.strip().replace(" ", "%20")


def _name_tabs(tags: list[Tag]) -> None:
    """Give tabs the names that the element around them has: `items="A,B"`, or `tabName1="A" tabID1="a"`."""
    labels: list[str] = []
    by_id: dict[str, str] = {}
    for tag in tags:
        if tag.is_end:
            continue
        named = tag.named
        if tag.name in _TAB_FRAMES:
            labels = [item.strip() for item in named.get("items", "").split(",") if item.strip()]
            labels = labels or [named[f"tabname{at}"] for at in range(1, len(named) + 1) if f"tabname{at}" in named]
            ids = {key.removeprefix("tabid"): value for key, value in named.items() if key.startswith("tabid")}
            by_id = {value: named.get(f"tabname{number}", "") for number, value in ids.items()}
        elif tag.name in _TABS and labels and not tag.words and not tag.get("name", "label", "title", "header"):
            # Those without an id have the names in their order.
            label = by_id.get(named.get("tabid", ""), labels[0])
            labels = [other for other in labels if other != label]
            tag.named["label"] = label


def _cited(tag: Tag) -> str:
    """Who is quoted and where: of Hexo `author, book address title`."""
    author, source = tag.get("author", "by", "cite"), tag.get("link", "url", "source", "src")
    words = []
    for word in tag.words:
        if not source and _ADDRESS.fullmatch(word):
            source = word
        else:
            words.append(word)
    author = author or " ".join(words)
    if source:
        return made.link(author or tag.get("title") or source, source)
    return author


# Words behind the name of a box that say how it looks.
_LOOKS = frozenset({"flat", "simple", "modern", "disabled", "no-icon", "icon", "true", "false"})
# The one word behind "alert" in themes of Hugo: "circle-info", "lightbulb".
_ICON = re.compile(r"[a-z][a-z0-9-]*")


def _kind_and_title(name: str, tag: Tag) -> tuple[str, str]:
    kind = tag.get("type", "kind", "level", "class", "color", "status", "style", "variant")
    kind = next((word for word in kind.lower().split() if word in made.KINDS), "")
    words = [word for word in tag.words if word.lower() not in _LOOKS]
    if not kind and words and words[0].lower().removeprefix("alert-") in made.KINDS:
        kind = words.pop(0).lower()
    if name == "alert" and len(words) == 1 and _ICON.fullmatch(words[0]):
        words = []
    title = tag.get("title", "header", "heading", "name") or " ".join(words)
    # A sign such as "!" says no more than the kind.
    return kind or name, title if re.search(r"\w", title) else ""
