"""What restore refuses, in a sentence, and then nothing has changed."""

import json
import shutil
import sqlite3
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from articles.models import Article
from publishing.tests.factories import make_article
from publishing.transfer.backup import restoring, writing
from publishing.transfer.lock import exclusive
from publishing.transfer.notes import Refused


@pytest.fixture
def backup(own_site, back_up):
    """A backup of a site whose article was changed since."""
    (own_site / "media").mkdir()
    (own_site / "media" / "picture.webp").write_bytes(b"a picture")
    make_article(title="Backed up")
    path = back_up()
    Article.objects.update(title="Changed since")
    (own_site / "media" / "picture.webp").unlink()
    return path


def refused(path, *arguments):
    """What restore says; it changed nothing."""
    with pytest.raises(CommandError) as error:
        call_command("restore", path, *(arguments or ("--replace", "--yes")), verbosity=0)
    assert Article.objects.get().title == "Changed since"
    return str(error.value)


def with_manifest(path, **changed):
    """The backup with another manifest."""
    return rewritten(path, lambda manifest: manifest | changed)


def rewritten(path, change=lambda manifest: manifest, **more):
    target = path.with_name("rewritten.zip")
    with ZipFile(path) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, json.dumps(change(json.loads(data))) if name == "manifest.json" else data)
        for name, data in more.items():
            new.writestr(name, data)
    return target


def test_a_database_with_content_is_replaced_only_if_asked_to(sqlite, backup):
    assert "To replace it, add --replace" in refused(backup, "--yes")


def test_it_asks(sqlite, backup, monkeypatch):
    questions = []
    monkeypatch.setattr("builtins.input", lambda question: questions.append(question) or "")

    assert refused(backup, "--replace") == "Nothing was restored."
    assert "in the place of what this site has? [y/N]" in questions[0]


def test_another_engine_and_a_newer_version_are_named(backup):
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    names = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}

    def moved(manifest):
        files = {names[other] if name == names[connection.vendor] else name: f for name, f in manifest["files"].items()}
        return manifest | {"engine": other, "files": files}

    path = rewritten(backup, moved)
    with ZipFile(path) as old, ZipFile(path.with_name("other.zip"), "w") as new:
        for name in old.namelist():
            new.writestr(names[other] if name == names[connection.vendor] else name, old.read(name))
    assert "run export_site with the old one" in refused(path.with_name("other.zip"))
    newer = [["articles", "9999_from_the_future"]]
    assert "newer version" in refused(with_manifest(backup, migrations=newer))
    assert "reads format 1" in refused(with_manifest(backup, format=2))


def test_a_manifest_of_another_kind_is_refused(sqlite, backup):
    for changed in (
        {"files": []},
        {"counts": {"articles_article; DROP TABLE x": 1}},
        {"engine": "oracle"},
        {"migrations": [["articles"]]},
        {"more": "entries"},
    ):
        assert "is not a backup" in refused(with_manifest(backup, **changed)), changed


def test_what_is_damaged_or_hostile_is_refused_before_anything_changes(sqlite, backup, own_site):
    text = backup.with_name("text.zip")
    text.write_text("not a zip")
    assert "is not a backup" in refused(text)
    text.write_bytes(backup.read_bytes()[:-400])
    assert "is not a backup" in refused(text)
    assert "No such file" in refused(backup.with_name("missing.zip"))
    with ZipFile(text, "w") as file:
        file.writestr("manifest.json", "[" * 100_000)
    assert "is not a backup" in refused(text)
    assert "does not have the files" in refused(rewritten(backup, **{"media/more.webp": b"x"}))

    hostile = {"../../evil.txt": b"x"}
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"

    def named(manifest):
        return manifest | {"files": manifest["files"] | {name: [1, digest] for name in hostile}}

    assert "does not belong in it" in refused(rewritten(backup, named, **hostile))
    hostile = {"media/../../evil.txt": b"x"}
    assert "does not belong in it" in refused(rewritten(backup, named, **hostile))
    hostile = {"spool/secret-key": b"x"}
    assert "does not belong in a backup" in refused(rewritten(backup, named, **hostile))
    assert not (own_site / "media" / "picture.webp").exists(), "what was put back is taken away again"

    data = bytearray(backup.read_bytes())
    data[data.index(b"a picture")] ^= 1
    text.write_bytes(data)
    assert "damaged" in refused(text)


def test_rows_that_are_not_those_of_the_manifest_are_refused(backup):
    def one_more(manifest):
        return manifest | {"counts": manifest["counts"] | {"articles_article": 2}}

    assert "other rows than its manifest says" in refused(rewritten(backup, one_more))


def test_if_the_new_rows_cannot_be_stored_the_old_ones_are_back(backup, own_site, monkeypatch):
    engine = writing.ENGINES[connection.vendor]
    check, calls = engine.check, []

    def fails_second(*arguments):
        calls.append(arguments)
        if len(calls) > 1:
            raise Refused("The disk lost them.")
        check(*arguments)

    monkeypatch.setattr(engine, "check", fails_second)
    if connection.vendor == "postgresql":
        run = engine._run
        monkeypatch.setattr(
            engine,
            "_run",
            lambda name, *arguments, **how: run(
                name, *arguments, *(["--command=SELECT 1/0"] if name == "psql" else []), **how
            ),
        )
    message = refused(backup)

    assert "The disk lost them." in message or "division by zero" in message
    assert not (own_site / "media" / "picture.webp").exists()


def test_it_does_not_run_beside_a_backup(sqlite, backup):
    with exclusive("A backup"):
        assert "A backup has been running since" in refused(backup)


def test_a_database_file_that_is_damaged_is_kept_and_replaced(sqlite, backup, own_site):
    name = connection.settings_dict["NAME"]
    connection.close()
    shutil.copyfile(backup, name)
    assert restoring.is_in_use()

    call_command("restore", backup, "--replace", "--yes", verbosity=0)

    assert Article.objects.get().title == "Backed up"
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(f"{name}.damaged").execute("SELECT * FROM articles_article")
