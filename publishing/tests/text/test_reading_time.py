"""Reading time: words a minute by language, 20 lines of code a minute, 12, 11, … 3 seconds an image."""

import pytest

from publishing.text.reading_time import count_words, minutes, reading_seconds


@pytest.mark.parametrize(
    ("words", "code_lines", "images", "seconds"),
    [
        (0, 0, 0, 0),
        (238, 0, 0, 60),
        (119, 0, 0, 30),
        (0, 20, 0, 60),
        (0, 1, 0, 3),
        (0, 0, 1, 12),
        (0, 0, 2, 12 + 11),
        (0, 0, 10, 12 + 11 + 10 + 9 + 8 + 7 + 6 + 5 + 4 + 3),
        (0, 0, 12, 75 + 3 + 3),
        (238, 20, 1, 60 + 60 + 12),
    ],
)
def test_seconds(words, code_lines, images, seconds):
    assert reading_seconds(words, code_lines, images) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, 1), (1, 1), (60, 1), (89.99, 1), (90, 2), (149.99, 2), (150, 3), (210, 4), (3600, 60)]
)
def test_minutes_are_whole_with_halves_up_and_at_least_one(seconds, shown):
    assert minutes(seconds) == shown


def test_a_text_of_one_and_a_half_minutes_takes_two():
    assert minutes(reading_seconds(357)) == 2
    assert minutes(reading_seconds(356)) == 1


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("—", 0),
        ("one", 1),
        ("it's", 1),
        ("it’s", 1),
        ("well-known", 1),
        ("a - b", 2),
        ("3.14", 2),
        ("Größe", 1),
        # 1.61 characters of Chinese, 1.85 of Japanese, 4.69 letters of Thai.
        ("中文文章的长度", 4),
        ("東京タワーの歩き方", 5),
        ("ภาษาไทยง่ายนิดเดียว", 3),
        ("の", 1),
        ("Python の dict は速い", 4),
        ("한국어 낱말 셋", 3),
        ("“中文”", 1),
    ],
)
def test_counting_words(text, number):
    assert count_words(text) == number


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", 238), ("en-US", 238), ("de-AT", 260), ("ja", 193), ("zh-Hant", 260), ("ar", 181), ("th", 184), ("cs", 238)],
)
def test_languages_are_read_at_their_own_speed(language, words):
    assert reading_seconds(words, language=language) == pytest.approx(60)
    assert reading_seconds(words, 20, 1, language) == pytest.approx(60 + 60 + 12)


def test_a_japanese_text_of_4519_characters_takes_about_eleven_minutes():
    paragraph = "空白を置かずに書かれた文章は、単語の数ではなく、文字の数で読む時間がわかります。"
    text = (paragraph * 200)[:4519]
    assert minutes(reading_seconds(count_words(text), language="ja")) in range(9, 14)
    # Mixed with English, both count.
    assert count_words(f"{text} {'word ' * 100}") == count_words(text) + 100
