"""The admin: forged requests are refused, and what a page offers works."""

import re
from itertools import product

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Article, Category, Tag
from comments.models import Comment
from comments.tests.factories import make_comment
from publishing.bases.admin import SiteModelAdmin
from publishing.tests.browser import sign_in
from publishing.tests.factories import make_article, make_author, make_user
from publishing.tests.rows import failures
from publishing.web import staff
from quizzes.tests.factories import make_quiz

HUGE = "9" * 30
ADMINS = {model._meta.label_lower: site_admin for model, site_admin in admin.site._registry.items()}
# The list of the front page leads to its form; those of maintenance and of AdSense are pages of their own.
LISTED = sorted(ADMINS.keys() - {"articles.frontpage", "maintenance.window", "sponsors.adsense"})
EDITED_IN_PLACE = sorted(label for label, site_admin in ADMINS.items() if site_admin.list_editable)


def list_of(label):
    return reverse(f"admin:{label.replace('.', '_')}_changelist")


def actions_of(label):
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_active=True)
    return list(ADMINS[label].get_actions(request))


@pytest.fixture
def owner(client, db):
    client.force_login(make_user("owner"))
    make_article(authors=[make_author()])
    make_quiz()
    make_comment()


# --- filters in an address ---


def test_every_admin_has_our_base_class():
    assert [label for label, site_admin in ADMINS.items() if not isinstance(site_admin, SiteModelAdmin)] == []


@pytest.mark.usefixtures("owner")
def test_a_filter_that_the_page_does_not_offer_is_refused(client, rf):
    def check(case):
        """Asks the list itself: a thousand whole pages would take twenty seconds."""
        label, lookup = case
        request = rf.get("/", {lookup: "(("})
        request.user = User(is_superuser=True, is_active=True)
        with pytest.raises((BadRequest, SuspiciousOperation)):
            ADMINS[label].get_changelist_instance(request)

    columns = [
        (label, field.attname) for label, site_admin in ADMINS.items() for field in site_admin.opts.concrete_fields
    ]
    kinds = ("regex", "startswith", "gt")
    assert failures([(label, f"{column}__{kind}") for label, column in columns for kind in kinds], check) == {}
    answers = {label: client.get(list_of(label), {"nonsense": "(("}).status_code for label in LISTED}
    assert answers == dict.fromkeys(LISTED, 400)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "label", "query"),
    [
        ("author", "articles.article", "title__regex=("),
        ("editor", "articles.article", "body__regex=((a"),
        ("editor", "articles.article", "authors__user__password__startswith=p"),
        ("editor", "articles.article", "state=%00"),
        ("editor", "quizzes.attempt", "reader__startswith=0"),
        ("moderator", "comments.comment", "body__regex=("),
        ("moderator", "comments.comment", "reader__startswith=0"),
        ("moderator", "comments.comment", "article__body__contains=a"),
    ],
)
def test_filters_cannot_probe_what_the_page_does_not_show(client, role, label, query):
    client.force_login(make_user(role))

    assert client.get(f"{list_of(label)}?{query}").status_code == 400


@pytest.mark.usefixtures("owner")
def test_every_link_that_a_list_offers_works(client):
    answers = {}
    for label, site_admin in ((label, ADMINS[label]) for label in LISTED):
        answer = client.get(list_of(label), {"_facets": "True"} if site_admin.show_facets.value else {})
        changelist = answer.context["cl"]
        links = [choice["query_string"] for spec in changelist.filter_specs for choice in spec.choices(changelist)]
        for link in [*links, "?_popup=1", "?all=", "?o=1"]:
            answers[label, link] = client.get(list_of(label) + link).status_code

    assert {link: status for link, status in answers.items() if status != 200} == {}


@pytest.mark.usefixtures("owner")
def test_any_search_is_answered(client):
    searched = [label for label, site_admin in ADMINS.items() if site_admin.search_fields]
    answers = {
        (label, term[:3]): client.get(list_of(label), {"q": term}).status_code
        for label in searched
        for term in ("a " * 1500, '"', "%", "x" * 5000)
    }

    assert answers == dict.fromkeys(answers, 200)
    assert {client.get(list_of(label), {"q": "\x00"}).status_code for label in searched} == {400}


@pytest.mark.usefixtures("owner")
def test_any_search_of_a_select_is_answered(client):
    about = {"app_label": "articles", "model_name": "article", "field_name": "tags"}

    assert client.get(reverse("admin:autocomplete"), about | {"term": "a " * 1500}).status_code == 200
    assert client.get(reverse("admin:autocomplete"), about | {"term": "\x00"}).status_code == 400


# --- selected rows ---


@pytest.mark.usefixtures("owner")
def test_an_action_on_a_key_that_no_row_can_have_does_nothing(client):
    keys = (["abc"], [HUGE], ["-1", "1.5", ""], ["\x00"])
    forms = [{"_selected_action": key} | more for key in keys for more in ({}, {"index": "0"}, {"select_across": "0"})]

    def check(label):
        rows = ADMINS[label].model.objects.count()
        for action, form in product(actions_of(label), forms):
            assert client.post(list_of(label), form | {"action": action}).status_code < 500, (action, form)
        assert ADMINS[label].model.objects.count() == rows

    assert failures(ADMINS, check) == {}


@pytest.mark.usefixtures("owner")
def test_all_pages_are_selected_only_by_the_value_of_the_form(client):
    pending = Comment.objects.pending().count()
    data = {"action": "approve", "_selected_action": [make_comment().pk]}

    for across in ("x", "True", "2", "01", ""):
        assert client.post(list_of("comments.comment"), data | {"select_across": across}).status_code == 400, across
    assert Comment.objects.pending().count() == pending + 1

    client.post(list_of("comments.comment"), data | {"select_across": "0"})
    assert Comment.objects.pending().count() == pending

    client.post(list_of("comments.comment"), data | {"select_across": "1"})
    assert not Comment.objects.pending().exists()


@pytest.mark.usefixtures("owner")
def test_a_list_that_is_edited_in_place_refuses_a_key_that_no_row_can_have(client):
    data = {"_save": "1", "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1"}
    answers = {
        (label, key): client.post(list_of(label), data | {"form-0-id": key}).status_code
        for label, key in product(EDITED_IN_PLACE, ("abc", HUGE, "\x00", ""))
    }

    assert {case: status for case, status in answers.items() if status not in (200, 400)} == {}
    assert EDITED_IN_PLACE


def test_a_list_that_is_edited_in_place_is_saved(client, owner):
    category = Category.objects.get()
    data = {"_save": "1", "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1"}

    client.post(list_of("articles.category"), data | {"form-0-id": category.pk, "form-0-position": "7"})

    assert Category.objects.get().position == 7


def sent_from(page):
    """What a browser sends of a list of categories."""
    sent = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page))
    return {"_save": "1", **sent, **dict(re.findall(r'<input type="number" name="([^"]*)" value="([^"]*)"', page))}


def test_two_tabs_that_move_different_categories_undo_nothing_of_each_other(client, owner):
    second = Category.objects.create(name="Tools", slug="tools", position=2)
    one, other = (sent_from(client.get(list_of("articles.category")).text) for _tab in range(2))

    moved = [client.post(list_of("articles.category"), tab | change).status_code for tab, change in (
        (one, {"form-0-position": "5"}),
        (other, {"form-1-position": "9"}),
    )]  # fmt: skip

    assert moved == [302, 302]
    assert list(Category.objects.order_by("pk").values_list("position", flat=True)) == [5, 9]
    assert LogEntry.objects.filter(object_id=second.pk).count() == 1


def test_a_category_that_two_tabs_move_is_told_beside_it_and_moved_when_sent_again(client, owner):
    first = Category.objects.get()
    Category.objects.create(name="Tools", slug="tools", position=2)
    one, other = (sent_from(client.get(list_of("articles.category")).text) for _tab in range(2))
    # Behind the other one: its row is not the first of the list any more.
    client.post(list_of("articles.category"), one | {"form-0-position": "5"})

    told = client.post(list_of("articles.category"), other | {"form-0-position": "9", "form-1-position": "3"})
    kept = list(Category.objects.order_by("pk").values_list("position", flat=True))
    again = client.post(list_of("articles.category"), sent_from(told.text))

    row = re.search(rf"<tr>(?:(?!</tr>).)*{first.name}.*?</tr>", told.text, re.DOTALL)[0]
    assert "Somebody has changed this to “5” meanwhile." in row
    assert 'name="form-0-position" value="9"' in row
    assert kept == [5, 2]
    # HTML does not allow a hidden field to be described, as Django describes it.
    assert "aria-" not in "".join(re.findall(r'<input type="hidden"[^>]*>', told.text))
    assert again.status_code == 302
    assert list(Category.objects.order_by("pk").values_list("position", flat=True)) == [9, 3]


# --- forms ---

ARTICLE = {
    "title": "T", "slug": "t", "summary": "", "body": "x", "step": "save", "at_0": "", "at_1": "",
    "series_position": "", "seo_title": "", "seo_description": "", "canonical_url": "",
}  # fmt: skip


@pytest.mark.usefixtures("owner")
def test_a_key_that_no_row_can_have_is_refused(client):
    sent = ARTICLE | {"category": Category.objects.get().pk}

    # An error beside the field: of a label, and of a number that is only too large or too small for the database.
    numbers = {"-1", HUGE} if connection.vendor == "postgresql" else {"-1"}

    def check(wrong):
        answer = client.post(reverse("admin:articles_article_add"), sent | dict([wrong]))
        is_number = wrong[1] in numbers or wrong[0] != "cover"
        assert answer.status_code == (200 if is_number else 400)
        assert ("errorlist" in answer.content.decode()) == is_number
        assert Article.objects.filter(slug="t").count() == 0

    fields = ("category", "series", "cover", "tags", "byline")
    assert failures(product(fields, ("abc", HUGE, "\x00", "-1")), check) == {}


def test_what_was_chosen_is_still_chosen_when_the_form_comes_back(client, owner):
    tag = Tag.objects.create(name="Kept tag", slug="kept")
    sent = ARTICLE | {"title": "", "category": Category.objects.get().pk, "tags": [tag.pk]}

    html = " ".join(client.post(reverse("admin:articles_article_add"), sent).content.decode().split())

    assert f'<option value="{tag.pk}" selected>Kept tag</option>' in html
    assert ">Opinion</option>" in html


@pytest.mark.usefixtures("owner")
def test_an_address_fills_in_nothing_that_it_should_not(client):
    answers = {}
    for label in ("articles.article", "quizzes.quiz", "quizzes.question", "maintenance.window"):
        fields = [field.name for field in (*ADMINS[label].opts.fields, *ADMINS[label].opts.many_to_many)]
        for value in ("abc", HUGE, "1,x", "\x00"):
            address = reverse(f"admin:{label.replace('.', '_')}_add")
            answers[label, value] = client.get(address, dict.fromkeys(fields, value)).status_code

    assert answers == {case: 400 if case[1] == "\x00" else 200 for case in answers}


def test_a_new_question_is_for_the_quiz_whose_link_was_followed(client, db):
    client.force_login(make_user("editor"))
    quiz = make_quiz(title="Followed from here")

    html = client.get(reverse("admin:quizzes_question_add"), {"quiz": quiz.pk, "stem": "forged"}).content.decode()

    assert f'<option value="{quiz.pk}" selected>Followed from here</option>' in html
    assert "forged" not in html


@pytest.mark.usefixtures("owner")
def test_no_field_has_an_empty_name(client):
    for label in ("quizzes.quiz", "quizzes.question", "articles.article"):
        row = ADMINS[label].model.objects.first()
        prefix = f"admin:{label.replace('.', '_')}"
        for path in (reverse(f"{prefix}_add"), reverse(f"{prefix}_change", args=[row.pk])):
            assert "<label>:</label>" not in client.get(path).content.decode(), path


@pytest.mark.usefixtures("owner")
def test_what_is_answered_with_400_is_logged_with_its_trace(client, monkeypatch):
    logged = []
    monkeypatch.setattr(staff.logger, "warning", lambda *message, exc_info: logged.append(type(exc_info)))

    answer = client.post(list_of("articles.tag"), {"action": "delete_selected", "_selected_action": "x"})

    assert (answer.status_code, logged) == (400, [ValueError])


@pytest.mark.usefixtures("owner")
def test_a_nul_in_an_address_is_refused_everywhere(client):
    answers = {label: client.get(f"{list_of(label)}?decided=%00").status_code for label in ADMINS}

    assert answers == dict.fromkeys(answers, 400)


# --- in a browser ---


def test_the_preview_stands_beside_the_text_or_in_its_place(page):
    sign_in(page, "editor")
    page.goto("/admin/articles/article/add/")
    expect(page.locator("#id_title")).to_be_focused()
    page.locator("#id_body").fill("Some *text*.\n\n" * 200)
    button, preview = page.get_by_role("button", name="Preview", exact=True), page.locator(".markdown-preview")

    button.press("Enter")
    page.wait_for_selector(".markdown-preview em")
    text, shown = page.locator("#id_body").bounding_box(), preview.bounding_box()
    assert button.get_attribute("aria-expanded") == "true"
    assert text["x"] + text["width"] <= shown["x"]
    assert shown["height"] <= 900 < text["height"]
    assert preview.evaluate("box => box.scrollHeight > box.clientHeight")
    page.locator("#id_body").press("Control+End")
    page.keyboard.type("The end.")
    expect(preview.get_by_text("The end.")).to_be_in_viewport()

    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.locator("#id_body")).to_be_hidden()
    expect(preview).to_be_visible()
    button.press("Enter")
    expect(page.locator("#id_body")).to_be_visible()
    expect(preview).to_be_hidden()
    assert button.get_attribute("aria-expanded") == "false"


@pytest.mark.parametrize("width", [1280, 1024, 360])
@pytest.mark.parametrize("state", ["", "?queue=all"])
def test_the_moderation_queue_is_as_wide_as_the_window(page, width, state):
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, "moderator")
    page.goto(f"/admin/comments/comment/{state}")

    assert page.locator(".field-excerpt").count() > 0
    for part in ("html", ".results", ".actions"):
        assert page.locator(part).first.evaluate("box => box.scrollWidth <= box.clientWidth"), part
    tops = page.locator(".actions :is(select, button)").evaluate_all("boxes => boxes.map(b => b.offsetTop)")
    assert width < 768 or len(set(tops)) == 1
