"""What tags of generators become, in this project's Markdown."""

import re

from django.utils.translation import gettext as _

from publishing.text.blocks.containers import BOXES
from publishing.text.blocks.mathml import checked
from publishing.text.recordings import is_named_so

from .hidden import Found, Hidden, block

# Of other systems, by what they mean.
_KINDS = {
    "note": "abstract aside callout default docs help info information message notice primary question quote secondary "
    "seealso summary tldr todo light dark gray blue purple faq example info-circle",
    "tip": "hint success check done good green idea pro-tip protip",
    "important": "",
    "warning": "warn attention orange yellow",
    "caution": "alert-danger pitfall danger error bug fail failure missing red critical negative",
}
KINDS = {name: kind for kind, names in _KINDS.items() for name in (kind, *names.split())}
# They say only that there is a box.
PLAIN_BOXES = frozenset({"admonition", "alert", "box", "callout", "default", "note", "notice", "message", "aside"})
FOLDED = frozenset(
    "details deepdive spoiler expand collapse collapsible toggle accordion accordion-item fold expandable "  # noqa: SIM905
    "dropdown folding hidetoggle".split()
)
_COLONS = re.compile(r"^[ \t>]*(:{3,})", re.MULTILINE)
_LINK_OR_TAG = re.compile(r"\]\(|</?[a-z]|<https?:", re.IGNORECASE)


def box(name: str, title: str, content: str) -> str:
    """Lines of a box, or of another container, around `content`, which may have containers too."""
    colons = ":" * (1 + max((len(found[1]) for found in _COLONS.finditer(content)), default=2))
    title = " ".join(title.split())
    return f"{colons}{name}{' ' if title else ''}{title}\n{content.strip(chr(10))}\n{colons}"


def admonition(kind: str, title: str, content: str) -> str:
    """A box of a kind of another system. The kind is its heading if it has none and we do not have the kind."""
    kind = kind.lower().strip()
    if kind in FOLDED:
        return box("details", title, content)
    ours = KINDS.get(kind) or KINDS.get(kind.removeprefix("alert-"), "note")
    if not title and kind not in BOXES and kind not in PLAIN_BOXES:
        title = kind.replace("-", " ").replace("_", " ").capitalize()
    return box(ours, title, content)


def link(words: str, target: str) -> str:
    return f"[{words}]({_target(target)})"


def _target(address: str) -> str:
    address = address.strip()
    return f"<{address}>" if re.search(r"[\s()]", address) else address


def picture(source: str, alt: str = "", caption: str = "", target: str = "", before: str = "") -> str:
    """A picture with its caption, alone in its paragraph unless there is text on the line `before` it."""
    below = ""
    caption = " ".join(caption.split())
    if _LINK_OR_TAG.search(caption):
        # A title has no links.
        caption, below = "", caption
    alt = alt.replace("[", "\\[").replace("]", "\\]")
    title = ' "{}"'.format(caption.replace('"', '\\"')) if caption else ""
    made = f"![{' '.join(alt.split())}]({_target(source)}{title})"
    if target:
        made = link(made, target)
    if before.strip(" \t>") and not re.fullmatch(r"[ \t>]*(?:[-*+]|\d+[.)])[ \t]+", before):
        return made + below
    return block(made) + (block(below) if below else "")


def embed(address: str, before: str = "", words: str = "") -> str:
    """An address alone in its paragraph, from which a card is made; in a line or a table, a link.

    `words` name audio or video, which has no card.
    """
    address = address.strip().replace(" ", "%20")
    if address.startswith("//"):
        address = "https:" + address
    words = " ".join(words.replace("[", "\\[").replace("]", "\\]").split()) if is_named_so(address) else ""
    is_whole = ":" in address and not words
    if before.strip(" \t>") and not re.fullmatch(r"[ \t>]*(?:[-*+]|\d+[.)])[ \t]+", before):
        return f"<{address}>" if is_whole else link(words or address, address)
    return block(address if is_whole else link(words or address, address))


_TEX = re.compile(r"<annotation\b[^<>]*>([^<>]*)</annotation>")


def formula(start: str, content: str, hidden: Hidden, found: Found) -> str:
    """A <math> element in one line; of what is not all MathML, its TeX, or else its words and signs."""
    try:
        return hidden.hide(checked(" ".join(f"{start}{hidden.restore(content)}</math>".split())))
    except ValueError:
        found.lost[_("mathematics in MathML: only its words and signs are kept")] += 1
    tex = _TEX.search(content)
    words = " ".join(re.sub(r"<[^<>]*>", " ", tex[1] if tex else content).split())
    return f"<code>{words.replace('*', '&#42;').replace('_', '&#95;')}</code>" if words else ""


def quote(content: str, source: str = "") -> str:
    lines = content.strip().split("\n")
    if source:
        lines += ["", f"— {source}"]
    return "\n".join(f"> {line}".rstrip() for line in lines)


# What an embed with a number or a name leads to.
PLACES = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "youtubelite": "https://www.youtube.com/watch?v={}",
    "lite-youtube": "https://www.youtube.com/watch?v={}",
    "liteyoutube": "https://www.youtube.com/watch?v={}",
    "youtubeembed": "https://www.youtube.com/watch?v={}",
    "yt": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "gist": "https://gist.github.com/{}",
    "tweet": "https://x.com/i/status/{}",
    "tweetembed": "https://x.com/i/status/{}",
    "twitter": "https://x.com/i/status/{}",
    "twitter_simple": "https://x.com/i/status/{}",
    "x": "https://x.com/i/status/{}",
    "x_simple": "https://x.com/i/status/{}",
    "instagram": "https://www.instagram.com/p/{}/",
    "instagram_simple": "https://www.instagram.com/p/{}/",
    "jsfiddle": "https://jsfiddle.net/{}/",
    "codepen": "https://codepen.io/pen/{}",
    "asciinema": "https://asciinema.org/a/{}",
    "bilibili": "https://www.bilibili.com/video/{}",
    "spotify": "https://open.spotify.com/{}",
    "tiktok": "https://www.tiktok.com/embed/v2/{}",
    "codesandbox": "https://codesandbox.io/s/{}",
    "stackblitz": "https://stackblitz.com/edit/{}",
    "dailymotion": "https://www.dailymotion.com/video/{}",
    "loom": "https://www.loom.com/share/{}",
    "figma": "{}",
    "reddit": "{}",
    "mastodon": "{}",
    "bluesky": "{}",
    "soundcloud": "{}",
    "slideshare": "{}",
    "iframe": "{}",
    "embed": "{}",
}


_EMBEDS = ("youtube", "vimeo", "tweet", "twitter", "instagram", "gist", "codepen", "jsfiddle", "spotify", "soundcloud")


def embed_of(name: str) -> str:
    """The name in `PLACES` of an embed that is called `name`; empty if it is none."""
    return name if name in PLACES else next((embed for embed in _EMBEDS if embed in name), "")


def place_of(name: str, words: list[str], named: dict[str, str]) -> str:
    """The address that an embed of this name shows; empty if it says none."""
    key = next((named[key] for key in ("id", "videoid", "tweetid", "url", "src", "link", "code") if named.get(key)), "")
    user = named.get("user") or named.get("username") or ""
    if name == "spotify" and key and named.get("type"):
        key = f"{named['type']}/{key}"
    if not key and words:
        key = words[0]
        if name == "gist" and len(words) > 1 and "/" not in key:
            key = f"{words[0]}/{words[1]}"
        elif name in ("spotify", "codepen") and len(words) > 1 and "/" not in key:
            key = f"{words[0]}/{words[1]}" if name == "spotify" else f"{words[0]}/pen/{words[1]}"
    if re.match(r"(?:https?:)?//", key):
        return key
    if user and name in ("tweet", "twitter", "x", "tweetembed"):
        return f"https://x.com/{user.lstrip('@')}/status/{key}"
    if user and name in ("gist", "codepen"):
        return f"https://gist.github.com/{user}/{key}" if name == "gist" else f"https://codepen.io/{user}/pen/{key}"
    return PLACES.get(name, "").format(key) if key else ""


_PAGES = (
    (
        re.compile(r"(?:https?:)?//(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]+)(?:\?(.*))?"),
        "https://www.youtube.com/watch?v={}",
    ),
    (re.compile(r"(?:https?:)?//player\.vimeo\.com/video/(\d+)"), "https://vimeo.com/{}"),
    (re.compile(r"(?:https?:)?//www\.dailymotion\.com/embed/video/(\w+)"), "https://www.dailymotion.com/video/{}"),
    (re.compile(r"(?:https?:)?//open\.spotify\.com/embed/([\w/]+)"), "https://open.spotify.com/{}"),
)


def page_of(address: str) -> str:
    """The page that has what a frame shows."""
    address = address.replace("&amp;", "&")
    for pattern, page in _PAGES:
        if (found := pattern.match(address)) and found[1] != "videoseries":
            return page.format(found[1])
    return address
