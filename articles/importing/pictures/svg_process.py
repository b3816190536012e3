"""Draws the SVG on its input as a PNG on its output, with bounded memory and time. Runs as a program of its own."""

import resource
import sys

from resvg_py import svg_to_bytes

MEMORY, SECONDS = 1024 * 1024 * 1024, 15


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    drawing = sys.stdin.buffer.read().decode("utf-8")
    sys.stdout.buffer.write(bytes(svg_to_bytes(svg_string=drawing)))


if __name__ == "__main__":
    main()
