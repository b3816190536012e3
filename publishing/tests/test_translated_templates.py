"""The tags of translation in templates, and what readers of another language see of dates and numbers."""

import re
import threading
from datetime import UTC, datetime

import pytest
import time_machine
from django.template import Context, Template
from django.utils import translation

from articles.models import ArticleCounts
from publishing.bases.templates import without_unseen
from publishing.maintenance import announcements
from publishing.tests.factories import make_article


class Catalogue:
    """Stands for messages that are translated."""

    def __init__(self, **messages):
        self.messages = messages

    def install(self, monkeypatch, language="de"):
        catalogue = translation.trans_real.translation(language)
        for message, words in self.messages.items():
            monkeypatch.setitem(catalogue._catalog._catalogs[0], message, words)


def rendered(source, **context):
    return Template(source).render(Context(context))


def test_words_follow_the_language_of_each_page(monkeypatch):
    Catalogue(Plum="Pflaume").install(monkeypatch)
    template = Template('{% translate "Plum" %} {% translate "Plum" %}')

    assert template.render(Context()) == "Plum Plum"
    with translation.override("de"):
        assert template.render(Context()) == "Pflaume Pflaume"
    assert template.render(Context()) == "Plum Plum"


def test_a_sentence_has_its_variables_escaped_and_its_signs_kept(monkeypatch):
    Catalogue(**{"%(name)s is 100%% done": "Zu 100%% fertig: %(name)s"}).install(monkeypatch)
    source = "{% blocktranslate with name=title %}{{ name }} is 100% done{% endblocktranslate %}"

    assert rendered(source, title="A<b>") == "A&lt;b&gt; is 100% done"
    with translation.override("de"):
        assert rendered(source, title="A<b>") == "Zu 100% fertig: A&lt;b&gt;"
    assert rendered("{% blocktranslate %}No {{ such }}.{% endblocktranslate %}") == "No ."


@pytest.mark.parametrize("faulty", ["%(nobody)s", "%(name)", "100% of %(name)s"])
def test_a_translation_with_a_fault_leaves_the_sentence_as_it_is(monkeypatch, faulty):
    Catalogue(**{"By %(name)s": faulty}).install(monkeypatch)
    with translation.override("de"):
        assert rendered("{% blocktranslate %}By {{ name }}{% endblocktranslate %}", name="Ada") == "By Ada"


def test_words_in_lines_of_their_own_do_not_run_together():
    source = '<p>\n  {% translate "One." %}\n  {% if all %}{% translate "Two." %}{% endif %}\n  {% url "x" %}\n</p>\n'
    assert without_unseen(source).startswith(
        '<p>\n{% translate "One." %}\n{% if all %}{% translate "Two." %}\n{% endif %}'
    )
    assert without_unseen(source).endswith('{% url "x" %}</p>\n')


def test_each_thread_has_a_language_of_its_own():
    found = []
    with translation.override("ja"):
        thread = threading.Thread(target=lambda: found.append(translation.get_language()))
        thread.start()
        thread.join()
        assert (found, translation.get_language()) == (["en"], "ja")


# --- pages ---


def page(client, settings, language, path):
    settings.LANGUAGE_CODE = language
    with translation.override(language):
        response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


PAGES = {
    "de": ("5. März 2026", "März 2026", ">März<", "1.234"),
    "ar": ("5 مارس 2026", "مارس 2026", ">مارس<", "1234"),
    "ja": ("2026年3月5日", "2026年3月", ">3月<", "1,234"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("language", PAGES)
def test_pages_have_dates_and_numbers_of_the_language_of_the_site(client, settings, language):
    day, month, name, number = PAGES[language]
    article = make_article(published_at=datetime(2026, 3, 5, 12, tzinfo=UTC))
    ArticleCounts.objects.filter(article=article).update(views=1234)

    text = page(client, settings, language, article.get_absolute_url())

    assert re.search(r'<html lang="(\w+)"', text)[1] == language
    assert f">{day}</time>" in text and number in text
    assert f">{day}</time>" in page(client, settings, language, "/")
    assert f">{day}</time>" in page(client, settings, language, "/archive/2026/3/")
    assert f"<h1>{month}</h1>" in page(client, settings, language, "/archive/2026/3/")
    assert name in page(client, settings, language, "/archive/")
    assert f"<language>{language}</language>" in page(client, settings, language, "/feed.xml")
    assert f'"language": "{language}"' in page(client, settings, language, "/feed.json")


@pytest.mark.django_db
def test_the_end_of_maintenance_is_a_time_of_the_language(client, settings):
    with time_machine.travel(datetime(2026, 6, 1, 12, tzinfo=UTC), tick=False):
        announcements.announce("banner", ends_at=datetime(2026, 6, 2, 2, tzinfo=UTC))
        text = page(client, settings, "de", "/quizzes/")
    assert '<time datetime="2026-06-02T02:00:00+00:00">2. Juni, 02:00 UTC</time>' in text


@pytest.mark.django_db
def test_addresses_are_the_same_in_every_language(client, settings):
    make_article()
    before = client.get("/sitemap.xml").content

    settings.LANGUAGE_CODE = "de"

    assert b"/sitemap-articles-1.xml" in before
    assert client.get("/sitemap.xml").content == before
