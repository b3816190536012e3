import random
import re

import pytest
from django.conf import settings

from publishing.identity.colours import AUTOMATIC, DARK, LIGHT, contrast, palette, to_oklch, worst

# What a publication is shown with when nobody chose a colour, drawn by hand: hue in the dark, middle ink.
DRAWN = {
    "#ad2f17": ("#ff9c80", "#f07a56"),
    "#0d6650": ("#74cfae", "#45b18d"),
    "#805000": ("#e6b955", "#eab543"),
    "#86286f": ("#eda0dc", "#cf76ba"),
}


def distance(one, other):
    """Of lightness, which is what the eye sees first."""
    return abs(to_oklch(one)[0] - to_oklch(other)[0])


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#0b5c8a", "#0b5c8a") == 1


def test_every_colour_can_be_read_on_every_background_in_both_schemes():
    chosen = random.Random(7)
    given = ["#ffffff", "#000000", "#ffff00", "#0000ff", *AUTOMATIC]
    for colour in given + [f"#{chosen.randrange(1 << 24):06x}" for _ in range(60)]:
        made = palette(colour)

        assert worst(made.hue_light, [*LIGHT, made.tint_light]) >= 4.5, colour
        assert worst(made.hue_dark, [*DARK, made.tint_dark]) >= 4.5, colour
        assert contrast(made.deep, made.pale) >= 4.5, colour


def test_a_colour_that_can_be_read_stays_and_one_that_cannot_keeps_its_hue():
    yellow = palette("#ffd400")

    assert palette("#0b5c8a").hue_light == "#0b5c8a"
    assert yellow.hue_dark == "#ffd400"
    assert to_oklch(yellow.hue_light)[0] < to_oklch("#ffd400")[0]
    assert to_oklch(yellow.hue_light)[2] == pytest.approx(to_oklch("#ffd400")[2], abs=6)


@pytest.mark.parametrize("colour", DRAWN)
def test_computed_colours_are_close_to_those_drawn_by_hand(colour):
    dark, middle = DRAWN[colour]

    assert distance(palette(colour).hue_dark, dark) < 0.03
    assert distance(palette(colour).middle, middle) < 0.05


def test_the_first_categories_can_be_told_apart():
    hues = [to_oklch(colour)[2] for colour in AUTOMATIC[:6]]

    assert min(abs(one - other) for one in hues for other in hues if one != other) > 20


def test_the_backgrounds_are_those_of_the_pages():
    tokens = (settings.BASE_DIR / "static/css/site/tokens.css").read_text()
    pairs = dict(re.findall(r"--(page|raised): light-dark\((.*)\);", tokens))

    assert pairs == {"page": f"{LIGHT[0]}, {DARK[0]}", "raised": f"{LIGHT[1]}, {DARK[1]}"}


@pytest.mark.parametrize("text", ["", "red", "#12345", "#12345g", "#0b5c8a;}", "#0b5c8a\n"])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(ValueError, match="Not a colour"):
        palette(text)
