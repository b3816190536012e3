"""The language of an article, as editors choose it."""

from html import unescape

import pytest
from django.urls import reverse

from articles.models import Article, digest_of
from articles.tests.test_admin import ADD, change_url, fields, token
from articles.versions.differences import changed_labels
from publishing.tests.factories import make_article, make_user
from publishing.text import languages

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(make_user("editor"))
    return client


def changed(article, **fields):
    values = {name: getattr(article, name) for name in ("title", "slug", "summary", "body")}
    return {**values, "category": article.category_id, "at_0": "", "at_1": "", **fields}


@pytest.mark.parametrize(("typed", "stored"), [("pt_br", "pt-BR"), (" AR ", "ar"), ("zh-hant", "zh-Hant"), ("", "")])
def test_a_tag_is_stored_as_it_is_usually_written(editor, typed, stored):
    editor.post(ADD, fields(language=typed, step="publish"))
    article = Article.objects.get()
    assert (article.language, article.text_language) == (stored, stored or "en")


@pytest.mark.parametrize("typed", ["python", "x-mine", "en-", "e", "<b>", "ar" * 30, "日本語", "xx-YY"])
def test_what_is_no_tag_is_told_beside_the_field_and_stays_there(editor, typed):
    page = editor.post(ADD, fields(language=typed, step="publish"))

    assert not Article.objects.filter(status="published").exists()
    text = unescape(page.content.decode())
    assert f"“{typed[:60]}” is not a language tag. Enter one such as en, pt-BR or ar." in text
    assert page.context["adminform"].form["language"].value() == typed
    assert page.context["adminform"].form.errors.keys() == {"language"}


def test_the_form_says_what_the_letters_tell_and_offers_usual_tags(editor):
    article = make_article(title="تاريخ المطبعة", body="نص.")
    text = editor.get(change_url(article)).content.decode()
    assert "Empty: Arabic, by the letters." in text
    assert 'list="id_language-tags"' in text and '<option value="ar">العربيّة</option>' in text


def test_a_change_of_the_language_is_one_of_the_working_version_until_it_is_published(editor):
    article = make_article(body='"Zitat"')
    sent = changed(article, language="de", token=token(editor, article), step="save")
    editor.post(change_url(article), sent)
    assert Article.objects.get().language == ""
    assert article.versions.working().get().fields["language"] == "de"

    editor.post(change_url(article), sent | {"token": token(editor, article), "step": "publish"})
    article = Article.objects.get()
    assert (article.language, article.text_language) == ("de", "de")
    first, *_, last = article.versions.order_by("number")
    assert changed_labels(first.fields, last.fields) == ["language"]


def test_what_is_being_typed_is_kept_and_breaks_nothing(editor):
    article = make_article()
    url = reverse("admin:articles_article_autosave", args=[article.pk])
    answer = editor.post(url, changed(article, language="klingonisch", token=token(editor, article)))
    assert answer.status_code == 200
    assert article.versions.working().get().fields["language"] == "klingonisch"
    assert "klingonisch" in editor.get(change_url(article)).content.decode()
    assert editor.get(article.get_preview_url()).status_code in (200, 302)


def test_a_version_of_before_there_were_languages_has_the_digest_that_it_had():
    fields = {"title": "A", "series": None}
    assert digest_of(fields) == "20657cdaf69262da"
    assert digest_of(fields) == digest_of(fields | {"language": ""}) != digest_of(fields | {"language": "de"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("記事\n\n本文です。\n\n```python\n" + "print('hello world')\n" * 300 + "```\n", "ja"),
        ("Pythonのdictはinsertion orderを保持しますが、setはそうではありません。", "ja"),
        ("مقال\n\n<table class='wide'>" + '<tr><td class="a long value">نص</td></tr>' * 50 + "</table>", "ar"),
        ("مقال قصير https://example.org/" + "a-very-long-address/" * 20, "ar"),
        ("שלום [קישור](https://example.org/" + "long/" * 40 + ")", "he"),
        ("An article on the word 言葉, which means word, and on its two letters.", "en"),
        ("Тихая вода", "und-Cyrl"),
        ("한국어는 漢字를 거의 쓰지 않는다.", "ko"),
        ("中文文章", "zh"),
        ("ภาษาไทย", "th"),
        ("123 …", "en"),
    ],
)
def test_prose_tells_the_language(text, found):
    assert languages.language_of_text(text) == found


@pytest.mark.parametrize(
    ("site", "text", "found"), [("ar", "Plain words", "und-Latn"), ("ja", "東京", "ja"), ("de", "Wörter", "de")]
)
def test_a_text_in_the_letters_of_the_site_is_in_its_language(settings, site, text, found):
    settings.LANGUAGE_CODE = site
    assert languages.language_of_text(text) == found


@pytest.mark.parametrize(
    "title",
    [
        "لغة Python في عشر دقائق",
        "لغة \u200fC++\u200e و\u2068C#\u2069",
        "مقدمة إلى Django 5.2 (الجزء 1)",
        "שלום world",
        "می\u200cخواهم",
    ],
)
def test_a_title_of_two_directions_is_taken_with_the_marks_that_it_needs(editor, client, title):
    editor.post(ADD, fields(title=title, language="ar", step="publish"))

    article = Article.objects.get()
    assert article.title == title
    assert f'<h1 lang="ar" dir="rtl">{title}</h1>' in client.get(article.get_absolute_url()).content.decode()


@pytest.mark.parametrize("control", ["\u202a", "\u202b", "\u202d", "\u202e", "\u202c"])
def test_a_title_that_turns_what_follows_it_is_refused(editor, control):
    page = editor.post(ADD, fields(title=f"لغة {control}Python", step="publish"))

    assert not Article.objects.filter(status="published").exists()
    assert page.context["adminform"].form.errors.keys() == {"title"}
    assert page.context["adminform"].form["title"].value() == f"لغة {control}Python"
