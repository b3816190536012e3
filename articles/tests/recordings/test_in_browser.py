"""Players on the page of an article, in a real Chromium."""

import pytest

MAKE = """
from articles.models import Recording
from articles.tests.recordings.files import film, sound
from publishing.tests.factories import make_article
files = [Recording.objects.create(file=file, title="Played") for file in (sound(7), film(1920, 1080))]
text = "\\n\\n".join(f"![]({row.file.url})" for row in files)
print(make_article(title="To be played", body=text + "\\n\\n$$\\n\\\\int_0^1 x \\\\, dx\\n$$").get_absolute_url())
"""


@pytest.mark.parametrize("width", [360, 1280])
def test_players_are_as_wide_as_the_text_and_load_nothing(page, site, width):
    path = site.run(MAKE).strip().splitlines()[-1]
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": width, "height": 800})

    page.goto(path)

    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    wide = page.evaluate(
        "[...document.querySelectorAll('.prose :is(audio, video)')].map((one) => [one.localName, one.clientWidth])"
    )
    column = page.evaluate("document.querySelector('.prose figure').clientWidth")
    assert wide == [["audio", column], ["video", column]]
    assert page.evaluate(
        "(({width, height}) => width / height)(document.querySelector('video').getBoundingClientRect())"
    ) == (pytest.approx(16 / 9, rel=0.01))
    assert not [url for url in asked if url.endswith((".wav", ".mp4"))]
    assert page.locator("math").count() == 1
