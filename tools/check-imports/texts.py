"""The words, links and pictures of a text, read without any code of the importer."""

import re
import unicodedata
from collections import Counter
from html import unescape

from bs4 import BeautifulSoup, Comment
from markdown_it import MarkdownIt

BLOCKS = re.findall(
    r"\w+",
    "address article aside blockquote br caption dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 "
    "header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul",
)
_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_FENCE = re.compile(r"^[ >\t]*(?:[-*+] +|\d+[.)] +)?(`{3,}|~{3,})")
# Controls and what takes no place: some of them may not be stored.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffd]")
_URL = re.compile(r"(?:https?|ftp)://[^\s<>\")\]]+|\bwww\.[^\s<>\")\]]+")
# Syntax of generators that is no text, outside of code; in this order.
_SYNTAX = [
    (re.compile(r"<!--.*?-->", re.DOTALL), ""),
    (re.compile(r"\{%-?.*?-?%\}", re.DOTALL), ""),
    (re.compile(r"\{\{.*?\}\}", re.DOTALL), ""),
    (re.compile(r"^(?:import\s.*\sfrom\s+['\"].*|import\s+['\"].*|export\s+(?:const|default).*)$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*:{3,}[ \t]*[\w-]*", re.MULTILINE), "\n"),
    (re.compile(r"^[ \t]*(?:!!!|\?\?\?\+?)[ \t]+[\w-]+(?:[ \t]+\w+)*|^[ \t]*===[!+]?[ \t]+(?=\")", re.MULTILINE), ""),
    (re.compile(r"\{:?[ \t]*(?:[#.][\w-]|[\w-]+=)[^{}\n]*\}"), ""),
    (re.compile(r"^\{:[^{}\n]*\}$", re.MULTILINE), ""),
    (re.compile(r"\[![A-Z]+\][-+]?"), ""),
    (re.compile(r"\[\[?_?toc_?\]?\]", re.IGNORECASE), ""),
    (re.compile(r"\[\^[^\]\s]+\]:?"), ""),
    (re.compile(r"(?<![\w:]):[a-z][a-z0-9_+-]*:(?![\w:])"), ""),
    (re.compile(r"\[/?embed\]"), ""),
    (re.compile(r"\{\s*/\*.*?\*/\s*\}"), ""),
    (re.compile(r"^([ \t]*(?:[-*+]|\d+[.)])[ \t]+)\[[ xX]\][ \t]", re.MULTILINE), r"\1"),
    # What an abbreviation means is not part of the text.
    (re.compile(r"^\*\[[^\]\n]+\]:.*$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*--8<--.*$", re.MULTILINE), ""),
]  # fmt: skip
# What readers must not see, outside of code.
SHOWN = re.compile(
    r"\{\{[<%]|\{%-?\s*\w+|\{\{-?\s*[\w.]+[^{}]*\}\}|^\s*:::|\[\[_?toc_?\]\]|\[toc\]|\[![A-Z]+\]|^\s*(?:!!!|\?\?\?)\s\w"
    r"|\{:?\s*[#.][\w-]+[^{}\n]*\}|\{:\s*\w+=|<!--|--8<--|^import\s.*\sfrom\s['\"]|^export\s(?:const|default)\s|__GHOST_URL__"
    r"|\[/?(?:caption|gallery|embed|audio|video|playlist|vc_\w+|et_pb_\w+|youtube|contact-form[\w-]*)\b[^\]]*\]"
    r"|wp:(?:paragraph|image|html|more|heading|list|quote|gallery)|(?<![\w:]):(?:[a-z]+_[a-z0-9_]+|tada|smile|rocket|warning|heart|\+1|bug|sparkles):(?![\w:])"
    r"|\[\^[^\]\s]+\]|(?-i:</[A-Z]\w*>|<[A-Z]\w*(?:\s[^>]*)?/>|<[A-Z]\w*\s+\w+=[^>]*>)|\{\s*/\*|</?(?:p|div|span|figure|iframe|img|br|video|audio|script|details|summary)\b[^>]*>"
    r"|^\s*={3,}\s|post_url\s|%\}",
    re.MULTILINE | re.IGNORECASE,
)  # fmt: skip


def words(text: str) -> Counter:
    """How often each word is there; addresses are no words."""
    text = unicodedata.normalize("NFKC", _URL.sub(" ", _UNSEEN.sub("", text))).casefold()
    return Counter(re.findall(r"[^\W_]+", text))


class Read:
    """What HTML has: its words, those of code too; addresses of links and of pictures, in order."""

    def __init__(self, html: str, *, is_page: bool = False):
        soup = BeautifulSoup(html, "html.parser")
        for comment in soup.find_all(string=lambda node: isinstance(node, Comment)):
            comment.extract()
        for tag in soup(["script", "style", "noscript", "template", "head"]):
            tag.decompose()
        self.links = [link["href"].strip() for link in soup("a", href=True)]
        self.pictures = [tag["src"].strip() for tag in soup("img", src=True)]
        self.frames = [tag["src"].strip() for tag in soup("iframe", src=True)]
        for tag in soup("img"):
            tag.insert_after(f" {tag.get('alt') or ''} ")
        for tag in soup(BLOCKS):
            tag.insert_before("\n")
            tag.insert_after("\n")
        self.text = soup.get_text()
        self.words = words(self.text)
        if is_page:
            for tag in soup(["pre", "code", "kbd", "samp"]):
                tag.decompose()
            self.prose = soup.get_text()


def from_markdown(body: str) -> Read:
    """A text of some generator, without its syntax, as CommonMark shows it."""
    # Liquid is read before Markdown, also in code.
    body = re.sub(r"\{%-?\s*(?:end)?raw\s*-?%\}", "", body)
    read = Read(_MARKDOWN.render(_without_syntax(body)))
    # Markdown inside of HTML, which CommonMark leaves as it is.
    text = re.sub(r"!?\[([^\[\]\n]*)\]\([^)\n]*\)", r"\1", read.text)
    # A picture in a link.
    read.words = words(re.sub(r"\[([^\[\]\n]*)\]\([^)\n]*\)", r"\1", text))
    return read


def _without_syntax(body: str) -> str:
    parts, prose, fence = [], [], ""
    for line in body.replace("\r\n", "\n").split("\n"):
        mark = _FENCE.match(line)
        is_end = mark and fence and mark[1].startswith(fence) and not line.strip(" \t>").strip(fence[0])
        if mark and (not fence or is_end):
            if not fence:
                parts.append(_clean("\n".join(prose)))
                prose = []
                # What follows the fence names the language; the rest of the line is of the generator.
                line = re.sub(r"([`~]{3,}).*", r"\1", line)
            fence = "" if fence else mark[1]
            parts.append(line)
        elif fence:
            parts.append(line)
        else:
            prose.append(line)
    return "\n".join([*parts, _clean("\n".join(prose))])


def _clean(text: str) -> str:
    # Code in a sentence stays as it is.
    pieces = re.split(r"(`+[^`\n]+`+)", _dedented(text))
    return "".join(piece if position % 2 else _without(piece) for position, piece in enumerate(pieces))


def _without(text):
    for pattern, instead in _SYNTAX:
        text = pattern.sub(instead, text)
    return text


def _dedented(text: str) -> str:
    """The contents of boxes that are indented (`!!! note`, `=== "Tab"`) as if they were not."""
    lines, depth = [], 0
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        if line.strip() and indent < depth * 4:
            depth = indent // 4
        line = line[min(indent, depth * 4) :]
        lines.append(line)
        if re.match(r"(?:!!!|\?\?\?\+?|===[!+]?)[ \t]", line):
            depth += 1
    return "\n".join(lines)


def without(html: str, *selectors: str) -> str:
    """HTML without what a system put into it for its readers: buttons to subscribe, to comment and to share."""
    soup = BeautifulSoup(html, "html.parser")
    for selector in selectors:
        for tag in soup.select(selector):
            tag.decompose()
    return str(soup)


def from_html(html: str) -> Read:
    """HTML of WordPress, Ghost, Substack or Medium, without comments of blocks and codes in brackets."""
    html = re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)
    html = re.sub(r"\[/?[a-z][\w-]*(?:\s+[\w-]+=(?:\"[^\"]*\"|'[^']*'|[^\s\]]+))*\s*/?\](?!\()", " ", html)
    return Read(html)


def plain(text: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", text))
