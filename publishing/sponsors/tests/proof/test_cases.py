import pytest

from publishing.sponsors.proof.cases import Case, size_of, widths

BOX = (320.0, 100.0)
HERE = {"phone": [(320, 100), (300, 50)], "wide": [(728, 90), (970, 250)]}


@pytest.mark.parametrize(
    ("found", "problem"),
    [
        ({}, ""),
        ({"first": None, "last": None}, ""),
        ({"last": (320.3, 99.8)}, ""),
        ({"shift": 0.0001}, "shift 0.0001"),
        ({"last": (320.0, 101.0)}, "the box was 320×100 and became 320×101"),
        ({"last": None}, "the box came or went"),
        ({"first": None}, "the box came or went"),
        ({"is_played": False}, "nothing came into the box"),
    ],
)
def test_what_a_case_says_moved(found, problem):
    case = Case(**{"width": 360, "outcome": "large", "shift": 0, "first": BOX, "last": BOX} | found)

    assert case.problem == problem
    assert case.row()["problem"] == problem


@pytest.mark.parametrize(
    ("width", "small", "large"),
    [(360, (300, 50), (320, 100)), (768, (300, 50), (320, 100)), (1280, (728, 90), (970, 250))],
)
def test_the_smallest_and_the_largest_of_the_width_come_into_the_box(width, small, large):
    assert size_of(HERE, width, "small") == small
    assert size_of(HERE, width, "large") == large
    assert size_of(HERE, width, "none") is None


def test_a_slot_without_a_box_at_a_width_has_no_size_there():
    assert size_of({"wide": [(160, 600)]}, 360, "large") is None


def test_a_slot_in_broad_windows_is_measured_in_one():
    assert widths("beside", {"wide": [(160, 600)]}) == (360, 768, 1280)
    assert widths("beside", {"wide": [(300, 600)]}) == (360, 768, 1440)
    assert widths("list", {"phone": [], "wide": [(970, 250)]}) == (360, 768, 1280)
