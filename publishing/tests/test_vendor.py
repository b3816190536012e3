"""Files by others: as they were published, each with its licence, and no other host is named anywhere."""

import re
from hashlib import sha256

import pytest
from django.conf import settings

STATIC = settings.BASE_DIR / "static"
VENDOR = STATIC / "vendor"
# Of cards for sharing.
DRAWN = settings.BASE_DIR / "publishing/drawing/fonts"
ROWS = re.findall(
    r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| `([0-9a-f]{64})` \|$", (VENDOR / "README.md").read_text(), re.M
)
# Names of vocabularies, which nothing fetches.
NAMESPACES = (
    "http://www.w3.org/",
    "https://schema.org",
    "http://purl.org/",
    "https://jsonfeed.org/",
    "http://a9.com/-/spec/opensearch/",
)


def texts():
    """Every file of ours that a browser may get or be made from."""
    files = [*(settings.BASE_DIR / "templates").rglob("*"), *STATIC.rglob("*")]
    files += [path for path in settings.BASE_DIR.glob("*/templates/**/*") if ".venv" not in path.parts]
    return [path for path in files if path.suffix in {".html", ".css", ".js", ".svg", ".txt", ".xml", ".webmanifest"}]


@pytest.mark.parametrize(("name", "package", "licence", "checksum"), ROWS, ids=[row[0] for row in ROWS])
def test_a_file_is_what_was_published(name, package, licence, checksum):
    assert sha256((VENDOR / name).read_bytes()).hexdigest() == checksum
    assert re.search(r"\d|variable", package), "the version is named"
    assert licence.strip()


def test_every_vendored_file_and_every_font_has_its_row():
    vendored = {path for path in VENDOR.rglob("*") if path.is_file() and path.name not in ("README.md", "LICENSE")}
    fonts = {*(STATIC / "fonts").glob("*.woff*"), *DRAWN.glob("*.woff*")}

    assert {(VENDOR / row[0]).resolve() for row in ROWS} == vendored | fonts
    assert vendored


def test_every_licence_is_there():
    assert all((folder / "LICENSE").is_file() for folder in VENDOR.iterdir() if folder.is_dir())
    assert all((folder / "OFL.txt").is_file() for folder in (STATIC / "fonts", DRAWN))


def test_fonts_of_other_scripts_are_at_most_five_megabytes():
    assert sum(path.stat().st_size for path in DRAWN.iterdir()) < 5_000_000


def test_no_template_and_no_static_file_names_another_host():
    licences = {STATIC / "fonts" / "OFL.txt"}
    found = {}
    for path in texts():
        text = path.read_text()
        if path in licences:
            continue
        addresses = re.findall(r"""(?:https?:)?//[\w-]+(?:\.[\w-]+)+[^\s"'<>)]*""", text)
        foreign = [address for address in addresses if not address.startswith(NAMESPACES)]
        if foreign:
            found[str(path)] = foreign

    assert found == {}


def test_no_style_sheet_loads_anything_but_our_fonts_and_its_own_parts():
    for path in STATIC.rglob("*.css"):
        loaded = re.findall(r"""(?:url\(|@import)\s*["']?([^"')\s;]+)""", path.read_text())
        assert all(name.startswith(("../fonts/", "#", "site/", f"{path.stem}/")) for name in loaded), (path, loaded)
