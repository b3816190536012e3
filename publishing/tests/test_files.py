"""Files that are there whole or not at all."""

import json
import os
import re
import resource
import signal

import pytest
from django.core.files.base import ContentFile

from publishing.files import StaticFiles, WholeFiles, as_served, whole, with_imports


def forked(run):
    """Run code in another process; returns its exit code."""
    if (child := os.fork()) == 0:
        try:
            run()
        except OSError as error:
            os._exit(error.errno)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def write(path, data):
    with whole(path) as file:
        file.write(data)


def with_room_for(size, run):
    """As on a full disk: the kernel takes a part of what is written, and then nothing."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    run()


@pytest.mark.parametrize("before", [None, b"before"])
def test_a_full_disk_leaves_what_was_there(tmp_path, before):
    path = tmp_path / "file"
    if before:
        path.write_bytes(before)

    assert forked(lambda: with_room_for(1000, lambda: write(path, b"x" * 5000))) > 0
    assert [file.read_bytes() for file in tmp_path.iterdir()] == ([before] if before else [])


def test_a_process_that_is_killed_leaves_what_was_there(tmp_path):
    (tmp_path / "file").write_bytes(b"before")

    def die():
        with whole(tmp_path / "file") as file:
            file.write(b"after")
            file.flush()
            os.kill(os.getpid(), signal.SIGKILL)

    assert forked(die) == -signal.SIGKILL
    assert (tmp_path / "file").read_bytes() == b"before"


def test_what_fails_while_it_is_written_leaves_nothing(tmp_path):
    with pytest.raises(ValueError, match="no more"), whole(tmp_path / "file", text=True) as file:
        file.write("half")
        raise ValueError("no more")

    assert list(tmp_path.iterdir()) == []


def test_text_has_its_permissions_and_replaces_what_was_there(tmp_path):
    for text in ("one", "twö"):
        with whole(tmp_path / "file", permissions=0o640, text=True) as file:
            file.write(text)

    assert (tmp_path / "file").read_text("utf-8") == "twö"
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o640
    assert len(list(tmp_path.iterdir())) == 1


def test_what_is_no_plain_file_is_written_and_not_replaced():
    write("/dev/null", b"x")

    assert not os.path.isfile("/dev/null")


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write(tmp_path / "link", b"x")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"x"


@pytest.mark.parametrize("storage", [WholeFiles, StaticFiles])
def test_an_upload_and_a_static_file_are_stored_whole_or_not_at_all(tmp_path, storage):
    storage = storage(location=str(tmp_path), base_url="/files/")
    save = lambda: storage.save("a/b.webp", ContentFile(b"x" * 5000))  # noqa: E731 - what is run with less room

    assert forked(lambda: with_room_for(1000, save)) > 0
    assert list((tmp_path / "a").iterdir()) == []
    assert save() == "a/b.webp"
    assert (tmp_path / "a/b.webp").stat().st_size == 5000
    assert (tmp_path / "a/b.webp").stat().st_mode & 0o777 == 0o644


def test_a_style_sheet_is_served_with_what_it_imports(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.css").write_text("/* About b. */\n\nb {\n  top: 0;\n}\n")
    (tmp_path / "a.css").write_text('/*\n * Why.\n */\n@layer x;\n\n@import "a/b.css" layer(x);\n\na {\n  top: 0;\n}\n')

    assert with_imports(tmp_path / "a.css") == "@layer x;\n\n@layer x {\nb {\n  top: 0;\n}\n}\n\na {\n  top: 0;\n}\n"


def test_style_sheets_and_scripts_are_served_without_what_only_people_need(tmp_path):
    (tmp_path / "a.css").write_text(
        '/* Why. */\n\na :is(b,\nc) > d::before {\n  content: "*  0.5; {";\n  inset: calc(1px + 0.2px) 10.5px;\n}\n'
        "\n@media (min-width: 64rem) and (hover: hover) {\n  a:hover {\n    top: 0;\n  }\n}\n"
    )
    (tmp_path / "a.js").write_text('// Why.\nconst a = "//b"; // kept\n  // gone\nf(a);\n')

    assert as_served(tmp_path / "a.css") == (
        'a :is(b,c)>d::before{content:"*  0.5; {";inset:calc(1px + .2px) 10.5px}'
        "@media (min-width:64rem) and (hover:hover){a:hover{top:0}}"
    )
    assert as_served(tmp_path / "a.js") == 'const a = "//b"; // kept\nf(a);\n'


def test_collected_files_ask_for_nothing_that_is_not_named_by_its_content(static_files):
    manifest = json.loads((static_files / "staticfiles.json").read_text())["paths"]
    imports = 0
    for name in (name for source, name in manifest.items() if source.startswith(("css/", "js/"))):
        text = (static_files / name).read_text()
        assert "@import" not in text
        for found in re.findall(r"""(?:url\(["']?|^import\s*["']|\bfrom ["'])([./][^"')]+)""", text, re.MULTILINE):
            assert str(((static_files / name).parent / found).resolve().relative_to(static_files)) in manifest.values()
            imports += 1

    assert imports >= 5
