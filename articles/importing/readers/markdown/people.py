"""Authors: files that describe them, and how posts name them."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from django.utils.translation import gettext

from publishing.transfer.files import Files, Folder
from publishing.transfer.notes import Kind, Refused

from ...records import Person
from . import heads, texts

MOST_BYTES = 2 * 1024 * 1024
# Of a line of authors.
MOST_CHARACTERS = 1_000
_LIST = re.compile(r"(?:^|/)(?:\.?authors|members|people|team|contributors)\.(?:ya?ml|json|toml)$")
# One file for each: Hugo's data, content and Jekyll's collections.
_EACH = re.compile(r"(?:^|/)_?authors/(?:(?P<key>[^/_][^/]*)\.(?:ya?ml|json|toml|md)|(?P<folder>[^/]+)/_?index\.md)$")
# Of a site, where they lie.
_FOLDERS = (".", "_data", "data", "data/authors", "blog", "_authors")
_HANDLES = {
    "twitter": "https://x.com/",
    "x": "https://x.com/",
    "github": "https://github.com/",
    "gitlab": "https://gitlab.com/",
    "linkedin": "https://www.linkedin.com/in/",
    "instagram": "https://www.instagram.com/",
    "facebook": "https://www.facebook.com/",
    "stackoverflow": "https://stackoverflow.com/users/",
}
_SITES = ("url", "website", "web", "homepage", "site", "link", "uri", "blog")
_BIOGRAPHIES = ("bio", "biography", "description", "about", "title", "role")
_PICTURES = ("image_url", "imageurl", "image", "avatar", "picture", "photo", "pic", "profile_image")
# What the head of a post says of its only author beside the name.
IN_HEAD = re.compile(r"author_?(title|role|bio|url|website|image|image_?url|avatar|photo|twitter|github|linkedin)")
_DESCRIPTION = re.compile(r"(?!(?:de|da|di|du|van|von|der|den|del|la|le|el|al|bin|ibn|ter|zu)\b)[a-z]")


def described(files: Files, around: Folder | None) -> dict[str, Person]:
    """By their keys, the people in the files of authors. A file that cannot be read is a note of the files.

    `around` is the folder of the site if the files are a part of it.
    """
    found = _in(files, files.names)
    if around:
        paths = (path for folder in _FOLDERS for path in around.root.glob(f"{folder}/*") if path.is_file())
        found = _in(around, sorted(path.relative_to(around.root).as_posix() for path in paths)) | found
    return found


def _in(files: Files, names: list[str]) -> dict[str, Person]:
    found = {}
    for name in names:
        if _LIST.search(name):
            for key, value in _entries(_loaded(files, name)):
                if person := person_of(value, key):
                    found.setdefault(key, person)
        elif each := _EACH.search(name):
            key = each["key"] or each["folder"]
            if person := person_of(_loaded(files, name), key):
                found.setdefault(key, person)
    return found


def _loaded(files, name):
    try:
        text = texts.decoded(files.read(name, MOST_BYTES), files.notes)
        match PurePosixPath(name).suffix:
            case ".md":
                head, body, _ = heads.split(text)
                return {**({"bio": body.strip()[:2000]} if body.strip() else {}), **head}
            case ".toml":
                return heads.split(f"+++\n{text}\n+++\n")[0]
            case _:
                # JSON is YAML.
                return heads.load_yaml(text)
    except (Refused, heads.Broken, heads.yaml.YAMLError, OSError, ValueError, RecursionError, TypeError) as error:
        files.notes.lose(
            Kind.NAME,
            gettext("%(name)s, with authors, cannot be read: %(error)s") % {"name": name, "error": str(error)[:100]},
        )
        return None


def _entries(loaded) -> Iterator[tuple[str, dict]]:
    """From a mapping by keys, MkDocs' mapping below "authors", or a list of mappings."""
    if isinstance(loaded, dict):
        inner = loaded.get("authors")
        if isinstance(inner, (dict, list)) and len(loaded) == 1:
            yield from _entries(inner)
            return
        yield from ((str(key), value) for key, value in loaded.items())
    elif isinstance(loaded, list):
        for value in loaded:
            if isinstance(value, dict):
                key = next((value[name] for name in ("id", "key", "slug", "username", "name") if value.get(name)), "")
                yield str(key), value


def person_of(value, key: str = "") -> Person | None:
    """From a mapping, or from a name alone; None without a name."""
    if isinstance(value, str):
        return Person(texts.one_line(value)) if value.strip() else None
    if not isinstance(value, dict):
        return None
    value = {str(name).lower().replace("-", "_"): item for name, item in value.items()}
    first_last = " ".join(str(value[name]) for name in ("firstname", "lastname") if value.get(name))
    names = (value.get(name) for name in ("name", "display_name", "displayname", "fullname", "author"))
    name = next((str(item) for item in names if isinstance(item, str) and item.strip()), "") or first_last
    if not name and "title" in value and key:
        # Hugo's pages of authors.
        name, value = str(value["title"]), {**value, "title": value.get("role", "")}
    name = texts.one_line(name or key)
    if not name:
        return None
    return Person(
        name,
        slug=_first(value, ("slug",)),
        biography=_first(value, _BIOGRAPHIES),
        picture=_first(value, _PICTURES),
        links=list(_links(value)),
    )


def _first(value: dict, names) -> str:
    return next((value[name].strip() for name in names if isinstance(value.get(name), str) and value[name].strip()), "")


def _links(value: dict) -> Iterator[tuple[str, str]]:
    """Web addresses only: an e-mail address is not for the public."""
    seen = set()
    socials = [value.get(name) for name in ("socials", "social", "links", "profiles")]
    flat = dict(value)
    for social in socials:
        if isinstance(social, dict):
            flat |= {str(name).lower(): item for name, item in social.items()}
        for item in social if isinstance(social, list) else ():
            if isinstance(item, dict):
                label = _first(item, ("label", "name", "title", "icon"))
                flat[label or "website"] = _first(item, ("url", "link", "href"))
    for name, item in flat.items():
        if not isinstance(item, str) or name in _PICTURES:
            continue
        handle = item.strip().removeprefix("@")
        if name in _HANDLES and re.fullmatch(r"[\w.-]+", handle):
            handle = _HANDLES[name] + handle
        if re.match(r"https?://\S+$", handle) and handle not in seen:
            seen.add(handle)
            yield ("Website" if name in _SITES else name[:1].upper() + name[1:]), handle


def named(value) -> list[Person]:
    """The people of a value in a head: a name or line, a mapping, or a list of them; keys are still their names."""
    if isinstance(value, str):
        return [Person(name) for name in names_in(value)]
    if isinstance(value, dict):
        if any(isinstance(item, dict) for item in value.values()):
            return list(filter(None, (person_of(item, str(key)) for key, item in value.items())))
        value = [value]
    if not isinstance(value, list):
        return []
    found = (
        [Person(name) for name in names_in(item, is_line=False)] if isinstance(item, str) else [person_of(item)]
        for item in value
    )
    return [person for people in found for person in people if person]


def names_in(line: str, is_line: bool = True) -> list[str]:
    """Names of one line such as "[Ann](https://…), Ben and Cleo — a remark"; remarks on them are left out."""
    line = re.sub(r"<[^<>]*>", "", line[:MOST_CHARACTERS])
    line = re.sub(r"\s+[—–]\s.*$", "", line)
    # "Ann ([@ann](https://…)), a remark" or "[Ann](https://…), a remark".
    handles = len(re.findall(r"\]\(", line)) == 1
    line = re.sub(r"\(\[.*?\]\([^)]*\)\)", "", line)
    line = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line)
    line = re.sub(r"\s*\([^()]*@[^()]*\)", "", line)
    pieces = re.split(r",\s*(?:and\s+)?|\s+and\s+|\s+&\s+|\s*;\s*", line) if is_line else [line]
    names = [name for piece in pieces if (name := texts.one_line(piece.strip(" *_")))]
    if handles and is_line and len(names) == 2 and " and " not in line:
        names = names[:1]
    return [name for position, name in enumerate(names) if not (position and _DESCRIPTION.match(name))]
