from django.template.loader import get_template

from publishing.bases.templates import without_unseen


def test_white_space_that_only_people_need_is_left_out_and_words_stay_apart():
    source = (
        "<p>\n  By\n  {% if a %}\n    <b>x</b>{% endif %}\n\n  {# Why. #}\n  and {% if b %}\n  c{% endif %}\n</p>\n"
        '<p id="{{ a }}"\n  {% if a > b %}class="c"{% endif %}\n>d</p>\n'
    )

    assert without_unseen(source) == (
        "<p>\nBy\n{% if a %}<b>x</b>\n{% endif %}{# Why. #}and {% if b %}\nc{% endif %}\n</p>\n"
        '<p id="{{ a }}" {% if a > b %}class="c"{% endif %}>d</p>\n'
    )


def test_pages_of_readers_are_loaded_so_and_those_of_the_admin_as_they_are():
    assert "\n  " not in get_template("articles/article_detail.html").template.source
    assert "\n  " in get_template("admin/index.html").template.source
