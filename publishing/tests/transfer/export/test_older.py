"""An export that a version of before has written is read by this one."""

import json
from zipfile import ZipFile

from publishing.sponsors.models import Key, Slot
from publishing.transfer.export.restoring import restore

SLOTS = "data/sponsors/slot.jsonl"
# As they were until slots had sources, when there was no place beside articles.
ROWS = [
    {"id": 1, "key": "article-top", "enabled": True, "shows_empty": True, "pages": ""},
    {"id": 2, "key": "article-body", "enabled": True, "shows_empty": False, "pages": "/articles/first/"},
    {"id": 3, "key": "article-end", "enabled": False, "shows_empty": True, "pages": ""},
    {"id": 4, "key": "list", "enabled": False, "shows_empty": False, "pages": ""},
]
# Tables that there were not.
NEW = ("sponsors.adsense", "sponsors.advertiser", "sponsors.creative", "sponsors.creativeday")


def test_slots_without_sources_are_what_readers_saw(exported, empty, tmp_path):
    with ZipFile(exported) as whole, ZipFile(tmp_path / "older.zip", "w") as older:
        for name in whole.namelist():
            data = whole.read(name)
            if name == SLOTS:
                data = b"".join(json.dumps(row).encode() + b"\n" for row in ROWS)
            elif name == "export.json":
                header = json.loads(data)
                rows = {label: number for label, number in header["rows"].items() if label not in NEW}
                data = json.dumps(header | {"rows": rows | {"sponsors.slot": len(ROWS)}}).encode()
            elif name in {f"data/{label.replace('.', '/')}.jsonl" for label in NEW}:
                continue
            older.writestr(name, data)

    with empty():
        restore(tmp_path / "older.zip")
        found = {slot.key: (slot.source, slot.pages) for slot in Slot.objects.all()}

    off = ("off", "")
    assert found == dict.fromkeys(Key.values, off) | {
        "article-top": ("preview", ""),
        "article-body": ("off", "/articles/first/"),
    }
