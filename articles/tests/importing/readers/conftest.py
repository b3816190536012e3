"""A folder, and what the reader of Markdown makes of it."""

import pytest

from articles.importing.options import Options
from articles.importing.readers.markdown import recognise
from articles.importing.records import Post
from publishing.transfer.files import open_source


@pytest.fixture
def read(tmp_path):
    """Of files by name and text: the posts and what is none, by path, and the reader."""

    def read_files(files: dict, **options):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        reader = recognise(open_source(tmp_path), Options(**options))
        return {found.path if isinstance(found, Post) else found.key: found for found in reader.posts()}, reader

    return read_files


@pytest.fixture
def one(read):
    """The post of one file."""
    return lambda text, name="one.md", **options: read({name: text}, **options)[0][name]
