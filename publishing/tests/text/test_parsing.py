import pytest

from publishing.text import parsing


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("a\r\nb", "a\nb"), ("a\rb", "a\nb"), ("a\n\rb", "a\n\nb"), ("a\r\r\nb", "a\n\nb"), ("a\nb", "a\nb"), ("", "")],
)
def test_line_ends_become_one_character(typed, stored):
    assert parsing.normal_line_ends(typed) == stored


@pytest.mark.parametrize(
    ("stem", "title"),
    [("routing-and-requests", "Routing and requests"), ("use_SQL--well_", "Use SQL well"), ("-_-", ""), ("", "")],
)
def test_a_title_is_made_from_the_name_of_a_file(stem, title):
    assert parsing.title_of(stem) == title
