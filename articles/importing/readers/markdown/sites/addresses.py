"""Where a post was published until now."""

import re
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from django.utils.text import slugify

from .. import names

# What `Options.old_url` may contain between braces.
PLACEHOLDERS = ("stem", "slug", "year", "month", "day", "category", "path")
_TOKEN = re.compile(r":(\w+)")
_STYLES = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "weekdate": "/:categories/:year/W:week/:short_day/:title.html",
    "none": "/:categories/:title.html",
}
# Folders of sources that are no part of addresses.
_ROOTS = re.compile(
    r"^(?:.*/)?(?:src/content|src/pages|src/posts|src/routes|source|content|_posts|_pages|src"
    r"|(?:apps|packages)/[^/]+/pages)/(?=.)"
)


class Unknown(ValueError):
    """A pattern with a part that is not known; the message names it."""


def slug_of(address: str) -> str:
    """The last part of an address, without what is an ending: "2024/01/02/App-1.2" gives "App-1.2"."""
    path = path_of(address).rstrip("/")
    path = re.sub(r"/index\.\w+$", "", path)
    return names.without_ending(path.rpartition("/")[2]) if is_plain(address) else ""


def path_of(address: str) -> str:
    """The path of an address; "" if it is broken."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def is_plain(address: str) -> bool:
    """Not a pattern."""
    return not re.search(r"/:\w|^:\w|\{\{|\{%|[{}<>]", address)


def filled(pattern: str, values: dict) -> str:
    """A pattern with ":year". Raises Unknown."""

    def value(found):
        if (known := values.get(found[1])) is None:
            raise Unknown(f":{found[1]}")
        return known

    address = _TOKEN.sub(value, _STYLES.get(pattern, pattern))
    if re.search(r"[{}<>]", address):
        raise Unknown(pattern)
    return re.sub(r"/{2,}", "/", "/" + address)


def values_of(title: str, slug: str, name: names.Name, at: datetime | None, categories: list[str]) -> dict:
    """Of the parts of patterns, in the zone of `at`."""
    words = slug or slugify(name.words, allow_unicode=True) or name.words
    section = name.folders[-1] if name.folders else ""
    values = {
        "title": slug or name.words,
        "slug": words,
        "name": name.words,
        "filename": name.words,
        "post_title": name.words,
        "contentbasename": name.stem,
        "slugorfilename": words,
        "slugorcontentbasename": words,
        "stem": name.stem,
        "basename": name.stem,
        "path": names.without_ending(name.path),
        "section": section,
        "sections": "/".join(name.folders),
        "categories": "/".join(slugify(category, allow_unicode=True) for category in categories),
        "category": slugify(categories[0], allow_unicode=True) if categories else "",
        "output_ext": ".html",
        "lang": "",
    }
    values |= {"title_words": urlized(title), "title_slug": slugify(title, allow_unicode=True)}
    if at:
        values |= {"year": f"{at:%Y}", "month": f"{at:%m}", "day": f"{at:%d}", "hour": f"{at:%H}", "minute": f"{at:%M}"}
        values |= {"second": f"{at:%S}", "i_month": str(at.month), "i_day": str(at.day), "short_year": f"{at:%y}"}
        values |= {"y_day": f"{at:%j}", "yearday": str(at.timetuple().tm_yday), "week": f"{at:%V}"}
        values |= {
            "short_day": f"{at:%a}",
            "short_month": f"{at:%b}",
            "long_month": f"{at:%B}",
            "monthname": f"{at:%B}",
        }
    return values


def old_url(pattern: str, values: dict) -> str:
    """`Options.old_url` for one post. Raises Unknown if it needs a date that is not known."""
    try:
        return pattern.format(**{name: values[name] for name in PLACEHOLDERS if name in values})
    except (KeyError, IndexError, ValueError) as error:
        raise Unknown(f"{{{error.args[0]}}}") from error


def of_generator(site, name: names.Name, slug: str, values: dict) -> list[str]:
    """Where the generator publishes such a file, the likeliest first. Without the root of the site."""
    try:
        return _GENERATORS.get(site.generator, _plain)(site, name, slug, values)
    except Unknown:
        return []


def _jekyll(site, name, slug, values) -> list[str]:
    if "_posts" not in name.folders:
        path = re.sub(r"(^|/)_", r"\1", names.without_ending(name.path)).removesuffix("/index")
        return [f"/{path}/" if site.permalink == "pretty" or name.is_index else f"/{path}.html"]
    if not name.date:
        return []
    address = filled(site.permalink or "date", values)
    if site.is_configured:
        return [address]
    # Without its configuration: also Jekyll's second style, which is Hexo's first.
    return [address, filled("/:year/:month/:day/:title/", values)]


def _hexo(site, name, slug, values) -> list[str]:
    is_post = "_posts" in name.folders
    return [filled(site.permalink or "/:year/:month/:day/:title/", values)] if is_post else _by_path(name, slug)


def _mkdocs(site, name, slug, values) -> list[str]:
    blog = "/".join(name.folders).removeprefix("docs/").removesuffix("posts").strip("/")
    return [filled(f"/{blog}/:year/:month/:day/{slug or values['title_slug']}/", values)]


def _pelican(site, name, slug, values) -> list[str]:
    return [f"/{'pages/' if 'pages' in name.folders else ''}{slug or values['title_slug']}.html"]


def _hugo(site, name, slug, values) -> list[str]:
    pattern = site.permalinks.get(_section(name))
    return [filled(pattern, {**values, "title": values["title_words"]})] if pattern else _by_path(name, slug)


def _vitepress(site, name, slug, values) -> list[str]:
    path = "/" + names.without_ending(name.path.removeprefix("docs/").removeprefix("src/"))
    return [f"{path}.html", path]


def _gatsby(site, name, slug, values) -> list[str]:
    return [f"/{slug or name.stem}/".replace("//", "/"), *_by_path(name, slug)]


def _zola(site, name, slug, values) -> list[str]:
    # A date is cut off the file's name; with others the name is the address.
    return _by_path(name, slug or name.words)


def _docusaurus(site, name, slug, values) -> list[str]:
    if slug.startswith("/"):
        return [f"/blog{slug}"]
    blog = "/".join(part for part in name.folders if not re.match(r"\d", part) and part != name.stem)
    day = "/".join(f"{number:02}" for number in name.date) + "/" if name.date else ""
    return [f"/{blog or 'blog'}/" + (slug or f"{day}{name.words}")]


def _next(site, name, slug, values) -> list[str]:
    address = _by_path(name, slug)[0]
    return [address.removeprefix("/pages")]


def _plain(site, name, slug, values) -> list[str]:
    return _by_path(name, slug)


_GENERATORS = {
    "jekyll": _jekyll,
    "hexo": _hexo,
    "mkdocs": _mkdocs,
    "pelican": _pelican,
    "hugo": _hugo,
    "vitepress": _vitepress,
    "vuepress": _vitepress,
    "gatsby": _gatsby,
    "zola": _zola,
    "docusaurus": _docusaurus,
    "next": _next,
    "dated": lambda *known: [],
}


def _section(name) -> str:
    return _ROOTS.sub("", name.path).partition("/")[0]


def _by_path(name, slug) -> list[str]:
    if name.suffix in names.HTML and not slug:
        return [f"/{name.path.removesuffix('index.html').removesuffix('index.htm')}"]
    path = names.without_ending(_ROOTS.sub("", name.path))
    path = path.removesuffix("/index") if name.is_index else path
    parent = path.rpartition("/")[0]
    return [f"/{parent}/{slug.strip('/') or name.stem}/".replace("//", "/")]


def urlized(words: str) -> str:
    """As Hugo, Zola and others make the part of an address: "C++" is not "C", and "1.2" stays whole."""
    return re.sub(r"[^\w.+~#-]", "", "-".join(words.lower().split())).strip("-")


def resolved(alias: str, address: str, generator: str) -> str:
    """An alias as a path from the root, or whole; relative ones start at the post's address."""
    alias = alias.strip()
    if re.match(r"https?://|/", alias):
        return alias
    if alias.startswith("?"):
        return f"/{alias}"
    if alias.startswith(".") or generator == "hugo":
        base = address if alias.startswith(".") else address.rstrip("/")
        return urljoin(path_of(base) or "/", f"./{alias}")
    return f"/{alias}"


def whole(address: str, site) -> str:
    """With the host and the root of the site, if they are known."""
    if not site.url or not address.startswith("/"):
        return address
    return site.url.removesuffix(site.root) + site.root + address
