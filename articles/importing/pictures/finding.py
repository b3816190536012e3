"""Which file of a source an address means: files beside the post, folders of the site, what is left of the old site."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urljoin, urlsplit

from publishing.transfer.files import Files, Folder
from publishing.transfer.notes import Refused

from ..options import Options
from ..records import Post, Reader

# Folders of generators to whose files addresses from the root of the site lead.
SERVED = ("static", "public", "assets", "uploads", "images", "content", "content/images", "wp-content/uploads",
          "docs/public", "docs", "src", "source", "site", "media")  # fmt: skip
# Above the source, in how many folders such folders are looked for.
LEVELS = 3
# What is where a project begins; nothing above it belongs to the source.
_TOPS = (".git", "package.json", "hugo.toml", "config.toml", "_config.yml", "mkdocs.yml", "go.mod")
# Smaller copies that WordPress makes of a picture: "-300x200", "-scaled", "-e1512345678901".
VARIANT = re.compile(r"-(?:\d{1,5}x\d{1,5}|scaled|rotated|e\d{9,14})(?=\.\w+$)")


@dataclass(frozen=True)
class Found:
    """A file of the source, or of a folder of pictures."""

    files: Files
    name: str

    def read(self, most: int) -> bytes:
        return self.files.read(self.name, most)


class Names:
    """The files of one folder by their names: exactly, then whatever their case and the form of their accents."""

    def __init__(self, files: Files):
        self.files = files

    @cached_property
    def _folded(self) -> dict[str, str]:
        folded: dict[str, str] = {}
        try:
            for name in self.files.names:
                folded.setdefault(_fold(name), name)
                if "%" in name:
                    folded.setdefault(_fold(unquote(name)), name)
        except Refused:
            # More than can be looked through.
            pass
        return folded

    def find(self, name: str) -> Found | None:
        """The file that an address with this path, below the folder, leads to."""
        for tried in (name, unquote(name)):
            if tried in self.files:
                return Found(self.files, tried)
        folded = self._folded.get(_fold(unquote(name)))
        return Found(self.files, folded) if folded else None


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


class Finder:
    """Finds files by the addresses that posts of a source name. Make one for each run: it keeps an index."""

    def __init__(self, reader: Reader, options: Options):
        self._names = Names(reader.files)
        # Several readers name the old site; others a folder.
        self._site = reader.site if "://" in reader.site else ""
        self._hosts: Counter[str] = Counter()
        self._root = reader.files.root if isinstance(reader.files, Folder) else None
        inside = [folder.strip("/") for folder in reader.media()]
        self._inside = list(dict.fromkeys(["", *inside, *self._served_inside(reader.files)]))
        given = [(path.name, Names(Folder(path))) for path in options.media if path.is_dir()]
        self._outside = given + [(name, Names(Folder(path))) for name, path in self._served_beside()]

    def learn(self, post: Post) -> None:
        """Learn from the old address of a post where the site was, if its reader does not say."""
        if not self._site and post.old_addresses and "://" in post.old_addresses[0]:
            self._hosts["/".join(post.old_addresses[0].split("/")[:3])] += 1

    @property
    def site(self) -> str:
        """The address of the old site; empty if it is not known."""
        return self._site or next((site for site, _ in self._hosts.most_common(1)), "")

    @staticmethod
    def _served_inside(files: Files) -> Iterator[str]:
        """The folders with such names, those nearest to the root first."""
        folders = {"/".join(parts[:depth]) for name in files.names
                   for parts in [name.split("/")[:-1]] for depth in range(1, min(len(parts), 4) + 1)}  # fmt: skip
        served = [folder for folder in folders if f"/{folder}".endswith(tuple(f"/{name}" for name in SERVED))]
        return iter(sorted(served, key=lambda folder: (folder.count("/"), folder)))

    def _served_beside(self) -> Iterator[tuple[str, Path]]:
        if not self._root:
            return
        for folder in [self._root, *self._root.parents][:LEVELS]:
            if any((folder / top).exists() for top in _TOPS):
                break
        else:
            folder = None
        for parent in list(self._root.parents)[:LEVELS]:
            if self._root == folder:
                return
            for name in SERVED:
                path = parent / name
                if path.is_dir() and not path.is_symlink() and not self._root.is_relative_to(path):
                    yield name, path
            if parent == folder:
                return

    # --- addresses ---

    def own(self, address: str) -> str | None:
        """The address as a path of the old site or relative to a post, without query; None if it is of another host.

        A path from the root of the site starts with "/".
        """
        try:
            parts = urlsplit(address.strip())
        except ValueError:
            return None
        if not parts.scheme and not parts.netloc:
            return parts.path
        is_web = parts.scheme.lower() in ("", "http", "https")
        return (parts.path or "/") if is_web and self.site and _host(address) == _host(self.site) else None

    def absolute(self, address: str, post: Post) -> str:
        """Where it was on the old site; empty if that is not known."""
        if not self.site:
            return ""
        try:
            first = next((old for old in post.old_addresses if "{" not in old), "")
            return urljoin(urljoin(f"{self.site.rstrip('/')}/", first), address.strip())
        except ValueError:
            return ""

    def find(self, address: str, post: Post) -> Found | None:
        """The file that an address in a post means. It may have a query or a fragment."""
        path = self.own(address)
        if not path or path.endswith("/"):
            return None
        # A name may have "?" or "#" in it.
        whole = address.strip() if "://" not in address else path
        for tried in dict.fromkeys((path, whole)):
            if found := self._find(tried, post):
                return found
            if (original := VARIANT.sub("", tried)) != tried and (found := self._find(original, post)):
                return found
            if found := self._find(re.sub(r"(?=\.\w+$)", "-scaled", tried), post):
                return found
        return None

    def _find(self, path: str, post: Post) -> Found | None:
        for name in self._candidates(path, post):
            if name.startswith("../"):
                if found := self._above(name):
                    return found
            elif found := self._names.find(name):
                return found
        for folder, names in self._outside:
            for name in _below(path.lstrip("/"), folder):
                if found := names.find(name):
                    return found
        return None

    def _candidates(self, path: str, post: Post) -> Iterator[str]:
        """Names of files among those of the source, the likeliest first."""
        if not path.startswith("/"):
            if path.startswith(("@/", "~/", "~@/")):
                path = path.partition("/")[2]
            else:
                folder = dirname(post.path)
                yield normpath(join(folder, path))
                stem = PurePosixPath(post.path).stem
                if stem:
                    yield normpath(join(folder, stem, path))
                if post.name and post.name != stem:
                    yield normpath(join(folder, post.name, path))
        path = path.lstrip("/")
        if not path:
            return
        paths, base = [path], urlsplit(self.site).path.strip("/")
        if base and path.startswith(f"{base}/"):
            paths.insert(0, path.removeprefix(f"{base}/"))
        for tried in paths:
            clean = normpath(tried)
            if not clean.startswith(".."):
                yield from (join(folder, clean) for folder in self._inside)

    def _above(self, name: str) -> Found | None:
        """A file above the source, if it lies in a folder of pictures."""
        if not self._root:
            return None
        path = Path(normpath(self._root / unquote(name)))
        for _, names in self._outside:
            if path.is_relative_to(names.files.root):
                return names.find(path.relative_to(names.files.root).as_posix())
        return None


def _below(path: str, folder: str) -> Iterator[str]:
    """What `path` may be called in a folder: itself, and what comes after the name of the folder."""
    clean = normpath(path)
    if clean.startswith(".."):
        return
    yield clean
    before, found, rest = f"/{clean}".partition(f"/{folder}/")
    if found:
        yield rest


def _host(address: str) -> str:
    try:
        return (urlsplit(address).netloc.lower().rpartition("@")[2]).removeprefix("www.")
    except ValueError:
        return ""
