import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Picture

from publishing import wording
from publishing.identity import face
from publishing.models import IdentityFile, Publication
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/publishing/publication/1/change/"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40">{}</svg>'
PREVIEW = "/admin/publishing/publication/preview/front-page/"


@pytest.fixture
def desk(client):
    client.force_login(make_user("editor"))
    Publication(name="The Reed").save()
    return client


def drawing(content="", name="logo.svg", text=None):
    return SimpleUploadedFile(name, (text or SVG.format(content)).encode(), "image/svg+xml")


def picture(width=600, height=600, kind="PNG"):
    buffer = BytesIO()
    Picture.new("RGB", (width, height), "#7a1f5c").save(buffer, kind)
    return SimpleUploadedFile("icon.png", buffer.getvalue(), "image/png")


def typed(**values):
    fields = {name: getattr(Publication.objects.get(), name) for name in (
        "name", "tagline", "description", "accent", "cover_style", "link_lines", "copyright_line",
        "maintenance_sentence", "maintenance_announced_sentence", "maintenance_read_only_sentence",
        "maintenance_closed_sentence", "maintenance_quizzes_sentence", "slot_sentence",
        "comments_sentence", "comments_empty_sentence", "comments_held_sentence", "quizzes_sentence",
    )}  # fmt: skip
    return fields | values


def save(desk, **values):
    answer = desk.post(ADDRESS, typed(**values))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    return desk.get("/").text


def refusal(desk, field, **values):
    """The sentence beside a field, of a form that stores nothing and gives back what was typed."""
    answer = desk.post(ADDRESS, typed(tagline="Typed and kept", **values))

    assert answer.status_code == 200
    assert "Typed and kept" in answer.text
    assert Publication.objects.get().tagline == ""
    assert not IdentityFile.objects.exists()
    return " ".join(answer.context["adminform"].form.errors[field])


def test_name_foot_and_colour_are_on_every_page_once_they_are_saved(desk):
    page = save(
        desk,
        name="The Bulrush",
        accent="#7A1F5C",
        link_lines="Mastodon https://example.social/@us",
        copyright_line="© 2026 The Bulrush",
    )

    assert '<a href="https://example.social/@us" rel="me noopener">Mastodon</a>' in page
    assert "© 2026 The Bulrush" in page
    assert "#7a1f5c" in desk.get(face.current().stylesheet).text


def test_a_logo_is_shown_instead_of_the_name_and_another_one_on_dark_pages(desk):
    page = save(desk, logo_light=drawing('<path d="M0 0h9"/>'), logo_dark=picture(300, 100))
    light, dark = face.current().logos

    assert f'src="{light.address}" width="96" height="32"' in page
    assert f'src="{dark.address}" width="96" height="32"' in page
    assert "<span>The Reed</span>" not in page
    assert '<path d="M0 0h9" />' in desk.get(light.address).text
    assert desk.get(dark.address).headers["Content-Type"] == "image/webp"
    assert "prefers-color-scheme:dark" in desk.get(face.current().stylesheet).text
    assert "<span>The Reed</span>" in save(desk, **{"logo_light-clear": "on", "logo_dark-clear": "on"})


def test_what_is_served_of_a_drawing_runs_nothing(desk):
    save(desk, logo_light=drawing('<path d="M0 0h9" data-x="y" inkscape:label="z" xmlns:inkscape="urn:x"/><metadata/>'))
    answer = desk.get(face.current().logos[0].address)

    root = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40" width="120" height="40">'
    assert answer.text == root + '<path d="M0 0h9" /></svg>'
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_icon_is_made_into_all_sizes(desk):
    save(desk, icon=picture(700, 500))

    for use, size in [("icon", 48), ("touch_icon", 180), ("icon_192", 192), ("icon_512", 512)]:
        answer = desk.get(face.current().files[use].address)
        assert Picture.open(BytesIO(answer.content)).size == (size, size)
    assert (0x7A, 0x1F, 0x5C) in Picture.open(BytesIO(desk.get("/favicon.ico").content)).convert(
        "RGB"
    ).get_flattened_data()


DEEP = "<g>" * 12_000 + "</g>" * 12_000
LAUGHS = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("<script>alert(1)</script>", "has <script>"),
        ('<path onclick="alert(1)"/>', "has a script (onclick)"),
        ('<use href="https://example.com/a.svg#b"/>', "refers to something outside"),
        ('<use xmlns:x="http://www.w3.org/1999/xlink" x:href="data:image/svg+xml,x"/>', "refers to something outside"),
        ('<rect fill="url(https://example.com/a)"/>', "loads something from outside"),
        ("<style>@import 'https://example.com/a.css';</style>", "loads something from outside"),
        (r"<style>a{fill:u\72l(//example.com)}</style>", "loads something from outside"),
        ("<foreignObject/>", "has <foreignObject>"),
        ('<animate attributeName="href"/>', "has <animate>"),
        ('<g id="a"><use href="#b"/></g><use href="#a"/>', "copies of copies"),
        (DEEP[:6000], "cannot be read"),
        (DEEP, "too many parts"),
    ],
)
def test_a_drawing_that_does_more_than_draw_is_refused(desk, content, sentence):
    assert sentence in refusal(desk, "logo_light", logo_light=drawing(content))


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (drawing(text=LAUGHS), "defines entities"),
        (drawing(text='<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]><svg>&x;</svg>'), "defines entities"),
        (drawing(text='<svg xmlns="http://www.w3.org/2000/svg"/>'), "has no size"),
        (drawing(text="<html></html>"), "is no SVG"),
        (drawing(text="GIF89a, or so it says"), "neither an SVG nor a picture"),
        (drawing("x" * 200_000), "larger than 100 kB"),
        (SimpleUploadedFile("a.png", b"x" * 20_000_000, "image/png"), "larger than 2 MB"),
        (SimpleUploadedFile("a.png", b"", "image/png"), "empty"),
    ],
)
def test_a_file_that_is_no_logo_is_refused(desk, file, sentence):
    file.seek(0)

    assert sentence in refusal(desk, "logo_dark", logo_dark=file)


def test_an_icon_that_is_too_small_or_drawn_is_refused(desk):
    assert "smaller than 180" in refusal(desk, "icon", icon=picture(100, 100))
    assert "Upload a PNG" in refusal(desk, "icon", icon=drawing())


@pytest.mark.parametrize("colour", ["red", "#12345g", "rgb(1, 2, 3)", "#0b5c8a;}", "url(x)"])
def test_what_is_no_colour_is_refused_with_one_sentence(desk, colour):
    sentence = "Enter a colour as # and six digits from 0 to 9 and a to f, such as #0b5c8a."

    assert refusal(desk, "accent", accent=colour) == sentence


def test_a_link_that_is_a_script_is_refused(desk):
    assert "Line 2" in refusal(desk, "link_lines", link_lines="Us https://example.org/\nx javascript:alert(1)")


def test_a_preview_shows_what_is_typed_and_stores_nothing(desk):
    make_article(title="Only one")
    values = typed(name="The Bulrush", accent="#7a1f5c", copyright_line="© Us", logo_light=drawing('<path d="M1 1"/>'))
    answer = desk.post(PREVIEW, values)
    stylesheet = reverse("admin:publishing_publication_colours") + "?accent=%237a1f5c&amp;logos=1"

    assert "The Bulrush" in answer.text
    assert "© Us" in answer.text
    assert 'src="data:image/svg+xml;base64,' in answer.text
    assert stylesheet in answer.text
    assert "#7a1f5c" in desk.get(stylesheet.replace("&amp;", "&")).text
    assert "<script" not in answer.text
    assert "<body inert" in answer.text
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert Publication.objects.get().name == Publication.current().name == "The Reed"
    assert "Only one" in desk.post(PREVIEW.replace("front-page", "article"), typed()).text
    assert "The Reed" in desk.post(PREVIEW, typed(name="", accent="no colour", logo_light=drawing("<script/>"))).text


def test_a_preview_shows_another_style_of_covers(desk):
    make_article(title="Only one")

    assert '<div class="cover drawn"' in desk.post(PREVIEW, typed(cover_style="geometry")).text
    assert "cover drawn" not in desk.post(PREVIEW, typed(cover_style="none")).text
    assert '<picture class="cover drawn"' in desk.get("/").text


def test_a_sentence_of_the_owner_replaces_ours_in_the_language_of_the_site_only(desk, settings):
    article = make_article().get_absolute_url()
    save(desk, comments_sentence="Ask away.")
    assert "Ask away." in desk.get(article).text

    settings.LANGUAGE_CODE = "de"
    ours = wording.default("comments_sentence")
    assert Publication.current().comments_sentence == ours != "Ask away."
    field = re.search(r"<input[^>]*name=\"comments_sentence\"[^>]*>", desk.get(ADDRESS).text)[0]
    assert f'placeholder="{ours}" lang="de" dir="ltr"' in field
    assert "value=" not in field
    save(desk, comments_sentence="Fragen Sie.")
    assert Publication.current().comments_sentence == "Fragen Sie."

    settings.LANGUAGE_CODE = "en"
    assert Publication.current().comments_sentence == "Ask away."


def test_a_sentence_that_is_emptied_is_ours_again(desk):
    save(desk, quizzes_sentence="Have you read it?")
    save(desk, quizzes_sentence="")

    assert Publication.objects.get().wording["en"] == {}
    assert "Short tests on what you have just read." in desk.get("/quizzes/").text


def test_a_preview_is_in_the_language_of_readers(desk, settings):
    settings.LANGUAGE_CODE, settings.DESK_LANGUAGE = "ar", "en"

    assert re.search(r"<html[^>]* lang=\"ar\" dir=\"rtl\"", desk.post(PREVIEW, typed()).text)
    assert re.search(r"<html[^>]* lang=\"en\" dir=\"ltr\"", desk.get(ADDRESS).text)


def test_previews_are_for_those_who_may_change_the_look(client):
    client.force_login(make_user("author"))
    Publication().save()

    assert client.get(PREVIEW).status_code == 404
    assert client.post(PREVIEW, typed()).status_code == 404


def test_a_colour_that_cannot_be_read_is_shown_with_its_sibling(desk):
    Publication(accent="#ffd400").save()
    page = desk.get(ADDRESS).text

    assert "#ffd400 has only" in page
    assert "On light pages #" in page
    category = make_article().category
    assert "ours" in desk.get(f"/admin/articles/category/{category.pk}/change/").text
    report = desk.get("/admin/publishing/publication/colour/?colour=%23ffd400&automatic=").text
    assert "4.5 : 1)" in report
    assert desk.get("/admin/publishing/publication/colour/?colour=red").text.strip() == ""


def test_sentences_about_maintenance_are_seen_in_each_state_and_stored_for_readers(desk):
    sentences = {
        "maintenance_announced_sentence": "Soon a new disk.",
        "maintenance_sentence": "There is a new disk.",
        "maintenance_read_only_sentence": "The disk is being copied.",
        "maintenance_closed_sentence": "The disk is being changed.",
    }
    preview = desk.post("/admin/publishing/publication/preview/maintenance/", typed(**sentences)).text
    before = Publication.objects.get()
    save(desk, **sentences)
    after = Publication.objects.get()

    for name, words in sentences.items():
        assert words in preview
        assert getattr(before, name) == wording.default(name)
        assert getattr(after, name) == words
    assert preview.count('<aside class="notice dark"') == 3
    assert "<h1>Maintenance</h1>" in preview
