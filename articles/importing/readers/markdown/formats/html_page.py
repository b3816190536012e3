"""A page of HTML: a whole one, or the text after a front matter."""

import re

from bs4 import BeautifulSoup, Tag
from django.utils.translation import gettext as _

from ....html import to_markdown as markdown_of
from ....html.parsing import readable
from ....records import Post
from ....syntax import to_ours
from .. import fields, names
from ..sites.redirects import REFRESH, START_BYTES
from .markdown_text import without_prefixes

# Of template languages. In a page with front matter they are the text's own.
_TEMPLATE = re.compile(r"\{%-?\s*\w+|\{\{-?\s*[\w.#/$'\"]|<%|<\?php|\bv-for=|\bng-\w+=|\bth:\w+=")
_TAG = re.compile(r"\{\{.{0,500}?\}\}|\{%.{0,500}?%\}")
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
_OTHER = "script, style, template, noscript, nav, form, header[role=banner], footer[role=contentinfo], .sharing, .share"
_TEXTS = (".e-content", ".entry-content", ".post-content", ".article-content", "[itemprop=articleBody]")
_TIMES = "time[pubdate], time[itemprop=datePublished], .dt-published, article time, main time, time[datetime]"
# A page with fewer words, and without a picture, has nothing to read.
LEAST_WORDS = 5


def read(source, name: names.Name, head: dict, body: str):
    if head:
        return head, _without_title(head, body), to_markdown
    if REFRESH.search(body[:START_BYTES]):
        return _("a page that leads to another one")
    if _TEMPLATE.search(body):
        return _("a template")
    if source.has_markdown and names.PUBLIC & {folder.lower() for folder in name.folders}:
        return _("a page that is served as it is")
    soup = BeautifulSoup(readable(body), "html.parser")
    if soup.find("canvas"):
        return _("a page that a script draws")
    head = _head(soup)
    for other in soup.select(_OTHER):
        other.decompose()
    main = _main(soup)
    for heading in main.find_all(re.compile("^h[1-6]$")):
        _without_anchors(heading)
    titles = main.find_all("h1") or soup.find_all("h1")
    if len(titles) == 1 and titles[0].get_text(strip=True):
        head["title"] = titles[0].get_text(" ", strip=True)
        titles[0].decompose()
    if len(main.get_text(" ").split()) < LEAST_WORDS and not main.find(("p", "img")):
        return _("a page without a text")
    return head, main.decode_contents(), to_markdown


def _without_title(head: dict, body: str) -> str:
    """Without a first heading of level one that says the title again."""
    heading = re.match(r"\s*<h1[^>]{0,200}>(.{1,500}?)</h1>", body, re.DOTALL | re.IGNORECASE)
    title = fields.plain_text(fields.lower(head), fields.TITLES)
    words = " ".join(re.sub(r"<[^<>]*>", " ", heading[1]).split()) if heading else ""
    return body[heading.end() :] if heading and words.casefold() == title.casefold() else body


def _without_anchors(heading: Tag) -> None:
    """A heading without links to itself: around its words, or a sign beside them."""
    for link in heading.find_all("a", href=re.compile("^#")):
        if link.get_text(strip=True) == heading.get_text(strip=True):
            link.unwrap()
        elif len(link.get_text(strip=True)) < 2:
            link.decompose()


def _main(soup) -> Tag:
    for selector in (*_TEXTS, "article", "main", "[role=main]"):
        if len(found := soup.select(selector)) == 1:
            return found[0]
    body = soup.body or soup
    for other in body.find_all(("header", "footer", "aside", "head", "title", "meta", "link")):
        other.decompose()
    return body


def _head(soup) -> dict:
    """From the elements of the page's head, JSON-LD, the first <time>, and the link to the page itself."""
    meta = {}
    for element in soup.find_all("meta"):
        key = element.get("property") or element.get("name") or element.get("itemprop")
        if key and element.get("content"):
            meta.setdefault(str(key).lower(), []).append(str(element["content"]).strip())
    linked = next(filter(None, (_JSON_DATE.search(item.text) for item in soup.select("script[type*=ld]"))), None)
    time = soup.select_one(_TIMES)
    canonical = soup.find("link", rel="canonical")
    found = {
        "title": _first(meta, "og:title") or (soup.title.get_text(" ", strip=True) if soup.title else ""),
        "description": _first(meta, "description", "og:description", "twitter:description"),
        "date": _first(meta, "article:published_time", "datepublished", "date", "dc.date", "dcterms.date")
        or (linked and linked[1])
        or (time and (time.get("datetime") or time.get_text(" ", strip=True))),
        "updated": _first(meta, "article:modified_time", "datemodified"),
        "author": _author(soup, meta),
        "image": _first(meta, "og:image", "twitter:image"),
        "category": _first(meta, "article:section"),
        "tags": meta.get("article:tag"),
        "url": str(canonical["href"]) if canonical and canonical.get("href") else "",
    }
    return {key: value for key, value in found.items() if value}


def _first(meta: dict, *keys) -> str:
    return next((meta[key][0] for key in keys if key in meta), "")


def _author(soup, meta) -> list[str] | str:
    found = [name for key in ("author", "article:author") for name in meta.get(key, ()) if "://" not in name]
    if found:
        return list(dict.fromkeys(found))
    element = soup.select_one("[rel=author], .p-author, [itemprop=author]")
    return element.get_text(" ", strip=True) if element else ""


def to_markdown(post: Post) -> str:
    text = markdown_of(post.text, post.notes)
    # Marks in tags of templates are no Markdown.
    text = _TAG.sub(lambda tag: re.sub(r"\\(?=[^\w\s])", "", tag[0]), text)
    return without_prefixes(to_ours(text, post.notes) if _TAG.search(text) else text)
