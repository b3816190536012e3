"""A page of HTML: a whole one, or the text after a front matter."""

import re

from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

from ....records import Post

# Of template languages. In a page with front matter they are the text's own.
_TEMPLATE = re.compile(r"\{%-?\s*\w+|\{\{-?\s*[\w.#/$'\"]|<%|<\?php|\bv-for=|\bng-\w+=|\bth:\w+=")
_REDIRECT = re.compile(r"<meta[^>]{1,40}http-equiv=[\"']?refresh", re.IGNORECASE)
_OTHER = "script, style, template, noscript, nav, form, iframe[hidden], header[role=banner], footer[role=contentinfo]"
_MAIN = (".e-content", ".entry-content", ".post-content", ".article-content", "[itemprop=articleBody]")
LEAST_WORDS = 10


def read(head: dict, body: str):
    if head:
        return head, body, to_markdown
    if _REDIRECT.search(body[:4000]):
        return "a page that leads to another address"
    if _TEMPLATE.search(body):
        return "a template"
    soup = BeautifulSoup(body, "html.parser")
    head = _head(soup)
    for other in soup.select(_OTHER):
        other.decompose()
    main = _main(soup)
    title = main.find("h1") or soup.find("h1")
    if title and title.get_text(strip=True):
        head["title"] = title.get_text(" ", strip=True)
        title.decompose()
    if len(main.get_text(" ").split()) < LEAST_WORDS and not main.find(("p", "img", "section")):
        return "a page without a text"
    return head, main.decode_contents(), to_markdown


def _main(soup) -> Tag:
    for selector in _MAIN:
        if len(found := soup.select(selector)) == 1:
            return found[0]
    for name in ("article", "main"):
        if len(found := soup.find_all(name)) == 1:
            return found[0]
    if found := soup.find(attrs={"role": "main"}):
        return found
    body = soup.body or soup
    for other in body.find_all(("header", "footer", "aside", "head", "title")):
        other.decompose()
    return body


def _head(soup) -> dict:
    """From the elements of the page's head, the first <time>, and the link to the page itself."""
    meta = {}
    for element in soup.find_all("meta"):
        key = element.get("property") or element.get("name") or element.get("itemprop")
        if key and element.get("content"):
            meta.setdefault(str(key).lower(), []).append(str(element["content"]).strip())
    time = soup.select_one("time[pubdate], time[itemprop=datePublished], .dt-published, article time, time[datetime]")
    canonical = soup.find("link", rel="canonical")
    found = {
        "title": _first(meta, "og:title") or (soup.title.get_text(" ", strip=True) if soup.title else ""),
        "description": _first(meta, "description", "og:description", "twitter:description"),
        "date": _first(meta, "article:published_time", "datepublished", "date", "dc.date", "dcterms.date")
        or (time and (time.get("datetime") or time.get_text(" ", strip=True))),
        "updated": _first(meta, "article:modified_time", "datemodified"),
        "author": _author(soup, meta),
        "image": _first(meta, "og:image", "twitter:image"),
        "category": _first(meta, "article:section"),
        "tags": meta.get("article:tag"),
        "url": str(canonical["href"]) if canonical and canonical.get("href") else "",
        "slug": "",
    }
    return {key: value for key, value in found.items() if value}


def _first(meta: dict, *keys) -> str:
    return next((meta[key][0] for key in keys if key in meta), "")


def _author(soup, meta) -> list[str] | str:
    names = [name for key in ("author", "article:author") for name in meta.get(key, ()) if "://" not in name]
    if names:
        return list(dict.fromkeys(names))
    element = soup.select_one("[rel=author], .p-author, [itemprop=author]")
    return element.get_text(" ", strip=True) if element else ""


def to_markdown(post: Post) -> str:
    return MarkdownConverter(heading_style="atx").convert(post.text).strip() + "\n"
