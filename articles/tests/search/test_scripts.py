"""Words inside runs without spaces, and words that are typed in another way than they are written."""

import re

import pytest
from django.db import connection
from django.utils import timezone

from articles.models import Page
from articles.search import words
from articles.tests.search.test_results import hits_of, page_of, titles
from publishing.tests.factories import make_article, make_author
from publishing.tests.growth import times_as_long
from publishing.tests.worker import run_worker

pytestmark = pytest.mark.django_db

TOWER = "東京タワーは高い塔です。まわりの歩き方を説明します。空白はありません。"
THAI = "ภาษาไทยไม่มีช่องว่างระหว่างคำ แต่มีช่องว่างระหว่างประโยค"


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        (TOWER, "東京", "[東京]タワー"),
        (TOWER, "タワー", "東京[タワー]は"),
        (TOWER, "ﾀﾜｰ", "東京[タワー]は"),
        (TOWER, "高い", "は[高い]塔"),
        (TOWER, "歩き方", "の[歩き方]を"),
        (TOWER, "空白", "。[空白]は"),
        (TOWER, "塔", "高い[塔]です"),
        (TOWER, "東", "[東]京"),
        (TOWER, "高い 東京", "[東京]タワーは[高い]塔"),
        (TOWER, '"高い塔"', "は[高い塔]です"),
        (TOWER, "東京タワー -地図", "[東京タワー]は"),
        ("Pythonの辞書は順番を保ちます。", "辞書", "の[辞書]は"),
        ("Pythonの辞書は順番を保ちます。", "python", "[Python]の"),
        ("Pythonの辞書は順番を保ちます。", "Python辞書", "[Python]の[辞書]は"),
        ("「東京 tower」と書く", '"東京 tower"', "「[東京 tower]」"),
        ("Ｐｙｔｈｏｎと１２３", "python 123", "[Ｐｙｔｈｏｎ]と[１２３]"),
        ("がっこうへ行く", "がっこう", "[がっこう]へ"),
        ("中文没有空格，搜索很难。", "搜索", "，[搜索]很"),
        (THAI, "ช่องว่าง", "มี[ช่องว่าง]ระหว่าง"),
        (THAI, "ไทย", "ภาษา[ไทย]ไม่"),
        (THAI, "ระหว่างคำ", "[ระหว่างคำ]"),
        ("서울에서 커피를 마신다", "서울", "[서울]에서"),
        ("서울에서 커피를 마신다", "커피", "[커피]를"),
        ("대한민국의 역사", "민국", "대한[민국]의"),
        ("Die Straße am Fluß", "strasse", "[Straße]"),
        ("Die Straße am Fluß", "fluss", "[Fluß]"),
        ("Die Strasse", "Straße", "[Strasse]"),
        ("An Ærø book by O’Reilly", "oreilly", "[O’Reilly]"),
        ("An Ærø book by O’Reilly", "o'reilly", "[O]’[Reilly]"),
        ("An Ærø book by O'Reilly", "o’reilly", "[O]’[Reilly]"),
        ("An Ærø book by O’Reilly", "reilly", "[Reilly]"),
        ("An Ærø book by O’Reilly", "aero", "[Ærø]"),
        ("Zażółć gęślą jaźń w Łodzi", "lodzi zazolc", "[Zażółć]"),
        ("İstanbul ve Isparta", "istanbul", "[İstanbul]"),
        ("Kadıköy", "kadikoy", "[Kadıköy]"),
        ("قال مُحَمَّدٌ كلمةً", "محمد", "[مُحَمَّدٌ]"),
        ("قال محمد كلمة", "مُحَمَّد", "[محمد]"),
        ("كتـــاب جديد", "كتاب", "[كتـــاب]"),
        ("أحمد وإبراهيم وآدم", "احمد", "[أحمد]"),
        ("احمد", "أحمد", "[احمد]"),
        ("مدرسة", "مدرسه", "[مدرسة]"),
        ("فارسی", "فارسي", "[فارسی]"),
        ("בְּרֵאשִׁית ברא", "בראשית", "[בְּרֵאשִׁית]"),
        ("हिन्दी में लेख", "हिन्दी", "[हिन्दी]"),
        ("Тёплая ёлка", "елка", "[ёлка]"),
        ("Ο λόγος", "λογοσ", "[λόγος]"),
    ],
)
def test_a_word_is_found_and_marked(client, text, query, marked):
    make_article(title="One", summary="", body=text)
    make_article(title="Other", summary="", body="Nothing of it. 別の文章。")

    answer = page_of(client, q=query)

    assert titles(answer) == ["One"]
    assert marked in hits_of(answer)[0]


@pytest.mark.parametrize("query", ["京タ白", "白空", "高塔", "タワ高", "東京 地図", "タワー -高い", "ไทยคำ", "울에커"])
def test_characters_that_do_not_follow_one_another_are_no_word(client, query):
    make_article(title="One", summary="", body=f"{TOWER}\n\n{THAI}\n\n서울에서 커피를")

    assert titles(page_of(client, q=query)) == []


def test_signs_of_vowels_and_kana_tell_words_apart(client):
    make_article(title="กิน", body="กินข้าว"), make_article(title="กัน", body="ด้วยกัน")
    make_article(title="ばん", body="ばん"), make_article(title="はん", body="はん")

    assert titles(page_of(client, q="กิน")) == ["กิน"]
    assert titles(page_of(client, q="ばん")) == ["ばん"]


def test_titles_come_before_summaries_and_texts_and_names_are_found_inside(client):
    make_article(title="Third", summary="", body="これは東京タワーの話。")
    make_article(title="Second", summary="東京タワーについて。")
    make_article(title="東京タワーの歩き方", authors=[make_author("山田太郎")])
    run_worker()

    assert titles(page_of(client, q="タワー")) == ["東京タワーの歩き方", "Second", "Third"]
    assert titles(page_of(client, q="太郎")) == ["東京タワーの歩き方"]


def test_more_of_a_word_ranks_higher(client):
    make_article(title="A", summary="", body="空白の話。" + "別のこと。" * 20)
    make_article(title="B", summary="", body="空白と空白と空白の話。" + "別のこと。" * 20)

    assert titles(page_of(client, q="空白")) == ["B", "A"]


def test_pages_are_found_inside_a_run(client):
    Page.objects.create(
        title="会社案内", slug="about", body="東京の会社です。", status="published", published_at=timezone.now()
    )

    found = {
        query: [row.title for row in page_of(client, q=query).context["found_pages"]]
        for query in ("案内", "京", "内案")
    }
    assert found == {"案内": ["会社案内"], "京": ["会社案内"], "内案": []}


def test_pairs_and_stand_ins_are_no_words_of_the_vocabulary(client):
    make_article(title="東京タワーの歩き方 Vocabulary", body=f"{THAI} हिन्दी")

    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM articles_search_words")
        stored = {word for (word,) in cursor.fetchall()}
    assert "vocabulary" in stored
    assert not [word for word in stored if not word.isascii()]
    assert "Did you mean" in page_of(client, q="vocabluary").text
    assert page_of(client, q="हिन्दू vocabluary").status_code == 200


def test_words_of_latin_texts_are_the_same_and_cost_the_same():
    text = "It's the transaction's lock; O'Reilly wrote C++ and naïve code. " * 500
    assert words.indexed("It's naïve, C++ too") == "It s naive Cplusplus too"

    def plain():
        return " ".join(re.findall(r"[^\W_]+", text))

    assert times_as_long(lambda: words.indexed(text), plain, most=12) < 12
