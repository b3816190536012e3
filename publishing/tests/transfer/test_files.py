"""Files of a source: whatever a folder or a zip has in it, each bad file is told and the others are read."""

import os
import socket
import stat
import struct
import sys
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from publishing.transfer import files as transfer
from publishing.transfer.files import Folder, Zip, is_hidden, open_source
from publishing.transfer.notes import Refused

MEGABYTE = 1024 * 1024


def told(files):
    files.names  # noqa: B018 - found when they are asked for
    return [note.text for note in files.notes]


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "site"
    (folder / "posts").mkdir(parents=True)
    (folder / "posts" / "a.md").write_text("A")
    return folder


@pytest.fixture
def zipped(tmp_path):
    """Makes a zip of names (or entries) and their bytes, and opens it."""

    def make(entries, change=lambda data: data, **options):
        buffer = BytesIO()
        with ZipFile(buffer, "w", ZIP_DEFLATED, **options) as archive:
            for name, data in entries:
                archive.writestr(name, data)
        path = tmp_path / "site.zip"
        path.write_bytes(change(buffer.getvalue()))
        return open_source(path)

    return make


# --- folders ---


def test_a_folder_has_its_files_in_the_order_of_their_names_without_what_is_hidden(folder):
    for name in (".git/config", "node_modules/x/readme.md", "b/.hidden.md", "b/a.md", "B.md", ".authors.yml", "é.md"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()

    files = open_source(folder)

    assert files.names == [".authors.yml", "B.md", "b/a.md", "posts/a.md", "é.md"]
    assert (files.name, files.read("posts/a.md", 10), files.size("posts/a.md")) == ("site", b"A", 1)
    assert told(files) == []


def test_hidden_folders_are_not_looked_into(folder, monkeypatch):
    (folder / ".git" / "objects").mkdir(parents=True)
    (folder / "node_modules" / "x").mkdir(parents=True)
    looked, scan = [], os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: looked.append(str(path)) or scan(path))

    assert Folder(folder).names == ["posts/a.md"]
    assert [os.path.relpath(path, folder) for path in looked] == [".", "posts"]


def test_links_pipes_and_sockets_are_told_and_never_opened(folder, tmp_path, monkeypatch):
    (tmp_path / "secret.md").touch()
    (folder / "itself").symlink_to(folder)
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "out.md").symlink_to(tmp_path / "secret.md")
    (folder / "nothing.md").symlink_to(folder / "gone.md")
    (folder / "in.md").symlink_to(folder / "posts" / "a.md")
    os.mkfifo(folder / "pipe.md")
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket.md")
        files = open_source(folder)

        assert files.names == ["in.md", "posts/a.md"]

    assert told(files) == [
        "itself is a link to a folder, whose files are read where they are",
        "loop is a link that leads to itself",
        "nothing.md is a link to nothing",
        "out.md is a link to a place outside of the folder",
        "pipe.md is a pipe",
        "socket.md is a socket",
    ]
    assert files.read("in.md", 10) == b"A"
    for name in ("out.md", "../secret.md", "loop", str(tmp_path / "secret.md")):
        with pytest.raises(Refused):
            files.read(name, 10)
        assert name not in Folder(folder)


def test_what_cannot_be_read_is_told_and_the_rest_comes_in(folder, monkeypatch):
    (folder / "closed").mkdir()
    (folder / "posts" / "b.md").touch()
    scan, opened = os.scandir, os.open

    def refuse(path, *args):
        if str(path).endswith(("closed", "b.md")):
            raise PermissionError(13, "Permission denied")
        return (opened if args else scan)(path, *args)

    monkeypatch.setattr(os, "scandir", refuse)
    monkeypatch.setattr(os, "open", refuse)
    files = open_source(folder)

    assert files.names == ["posts/a.md", "posts/b.md"]
    assert told(files) == ["closed cannot be read: Permission denied"]
    with pytest.raises(Refused, match="cannot be read: Permission denied"):
        files.read("posts/b.md", 10)
    assert files.read("posts/a.md", 10) == b"A"


def test_a_folder_that_changes_meanwhile_costs_only_what_changed(folder):
    for name in ("gone.md", "pipe.md", "folder.md", "link.md", "grown.md"):
        (folder / name).write_text("B")
    files = open_source(folder)
    assert len(files.names) == 6
    for name in ("gone.md", "pipe.md", "folder.md", "link.md"):
        (folder / name).unlink()
    os.mkfifo(folder / "pipe.md")
    (folder / "folder.md").mkdir()
    (folder / "link.md").symlink_to("/etc/hostname")
    (folder / "grown.md").write_text("B" * 100)

    for name in ("gone.md", "pipe.md", "folder.md", "link.md", "grown.md"):
        with pytest.raises(Refused):
            files.read(name, 10)
    with pytest.raises(Refused):
        files.size("gone.md")
    with pytest.raises(Refused):
        files.modified("gone.md")
    assert files.read("posts/a.md", 10) == b"A"


@pytest.mark.skipif(sys.platform == "darwin", reason="its file systems know only UTF-8")
def test_a_name_that_is_not_utf_8_is_read_as_an_old_one(folder):
    path = os.fsencode(folder) + b"/caf\xe9.md"
    with open(path, "w") as file:
        file.write("B")

    files = open_source(folder)

    assert files.names == ["café.md", "posts/a.md"]
    assert told(files) == ["café.md has a name that is not UTF-8, as have 0 others"]
    assert files.read("café.md", 10) == b"B"


def test_a_file_alone_is_a_source_and_its_neighbours_are_not(folder):
    (folder / "posts" / "b.md").touch()

    files = open_source(folder / "posts" / "a.md")

    assert (files.name, files.names) == ("a", ["a.md"])
    assert "b.md" not in files


def test_more_files_than_are_allowed_are_refused(folder, zipped):
    for name in ("b.md", "c.md"):
        (folder / name).touch()

    for files in (open_source(folder), zipped([(f"{number}.md", "") for number in range(3)])):
        files.most_files = 2
        with pytest.raises(Refused, match="more than 2 files"):
            files.names  # noqa: B018 - found when they are asked for


@pytest.mark.parametrize(
    ("name", "hidden"),
    [("a.md", False), (".authors.yml", False), ("x/.authors.yml", True), ("a/.b/c", True), ("__MACOSX/a", True)],
)
def test_hidden_files(name, hidden):
    assert is_hidden(f"{name}") == (hidden and not name.endswith(".authors.yml"))


def test_what_is_no_file_is_no_source(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "missing", tmp_path / "pipe"):
        with pytest.raises(Refused, match="no such file"):
            open_source(path)


# --- zips ---


def test_a_zip_with_one_folder_is_that_folder(zipped):
    files = zipped([("site/posts/a.md", "A"), ("site/b.md", "B"), ("site/.git/x", ""), ("__MACOSX/site/._a.md", "")])

    assert files.names == ["b.md", "posts/a.md"]
    assert files.read("posts/a.md", 10) == b"A"
    assert files.modified("b.md") > 0
    assert told(files) == []


def test_names_that_lead_out_links_and_pipes_in_a_zip_are_told(zipped):
    link, pipe = ZipInfo("link.md"), ZipInfo("pipe.md")
    link.external_attr, pipe.external_attr = (stat.S_IFLNK | 0o777) << 16, (stat.S_IFIFO | 0o600) << 16
    bad = ["../a.md", "b/../../a.md", "/etc/a.md", "C:/a.md", "\\\\host\\a.md", "..\\a.md"]

    files = zipped([*((name, "") for name in bad), (link, "/etc/passwd"), (pipe, ""), ("good.md", "A")])

    assert files.names == ["good.md"]
    assert len(told(files)) == 8
    assert told(files)[-2:] == ["link.md is a link", "pipe.md is a pipe"]
    assert all("leads out of the zip" in text for text in told(files)[:-2])
    for name in ("../a.md", "link.md"):
        with pytest.raises(Refused):
            files.open(name)


def test_names_are_read_with_slashes_of_windows_and_in_utf_8_without_a_mark(zipped):
    def unmarked(data):
        return data.replace("кот".encode(), b"\xd0\xba\xd0\xbe\xd1\x82")

    class Unmarked(ZipInfo):
        def _encodeFilenameFlags(self):  # noqa: N802 - of the library
            name, _ = super()._encodeFilenameFlags()
            return self.raw, self.flag_bits & ~0x800

    entries = []
    for name, raw in [("a", "кот.md".encode()), ("b", b"caf\x82.md"), ("c", b"posts\\d.md")]:
        info = Unmarked(name)
        info.raw = raw
        entries.append((info, name))

    files = zipped(entries, unmarked)

    assert files.names == ["café.md", "posts/d.md", "кот.md"]
    assert [files.read(name, 10) for name in files.names] == [b"b", b"c", b"a"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_told_and_the_last_one_counts(zipped):
    files = zipped([("a.md", "one"), ("./a.md", "two"), ("b.md", "")])

    assert files.read("a.md", 10) == b"two"
    assert told(files) == ["a.md is there several times; the last one counts"]


def test_an_encrypted_file_is_told_and_the_others_are_read(zipped):
    def encrypted(data):
        place = data.index(b"PK\1\2")
        return data[: place + 8] + struct.pack("<H", 1) + data[place + 10 :]

    files = zipped([("a.md", "secret"), ("b.md", "B")], encrypted)

    assert (files.names, told(files)) == (["b.md"], ["a.md is encrypted"])


def test_a_damaged_file_is_refused_when_it_is_read_and_the_others_are_not(zipped):
    data = os.urandom(2000)

    files = zipped([("a.bin", data), ("b.md", "B")], lambda whole: whole.replace(data[500:600], b"x" * 100))

    with pytest.raises(Refused, match="cannot be read from the zip"):
        files.read("a.bin", MEGABYTE)
    with files.open("a.bin") as file, pytest.raises(Refused):
        while file.read(100):
            pass
    assert files.read("b.md", 10) == b"B"


@pytest.mark.parametrize(
    "change", [lambda data: data[:-30], lambda data: data[: len(data) // 2], lambda data: data[:10]]
)
def test_a_zip_that_is_cut_off_is_refused(zipped, change):
    with pytest.raises(Refused, match="not all of it is there"):
        zipped([("a.md", "A" * 100), ("b.md", "B")], change)


def test_a_bomb_is_refused_while_it_is_read_whatever_it_says_of_its_size(zipped):
    data = b"\0" * (17 * MEGABYTE)

    def small(whole):
        return whole.replace(struct.pack("<LL", zlib.crc32(data), len(zlib.compress(data)) - 6)[:4], whole[14:18])

    files = zipped([("bomb.md", data), ("good.md", "A")], small)

    with pytest.raises(Refused, match="unpacks to more than 250 times its size"):
        files.read("bomb.md", 512 * MEGABYTE)
    with pytest.raises(Refused, match="larger than 1 MB"):
        files.read("bomb.md", MEGABYTE)
    assert files.read("good.md", 10) == b"A"


def test_all_that_is_unpacked_is_counted_once_for_each_file(zipped, monkeypatch):
    monkeypatch.setattr(transfer, "MOST_UNPACKED", 250_000)
    files = zipped([("a.bin", os.urandom(100_000)), ("b.bin", os.urandom(100_000)), ("c.bin", os.urandom(100_000))])

    for name in ("a.bin", "b.bin", "a.bin", "b.bin"):
        files.read(name, MEGABYTE)
    with pytest.raises(Refused, match="the files before it"):
        files.read("c.bin", MEGABYTE)


def test_files_that_share_their_bytes_are_left_out(zipped):
    def overlapped(data):
        """The directory says of the second file that it begins where the first does."""
        second = data.index(b"PK\1\2", data.index(b"PK\1\2") + 4)
        return data[: second + 42] + struct.pack("<L", 0) + data[second + 46 :]

    files = zipped([("a.md", "A" * 50), ("b.md", "B"), ("c.md", "C")], overlapped)

    assert files.names == ["c.md"]
    assert told(files) == [f"{name} shares its bytes with another file of the zip" for name in ("a.md", "b.md")]


def test_a_zip_that_lists_too_many_files_is_refused_before_its_list_is_read(zipped, monkeypatch):
    def promising(data):
        place = data.index(b"PK\5\6")
        return data[: place + 12] + struct.pack("<L", 1 << 30) + data[place + 16 :]

    monkeypatch.setattr(transfer, "ZipFile", None)

    with pytest.raises(Refused, match="too many files"):
        zipped([("a.md", "A")], promising)


def test_an_empty_zip_is_a_zip(zipped):
    files = zipped([])

    assert isinstance(files, Zip)
    assert files.names == []
