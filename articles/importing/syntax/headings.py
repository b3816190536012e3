"""Ids of headings, and the links to them."""

import re
import unicodedata
from urllib.parse import unquote

from publishing.text import heading_ids, markdown
from publishing.text.typography import straight

from .hidden import END, Hidden

_HEADING = re.compile(r"([ \t>]*#{1,6}[ \t]+)(.*)")
_CLOSING = re.compile(r"[ \t]#+\Z")
_UNDERLINE = re.compile(r"[ \t>]*(?:=+|-+)[ \t]*")
_BRACES = re.compile(r"\{:?[ \t]*(/\*)?([^{}]{0,300}?)(?:\*/)?[ \t]*\}\Z")
_ID = re.compile(r"#([^\s{}#]+)|\bid[ \t]*=[ \t]*[\"']?([^\s\"'{}]+)")
_IS_ATTRIBUTES = re.compile(r"\s*(?:[.#:][\w.:#-]|[\w-]+\s*=|-\s*\Z)")
_ANCHOR = re.compile(r"<a\s+(?:class=[\"'][^\"']*[\"']\s+)?(?:name|id)=[\"']?([^\s\"'>]+)[\"']?\s*(?:/>|>\s*</a>)")
_NOT_IN_ID = re.compile(r"[^\w.:-]+")
ID_LENGTH = 80


def clean_id(identifier: str) -> str:
    return _NOT_IN_ID.sub("-", unquote(identifier)).strip("-")[:ID_LENGTH]


def with_ids(text: str, hidden: Hidden) -> str:
    """Headings with the ids that the text gives them, as `## Title {#id}`."""
    if "{" not in text and "<a" not in text:
        return text
    lines = text.split("\n")
    before, anchored = "", 0
    for place, line in enumerate(lines):
        if "{" not in line and "<a" not in line and not before:
            continue
        heading = _HEADING.fullmatch(line)
        following = lines[place + 1] if place + 1 < len(lines) else ""
        if line.endswith(END) and hidden.restore(line).endswith("}") and "{#" in hidden.restore(line):
            # It has one already.
            continue
        if heading or (line.strip() and len(line) < 300 and following and _UNDERLINE.fullmatch(following)):
            start, title = heading.groups() if heading else ("", line)
            title, identifier = _with_id(title, before)
            lines[place] = start + title + (" " + hidden.hide(f"{{#{identifier}}}") if identifier else "")
            if before and identifier == before:
                lines[anchored] = _ANCHOR.sub("", lines[anchored])
        if line.strip():
            anchor = _ANCHOR.fullmatch(line.strip())
            before, anchored = (clean_id(anchor[1]) if anchor else ""), place
    return "\n".join(lines)


def _with_id(title: str, before: str) -> tuple[str, str]:
    """The title without what says its id, and the id; `before` is that of an anchor above the heading."""
    identifier, title = before, _CLOSING.sub("", title.rstrip()).rstrip()
    if anchor := _ANCHOR.search(title):
        identifier = clean_id(anchor[1])
        title = f"{title[: anchor.start()]} {title[anchor.end() :]}".strip()
    while (braces := _BRACES.search(title)) and (braces[1] or _IS_ATTRIBUTES.match(braces[2])):
        found = _ID.search(braces[2])
        if found or braces[1]:
            identifier = clean_id(found[1] or found[2] if found else braces[2].strip())
        title = title[: braces.start()].rstrip()
    return title, identifier


_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
_MARKUP = re.compile(r"<[^<>]*>|[`*]|(?<!\w)_+|_+(?!\w)|\\(?=[^\w\s])")
_GIVEN = re.compile(r"[ \t]\{#([^{}]+)\}\Z")


def with_old_ids(text: str, hidden: Hidden) -> str:
    """Headings with the ids of GitHub's rule where ours would be others, for links from other pages and sites."""
    lines, found = text.split("\n"), []
    for place, line in enumerate(lines):
        if heading := _HEADING.fullmatch(line):
            words = hidden.restore(heading[2])
            given = _GIVEN.search(words)
            words = _MARKUP.sub("", _LINK.sub(r"\1", words[: given.start()] if given else words))
            found.append((place, straight(words.strip()), given[1] if given else ""))
    ours = heading_ids.ids([words for _, words, _ in found], (), [given for *_, given in found])
    counts: dict[str, int] = {}
    for (place, words, given), our_id in zip(found, ours, strict=True):
        slug = _github(words)
        number = counts[slug] = counts.get(slug, -1) + 1
        slug = f"{slug}-{number}" if number else slug
        is_id = len(slug) <= ID_LENGTH and slug.strip("-") and slug not in heading_ids.PAGE_IDS
        if not given and is_id and slug != our_id:
            lines[place] = f"{lines[place].rstrip()} {hidden.hide(f'{{#{slug}}}')}"
    return "\n".join(lines)


_FRAGMENT = re.compile(
    r"(\]\(<?#|<a\s[^<>]{0,200}?href=[\"']#|^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*#)([^\s()<>\"']+)", re.MULTILINE
)


def with_fragments(text: str, hidden: Hidden) -> str:
    """Links within the text lead to our ids where they lead to those that a generator makes."""
    targets = {found[2] for found in _FRAGMENT.finditer(text)}
    if not targets:
        return text
    contents = markdown.parse_article(hidden.restore(text))[0].contents
    ours = fragments(contents)
    known = {heading["id"] for heading in contents}

    def lead(found: re.Match) -> str:
        target = unquote(found[2])
        if target in known:
            return found[0]
        return found[1] + (ours.get(target) or ours.get(clean_id(target)) or ours.get(target.lower()) or found[2])

    return _FRAGMENT.sub(lead, text)


def fragments(contents: list[dict]) -> dict[str, str]:
    """Our ids of headings by those that generators make of their texts; `contents` as in RenderedArticle."""
    ours: dict[str, str] = {}
    taken: dict[tuple[str, str], int] = {}
    for heading in contents:
        for name, (make, join) in _RULES.items():
            slug = make(heading["text"])
            number = taken[name, slug] = taken.get((name, slug), -1) + 1
            ours.setdefault(f"{slug}{join}{number}" if number else slug, heading["id"])
    return ours


def _github(text: str) -> str:
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")


def _kramdown(text: str) -> str:
    return re.sub(r"[^\w -]", "", re.sub(r"^[^A-Za-z]+", "", text)).replace(" ", "-").lower() or "section"


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())


def _pandoc(text: str) -> str:
    return re.sub(r"\s+", "-", re.sub(r"[^\w\s.-]", "", re.sub(r"^[^A-Za-z]+", "", text)).lower().strip())


def _vitepress(text: str) -> str:
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    slug = re.sub(r"[\s~`!@#$%^&*()\-_+=\[\]{}|\\;:\"'“”‘’<>,.?/]+", "-", plain).strip("-").lower()
    return f"_{slug}" if slug[:1].isdigit() else slug


def _hexo(text: str) -> str:
    return re.sub(r"[\s~`!@#$%^&*()\-_+=\[\]{}|\\;:\"'<>,.?/]+", "-", text).strip("-")


# Of GitHub, Docusaurus and Hugo; of Jekyll; of Python-Markdown and Zola; and others.
_RULES = {
    "github": (_github, "-"),
    "kramdown": (_kramdown, "-"),
    "ascii": (_ascii, "_"),
    "zola": (_ascii, "-"),
    "pandoc": (_pandoc, "-"),
    "vitepress": (_vitepress, "-"),
    "hexo": (_hexo, "-"),
}
