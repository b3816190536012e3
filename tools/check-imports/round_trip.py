"""The way out and back: what a source has become is exported, and read into an empty publication."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages
from django.db import connections

from publishing.cache import values
from publishing.transfer.export.restoring import restore
from publishing.transfer.export.writing import export
from publishing.transfer.notes import Refused

# What is computed of what is exported, sorted.
COMPUTED = """
    SELECT 'article', id, html, text, contents, word_count, reading_minutes FROM articles_article
    UNION ALL SELECT 'page', id, html, text, contents, 0, 0 FROM articles_page
    UNION ALL SELECT 'comment', id, html, path, is_visible, depth, root_id FROM comments_comment
    UNION ALL SELECT 'list', 0, kind, key, number, 0, 0 FROM articles_listcount WHERE number > 0
    UNION ALL SELECT 'picture', 0, article_id, image_id, 0, 0, 0 FROM articles_article_pictures
    ORDER BY 1, 2, 3, 4
"""


def use(folder: Path, empty: Path) -> None:
    """From now on, the database and the uploads in `folder`, at first a copy of `empty`."""
    connections.close_all()
    shutil.copy(empty, folder / "db.sqlite3")
    connections["default"].settings_dict["NAME"] = str(folder / "db.sqlite3")
    settings.MEDIA_ROOT = folder / "media"
    for storage in ("default", "originals"):
        place = str(folder / storage)
        storages[storage].__dict__.update(_location=place, base_location=place, location=place)
    values.CachedValue.clear_all()


def faults(folder: Path, empty: Path) -> list[str]:
    """Why what lies in `folder` would not come back as it is, as sentences. It is another place afterwards."""
    back = folder / "back"
    back.mkdir()
    try:
        export(folder / "first.zip")
        use(back, empty)
        restore(folder / "first.zip")
        export(folder / "second.zip")
    except Refused as error:
        return [f"its export cannot be read: {error}"]
    connections.close_all()
    found = []
    if (folder / "first.zip").read_bytes() != (folder / "second.zip").read_bytes():
        found.append("its export has other bytes after it was read")
    if _computed(folder) != _computed(back):
        found.append("what is computed is not the same after its export was read")
    return found


def _computed(folder: Path) -> list:
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        return database.execute(COMPUTED).fetchall()
