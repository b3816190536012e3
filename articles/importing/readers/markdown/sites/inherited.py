"""What the posts of a folder have in common: Jekyll's defaults, Hugo's cascades, Eleventy's data of folders."""

from pathlib import PurePosixPath

from publishing.transfer.files import Files
from publishing.transfer.notes import Notes, Refused

from .. import heads, texts

MOST_BYTES = 256 * 1024
# About one post, not about all.
_OWN = {"title", "slug", "date", "aliases", "url", "path"}


class Inherited:
    """Heads by folders; that of a folder nearer to the post comes before those of the folders around."""

    def __init__(self, files: Files, defaults: list):
        self._heads: dict[str, dict] = {}
        for row in defaults:
            scope, values = (row.get("scope"), row.get("values")) if isinstance(row, dict) else (None, None)
            if isinstance(scope, dict) and isinstance(values, dict):
                kind = str(scope.get("type", ""))
                folder = str(scope.get("path") or (f"_{kind}" if kind else "")).strip("/")
                # Without the folders: of all folders with this name.
                self._add(f"*/{folder}" if folder.startswith("_") else folder, values)
        for name in files.names:
            path = PurePosixPath(name)
            if path.name in ("_index.md", "_index.html"):
                cascade = _head(files, name).get("cascade")
                for values in cascade if isinstance(cascade, list) else [cascade]:
                    if isinstance(values, dict) and "target" not in values and "_target" not in values:
                        self._add(path.parent.as_posix(), values)
            elif path.suffix == ".json" and path.stem.removesuffix(".11tydata") == path.parent.name:
                self._add(path.parent.as_posix(), _head(files, name))

    def _add(self, folder: str, values: dict) -> None:
        own = {str(key): value for key, value in values.items() if str(key).lower() not in _OWN}
        self._heads.setdefault(folder.removeprefix("."), {}).update(own)

    def of(self, path: str) -> dict:
        if not self._heads:
            return {}
        found = dict(self._heads.get("", {}))
        folders = path.split("/")[:-1]
        for depth, folder in enumerate(folders):
            found |= self._heads.get(f"*/{folder}", {})
            found |= self._heads.get("/".join(folders[: depth + 1]), {})
        return found


def _head(files: Files, name: str) -> dict:
    try:
        return heads.split(texts.decoded(files.read(name, MOST_BYTES), Notes()))[0]
    except (Refused, heads.Broken, OSError):
        return {}
