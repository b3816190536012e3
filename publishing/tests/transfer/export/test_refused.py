"""What is no export of ours is refused with a reason, and nothing of it stays."""

import json
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from articles.models import Article, Author, Category, Image, ListCount, Menu, Tag
from publishing.models import Publication, UnfinishedImport
from publishing.tests.pictures import picture
from publishing.transfer.export import restoring
from publishing.transfer.export.restoring import NotEmpty, restore
from publishing.transfer.export.tables import tables
from publishing.transfer.notes import Refused
from quizzes.models import Edition

from .publications import DRAWING


@pytest.fixture(scope="module")
def whole(exported):
    """The files of an export that has a row of everything."""
    with ZipFile(exported) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(path, files):
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return path


def rows_in(files, table):
    return [json.loads(line) for line in files[f"data/{table}.jsonl"].splitlines()]


def with_row(files, table, number=0, **values):
    """The files with other values in a row; None of ... takes a column out."""
    rows = rows_in(files, table)
    rows[number] |= values
    lines = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    return files | {f"data/{table}.jsonl": lines}


def with_header(files, **values):
    return files | {"export.json": json.dumps(json.loads(files["export.json"]) | values).encode()}


def first_picture(files, folder="static/media/"):
    return next(name for name in files if name.startswith(folder))


def without(files, name):
    return {other: data for other, data in files.items() if other != name}


def nested(depth):
    return json.loads("[" * depth + "]" * depth)


TAGS, LOGO = "data/articles/tag.jsonl", "identity/logo-light.svg"
BAD = {
    "a newer version": (lambda f: with_header(f, version=99), "version 99"),
    "another format": (lambda f: with_header(f, format="other"), "no export"),
    "no header": (lambda f: f | {"export.json": b"["}, "export.json"),
    "rows of an unknown table": (lambda f: with_header(f, rows={"auth.user": 1}), "auth.user"),
    "a table that is missing": (lambda f: without(f, TAGS), "tag.jsonl is missing"),
    "fewer rows than it says": (lambda f: f | {"data/articles/link.jsonl": b""}, "0 rows instead of"),
    "a truncated line": (lambda f: f | {TAGS: f[TAGS][:-9]}, "ends in the middle"),
    "a wrong row": (lambda f: with_row(f, "articles/tag", name=7), "tag.jsonl, row 1: its name is no text"),
    "two rows with one key": (lambda f: f | {TAGS: f[TAGS] + f[TAGS]}, "refuses"),
    "two rows with one address": (lambda f: with_row(f, "articles/article", 1, slug="first"), "refuses"),
    "a key that leads nowhere": (lambda f: with_row(f, "articles/article", category=999), "refuses"),
    "a comment under nothing": (lambda f: with_row(f, "comments/comment", article=999), "refuses"),
    "a status without its moment": (lambda f: with_row(f, "articles/article", published_at=None), "refuses"),
    "an answer under another article": (lambda f: with_row(f, "comments/comment", 1, article=2), "another article"),
    "a picture that is none": (lambda f: f | {first_picture(f): b"<html>"}, "no picture"),
    "a picture of another size": (lambda f: f | {first_picture(f): picture("WEBP", (9, 9))}, "picture"),
    "another original": (lambda f: f | {first_picture(f, "originals/"): picture()}, "original"),
    "a logo with a script": (lambda f: f | {LOGO: DRAWING.replace(b"path", b"script")}, "logo"),
    "a logo that is missing": (lambda f: without(f, LOGO), "logo-light.svg is missing"),
}
# Columns of a row, and why it is refused before anything is stored.
BAD_ROWS = [
    ("articles/article", {"extra": {"a": nested(60)}}, "nested"),
    ("articles/tag", {"password": "x"}, "'password' is no column"),
    ("comments/comment", {"reader": "f" * 32}, "'reader' is no column"),
    ("articles/article", {"html": "<script>1</script>"}, "'html' is no column"),
    ("articles/tag", {"id": "1"}, "its id is no number"),
    ("articles/tag", {"id": True}, "its id is no number"),
    ("articles/tag", {"id": 10**30}, "its id"),
    ("articles/article", {"featured": 1}, "its featured is no true or false"),
    ("articles/article", {"category": "1"}, "its category is no number"),
    ("articles/article", {"published_at": "2026-13-45T00:00:00Z"}, "its published_at cannot be read"),
    ("articles/page", {"created_at": "2026-01-01T00:00:00"}, "its created_at cannot be read"),
    ("articles/article", {"title": None}, "its title is no text"),
    ("articles/tag", {"name": "x" * 5000}, "its name is longer than 60 characters"),
    ("articles/article", {"status": "secret"}, "its status is none of the choices"),
    ("articles/article", {"title": "a\x07b"}, "its title"),
    ("articles/article", {"body": "a\0b"}, "cannot be stored"),
    ("articles/article", {"extra": {"\ud800": 1}}, "cannot be stored"),
    ("articles/article", {"extra": [float("nan")]}, "cannot be stored"),
    ("articles/article", {"slug": "../x"}, "its slug"),
    ("articles/article", {"contents": [{"id": 1}]}, "headings"),
    ("articles/version", {"fields": {"title": 1}}, "version"),
    ("articles/relatedarticles", {"keys": ["<b>"]}, "related"),
    ("comments/comment", {"path": "0" * 12}, "place"),
    ("comments/comment", {"parent": 99}, "place"),
    ("comments/comment", {"holds": [{"rule": 1}]}, "screening"),
    ("quizzes/edition", {"bundle": {}}, "published quiz"),
    ("articles/linkcard", {"url": "javascript:alert(1)"}, "card"),
    ("publishing/publication", {"wording": ["en"]}, "by language"),
    ("publishing/publication", {"wording": {"english": {}}}, "language tag"),
    ("publishing/publication", {"wording": {"de": {"comments_sentence": "a\nb"}}}, "one line"),
    ("publishing/publication", {"wording": {"de": {"comments_sentence": 1}}}, "no page shows"),
    ("publishing/publication", {"wording": {"de": {"name": "The Reed"}}}, "no page shows"),
    ("articles/menuentry", {"address": "javascript:1"}, "menu"),
    ("publishing/redirect", {"new_path": "//a.example"}, "another site"),
    ("articles/author", {"link_lines": "Me javascript:1"}, "link"),
    ("articles/mergedlabel", {"kind": "author", "row": {"id": 1, "name": "A", "user_id": 1}}, "merged label"),
    ("maintenance/window", {"announce_before": "P32D"}, "31 days before"),
    ("maintenance/window", {"announce_before": "-P1D"}, "before the start"),
    ("maintenance/window", {"announce_before": "P9999999999D"}, "its announce_before cannot be read"),
    ("maintenance/window", {"announce_before": 60}, "its announce_before is no text"),
    ("maintenance/window", {"groups": ["cellar"]}, "parts of the site"),
    ("maintenance/window", {"groups": "articles"}, "parts of the site"),
    ("maintenance/window", {"state": "asleep"}, "its state is none of the choices"),
    ("maintenance/change", {"action": "forged"}, "its action is none of the choices"),
    ("maintenance/passlink", {"name": "a\nb"}, "its name"),
    ("articles/image", {"file": "../../x.webp"}, "picture"),
    ("articles/image", {"original": "/etc/passwd"}, "picture"),
    ("articles/recording", {"file": "../../x.mp4"}, "recording"),
    ("articles/recording", {"file": "0123456789abcdef0123456789abcdef.html"}, "recording"),
    ("articles/image", {"key": "f" * 24}, "another one"),
    ("articles/image", {"widths": ["../x"]}, "sizes"),
]


def test_a_row_that_is_none_of_ours_is_refused_with_a_reason(whole):
    wrong = []
    for path, values, reason in BAD_ROWS:
        table = next(table for table in tables() if table.path == f"data/{path}.jsonl")
        line = json.dumps(rows_in(whole, path)[0] | values).encode()
        try:
            row = restoring.prepared(table, line)
            list(table.files(row) if table.files else ())
            wrong.append((path, values, "was taken"))
        except (Refused, ValidationError) as error:
            if reason not in str(error):
                wrong.append((path, values, str(error)))

    assert wrong == []


@pytest.mark.parametrize("line", [b"{'id': 1}", b"[1]", b"[" * 20_000, b'{"id": 1, "name": "\xff"}', b"{}"])
def test_a_line_that_is_no_row_is_refused(line):
    with pytest.raises(Refused):
        restoring.prepared(next(table for table in tables() if table.model is Tag), line)


def rows_that_are_there():
    return {table.label: n for table in tables() if (n := models.QuerySet(table.model).count())}


def test_nothing_stays_of_what_is_no_export_of_ours(whole, empty, tmp_path):
    with empty() as folder:
        Publication(name="Mine").save()
        before = rows_that_are_there()
        wrong = {}
        for number, (what, (change, reason)) in enumerate(BAD.items()):
            path = packed(tmp_path / f"{number}.zip", change(whole))
            try:
                restore(path)
                wrong[what] = "was stored"
            except Refused as refused:
                if reason not in str(refused):
                    wrong[what] = str(refused)
            if (found := rows_that_are_there()) != before or UnfinishedImport.objects.exists():
                wrong[what] = f"left {found}"
            stored = [
                path for path in folder.rglob("*") if path.is_file() and path.parent.name in ("media", "originals")
            ]
            if stored:
                wrong[what] = f"left {stored}"
        name, menus = Publication.objects.get().name, Menu.objects.count()
        counted = ListCount.objects.exclude(number=0).count()

    assert wrong == {}
    assert (name, menus, counted) == ("Mine", 2, 0)


def test_a_damaged_or_truncated_zip_is_refused(whole, empty, tmp_path):
    path = packed(tmp_path / "out.zip", whole)
    data = path.read_bytes()
    place = data.index(b"data/articles/article.jsonl") + 200
    damaged = {"half": data[: len(data) // 2], "changed": data[:place] + bytes(90) + data[place + 90 :]}
    with empty():
        for name, content in damaged.items():
            (tmp_path / name).write_bytes(content)
            with pytest.raises(Refused):
                restore(tmp_path / name)
            assert not Article.everything.exists()


def test_html_in_a_published_quiz_is_cleaned_again(whole, empty, tmp_path):
    bundle = rows_in(whole, "quizzes/edition")[0]["bundle"]
    bundle["questions"][0]["stem"] = '<p>Which?<script>alert(1)</script><img src="x" onerror="alert(1)"></p>'
    files = with_row(whole, "quizzes/edition", bundle=bundle)
    with empty():
        restore(packed(tmp_path / "out.zip", files))
        stem = Edition.objects.order_by("pk").first().bundle["questions"][0]["stem"]

    assert stem == '<p>Which?<img src="x"></p>'


def test_a_publication_with_rows_is_left_alone(whole, empty, tmp_path):
    with empty():
        Category.objects.create(name="Mine", slug="mine")
        with pytest.raises(NotEmpty, match="there are categories already"):
            restore(packed(tmp_path / "out.zip", whole))
        assert rows_that_are_there() == {"articles.category": 1, "articles.menu": 2, "sponsors.slot": 5}


def test_what_a_killed_import_left_goes_with_the_next_one(whole, empty, tmp_path, monkeypatch):
    path = packed(tmp_path / "out.zip", whole)
    with empty() as folder:
        # Nothing is tidied up after a process is killed.
        with monkeypatch.context() as patch:
            patch.setattr(restoring, "_undo", lambda files=None: None)
            patch.setattr(restoring._Run, "complete", lambda self, part: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                restore(path)
        assert UnfinishedImport.objects.get().began_at < timezone.now()
        assert Article.everything.exists()
        with pytest.raises(Refused):
            restore(packed(tmp_path / "bad.zip", with_row(whole, "articles/tag", name=7)))
        assert rows_that_are_there() == {"articles.menu": 2, "sponsors.slot": 5}
        assert not any(path.is_file() for path in (folder / "media").glob("*"))
        restore(path)
        assert Author.objects.exists() and Image.objects.exists()


def test_pictures_that_are_not_in_it_do_not_keep_the_rest_away(whole, empty, tmp_path):
    files = {name: data for name, data in whole.items() if not name.startswith(("static/media", "originals"))}
    with empty():
        restore(packed(tmp_path / "out.zip", files))
        assert Image.objects.exists()
