import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.urls import get_resolver

from publishing.maintenance.tests.factories import database_down
from publishing.models import Publication
from publishing.sponsors.middleware import Sponsors
from publishing.sponsors.models import Key, Slot
from publishing.sponsors.slots import placement
from publishing.sponsors.slots.kinds import Kind, kind_of, on
from publishing.tests.factories import make_article, make_user

from .factories import fill, make_list, show_boxes

SLOT = re.compile(r'<aside class="slot slot-([a-z-]+)".*?</aside>', re.DOTALL)
LONG_BODY = "\n\n".join(["word " * 100] * 7)


def slots_in(response):
    return SLOT.findall(response.text)


def render(template, request=None, **context):
    return Template("{% load sponsor_tags %}" + template).render(Context(context | {"request": request}))


def request_with(*keys):
    request = RequestFactory().get("/")
    request.slots = frozenset(keys)
    return request


@pytest.mark.django_db
def test_a_slot_has_its_label_and_says_that_it_is_a_preview(client):
    Publication(slot_sentence="Kept <free>.").save()
    fill("article-top")

    html = render('{% sponsored_slot "article-top" %}', request_with("article-top"))

    words = 'lang="en" dir="ltr" role="note" aria-label="Sponsored"'
    assert f'<aside class="slot slot-article-top" {words} data-nosnippet>' in " ".join(html.split())
    assert "<p>Sponsored</p>" in html
    assert "<span>Kept &lt;free&gt;.</span>" in html
    assert "<a" not in html.replace("<aside", "") and "<script" not in html and "style=" not in html


@pytest.mark.django_db
def test_an_article_has_slots_above_inside_and_below(client):
    show_boxes()
    article = make_article(body=LONG_BODY)

    response = client.get(article.get_absolute_url())

    assert slots_in(response) == ["article-top", "article-top", "article-body", "article-body", "beside", "article-end"]
    head, _, prose = response.text.partition('<div class="prose">')
    assert head.index('slot-article-top" data-at="wide"') < head.index("<h1")
    assert prose.count("</p>", 0, prose.index('slot-article-top" data-at="narrow"')) == 2


@pytest.mark.django_db
def test_in_a_narrow_window_no_slot_is_near_the_one_that_stands_above_the_article_elsewhere():
    """A slot inside that would be is there in wide windows only."""
    show_boxes()
    body = render("{% sponsored_body html offsets %}", request_with("article-top", "article-body"), **paragraphs(8))

    assert re.findall(r'slot-([a-z-]+)"(?: data-at="(\w+)")?', body) == [
        ("article-top", "narrow"), ("article-body", "wide"), ("article-body", ""),
    ]  # fmt: skip


def paragraphs(number):
    article = make_article(body="\n\n".join(["word " * 100] * number))
    return {"html": article.html, "offsets": article.slot_offsets}


TWO = "<p>One.</p><p>Two.</p>"


@pytest.mark.parametrize(
    ("html", "place"),
    [
        ("", None),
        ("<p>One.</p>", None),
        (TWO, None),
        (f"{TWO}<p>Three.</p>", len(TWO)),
        (f"{TWO}\n<h2 id='x'>Three</h2>", None),
        ("<p>One.</p><h2>Two</h2><p>a</p><p>b</p><p>c</p>", len("<p>One.</p><h2>Two</h2><p>a</p><p>b</p>")),
        (f"{TWO}<p><img src='x'></p><p>x</p><p>y</p>", len(f"{TWO}<p><img src='x'></p><p>x</p>")),
        (f"{TWO}<hr><p>x</p><p>y</p>", len(f"{TWO}<hr><p>x</p>")),
        (f"{TWO}<ul><li>a</li></ul><p>Three.</p><p>Four.</p>", len(f"{TWO}<ul><li>a</li></ul><p>Three.</p>")),
        (
            f"<blockquote><p>Said.<br>So.</p></blockquote>{TWO}<p>x</p>",
            len(f"<blockquote><p>Said.<br>So.</p></blockquote>{TWO}"),
        ),
        (
            '<p><abbr title="</p> <p>">One</abbr></p><p>Two.</p><p>x</p>',
            len('<p><abbr title="</p> <p>">One</abbr></p><p>Two.</p>'),
        ),
        ("<p>One.</p><ul><li><p>a</p></li><li><p>b</p></li></ul>", None),
    ],
)
def test_the_slot_above_is_inside_after_the_second_paragraph_before_a_third_one(html, place):
    assert placement.top_inside(html) == place


@pytest.mark.django_db
def test_the_text_of_an_article_is_the_same_with_and_without_slots(client):
    show_boxes()
    article = make_article(body=LONG_BODY)

    body = render(
        "{% sponsored_body html offsets %}",
        request_with("article-body"),
        html=article.html,
        offsets=article.slot_offsets,
    )

    assert len(SLOT.findall(body)) == len(article.slot_offsets) == 2
    assert re.sub(r'<aside class="slot.*?</aside>\n', "", body, flags=re.DOTALL) == article.html


@pytest.mark.django_db
@pytest.mark.parametrize("key", Key.values)
def test_switching_one_slot_off_leaves_the_others(client, key):
    show_boxes()
    make_list()
    article = make_article(body=LONG_BODY)
    shown = set(slots_in(client.get(article.get_absolute_url()))) | set(slots_in(client.get("/")))
    assert shown == set(Key.values)

    fill(key, "off")

    shown = set(slots_in(client.get(article.get_absolute_url()))) | set(slots_in(client.get("/")))
    assert shown == set(Key.values) - {key}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/search/?q=word", "/nowhere/", "/articles/nowhere/", "/quizzes/nowhere/", "/admin/login/"]
)
def test_pages_on_which_nothing_sponsored_stands(client, path):
    show_boxes()
    response = client.get(path)

    assert not response.wsgi_request.slots
    assert slots_in(response) == []


@pytest.mark.django_db
def test_readers_see_no_empty_box_unless_the_owner_says_so(client):
    article = make_article(body=LONG_BODY)
    assert slots_in(client.get(article.get_absolute_url())) == slots_in(client.get("/")) == []

    fill("article-end", "preview")

    assert slots_in(client.get(article.get_absolute_url())) == ["article-end"]


@pytest.mark.django_db
def test_the_preview_of_a_draft_has_no_slots(client):
    show_boxes()
    article = make_article(body=LONG_BODY, status="draft", published_at=None)

    assert slots_in(client.get(article.get_preview_url())) == []


@pytest.mark.django_db
def test_a_slot_is_on_some_pages_only_also_after_they_are_renamed(client):
    chosen, other = make_article(body=LONG_BODY), make_article(body=LONG_BODY)
    fill("article-top", "preview", pages=f"/\n{chosen.get_absolute_url()}")
    pages_of = [client.get(article.get_absolute_url()) for article in (chosen, other)]
    assert [set(slots_in(page)) for page in pages_of] == [{"article-top"}, set()]

    chosen.slug = "renamed"
    chosen.save()

    assert set(slots_in(client.get("/articles/renamed/"))) == {"article-top"}


@pytest.mark.django_db
def test_the_pages_of_a_slot_are_typed_in_the_admin(client, settings):
    client.force_login(make_user("owner"))
    article, draft = make_article(slug="one"), make_article(slug="two", status="draft", published_at=None)
    article.slug = "three"
    article.save()
    slot = fill("article-top", "preview")
    typed = f"/articles/one/\r\n\r\n {settings.SITE_URL}/articles/two/?x=1#y \n/articles/three/\n/"

    response = client.post(f"/admin/sponsors/slot/{slot.pk}/change/", {"source": "preview", "pages": typed})

    assert response.status_code == 302
    slot.refresh_from_db()
    assert slot.pages.split("\n") == ["/articles/three/", draft.get_absolute_url(), "/"]
    assert "on 3 pages" in client.get("/admin/sponsors/slot/").text


def sent_from(page):
    """What a browser sends of the list of slots."""
    inputs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)
    chosen = re.findall(r'<select name="([^"]*-source)".*?<option value="([^"]*)" selected', page, re.DOTALL)
    return {"_save": "1", **dict(inputs), **dict(chosen)}


@pytest.mark.django_db
def test_a_slot_that_somebody_has_switched_off_meanwhile_is_not_switched_on_by_the_list_of_another(client):
    client.force_login(make_user("owner"))
    slots = {slot.key: slot for slot in (fill("article-top", "house"), fill("list", "off"))}
    sent = sent_from(client.get("/admin/sponsors/slot/").text)
    mine = next(name for name, key in sent.items() if name.endswith("-id") and key == str(slots["list"].pk))
    fill("article-top", "off")

    response = client.post("/admin/sponsors/slot/", sent | {mine.replace("-id", "-source"): "house"})

    assert response.status_code == 302
    assert (Slot.row("list").source, Slot.row("article-top").source) == ("house", "off")


@pytest.mark.django_db
def test_the_list_of_slots_can_be_changed_although_a_page_that_one_is_limited_to_is_gone(client):
    article = make_article()
    client.force_login(make_user("owner"))
    fill("article-top", pages=article.get_absolute_url())
    article.delete()
    rows = [*Slot.objects.order_by("pk")]
    sent = {"_save": "1", "form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": len(rows)}
    for number, row in enumerate(rows):
        sent |= {f"form-{number}-id": row.pk, f"form-{number}-source": "house"}

    response = client.post("/admin/sponsors/slot/", sent)

    assert response.status_code == 302
    assert {slot.source for slot in Slot.objects.all()} == {"house"}
    # Nor does it come to be on all pages.
    assert Slot.row("article-top").pages == article.get_absolute_url()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/articles/nowhere/", "Line 2: there is no such page here."),
        ("/nowhere/", "Line 2: there is no such page here."),
        ("/admin/", "Line 2: there is no such page here."),
        ("https://example.org/", "Line 2: there is no such page here."),
        ("javascript:alert(1)", "Line 2: there is no such page here."),
        ("https://[", "Line 2: there is no such page here."),
        ("/\x01", "cannot be stored"),
        ("\n".join(f"/?{number}" for number in range(100)), "at most 100 pages"),
    ],
)
def test_a_line_that_is_no_page_of_this_site_is_refused(client, line, sentence):
    client.force_login(make_user("owner"))
    slot = fill("article-top", "preview")

    response = client.post(f"/admin/sponsors/slot/{slot.pk}/change/", {"source": "preview", "pages": f"/\n{line}"})

    assert sentence in response.text
    slot.refresh_from_db()
    assert slot.pages == ""


@on(Kind.HOME)
def view_of(request):
    return HttpResponse()


@pytest.mark.django_db
def test_pages_of_these_views_have_slots_and_no_others():
    """Declared on the views: a page of errors, a preview, the search or a quiz cannot have one by its address."""
    found = {name for name, view in named_views() if kind_of(view)}

    assert found == {"home", "detail", "category", "tag", "author", "series"}


def named_views(patterns=None):
    for pattern in patterns or get_resolver().url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from named_views(pattern.url_patterns)
        else:
            yield pattern.name, pattern.callback


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "has_slots"), [("GET", True), ("HEAD", True), ("POST", False)])
def test_answers_to_what_readers_send_have_no_slots(method, has_slots):
    show_boxes()
    request = asked(RequestFactory().generic(method, "/"))

    assert bool(request.slots) == has_slots


def asked(request):
    middleware = Sponsors(view_of)
    middleware(request)
    middleware.process_view(request, view_of, (), {})
    return request


@pytest.mark.django_db
@pytest.mark.parametrize("error", [Http404(), ImproperlyConfigured()])
def test_a_view_that_fails_loses_its_slots_before_the_error_page(error):
    show_boxes()
    request = asked(RequestFactory().get("/"))
    assert request.slots

    Sponsors(view_of).process_exception(request, error)

    assert not request.slots


@pytest.mark.django_db
def test_slots_cost_no_query_while_nothing_changes_and_none_where_no_template_asks(count_queries):
    show_boxes()

    with count_queries() as unasked:
        request = asked(RequestFactory().get("/"))
    with count_queries() as first:
        assert "list" in request.slots
    with count_queries() as later:
        assert "list" in asked(RequestFactory().get("/")).slots
    assert (len(unasked), len(first), len(later)) == (0, 1, 0)


@pytest.mark.django_db
def test_a_page_with_a_place_names_slots_even_while_they_are_off(client):
    assert "slots" in client.get("/")["Cache-Tag"].split(",")
    fill("list", "off")
    assert "slots" in client.get("/")["Cache-Tag"].split(",")
    assert "slots" not in client.get("/robots.txt")["Cache-Tag"].split(",")


@pytest.mark.django_db
def test_a_page_without_a_request_has_no_slots():
    assert render('{% sponsored_slot "list" %}') == ""
    assert render("{% sponsored_body html offsets %}", html="<p>One.</p>", offsets=[11]) == "<p>One.</p>"


def test_a_slot_that_does_not_exist_is_a_fault_of_the_template():
    with pytest.raises(TemplateSyntaxError, match="no slot “footer”"):
        render('{% sponsored_slot "footer" %}', request_with())


@pytest.mark.django_db
def test_there_are_no_slots_while_the_database_is_down():
    with database_down():
        assert Slot.on("/") == frozenset()


@pytest.mark.django_db
def test_every_slot_is_off_to_begin_with_also_without_a_row():
    assert Slot.on("/") == frozenset()
    Slot.objects.all()[0].delete()

    assert Slot.on("/") == frozenset()


@pytest.mark.django_db
def test_the_database_knows_which_slots_there_are():
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.create(key="footer")


@pytest.mark.django_db
def test_slots_are_neither_added_nor_deleted_in_the_admin(client):
    client.force_login(make_user("owner"))
    slot = fill("list", "preview")

    assert client.get("/admin/sponsors/slot/add/").status_code == 403
    assert client.post(f"/admin/sponsors/slot/{slot.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get(f"/admin/sponsors/slot/{slot.pk}/change/").status_code == 200
