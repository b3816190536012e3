"""How words are compared: through every disguise that a word can wear, and never inside another word."""

import pytest

from publishing.tests.growth import growth, repeated
from publishing.text import lookalikes

LISTED = ["viagra", "cialis", "free money", "straße", "izmir", "ball", "москва", "c3po"]
LEXICON = lookalikes.Lexicon((lookalikes.key(word), word) for word in LISTED)


def found(text):
    """The listed words in `text`, each with the part of the original that it was found in."""
    return [(word, text[start:end]) for word, start, end in LEXICON.find(text)]


DISGUISES = {
    "plain": ("Buy viagra now", "viagra", "viagra"),
    "upper case": ("VIAGRA!", "viagra", "VIAGRA"),
    "a zero-width space inside": ("so via\u200bgra it is", "viagra", "via\u200bgra"),
    "a soft hyphen inside": ("via\u00adgra", "viagra", "via\u00adgra"),
    "a variation selector inside": ("via\ufe0fgra", "viagra", "via\ufe0fgra"),
    "dots between": ("(v.i.a.g.r.a),", "viagra", "v.i.a.g.r.a"),
    "hyphens between": ("v-i-a-g-r-a", "viagra", "v-i-a-g-r-a"),
    "spaces between": ("buy v i a g r a here", "viagra", "v i a g r a"),
    "spaces between, after a word of one letter": ("I v i a g r a", "viagra", "v i a g r a"),
    "spaces and stars between": ("v * i * a * g * r * a", "viagra", "v * i * a * g * r * a"),
    "one hyphen": ("via-gra", "viagra", "via-gra"),
    "a tag inside": ("vi<b></b>agra", "viagra", "vi<b></b>agra"),
    "a comment inside": ("vi<!-- x -->agra", "viagra", "vi<!-- x -->agra"),
    "digits for letters": ("V1agra", "viagra", "V1agra"),
    "signs for letters": ("v!@gra!", "viagra", "v!@gra!"),
    "digits with dots between": ("v.1.4.g.r.a", "viagra", "v.1.4.g.r.a"),
    "a small l for a capital I": ("VlAGRA", "viagra", "VlAGRA"),
    "a capital I for a small l": ("ciaIis", "cialis", "ciaIis"),
    "full width": ("ＶＩＡＧＲＡ", "viagra", "ＶＩＡＧＲＡ"),
    "mathematical letters": ("𝓿𝓲𝓪𝓰𝓻𝓪", "viagra", "𝓿𝓲𝓪𝓰𝓻𝓪"),
    "letters in circles": ("🅥🅘🅐🅖🅡🅐", "viagra", "🅥🅘🅐🅖🅡🅐"),
    "accents, composed": ("viágrà", "viagra", "viágrà"),
    "accents, decomposed": ("via\u0301gra\u0300 ", "viagra", "via\u0301gra\u0300"),
    "strokes": ("v\u0336i\u0336a\u0336g\u0336r\u0336a\u0336", "viagra", "v\u0336i\u0336a\u0336g\u0336r\u0336a\u0336"),
    "small Cyrillic letters": ("сіаlіѕ", "cialis", "сіаlіѕ"),
    "Greek capitals": ("VΙΑGRΑ", "viagra", "VΙΑGRΑ"),
    "small capitals": ("ᴠɪᴀɢʀᴀ", "viagra", "ᴠɪᴀɢʀᴀ"),
    "a sharp S in upper case": ("STRAẞE", "straße", "STRAẞE"),
    "a sharp S as two letters": ("Strasse", "straße", "Strasse"),
    "a Turkish capital": ("İZMİR", "izmir", "İZMİR"),
    "a word in Cyrillic, in upper case": ("МОСКВА", "москва", "МОСКВА"),
    "a trade mark": ("viagra™", "viagra", "viagra"),
    "a phrase over a line end": ("free\n  MONEY", "free money", "free\n  MONEY"),
    "a phrase with a hyphen": ("free-money", "free money", "free-money"),
    "a phrase letter by letter": ("f r e e m o n e y", "free money", "f r e e m o n e y"),
    "a phrase in digits": ("fr33 m0ney", "free money", "fr33 m0ney"),
    "a word with digits of its own": ("C3PO", "c3po", "C3PO"),
}


@pytest.mark.parametrize(("text", "word", "shown"), DISGUISES.values(), ids=DISGUISES.keys())
def test_a_word_is_found_in_disguise_where_it_stands_in_the_original(text, word, shown):
    assert found(text) == [(word, shown)]


INNOCENT = [
    "A specialist in football, on a free day with no money.", "viagras", "s.p.e.c.i.a.l.i.s.t", "bail me out",
    "free of money", "100 times 55", "via Graz", "vi agra", "moneyfree", "", "!!! ... ---", "@@@", "<b></b>", "a", "﷽",
    "v.i.a.g.r.a.t.i.o.n", "freemoneybox",
]  # fmt: skip


@pytest.mark.parametrize("text", INNOCENT)
def test_a_word_is_not_found_inside_another(text):
    assert found(text) == []


def test_every_place_is_found_once_and_in_order():
    text = "viagra, VIAGRA and free money; v1agra."

    assert [shown for _, shown in found(text)] == ["viagra", "VIAGRA", "free money", "v1agra"]


def test_of_a_phrase_and_a_word_in_it_the_phrase_is_found():
    lexicon = lookalikes.Lexicon([("free", 1), ("free money", 2)])

    assert lexicon.find("free money, free") == [(2, 0, 10), (1, 12, 16)]


@pytest.mark.parametrize("word", [".*", "+++", "   ", "\u200b", "…", "😀"])
def test_what_has_no_letters_or_digits_has_no_key(word):
    assert lookalikes.key(word) == ""


def test_signs_of_a_pattern_are_only_signs():
    lexicon = lookalikes.Lexicon([(lookalikes.key("(a+)+$"), "pattern"), (lookalikes.key("w.rd"), "dot")])

    assert lexicon.find("aaaa word") == []
    assert [entry for entry, _, _ in lexicon.find("a w rd")] == ["pattern", "dot"]


@pytest.mark.parametrize(("one", "other"), [("कि", "कु"), ("か", "が"), ("ก่", "กั"), ("علی", "علا")])
def test_signs_that_make_another_word_are_kept(one, other):
    assert lookalikes.key(one) != lookalikes.key(other)


def test_a_word_in_another_script_is_found_like_any():
    lexicon = lookalikes.Lexicon(
        [(lookalikes.key("спам"), 1), (lookalikes.key("スパム"), 2), (lookalikes.key("سپام"), 3)]
    )

    assert [entry for entry, _, _ in lexicon.find("это СПАМ ｽﾊﾟﾑ و سِپام")] == [1, 2, 3]


@pytest.mark.parametrize(
    ("one", "other"),
    [("A  b\nC", "a b c"), ("Ｆｒｅｅ", "free"), ("fr\u00adee", "free"), ("fr\u200bee", "free"), ("é", "e\u0301")],
)
def test_texts_that_differ_only_in_what_one_does_not_see_have_one_key(one, other):
    assert lookalikes.text_key(one) == lookalikes.text_key(other)
    assert lookalikes.text_key(one) != lookalikes.text_key(other + "!")
    assert len(lookalikes.text_key(one)) == 32


LOOK_ALIKES = [
    ("Mоderator", "moderator"), ("Ｅｄｉｔｏｒ", "Editor"), ("INES OKAFOR", "Ines Okafor"),
    ("lnes Okafor", "Ines Okafor"),
    ("Ines Okafor\u200d", "Ines Okafor"), ("Jose\u0301", "José"), ("José", "Jose"), ("Adm1n", "admin"),
    ("[deleted]", "deleted"), ("E d i t o r", "editor"), ("Ηelen", "Helen"), ("Torn", "Tom"), ("ᴇᴅɪᴛᴏʀ", "editor"),
    ("М. Okafor", "M. Okafor"), ("Edit0r!!!", "editor"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), LOOK_ALIKES)
def test_names_that_look_alike_have_a_skeleton_in_common(one, other):
    assert lookalikes.skeletons(one) & lookalikes.skeletons(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Ines", "Agnes"), ("Anna", "Ann"), ("李", "王"), ("Иван", "Ян"), ("Editorial", "Editor")]
)
def test_names_that_do_not_look_alike_have_none(one, other):
    assert not lookalikes.skeletons(one) & lookalikes.skeletons(other)


def test_a_name_without_letters_looks_like_no_other():
    assert lookalikes.skeletons("😀") == set()
    assert lookalikes.skeletons("!!!") == set()


HEAVY = {
    "one long word": "w", "letters apart": "a ", "letters with dots": "v.", "digits and letters": "1a", "signs": "@",
    "ligatures that grow": "ﷺ", "a stack of accents": "\u0301", "letters with accents": "Z\u0301\u0301", "tags": "<a>",
    "unclosed tags": "<a", "listed words": "w1 w2 ", "mixed case": "aI ", "emoji": "😀", "other scripts": "Пр漢",
    "mathematical letters": "𝐀𝐁", "squared words": "㍿",
}  # fmt: skip
MANY = lookalikes.Lexicon(
    [(f"w{number}", number) for number in range(2000)] + [(" ".join(["a"] * size) + " z", size) for size in range(1, 8)]
)


def compared(text):
    MANY.find(text)
    lookalikes.text_key(text)


@pytest.mark.parametrize("pattern", HEAVY.values(), ids=HEAVY.keys())
def test_four_times_the_text_takes_about_four_times_as_long(pattern):
    assert growth(compared, repeated(pattern), 4000, 4, most=8) < 8
