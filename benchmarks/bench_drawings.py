"""What covers and cards for sharing cost: bytes, and processor time of one process, in milliseconds.

`make bench-drawings` draws all of the demo, in both styles, and a card with a picture of much detail. With a folder as
argument it leaves them there, to look at. Fails above the limits.
"""

import io
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from demo_visits import prepare

# kB, and milliseconds of the slowest.
LIMITS = {"cover": (2, 5), "card": (60, 150), "card with new font": (60, 200)}
TITLES = {
    "ar": "المجلات الصغيرة وكيف تُقرأ: دليل قصير للكتّاب الجدد",
    "ja": "小さな雑誌の読み方、書き方。「東京」で考えたこと",
    "zh": "小杂志的读法与写法：从骨头说起",
    "ko": "작은 잡지를 읽는 법과 쓰는 법",
    "ru": "Маленькие журналы и как их читать",
}


def main() -> int:
    with tempfile.TemporaryDirectory() as directory:
        prepare(directory)
        return measure(Path(sys.argv[1]) if len(sys.argv) > 1 else None)


def measure(folder: Path | None) -> int:
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage
    from django.core.management import call_command
    from PIL import Image

    from articles import covers
    from articles.covers import sharing
    from articles.models import Article

    call_command("loaddata", "demo/publication.yaml", verbosity=0)
    call_command("import_markdown", "demo/articles", verbosity=0)
    articles = list(Article.objects.select_related("category", "cover"))
    drawings = {}
    for article in articles:
        drawn = covers.drawn(article)
        for style in (covers.LETTERS, covers.GEOMETRY):
            for shape in covers.SHAPES:
                draw = drawn._replace(style=style).svg
                drawings["cover", f"{article.slug}-{style}-{shape}.svg"] = lambda draw=draw, shape=shape: draw(shape)
        drawings["card", f"{article.slug}.png"] = sharing.of_article(
            article, [author.name for author in article.byline]
        ).png
    noise = io.BytesIO()
    Image.merge("RGB", [Image.effect_noise((1600, 1000), spread) for spread in (60, 90, 120)]).save(noise, "WEBP")
    picture = default_storage.save("0" * 32 + ".webp", ContentFile(noise.getvalue()))
    drawings["card", "a-picture-of-noise.png"] = sharing.of_publication()._replace(picture=picture).png
    drawings["card", "a-long-title.png"] = sharing.of_text("Kicker", "On and on " * 20, foot="x" * 200).png

    for language, title in TITLES.items():
        # The first loads the fonts.
        for kind in ("card with new font", "card"):
            draw = sharing.of_text("Kicker", title)._replace(language=language).png
            drawings[kind, f"a-title-in-{language}.png"] = draw

    found = {kind: [] for kind in LIMITS}
    for (kind, name), draw in drawings.items():
        started = time.process_time()
        drawing = draw()
        milliseconds = (time.process_time() - started) * 1000
        content = drawing.encode() if isinstance(drawing, str) else drawing
        found[kind].append((len(content), milliseconds))
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    is_over = False
    for kind, rows in found.items():
        sizes, times = zip(*rows, strict=True)
        kilobytes, slowest = LIMITS[kind]
        is_over |= max(sizes) > kilobytes * 1000 or max(times) > slowest
        print(
            f"{len(rows):3} {kind}s: at most {max(sizes):,} bytes (limit {kilobytes} kB), median {median(sizes):,.0f};"
            f" median {median(times):.1f} ms, slowest {max(times):.1f} ms (limit {slowest} ms)"
        )
    return int(is_over)


if __name__ == "__main__":
    sys.exit(main())
