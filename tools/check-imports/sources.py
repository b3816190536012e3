"""What posts a source has, with their dates, words, links and pictures: read without any code of the importer."""

import csv
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from html import unescape
from pathlib import Path, PurePosixPath

import yaml
from dateutil import parser as dates
from texts import Read, from_html, from_markdown, without, words

TEXTS = (".md", ".markdown", ".mdx", ".html", ".htm")
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")
_HEAD = re.compile(r"\A\ufeff?(---|\+\+\+)[ \t]*\n(.*?)\n\1[ \t]*(?:\n|\Z)", re.DOTALL)
_DATE_IN_NAME = re.compile(r"(?:^|/)(\d{4})-(\d{1,2})-(\d{1,2})-(?=.)")
_DATES = ("date", "published_at", "pubDate", "pub_date", "publishDate", "published", "created")


@dataclass
class Expected:
    """A post of a source, as its files say."""

    key: str
    title: str = ""
    # None: the source gives none; "impossible": one that does not exist.
    date: datetime | str | None = None
    is_public: bool = True
    is_page: bool = False
    text: str = ""
    words: Counter = field(default_factory=Counter)
    # Addresses of links to other posts of the source, and of others; pictures that lie in the source.
    own_links: list[str] = field(default_factory=list)
    links: set[str] = field(default_factory=set)
    pictures: set[str] = field(default_factory=set)
    # Known by these, for links of others.
    names: set[str] = field(default_factory=set)


def posts_of(path: Path) -> list[Expected]:
    """All posts of a source: a file that was exported, or a folder of texts."""
    if path.suffix == ".xml":
        return list(_of_wordpress(path))
    if path.suffix == ".json":
        return list(_of_ghost(path))
    names = [file.relative_to(path).as_posix() for file in sorted(path.rglob("*")) if file.is_file()]
    if "posts.csv" in names:
        return list(_of_substack(path))
    if any(name.endswith("profile/profile.html") for name in names):
        return list(_of_medium(path))
    return _of_texts(path, names)


# --- folders of texts -------------------------------------------------------------------------------------------------


def _of_texts(root: Path, names: list[str]) -> list[Expected]:
    posts = []
    reads, heads = {}, {}
    for name in names:
        if name.lower().endswith(TEXTS) and not PurePosixPath(name).name.startswith("_"):
            text = (root / name).read_text(encoding="utf-8-sig", errors="replace")
            head, body = _head(text)
            post = Expected(name, title=str(head.get("title") or ""), date=_date_of(head, name))
            post.is_public = _is_public(head, name, post.date)
            post.names = _names(name, head)
            heads[name] = text[: -len(body)] if body and body in text else ""
            body = re.sub(r"\A\s*# .*\n", "", body) if not post.title else body
            reads[name] = (from_html(body) if name.endswith((".html", ".htm")) else from_markdown(body), body)
            post.words, post.text = reads[name][0].words, reads[name][0].text
            posts.append(post)
    known = set().union(*(post.names for post in posts)) if posts else set()
    files = set(names)
    for post in posts:
        read, body = reads[post.key]
        _links(post, read, known, files)
        refs = re.findall(r"post_url\s+([^\s%]+)|ref\s+\"([^\"]+)\"|\{%\s*post_link\s+([^\s%]+)", body)
        post.own_links += [ref for refs_of in refs for ref in refs_of if ref and _stem(ref) in known]
        named = [*read.pictures, *re.findall(r"[\w./%-]+\.(?:png|jpe?g|gif|webp|svg)\b", heads[post.key])]
        post.pictures = {found for src in named if (found := _file_of(src, post.key, files))}
    _in_one_place(posts)
    return posts


def _head(text: str) -> tuple[dict, str]:
    match = _HEAD.match(text.replace("\r\n", "\n"))
    if not match:
        return {}, text
    try:
        head = yaml.safe_load(match[2]) if match[1] == "---" else tomllib.loads(match[2])
    except (yaml.YAMLError, ValueError):
        head = {key: value.strip() for key, value in re.findall(r"^(\w+):[ \t]*(.+)$", match[2], re.MULTILINE)}
    return (head if isinstance(head, dict) else {}), text.replace("\r\n", "\n")[match.end() :]


def _date_of(head: dict, name: str):
    value = next((head[key] for key in _DATES if head.get(key) and not isinstance(head[key], bool)), None)
    if isinstance(value, dict):
        value = next((value[key] for key in ("created", "published", *value) if value.get(key)), None)
    if value is None and (found := _DATE_IN_NAME.search(name)):
        value = "-".join(found.groups())
    if value is None:
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    try:
        moment = value if isinstance(value, datetime) else dates.parse(str(value))
    except (ValueError, OverflowError):
        return "impossible"
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_public(head: dict, name: str, moment) -> bool:
    says_no = [str(head.get(key)).lower() in ("true", "yes", "1") for key in ("draft", "private", "hidden", "unlisted")]
    says_no.append(str(head.get("published")).lower() in ("false", "no"))
    says_no.append(str(head.get("visibility", "public")).lower() != "public")
    says_no.append(str(head.get("status", "published")).lower() in ("draft", "private", "pending"))
    says_no.append("_drafts" in PurePosixPath(name).parts)
    says_no.append(isinstance(moment, datetime) and moment > datetime.now(UTC))
    return not any(says_no)


def _stem(address: str) -> str:
    """The last part of an address, without ending and date."""
    parts = [part for part in re.split(r"[?#]", address)[0].split("/") if part]
    last = re.sub(r"\.(?:html?|mdx?|markdown|php)$", "", parts[-1]) if parts else ""
    if last == "index" and len(parts) > 1:
        last = parts[-2]
    return re.sub(r"^\d{4}-\d{1,2}-\d{1,2}-", "", last).casefold()


def _names(name: str, head: dict) -> set[str]:
    written = (head.get(key) for key in ("slug", "permalink", "url", "path", "basename"))
    return {_stem(found) for found in (name, *(text for text in written if isinstance(text, str)))} - {"", "index"}


def _links(post: Expected, read: Read, known: set[str], files: set[str]) -> None:
    for address in (unescape(link) for link in read.links):
        if re.match(r"https?://", address):
            post.links.add(address)
        elif address.startswith("/") and not address.startswith("//"):
            if _stem(address) in known - post.names:
                post.own_links.append(address)
        elif not re.match(r"[a-z][a-z+.-]*:|#|//|$", address):
            path = _joined(post.key, re.split(r"[?#]", address)[0])
            # Beside the file, or one level higher, where the page of the file was.
            places = {path, _joined(f"{post.key}/x", re.split(r"[?#]", address)[0])}
            forms = {f"{place}{end}" for place in places for end in ("", *TEXTS, "/index.md", "/index.mdx")}
            if forms & (files - {post.key}):
                post.own_links.append(address)


def _in_one_place(posts: list[Expected]) -> None:
    """Of addresses from the root only those in the folder where most lead: others only end like a post."""
    tops = Counter(link.split("/")[1] for post in posts for link in post.own_links if link.startswith("/"))
    top = tops.most_common(1)[0][0] if tops else ""
    for post in posts:
        post.own_links = [link for link in post.own_links if link.split("/")[:2] == ["", top] or link[:1] != "/"]


def _joined(key: str, address: str) -> str:
    parts = []
    for part in [*PurePosixPath(key).parts[:-1], *address.split("/")]:
        if part == "..":
            parts = parts[:-1]
        elif part not in (".", ""):
            parts.append(part)
    return "/".join(parts)


def _file_of(address: str, key: str, files: set[str]) -> str:
    """The file of the source that a picture's address means."""
    address = re.split(r"[?#]", address)[0]
    if re.match(r"[a-z]+:|//", address):
        return ""
    if address.startswith("/"):
        tail = address.lstrip("/")
        return next((file for file in files if file == tail or file.endswith(f"/{tail}")), "")
    beside = _joined(key, address)
    folder = f"{key.rsplit('.', 1)[0]}/{address}"
    return next((name for name in (beside, folder) if name in files and name.lower().endswith(PICTURES)), "")


# --- exports ----------------------------------------------------------------------------------------------------------


def _of_wordpress(path: Path) -> Iterator[Expected]:
    text = path.read_text(encoding="utf-8", errors="replace")
    keys: Counter = Counter()
    for item in re.findall(r"<item[^>]*>(.*?)</item>", text, re.DOTALL):
        kind, status = _field(item, "wp:post_type") or "post", _field(item, "wp:status") or "publish"
        if kind not in ("post", "page") or status in ("trash", "auto-draft", "inherit"):
            continue
        moment = _field(item, "wp:post_date_gmt")
        if moment.startswith(("", "0000")[not moment]) and moment.startswith("0000"):
            moment = _field(item, "wp:post_date")
        moment = moment or _field(item, "pubDate")
        key = f"post-{_field(item, 'wp:post_id')}"
        keys[key] += 1
        # Of two posts with one number, the second has another key.
        key += f"-{keys[key]}" if keys[key] > 1 else ""
        post = Expected(key, title=unescape(_field(item, "title")), is_page=kind == "page")
        post.date = _parsed(moment)
        post.is_public = status == "publish" and not _field(item, "wp:post_password")
        _take(post, from_html(_field(item, "content:encoded")))
        yield post


def _take(post: Expected, read: Read) -> None:
    post.words, post.text = read.words, read.text
    # A picture that leads to a larger one is a picture.
    links = {link for link in map(unescape, read.links) if link.startswith("http")}
    post.links = {link for link in links if not re.split(r"[?#]", link)[0].lower().endswith(PICTURES)}


def _field(item: str, name: str) -> str:
    found = re.search(rf"<{name}(?:\s[^>]*)?>(.*?)</{name}>", item, re.DOTALL)
    if not found:
        return ""
    text = found[1].strip()
    if "<![CDATA[" in text:
        return "".join(re.findall(r"<!\[CDATA\[(.*?)\]\]>", text, re.DOTALL)).strip()
    return unescape(text)


def _parsed(moment) -> datetime | str | None:
    if not moment or str(moment).startswith("0000"):
        return None
    try:
        found = dates.parse(str(moment))
    except (ValueError, OverflowError):
        return "impossible"
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _of_ghost(path: Path) -> Iterator[Expected]:
    data = json.loads(path.read_text(encoding="utf-8"))
    data = data["db"][0]["data"] if "db" in data else data.get("data", data)
    for post in data["posts"]:
        post = post.get("data", post)
        expected = Expected(f"post-{post.get('id')}", title=post.get("title") or "")
        expected.is_page = bool(post.get("page")) or post.get("type") == "page"
        expected.date = _parsed(post.get("published_at"))
        expected.is_public = (
            post.get("status", "published") == "published" and post.get("visibility", "public") == "public"
        )
        expected.is_public &= not isinstance(expected.date, datetime) or expected.date <= datetime.now(UTC)
        html = post.get("html")
        read = from_html(html) if html else None
        expected.words = read.words if read else words(" ".join(_strings(post.get("lexical") or post.get("mobiledoc"))))
        if read:
            _take(expected, read)
        yield expected


def _strings(document) -> Iterator[str]:
    """The texts in the JSON of an editor: those of keys named text, and the pieces of mobiledoc's sections."""

    def walk(node, key=""):
        if isinstance(node, dict):
            for name, value in node.items():
                yield from walk(value, name)
        elif isinstance(node, list):
            for value in node:
                yield from walk(value, "section")
        elif isinstance(node, str) and (key == "text" or (key == "section" and " " in node)):
            yield node

    yield from walk(json.loads(document)) if document else ()


def _of_substack(root: Path) -> Iterator[Expected]:
    with (root / "posts.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            files = list((root / "posts").glob(f"{row['post_id'].split('.')[0]}*.html"))
            html = files[0].read_text(encoding="utf-8") if files else ""
            read = from_html(without(html, ".button-wrapper", ".subscription-widget-wrap", ".subscription-widget"))
            post = Expected(
                f"post-{row['post_id'].partition('.')[0]}",
                title=unescape(row["title"]),
                date=_parsed(row["post_date"]),
                words=read.words,
            )
            post.is_public = row["is_published"].lower() == "true" and row["audience"] in ("everyone", "")
            _take(post, read)
            yield post


def _of_medium(root: Path) -> Iterator[Expected]:
    for file in sorted(root.rglob("posts/*.html")):
        text = file.read_text(encoding="utf-8")
        body = re.search(r"<section data-field=\"body\".*?>(.*)</section>\s*<footer", text, re.DOTALL)
        title = re.search(r"<h1 class=\"p-name\">(.*?)</h1>", text, re.DOTALL)
        moment = re.search(r"<time[^>]*datetime=\"([^\"]+)\"", text)
        read = from_html(body[1] if body else "")
        post = Expected(
            file.relative_to(root).as_posix(), title=unescape(title[1].strip()) if title else "", words=read.words
        )
        post.date, post.is_public = _parsed(moment[1] if moment else ""), not file.name.startswith("draft")
        _take(post, read)
        yield post
