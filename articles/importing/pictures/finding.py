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
# In the source and above it, in how many folders the beginning of its project is looked for.
LEVELS = 4
# Of folders with such names in a source, how many are looked into.
MOST_SERVED = 40
# What is where a project begins; nothing above it belongs to the source.
_TOPS = (".git", "package.json", "hugo.toml", "config.toml", "_config.yml", "mkdocs.yml", "go.mod")
# Smaller copies that WordPress makes of a picture: "-300x200", "-scaled", "-e1512345678901".
_COPIES = re.compile(r"i\d\.wp\.com")
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

    def __init__(self, files: Files, *, is_exact: bool = False):
        self.files, self._is_exact = files, is_exact

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
        folded = not self._is_exact and self._folded.get(_fold(unquote(name)))
        return Found(self.files, folded) if folded else None

    @cached_property
    def _by_last(self) -> dict[str, str | None]:
        """Names by their last part; None if several files have it."""
        last: dict[str, str | None] = {}
        for name in self.files.names:
            key = _fold(name.rpartition("/")[2])
            last[key] = None if key in last else name
        return last

    def find_anywhere(self, last: str) -> Found | None:
        """The only file with this last part of its name."""
        name = self._by_last.get(_fold(unquote(last)))
        return Found(self.files, name) if name else None


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


class Finder:
    """Finds files by the addresses that posts of a source name. Make one for each run: it keeps an index."""

    def __init__(self, reader: Reader, options: Options):
        self._names = Names(reader.files)
        # Several readers name the old site; others a folder.
        self._site = reader.site if "://" in reader.site else ""
        self._hosts: Counter[str] = Counter()
        # New addresses of pictures, which may look like old ones.
        self.ours: set[str] = set()
        # Audio and video that cannot be taken, and why.
        self.refused: dict[Found, str] = {}
        self._root = reader.files.root if isinstance(reader.files, Folder) else None
        self._only = isinstance(reader.files, Folder) and reader.files.only
        inside = [folder.strip("/") for folder in reader.media()]
        self._inside = list(dict.fromkeys(["", *inside, *self._served_inside(reader.files)]))
        given = [(path.name, Names(Folder(path))) for path in options.media if path.is_dir()]
        self._outside = given + [(name, Names(Folder(path))) for name, path in self._served_beside()]
        if self._only:
            # The neighbours of a file that is imported alone, by their exact names.
            self._outside.append(("", Names(Folder(self._root), is_exact=True)))

    def learn(self, post: Post) -> None:
        """Learn from the old address of a post where the site was, if its reader does not say."""
        if not self._site and post.old_addresses and "://" in post.old_addresses[0]:
            self._hosts["/".join(post.old_addresses[0].split("/")[:3])] += 1

    @property
    def site(self) -> str:
        """The address of the old site; empty if it is not known."""
        return self._site or next((site for site, _ in self._hosts.most_common(1)), "")

    @staticmethod
    def _served_inside(files: Files) -> list[str]:
        """The folders with such names near the root, the nearest first."""
        folders: set[str] = set()
        for name in files.names:
            parts = name.split("/")[:-1]
            folders.update("/".join(parts[:depth]) for depth in range(1, min(len(parts), 3) + 1))
        served = [folder for folder in folders if f"/{folder}".endswith(tuple(f"/{name}" for name in SERVED))]
        return sorted(served, key=lambda folder: (folder.count("/"), folder))[:MOST_SERVED]

    def _served_beside(self) -> Iterator[tuple[str, Path]]:
        """Such folders above the source, up to where its project begins, or just above it."""
        if not self._root or self._only:
            return
        folders = [self._root, *self._root.parents][:LEVELS]
        top = next((place for place, folder in enumerate(folders) if any((folder / t).exists() for t in _TOPS)), 1)
        for parent in folders[1 : top + 1]:
            for name in SERVED:
                path = parent / name
                if path.is_dir() and not path.is_symlink() and not self._root.is_relative_to(path):
                    yield name, path

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
        if parts.scheme.lower() not in ("", "http", "https") or not self.site:
            return None
        host, site, path = _host(address), _host(self.site), parts.path or "/"
        site_path = urlsplit(self.site).path.rstrip("/")
        if site_path.startswith(("/@", "/~")) and not f"{path}/".startswith(f"{site_path}/"):
            # Of somebody else at a host of many.
            return None
        if host == site or (host.partition(".")[::2] == (site.partition(".")[0], "files.wordpress.com")):
            return path
        # A copy that a service of WordPress has of the site's pictures.
        copied, _, rest = path.lstrip("/").partition("/")
        return f"/{rest}" if _COPIES.fullmatch(host) and copied.removeprefix("www.") == site else None

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
        if "/" not in path and "." in path and (found := self._names.find_anywhere(path)):
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
                path = _published(path, post) if path.startswith("../") else path
        path = path.lstrip("/")
        if not path:
            return
        paths, base = [path], urlsplit(self.site).path.strip("/")
        if base and path.startswith(f"{base}/"):
            paths.insert(0, path.removeprefix(f"{base}/"))
        for tried in paths:
            for folder in self._inside:
                yield from (join(folder, below) for below in _below(tried, folder.rpartition("/")[2]))

    def _above(self, name: str) -> Found | None:
        """A file above the source, if it lies in a folder of pictures."""
        if not self._root:
            return None
        path = Path(normpath(self._root / unquote(name)))
        for _, names in self._outside:
            if path.is_relative_to(names.files.root):
                return names.find(path.relative_to(names.files.root).as_posix())
        return None


def _published(path: str, post: Post) -> str:
    """The path on the old site, from its root, of one that is relative to where a post was published."""
    try:
        return urlsplit(urljoin(next(iter(post.old_addresses), "/"), path)).path
    except ValueError:
        return path


def _below(path: str, folder: str) -> Iterator[str]:
    """What `path` may be called in a folder: itself, and what comes after the name of the folder."""
    clean = normpath(path)
    if clean.startswith(".."):
        return
    yield clean
    rest = f"/{clean}".partition(f"/{folder}/")[2] if folder else ""
    if rest:
        yield rest


def _host(address: str) -> str:
    try:
        return (urlsplit(address).netloc.lower().rpartition("@")[2]).removeprefix("www.")
    except ValueError:
        return ""
