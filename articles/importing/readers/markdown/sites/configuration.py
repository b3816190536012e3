"""The site that a folder belongs to: its generator, and what its configuration says."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from publishing.transfer.files import Files, Folder
from publishing.transfer.notes import Refused

from .. import heads, names
from .addresses import path_of

MOST_BYTES = 512 * 1024
_PACKAGES = {
    "@docusaurus/core": "docusaurus", "vitepress": "vitepress", "vuepress": "vuepress", "astro": "astro",
    "gatsby": "gatsby", "@11ty/eleventy": "eleventy", "hexo": "hexo", "next": "next",
}  # fmt: skip
# Above the source, in how many folders a configuration is looked for.
LEVELS = 3
_CONFIGURATIONS = re.compile(
    r"(?:^|/)package\.json$|(?:^|/)(?:_config|hugo|config|zola|mkdocs)\.(?:ya?ml|toml|json)$"
    r"|(?:^|/)(?:docusaurus\.config|astro\.config|gatsby-config|pelicanconf|publishconf|conf|eleventy\.config)\.\w+$"
)
_PUBLIC = ("static", "public", "assets", "uploads", "images", "img", "media", "source", "content", "docs", "src")
_LANGUAGES = (
    "languagecode",
    "defaultcontentlanguage",
    "default_language",
    "default_lang",
    "lang",
    "language",
    "locale",
)
_LINE = re.compile(r"""(?:^|[{,])[ \t]*['"]?(\w+)['"]?[ \t]*[:=][ \t]*u?(['"`])(.*?)\2""", re.MULTILINE)


@dataclass
class Site:
    """`generator`: "jekyll", "hexo", "hugo", "zola", "docusaurus", "mkdocs", "astro", "gatsby", "pelican", or ""."""

    generator: str = ""
    is_configured: bool = False
    zone: ZoneInfo | None = None
    # Of the site, without "/" at the end; `root` is its path.
    url: str = ""
    root: str = ""
    # Such as "/:year/:title/"; of Hugo by sections.
    permalink: str = ""
    permalinks: dict = field(default_factory=dict)
    # Of Hugo's labels, such as {"tags": "/tag/:title/"}.
    terms: dict[str, str] = field(default_factory=dict)
    # The folder of the source with the configuration.
    base: str = ""
    # Of a source that is a part of a site: the folder with the configuration, and the names from there to the source.
    around: Folder | None = None
    prefix: str = ""
    # Folders "_name" that Jekyll publishes; None if that is not known.
    collections: set[str] | None = None
    author: str = ""
    language: str = ""
    # Folders to which addresses from the root lead, with "/" at the end.
    media: list[str] = field(default_factory=list)
    # Of Zola: patterns of the files, below `content`, in which templates mean nothing.
    untemplated: list[str] = field(default_factory=list)
    # Jekyll's defaults of heads.
    defaults: list = field(default_factory=list)
    # Texts of the configuration, which templates may name.
    variables: dict[str, str] = field(default_factory=dict)


def site_of(files: Files) -> Site:
    """Reads configurations as data, never as code: of the source, else of one of the folders around it."""
    site = Site(media=_media(files))
    found = [name for name in files.names if _CONFIGURATIONS.search(name) and _is_outer(name)]
    # What a package needs says less than a configuration.
    for name in sorted(found, key=lambda name: (name.endswith("package.json"), name.count("/"))):
        _configure(site, name, _loaded(files, name))
    if not site.generator and isinstance(files, Folder):
        site.prefix = files.root.name if names.says_something(files.root.name) else ""
        _look_around(site, files.root)
    site.is_configured = bool(site.generator)
    site.generator = site.generator or _by_shape([f"{site.prefix}/{name}" for name in files.names])
    site.root = site.root or path_of(site.url).rstrip("/")
    # Addresses are read from the root of the site.
    site.variables |= {"baseurl": "", "url": ""}
    return site


def _is_outer(name: str) -> bool:
    return name.count("/") < 2 or name.startswith("config/_default/")


def _look_around(site: Site, root: Path) -> None:
    # A source of one file has not looked into its own folder.
    for parent in [root, *root.parents][: LEVELS + 1]:
        around = Folder(parent)
        found = [path.name for path in parent.glob("*.*") if _CONFIGURATIONS.search(path.name)]
        for name in sorted(found, key=lambda name: (name == "package.json", name)):
            _configure(site, name, _loaded(around, name))
        if site.generator:
            site.around, site.prefix = around, root.relative_to(parent).as_posix().removeprefix(".")
        if site.generator or (parent / ".git").exists():
            return


def _loaded(files, name) -> dict:
    try:
        text = files.read(name, MOST_BYTES).decode(errors="replace")
    except (Refused, OSError):
        return {}
    try:
        if name.endswith((".yml", ".yaml", ".json")):
            loaded = heads.load_yaml(text)
        elif name.endswith(".toml"):
            loaded = heads.tomllib.loads(text)
        else:
            # Of equal names that of the site itself comes first, those of menus later.
            loaded = {}
            for line in _LINE.finditer(text):
                loaded.setdefault(line[1], line[3])
        return loaded if isinstance(loaded, dict) else {}
    except (heads.yaml.YAMLError, ValueError, RecursionError, TypeError):
        # A configuration with tags of its own, as MkDocs has them, is read line by line.
        return {line[1]: line[2].strip() for line in re.finditer(r"^(\w+):[ \t]*(\S.*)$", text, re.MULTILINE)}


def _configure(site: Site, name: str, config: dict) -> None:
    folder, _, base = name.rpartition("/")
    if base == "package.json":
        packages = [config.get(key) for key in ("dependencies", "devDependencies") if isinstance(config.get(key), dict)]
        told = next((_PACKAGES[item] for row in packages for item in row if item in _PACKAGES), "")
        site.generator, site.base = site.generator or told, site.base or (folder if told else "")
        return
    site.variables |= _texts(config)
    config = {str(key).lower(): value for key, value in config.items()}
    if not site.generator and (told := _by_configuration(base, config)):
        site.generator, site.base = told, folder.removesuffix("config/_default")
    zone = next((config[key] for key in ("timezone", "time_zone") if isinstance(config.get(key), str)), "")
    with suppress(ValueError, OSError, KeyError):
        site.zone = site.zone or (ZoneInfo(zone) if re.fullmatch(r"[\w+/-]+", zone) else None)
    url = next(
        (
            config[key]
            for key in ("baseurl", "base_url", "url", "siteurl", "site_url", "site", "site_domain")
            if isinstance(config.get(key), str) and config[key].startswith("http")
        ),
        "",
    )
    root = config.get("baseurl") if site.generator in ("jekyll", "docusaurus") else config.get("root")
    if url and not site.url:
        site.url = url.rstrip("/")
    if isinstance(root, str) and root.startswith("/") and root != "/":
        site.root = root.rstrip("/")
    if isinstance(config.get("permalink"), str):
        site.permalink = config["permalink"]
    if isinstance(config.get("permalinks"), dict):
        pages, terms = (config["permalinks"].get(kind) for kind in ("page", "term"))
        site.permalinks = pages if isinstance(pages, dict) else config["permalinks"]
        terms = terms if isinstance(terms, dict) else config["permalinks"]
        site.terms = {kind: pattern for kind, pattern in terms.items() if isinstance(pattern, str)}
    if isinstance(config.get("defaults"), list):
        site.defaults = config["defaults"]
    site.language = site.language or next((config[key] for key in _LANGUAGES if isinstance(config.get(key), str)), "")
    _configure_generator(site, base, config)


def _configure_generator(site: Site, base: str, config: dict) -> None:
    if site.generator == "jekyll" and base.startswith("_config"):
        listed = [config.get(key) for key in ("collections", "include")]
        site.collections = {
            str(item).strip("_/") for items in listed if isinstance(items, (dict, list)) for item in items
        }
    if site.generator == "zola" and isinstance(config.get("skip_content_templating"), list):
        site.untemplated = [str(pattern) for pattern in config["skip_content_templating"]]
    if isinstance(config.get("author"), str) and base.startswith("pelicanconf"):
        site.author = config["author"]


def _texts(config: dict, before: str = "") -> dict[str, str]:
    """What a template may name: "title", "author.name"."""
    found = {}
    for key, value in config.items():
        if isinstance(value, dict) and before.count(".") < 2:
            found |= _texts(value, f"{before}{key}.")
        elif isinstance(value, (str, int)) and len(str(value)) < 1_000:
            found[f"{before}{key}"] = str(value)
    return found


def _by_configuration(base: str, config: dict) -> str:
    if base.startswith("_config"):
        is_hexo = {"new_post_name", "skip_render", "post_asset_folder", "per_page"} & set(config)
        return "hexo" if is_hexo else "jekyll"
    if base.startswith(("config.", "zola.")):
        return "zola" if "base_url" in config else "hugo" if "baseurl" in config else ""
    starts = {"hugo.": "hugo", "mkdocs.": "mkdocs", "docusaurus.": "docusaurus", "astro.": "astro"}
    starts |= {"gatsby-": "gatsby", "pelicanconf": "pelican", "publishconf": "pelican", "eleventy.": "eleventy"}
    return next((generator for start, generator in starts.items() if base.startswith(start)), "")


def _by_shape(found: list[str]) -> str:
    """From the names of the files alone: a folder of posts without the site around it."""
    texts = [name for name in found if names.no_post(name) is None]
    in_posts = [name for name in texts if "_posts/" in f"/{name}"]
    is_dated = partial(re.search, r"(?:^|/)\d{4}-\d{1,2}-\d{1,2}-[^/]+$")
    dated = sum(1 for name in texts if is_dated(name))
    if in_posts:
        return (
            "jekyll" if all(map(is_dated, in_posts)) and not any("source/_posts" in name for name in in_posts) else ""
        )
    if any(re.search(r"(?:^|/)blog/authors\.yml$", name) for name in found):
        return "docusaurus"
    if any(name.endswith(".authors.yml") for name in found):
        return "mkdocs"
    # Only for the tags: where the posts were published is not known.
    return "dated" if dated and dated * 2 > len(texts) else ""


def _media(files: Files) -> list[str]:
    """Folders of the usual names with pictures in or below them, the outer ones first."""
    found = set()
    for name in files.names:
        if PurePosixPath(name).suffix.lower() in names.PICTURES:
            parts = name.split("/")[:-1]
            found |= {"/".join(parts[: at + 1]) + "/" for at, part in enumerate(parts) if part.lower() in _PUBLIC}
    return sorted(found, key=lambda name: (name.count("/"), name))
