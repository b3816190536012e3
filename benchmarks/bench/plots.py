"""Two pictures of a run as SVG: the cost of each page by size, and what readers see while others write."""

from html import escape

WIDTH, LEFT, RIGHT, ROW = 780, 250, 60, 26
TOP, FOOT = 64, 40
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .small { font-size: 12px; fill: #59636e; }
  .title { font-size: 15px; font-weight: 600; }
  .end { text-anchor: end; } .middle { text-anchor: middle; }
  .grid { stroke: #d1d9e0; stroke-width: 1; }
  .span { stroke: #8c959f; stroke-width: 2; }
  .limit { stroke: #bf3989; stroke-width: 2; }
  .size0 { fill: #8ac2f0; } .size1 { fill: #2f7fd0; } .size2 { fill: #0b3a78; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .small { fill: #b1bac4; }
    .grid { stroke: #3d444d; }
    .span { stroke: #8b949e; }
    .limit { stroke: #f778ba; }
    .size0 { fill: #2a5f9e; } .size1 { fill: #58a6ff; } .size2 { fill: #cae8ff; }
  }
"""


def text(x: float, y: float, words: str, kind: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}"{f" class={kind!r}" if kind else ""}>{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def picture(title: str, height: float, parts: list[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img">'
    return "\n".join([head, f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>", *parts, "</svg>", ""])


def nice_end(value: float) -> float:
    """The next 1, 2 or 5 followed by zeros."""
    power = 1.0
    while True:
        for step in (1, 2, 5):
            if step * power >= value:
                return step * power
        power *= 10


class Axis:
    """Milliseconds from 0 to the right, between two edges."""

    def __init__(self, largest: float, left: float, right: float):
        self.end, self.left, self.width = nice_end(largest), left, right - left

    def at(self, value: float) -> float:
        return self.left + self.width * min(value, self.end) / self.end

    def grid(self, top: float, bottom: float, unit: str, steps: int = 5) -> list[str]:
        parts = []
        for step in range(steps + 1):
            value = self.end * step / steps
            x = self.at(value)
            parts += [line(x, top, x, bottom, "grid"), text(x, bottom + 18, f"{value:,g}{unit}", "small middle")]
        return parts


def growth(by_size: dict[int, dict[str, float]], limits: dict[str, float]) -> str:
    """A row for each page, with a dot for each size; `by_size` holds processor milliseconds."""
    pages = list(by_size[max(by_size)])
    bottom = TOP + ROW * len(pages)
    largest = max(max(cost.values()) for cost in by_size.values())
    axis = Axis(largest, LEFT, WIDTH - RIGHT)
    title = "Processor time of a page that is not cached, by number of articles"
    parts = [text(8, 22, title, "title"), *axis.grid(TOP - 8, bottom, " ms")]
    legend = LEFT
    for number, size in enumerate(by_size):
        parts += [dot(legend, 42, number), text(legend + 10, 46, f"{size:,}", "small")]
        legend += 80
    parts += [line(legend, 36, legend, 48, "limit"), text(legend + 8, 46, "at most", "small")]
    for row, page in enumerate(pages):
        y = TOP + ROW * (row + 0.5)
        values = [cost[page] for cost in by_size.values() if page in cost]
        parts += [text(LEFT - 12, y + 4, page, "end"), line(axis.at(min(values)), y, axis.at(max(values)), y, "span")]
        if page in limits and limits[page] <= axis.end:
            parts.append(line(axis.at(limits[page]), y - 8, axis.at(limits[page]), y + 8, "limit"))
        parts += [dot(axis.at(cost[page]), y, number) for number, cost in enumerate(by_size.values()) if page in cost]
    return picture(title, bottom + FOOT, parts)


def dot(x: float, y: float, size: int) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" class="size{min(size, 2)}"/>'


def readers(rows: dict[str, tuple[float, float]], rate: int) -> str:
    """Two bars for each way of writing: `rows` hold the hit rate in percent and the p99 in milliseconds."""
    bottom = TOP + 2 * ROW * len(rows)
    middle = LEFT + (WIDTH - LEFT - RIGHT) / 2
    hits = Axis(100, LEFT, middle - 40)
    late = Axis(max(p99 for _, p99 in rows.values()), middle + 40, WIDTH - RIGHT)
    title = f"What readers see at {rate} requests a second"
    parts = [text(8, 22, title, "title"), text(LEFT, 46, "answered from the cache", "small")]
    parts += [text(middle + 40, 46, "99 of 100 answers came within", "small")]
    parts += [*hits.grid(TOP - 8, bottom, " %", 2), *late.grid(TOP - 8, bottom, " ms", 2)]
    for row, (name, (hit_rate, p99)) in enumerate(rows.items()):
        y = TOP + 2 * ROW * (row + 0.5)
        parts.append(text(LEFT - 12, y + 4, name, "end"))
        for axis, value, label in ((hits, hit_rate, f"{hit_rate:.1f} %"), (late, p99, f"{p99:,.0f} ms")):
            end = axis.at(value)
            parts.append(
                f'<rect x="{axis.left:.1f}" y="{y - 9:.1f}" width="{end - axis.left:.1f}" height="18" class="size1"/>'
            )
            parts.append(text(end + 6, y + 4, label, "small"))
    return picture(title, bottom + FOOT, parts)
