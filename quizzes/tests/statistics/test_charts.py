import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from publishing.drawing import charts as drawing
from quizzes.statistics import charts

FOLDER = Path(settings.BASE_DIR) / "templates/quizzes/statistics"


def across(text):
    """A place across the drawing, from 0 to 100."""
    assert text.endswith("%")
    return float(text[:-1])


def inside(chart):
    """Whether no bar leaves the drawing."""
    return all(
        across(bar.x) >= 0 and across(bar.x) + across(bar.width) <= 100.01
        and float(bar.y) >= 0 and float(bar.y) + float(bar.height) <= float(chart.height)
        for bar in chart.bars
    )  # fmt: skip


def test_a_histogram_has_a_bar_for_each_whole_total():
    chart = charts.histogram({"0": 2, "3/2": 3, "1": 1, "3": 8}, maximum=3)

    assert chart.rows == [("0 to below 1", 2), ("1 to below 2", 4), ("2 to below 3", 0), ("3", 8)]
    assert [bar.title for bar in chart.bars][1] == "Total 1 to below 2: 4"
    assert [float(bar.height) for bar in chart.bars] == [40, 80, 0, 160]
    assert {float(bar.y) + float(bar.height) for bar in chart.bars} == {float(chart.base)}
    assert [line.label for line in chart.lines] == ["0", "2", "4", "6", "8"]
    assert inside(chart)


def test_whole_totals_are_named_by_their_number():
    assert charts.histogram({"0": 1, "2": 3}, maximum=2).rows == [("0", 1), ("1", 0), ("2", 3)]


@pytest.mark.parametrize("maximum", [1, 20, 21, 47, 100])
def test_a_histogram_of_any_paper_has_few_bars_and_all_attempts(maximum):
    chart = charts.histogram({str(total): 1 for total in range(maximum + 1)}, maximum)

    assert len(chart.bars) <= charts.MOST_BINS
    assert len(chart.ticks) <= drawing.MOST_TICKS
    assert sum(count for _, count in chart.rows) == maximum + 1
    assert inside(chart)


def test_bins_of_several_points_say_from_where_to_where():
    rows = charts.histogram({"5/2": 1, "47": 1}, maximum=47).rows

    assert (rows[0], rows[-1]) == (("0 to below 3", 1), ("45 to 47", 1))


@pytest.mark.parametrize("most", [0, 1, 3, 7, 99, 40_000])
def test_the_highest_bar_stays_below_the_highest_line(most):
    chart = charts.histogram({"1": most} if most else {}, maximum=2)
    labels = [int(line.label.replace(",", "")) for line in chart.lines]

    assert labels[-1] >= max(most, 1)
    assert len(labels) <= 5


def test_facility_is_a_bar_between_nothing_and_all():
    chart = charts.facility([("1", 0.0), ("2", 50.0), ("3", 100.0), ("4", None)])
    room = 100 - charts.LABEL_WIDTH - charts.VALUE_WIDTH

    assert [across(bar.width) for bar in chart.bars] == [0, room / 2, room, 0]
    assert [bar.value for bar in chart.bars] == ["0 %", "50 %", "100 %", "–"]
    assert across(chart.band.x) == pytest.approx(charts.LABEL_WIDTH + room * 0.35)
    assert across(chart.band.end) == pytest.approx(charts.LABEL_WIDTH + room * 0.8)
    assert inside(chart)


def test_a_funnel_compares_each_step_with_the_first():
    chart = charts.funnel([("Seen", 200), ("Started", 100), ("Submitted", 50)])

    assert [bar.value for bar in chart.bars] == ["200 · 100 %", "100 · 50 %", "50 · 25 %"]
    assert [bar.width for bar in chart.bars] == ["100%", "50%", "25%"]
    assert inside(chart)


def test_a_funnel_that_gets_wider_is_not_called_a_share():
    chart = charts.funnel([("Seen", 10), ("Submitted", 20)])

    assert [bar.value for bar in chart.bars] == ["10 · 100 %", "20"]
    assert [bar.width for bar in chart.bars] == ["50%", "100%"]
    assert charts.funnel([("Seen", 0), ("Submitted", 0)]).bars[0].value == "0"


def test_answers_are_told_apart_by_more_than_colour():
    chart = charts.answers([("A ✓", 30, 0.75, "right"), ("B !", 10, 0.25, "strong")], "q1")

    assert [(bar.label, bar.mark, bar.value) for bar in chart.bars] == [
        ("A ✓", "right", "75 %"),
        ("B !", "strong", "25 %"),
    ]
    assert inside(chart)


# --- templates ----------------------------------------------------------------------------------


def drawn(name, **context):
    return render_to_string(f"quizzes/statistics/{name}.html", context)


DRAWINGS = {
    "_histogram": {"chart": charts.histogram({"1": 3}, 2)},
    "_facility": {"chart": charts.facility([("1", 50.0)])},
    "_funnel": {"chart": charts.funnel([("Seen", 5)])},
    "_choices": {"group": {"title": "Choices", "chart": charts.answers([("A", 1, 0.5, "")], "choices-1"), "rows": []}},
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_names_itself(name):
    html = drawn(name, **DRAWINGS[name])
    label = re.search(r'<svg class="chart" role="img" aria-labelledby="([\w-]+)"', html)[1]

    assert re.search(rf'<title id="{label}">\w', html)
    assert not re.search(r'="(None|)(%|")', html.replace('class=""', ""))


@pytest.mark.parametrize("name", ["_histogram", "_funnel", "_choices"])
def test_a_drawing_has_a_table_beside_it(name):
    assert "<table>" in drawn(name, **DRAWINGS[name])


def test_what_readers_typed_is_only_ever_text():
    row = {"label": "1", "text": "<b>x</b>", "worth": "wrong", "answer": {"count": 1}}
    chart = charts.answers([("<i>", 1, 1.0, "")], "typed-1")

    html = drawn("_choices", group={"title": "Answers", "chart": chart, "rows": [row]})

    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert "<i>" not in html


def test_text_in_a_drawing_is_at_least_twelve_pixels_high():
    sheet = (Path(settings.BASE_DIR) / "static/css/charts.css").read_text()

    assert float(re.search(r"\.chart text \{[^}]*?font-size: ([\d.]+)px", sheet)[1]) >= 12
    assert not any("viewBox" in path.read_text() for path in FOLDER.glob("*.html"))
