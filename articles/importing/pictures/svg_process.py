"""Draws the SVG on its input as a PNG on its output, with bounded memory and time. Runs as a program of its own."""

import resource
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile

from PIL import ImageFont
from resvg_py import svg_to_bytes

MEMORY, SECONDS = 1024 * 1024 * 1024, 10
# Fonts of the machine that stand for those which it lacks: without one, the library leaves text out.
FONTS = (("DejaVu Sans", "DejaVuSans.ttf"), ("Liberation Sans", "LiberationSans-Regular.ttf"))
FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    drawing = sys.stdin.buffer.read().decode("utf-8")
    with NamedTemporaryFile(suffix=".ttf") as file:
        name = next((name for name, path in FONTS if any(list(Path(f).rglob(path)) for f in FOLDERS)), "")
        if is_built_in := not name:
            # That of the library for pictures, with Latin letters.
            font = ImageFont.load_default(16)
            name = font.getname()[0]
            file.write(font.font_bytes)
            file.flush()
        families = ("font_family", "serif_family", "sans_serif_family", "monospace_family", "cursive_family")
        names = dict.fromkeys((*families, "fantasy_family"), name)
        picture = svg_to_bytes(svg_string=drawing, font_files=[file.name] * is_built_in, **names)
    sys.stdout.buffer.write(bytes(picture))


if __name__ == "__main__":
    main()
