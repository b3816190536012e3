"""Publications for the tests of exports: empty ones beside that of the test, and one that has a row of everything."""

import shutil
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import override_settings
from django.utils import timezone

from articles.labels import merging
from articles.models import (
    Article,
    ArticleCounts,
    Correction,
    DailyViews,
    FrontPage,
    Image,
    LinkCard,
    Menu,
    Page,
    ParagraphNote,
    Recording,
    Series,
    Tag,
    Version,
)
from articles.models.cards.link_card import State
from articles.models.counts import set_heart
from articles.models.picture_files import as_webp, decoded
from articles.tests.recordings.files import captions, film
from articles.trash.moving import trash
from articles.versions import saving
from articles.versions.content import fields_of
from comments.models import CommentSettings, Revision, Thread, Word
from comments.moderation import decisions
from comments.privacy import erasure
from comments.tests.factories import make_comment
from publishing.cache import values
from publishing.database.sqlite.base import DatabaseWrapper as SQLite
from publishing.identity import face, uploads
from publishing.maintenance import announcements
from publishing.maintenance.models import PassLink, Window
from publishing.models import IdentityFile, Publication
from publishing.sponsors.house.editing.uploads import Made
from publishing.sponsors.models import AdSense, AdsTxt, Advertiser, CreativeDay, Slot
from publishing.sponsors.tests.house.factories import make_creative
from publishing.tests.database import other_database
from publishing.tests.factories import make_article, make_author, make_category, make_user
from publishing.tests.pictures import picture, uploaded
from publishing.tests.postgres import new_database
from publishing.web import redirects
from quizzes.models import FunnelCount, QuestionTag, Quiz
from quizzes.results import corrections
from quizzes.tests.factories import make_question, make_quiz

READER, ADDRESS = "f00df00df00df00df00df00df00df00d", "mailbox-of-a-reader@example.org"
NETWORK = "2026-01-01:network-of-a-reader"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><path d="M0 0h120v40z"/></svg>'


@contextmanager
def publication(folder: Path, database, backend=None, **options):
    """A database in the place of the test's own, with uploads in `folder`."""
    stores = {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": folder / "media"}},
        "originals": settings.STORAGES["originals"] | {"OPTIONS": {"location": folder / "originals"}},
    }
    with (
        override_settings(STORAGES=settings.STORAGES | stores, VAR_DIR=folder),
        other_database(database, backend, **options),
    ):
        values.CachedValue.clear_all()
        yield
    values.CachedValue.clear_all()


@contextmanager
def on_sqlite(folder: Path, migrated: Path):
    """An empty one in a file of its own."""
    folder.mkdir(exist_ok=True)
    database = folder / "publication.sqlite3"
    if not database.exists():
        shutil.copyfile(migrated, database)
    with publication(folder, database, SQLite, ENGINE="publishing.database.sqlite", OPTIONS={}):
        yield


@contextmanager
def on_postgresql(folder: Path, name: str):
    folder.mkdir(exist_ok=True)
    new_database(name, template="migrated")
    with publication(folder, name):
        yield


def full():
    """A magazine with a row in every table of an export, and with what must not be in one."""
    user = make_user("owner")
    user.email = "account@example.org"
    user.save()
    _look()
    articles = _articles(user)
    _labels(user, articles)
    _versions(user, articles)
    _comments(user, articles)
    _quizzes(user, articles)
    _maintenance(user)
    AdsTxt(lines="example.com, 1, DIRECT").save()
    AdSense(client="ca-pub-1234567890123456", consent="tcf", privacy_page="/privacy/",
            platform_script="https://cmp.example/stub.js").save()  # fmt: skip
    Slot.objects.filter(key="list").update(source="preview", ad_unit="0123456789")
    _advertisements()
    # What the worker does after an address has changed.
    for article in articles:
        article.render_again()


def _advertisements():
    advertiser = Advertiser.objects.create(name="Acme", link_number=3)
    made = Made(picture("WEBP", (600, 500)), 300, 250)
    drawn = make_creative(advertiser=advertiser, kind="picture", alt="A bicycle", slots=["list"], most_seen=9)
    drawn.show(made.store(), made.width, made.height)
    make_creative(advertiser=advertiser, ends_at=timezone.now(), weight=7, is_on=False)
    CreativeDay.objects.create(creative=drawn, day=timezone.localdate(), seen=5, clicked=1)


def _maintenance(user):
    window = Window(
        state="banner", starts_at=timezone.now() + timedelta(days=1), ends_at=timezone.now() + timedelta(days=2),
        announce_before=timedelta(days=3, seconds=1), announcement="Tomorrow.", groups=["articles", "quizzes"],
    )  # fmt: skip
    announcements.put(window, by=user, reason="A new disk")
    PassLink.objects.create(name="Mei", expires_at=timezone.now() + timedelta(days=1), created_by=user)


def _look():
    wording = {"en": {"quizzes_sentence": "Have you read it?"}, "ar": {"quizzes_sentence": "هل قرأته؟"}}
    links = "Here https://example.org/"
    Publication(name="Любопытный 🐈", tagline="«Quotes»", link_lines=links, wording=wording).save()
    made = {"logo-light": uploads.logo(ContentFile(DRAWING))} | uploads.icon(ContentFile(picture(size=(200, 200))))
    for use, file in made.items():
        digest = face.digest_of(file.content)
        IdentityFile(use, digest, file.kind, file.width, file.height, file.content).save()


def _articles(user) -> list[Article]:
    large = Image.objects.create(file=uploaded(picture(size=(700, 40))), alt="A loom", credit="Mei")
    large.make_renditions()
    Recording.objects.create(file=film(), title="A loom at work", captions=captions(), captions_language="en")
    LinkCard.objects.create(url="https://example.org/waiting")
    picture_of_card = as_webp(decoded(ContentFile(picture(size=(90, 80))))[0], 480)
    LinkCard.objects.create(
        url="https://example.org/page", state=State.READY, title="A <page>", site="example.org", width=90, height=80,
        picture=default_storage.save("0123456789abcdef0123456789abcdef.webp", ContentFile(picture_of_card)),
    )  # fmt: skip
    ines, omar = make_author("Ines Okafor", user), make_author("Omar Haddad")
    omar.biography, omar.picture, omar.link_lines = "Writes *well*.", large, "Site https://example.org/"
    omar.save()
    series = Series.objects.create(title="By hand", slug="by-hand")
    tags = [Tag.objects.create(name=name, slug=slug) for name, slug in (("C++", "c-plus-plus"), ("sql", "sql"))]
    first = make_article(
        title="Первая статья: \u201cfirst\u201d", slug="first", authors=[omar, ines], tags=tags, series=series,
        series_position=1, cover=large, featured=True, verified_on=date(2026, 1, 2), extra={"mood": ["calm", 1.5]},
        body=(
            f"Text with a [link](/articles/second/).\n\n## A heading\n\n{large.as_markdown('A loom', 'Woven')}\n\n"
            "https://example.org/page\n\n:::note Look\nA box\u2028with `{{< ref \"x\" >}}` in it.\n:::\n\n"
            "| a | b |\n|---|--:|\n| 1 | 2 |\n\nA note[^1], <kbd>Esc</kbd>.\n\n[^1]: Of the foot.\n"
        ),
    )  # fmt: skip
    # The heading keeps its id.
    first.body = first.body.replace("## A heading", "## A headings")
    first.save()
    second = make_article(slug="second", tags=tags[:1], category=make_category("Practice"))
    second.slug = "moved"
    second.save()
    redirects.leave("/old/first.html", first.get_absolute_url())
    draft = make_article(slug="draft", status="draft", published_at=None, category=None, preview_number=3)
    later = make_article(slug="later", published_at=timezone.now() + timedelta(days=9))
    gone = make_article(slug="gone", status="archived", source="/home/mei/posts/gone.md", source_digest="0" * 64)
    trash(make_article(slug="in-the-trash", title="In the trash"), by=user)
    Correction.objects.create(article=first, kind="correction", note="It was *wrong*.", by=user)
    set_heart(first, READER)
    ArticleCounts.objects.filter(article=first).update(views=12, day=date(2026, 1, 2), day_views=2)
    DailyViews.objects.create(counts=first.counts, day=date(2026, 1, 1), views=10)
    return [first, second, draft, later, gone]


def _labels(user, articles):
    # One term for Hugo.
    for slug in ("wsgi", "wsgi-2"):
        Tag.objects.create(name=slug.replace("wsgi-2", "WSGI"), slug=slug)
    kept, merged = (Tag.objects.create(name=name, slug=name) for name in ("kept", "merged"))
    articles[1].tags.add(merged)
    merging.merge([merged], kept, by=user)
    one, other = make_author("A. Writer", make_user("author")), make_author("A Writer")
    merging.merge([one], other, by=user)
    Page.objects.create(title="About", slug="about", body="Who *we* are.", status="published",
                        published_at=timezone.now())  # fmt: skip
    Page.objects.create(title="Imprint", slug="imprint", body="[Fill in: address]")
    FrontPage(lead=articles[0], opinion=articles[1].category).save()
    Menu.objects.get(place="header").entries.create(kind="article", key=articles[1].pk)
    Menu.objects.get(place="footer").entries.create(words="Elsewhere", address="https://example.org/")


def _versions(user, articles):
    for article in articles:
        saving.record(article, by=user)
    live = articles[0].versions.get()
    fields = fields_of(articles[0]) | {"title": "Another title"}
    note = ParagraphNote.objects.create(article=articles[0], by=user, text="Is it so?", words="Text with")
    ParagraphNote.objects.create(article=articles[0], by=user, text="It is.", answers_to=note)
    anchors = {str(note.pk): {"start": 0, "words": "Text with", "digest": "0" * 16}}
    saving.add(articles[0], fields, state=Version.State.WORKING, kind="saved", by=user, note="", base=live,
               anchors=anchors)  # fmt: skip
    Version.objects.create(
        article=articles[1], number=2, base=articles[1].versions.get(), state="scheduled", kind="saved", by=user,
        fields=fields_of(articles[1]), digest="0" * 16, goes_live_at=timezone.now() + timedelta(days=2),
        change_kind="update", public_note="Newer figures.",
    )  # fmt: skip


def _comments(user, articles):
    first = articles[0]
    root = make_comment(first, status="approved", body="Why?\n\n`code`", name="Реader")
    answer = make_comment(first, status="approved", parent=root, body="https://example.org/ says so")
    make_comment(first, status="rejected", parent=answer, reason="unkind", note="Please be kind.")
    below = make_comment(first, status="approved", parent=make_comment(first, status="spam", body="Buy!"))
    make_comment(articles[4], status="removed")
    erased = make_comment(first, status="approved", body="Erase me")
    make_comment(first, status="approved", parent=erased)
    erasure.erase([erased])
    held = make_comment(articles[1], body="Held")
    type(held).objects.filter(pk=held.pk).update(
        reader=READER, network=NETWORK, writer_hash=READER, claimed_by=user, is_suspect=True,
        holds=[{"rule": "words", "detail": "A word", "field": "body", "start": 0, "end": 4, "rejects": False}],
    )  # fmt: skip
    Revision.objects.create(comment=held, kind="comment", name="Marisol", body="Held, first", digest="0" * 64)
    decisions.pin(root)
    Thread.objects.update_or_create(article=articles[1], defaults={"policy": "closed", "close_after_days": 14})
    CommentSettings(policy="trust", trusted_after=3).save()
    Word(text="cheap watches").save()
    assert not below.is_visible


def _quizzes(user, articles):
    quiz = make_quiz(slug="a-quiz", articles=articles[:1], kinds=["cloze", "output", "numeric"])
    question = make_question(quiz, article=articles[0], explanation="See | a |\n\n| a |\n|---|\n| b |\n", hints="One")
    question.tags.add(QuestionTag.objects.create(name="loops"))
    quiz.publish(by=user)
    frozen = quiz.current_edition.bundle["questions"][0]
    corrections.correct(quiz, frozen, by=user, note="It was ambiguous.", action="disregard")
    FunnelCount.objects.create(edition=quiz.current_edition, stage="seen", count=7)
    make_quiz(slug="unpublished", published=False)
    assert Quiz.objects.count() == 2
