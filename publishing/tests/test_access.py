"""The response of every named URL in every role: hidden is 404, not permitted is 403, withdrawn is 410."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone
from PIL import Image as Picture

from articles import covers
from articles.covers import sharing
from articles.models import Article, FrontPage, Image, LinkCard, Page, Recording, Series, Tag
from articles.models.taxonomy import KINDS
from articles.staff.links import link_for
from articles.tests.recordings.files import sound
from comments.models import Comment, CommentSettings, EmailAddress, Status, Word
from comments.moderation import bulk
from comments.screening import bans
from comments.tests.factories import make_comment
from publishing.bases import addressed
from publishing.identity import face
from publishing.inbox import words as desk
from publishing.maintenance import announcements
from publishing.maintenance.models import PassLink
from publishing.maintenance.passing import links
from publishing.models import Publication, Redirect
from publishing.moving.models import Transfer
from publishing.sponsors.models import AdSense, AdsTxt
from publishing.sponsors.tests.factories import fill
from publishing.sponsors.tests.house.factories import make_creative
from publishing.web import words
from quizzes.models import Attempt, Correction, QuestionTag
from quizzes.tests.factories import make_quiz, paper_data

from .factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db

STAFF = ("author", "editor", "moderator", "owner")
EVERYONE = ("reader", *STAFF)
# The digest of a card that is drawn in another way now.
OLD = "0" * 12
MEDIA = "0123456789abcdef0123456789abcdef.webp"

# Name of the address: which thing it is about, and what GET and a POST from our own page answer, to everyone alike.
PUBLIC = {
    "articles:home": ("", 200, 405),
    "articles:home-card": ("old card", 302, 405),
    "articles:detail": ("article", 200, 405),
    "articles:heart": ("article", 405, 200),
    "articles:view": ("article", 405, 204),
    "articles:card": ("article", 200, 405),
    "articles:versioned-card": ("card", 200, 405),
    "articles:cover": ("cover", 200, 405),
    "articles:square-cover": ("cover", 200, 405),
    "articles:category": ("category", 200, 405),
    "articles:category-feed": ("category", 200, 405),
    "articles:category-card": ("old card of category", 302, 405),
    "articles:tag": ("tag", 200, 405),
    "articles:tag-feed": ("tag", 200, 405),
    "articles:tag-card": ("old card of tag", 302, 405),
    "articles:author": ("author", 200, 405),
    "articles:author-feed": ("author", 200, 405),
    "articles:author-card": ("old card of author", 302, 405),
    "articles:series": ("series", 200, 405),
    "articles:series-feed": ("series", 200, 405),
    "articles:series-card": ("old card of series", 302, 405),
    "articles:categories": ("", 200, 405),
    "articles:tags": ("", 200, 405),
    "articles:authors": ("", 200, 405),
    "articles:all-series": ("", 200, 405),
    "articles:follow": ("", 200, 405),
    "articles:archive": ("", 200, 405),
    "articles:year": ("year", 200, 405),
    "articles:month": ("month", 200, 405),
    "articles:corrections": ("", 200, 405),
    "articles:corrections-feed": ("", 200, 405),
    "articles:opensearch": ("", 200, 405),
    "articles:search": ("", 200, 405),
    "articles:preview": ("preview", 200, 405),
    "articles:rss": ("", 200, 405),
    "articles:atom": ("", 200, 405),
    "articles:json-feed": ("", 200, 405),
    "articles:llms": ("", 200, 405),
    "comments:thread": ("article", 302, 422),
    "comments:thread-feed": ("article", 200, 405),
    "comments:thread-json": ("article", 200, 405),
    "comments:feed": ("", 200, 405),
    "comments:permalink": ("comment", 302, 405),
    "comments:report": ("comment", 200, 422),
    "comments:receipt": ("receipt", 200, 405),
    "comments:edit": ("receipt", 403, 403),
    "comments:withdraw": ("receipt", 403, 403),
    "comments:erase": ("receipt", 403, 403),
    "comments:mine": ("", 200, 405),
    "comments:mine-export": ("", 200, 405),
    "comments:mine-erase": ("", 405, 422),
    "comments:confirm": ("confirmation", 200, 303),
    "comments:stop": ("way out", 200, 200),
    "quizzes:list": ("", 200, 405),
    "quizzes:feed": ("", 200, 405),
    "quizzes:paper": ("quiz", 200, 400),
    "quizzes:start": ("quiz", 405, 303),
    "quizzes:progress": ("quiz", 405, 204),
    "quizzes:result": ("result", 200, 405),
    "quizzes:print": ("result", 200, 405),
    "quizzes:card": ("old card of a quiz", 302, 405),
    "quizzes:result-card": ("old card of a result", 302, 405),
    "staff:forgotten": ("", 200, 200),
    "staff:password": ("link", 302, 302),
    "pages:page": ("page", 200, 405),
    "pages:preview": ("preview of a page", 200, 405),
    "desk-words": ("words of the admin", 200, 405),
    "words": ("words of readers' scripts", 200, 405),
    "sitemap": ("", 200, 405),
    "sitemap-file": ("sitemap file", 200, 405),
    "maintenance-pass": ("link for testers", 200, 303),
    "robots": ("", 200, 405),
    "ads": ("", 200, 405),
    "favicon": ("", 200, 405),
    "manifest": ("", 200, 405),
    "identity-stylesheet": ("colours", 200, 405),
    "identity-file": ("icon", 200, 405),
    "security": ("", 404, 405),
    "healthz": ("", 200, 405),
    "readyz": ("", 200, 405),
    "metrics": ("", 404, 405),
    "csp-report": ("", 405, 204),
    "media": ("media", 200, 405),
    "sponsors:seen": ("creative", 405, 204),
    "sponsors:clicked": ("creative", 405, 204),
    "sponsors:report": ("report", 200, 405),
}
# The same addresses about things that readers do not see: 404 for everyone, staff too.
HIDDEN = {
    "articles:detail": ["draft", "review", "archived", "scheduled", "missing"],
    "articles:heart": ["draft", "review", "archived", "scheduled", "missing"],
    "articles:view": ["draft", "review", "archived", "scheduled", "missing"],
    "articles:card": ["draft", "review", "archived", "scheduled", "missing"],
    "articles:versioned-card": ["card of a draft", "missing card"],
    "articles:cover": ["cover of a draft", "missing card"],
    "articles:square-cover": ["cover of a draft", "missing card"],
    "comments:thread": ["draft", "review", "archived", "scheduled", "missing"],
    "comments:thread-feed": ["draft", "review", "archived", "scheduled", "missing"],
    "comments:thread-json": ["draft", "review", "archived", "scheduled", "missing"],
    "articles:category": ["missing"],
    "articles:category-feed": ["missing"],
    "articles:category-card": ["missing card"],
    "articles:tag": ["missing"],
    "articles:tag-feed": ["missing"],
    "articles:tag-card": ["missing card"],
    "articles:author": ["missing"],
    "articles:author-feed": ["missing"],
    "articles:author-card": ["missing card"],
    "articles:series": ["missing"],
    "articles:series-feed": ["missing"],
    "articles:series-card": ["missing card"],
    "articles:year": ["empty year"],
    "articles:month": ["empty month", "no month"],
    "articles:preview": ["missing", "forged preview"],
    "comments:permalink": ["pending comment", "rejected comment", "comment on a draft", "missing number"],
    "comments:report": ["pending comment", "rejected comment", "comment on a draft", "missing number"],
    "comments:receipt": ["missing", "forged receipt", "preview"],
    "comments:edit": ["missing", "forged receipt", "preview"],
    "comments:withdraw": ["missing", "forged receipt", "preview"],
    "comments:erase": ["missing", "forged receipt", "preview"],
    "comments:confirm": ["missing", "receipt", "way out"],
    "comments:stop": ["missing", "receipt", "confirmation"],
    "quizzes:paper": ["unpublished quiz", "scheduled quiz", "missing"],
    "quizzes:start": ["unpublished quiz", "scheduled quiz", "missing"],
    "quizzes:progress": ["unpublished quiz", "scheduled quiz", "missing"],
    "quizzes:result": ["missing"],
    "quizzes:print": ["missing"],
    "quizzes:card": ["card of an unpublished quiz", "missing card"],
    "quizzes:result-card": ["missing card"],
    "pages:page": ["draft page", "scheduled page", "missing"],
    "pages:preview": ["missing", "preview"],
    "maintenance-pass": ["missing", "preview", "receipt", "revoked link for testers"],
    "sitemap-file": ["missing sitemap file", "sitemap file of no kind"],
    "media": ["missing media"],
    "sponsors:report": ["missing", "forged report"],
    "identity-file": ["missing icon"],
}
# Public pages as staff see them: what GET answers an author, an editor, a moderator and the owner. Readers: 404.
OF_STAFF = {
    "slot-preview-home": ("", [404, 200, 404, 200]),
    "slot-preview": ("article", [404, 200, 404, 200]),
}
# Our models in the admin: list, form for a new one, an existing one. One row a role: author, editor, moderator, owner.
ADMINS = {
    "articles.article": ([200, 200, 403, 200], [200, 200, 403, 200], [200, 200, 403, 200]),
    "articles.category": ([200, 200, 403, 200], [403, 200, 403, 200], [200, 200, 403, 200]),
    "articles.tag": ([200, 200, 403, 200], [403, 200, 403, 200], [200, 200, 403, 200]),
    "articles.author": ([200, 200, 403, 200], [403, 200, 403, 200], [200, 200, 403, 200]),
    "articles.series": ([200, 200, 403, 200], [403, 200, 403, 200], [200, 200, 403, 200]),
    "articles.frontpage": ([403, 302, 403, 302], [403, 403, 403, 403], [403, 200, 403, 200]),
    "articles.correction": ([403, 200, 403, 200], [403, 403, 403, 403], [403, 200, 403, 200]),
    "articles.image": ([200, 200, 403, 200], [200, 200, 403, 200], [200, 200, 403, 200]),
    "articles.recording": ([200, 200, 403, 200], [200, 200, 403, 200], [200, 200, 403, 200]),
    "articles.page": ([403, 200, 403, 200], [403, 200, 403, 200], [403, 200, 403, 200]),
    "articles.menu": ([403, 200, 403, 200], [403, 403, 403, 403], [403, 200, 403, 200]),
    "articles.linkcard": ([403, 200, 403, 200], [403, 403, 403, 403], [403, 200, 403, 200]),
    "comments.comment": ([403, 200, 200, 200], [403, 403, 403, 403], [403, 200, 200, 200]),
    "comments.moderationentry": ([403, 200, 200, 200], [403, 403, 403, 403], [403, 302, 302, 302]),
    "comments.batch": ([403, 200, 200, 200], [403, 403, 403, 403], [403, 200, 200, 200]),
    "comments.word": ([403, 403, 200, 200], [403, 403, 200, 200], [403, 403, 200, 200]),
    "comments.ban": ([403, 403, 200, 200], [403, 403, 200, 200], [403, 403, 200, 200]),
    "comments.commentsettings": ([403, 200, 403, 200], [403, 403, 403, 403], [403, 200, 403, 200]),
    # Authors see the quizzes of their own articles; that of someone else leads to the front page.
    "quizzes.quiz": ([200, 200, 403, 200], [200, 200, 403, 200], [302, 200, 403, 200]),
    "quizzes.question": ([200, 200, 403, 200], [200, 200, 403, 200], [200, 200, 403, 200]),
    "quizzes.bankcategory": ([200, 200, 403, 200], [403, 200, 403, 200], [200, 200, 403, 200]),
    "quizzes.questiontag": ([200, 200, 403, 200], [403, 200, 403, 200], [200, 200, 403, 200]),
    "quizzes.edition": ([403, 200, 403, 200], [403, 403, 403, 403], [403, 200, 403, 200]),
    "quizzes.attempt": ([403, 200, 403, 200], [403, 403, 403, 403], [403, 200, 403, 200]),
    "publishing.publication": ([403, 200, 403, 200], [403, 403, 403, 403], [403, 200, 403, 200]),
    "publishing.redirect": ([403, 200, 403, 200], [403, 200, 403, 200], [403, 200, 403, 200]),
    "moving.transfer": ([403, 403, 403, 200], [403, 403, 403, 403], [403, 403, 403, 200]),
    "maintenance.window": ([403, 200, 403, 200], [403, 200, 403, 200], [403, 200, 403, 200]),
    "maintenance.passlink": ([403, 200, 403, 200], [403, 200, 403, 200], [403, 200, 403, 200]),
    "sponsors.slot": ([403, 200, 403, 200], [403, 403, 403, 403], [403, 200, 403, 200]),
    "sponsors.advertiser": ([403, 200, 403, 200], [403, 200, 403, 200], [403, 200, 403, 200]),
    "sponsors.creative": ([403, 200, 403, 200], [403, 200, 403, 200], [403, 200, 403, 200]),
    "sponsors.adsense": ([403, 200, 403, 200], [403, 403, 403, 403], [403, 302, 403, 302]),
    "sponsors.adstxt": ([403, 200, 403, 200], [403, 403, 403, 403], [403, 200, 403, 200]),
    "auth.user": ([403, 403, 403, 200], [403, 403, 403, 200], [403, 403, 403, 200]),
    "auth.group": ([403, 403, 403, 200], [403, 403, 403, 403], [403, 403, 403, 200]),
}
# Kept by django-axes and django-tasks, only to be looked at.
OTHER_ADMINS = {"axes.accesslog", "axes.accessfailurelog", "django_tasks_database.dbtaskresult"}
# Addresses that our own ModelAdmins add: what they are about, what POST answers each role, and what GET answers.
ADMIN_EXTRAS = {
    "articles_article_autosave": ("articles.article", [404, 409, 403, 409], [405] * 4),
    "articles_article_autosave_new": ("", [200, 200, 403, 200], [405] * 4),
    "articles_article_bulk": ("bulk", [404, 404, 403, 404], [404, 404, 403, 404]),
    "articles_article_trash": ("", [302, 302, 403, 302], [200, 200, 403, 200]),
    "articles_article_check": ("", [200, 200, 403, 200], [405] * 4),
    "articles_article_links": ("", [405] * 4, [200, 200, 403, 200]),
    "articles_article_labels": ("kind", [403, 400, 403, 400], [200, 200, 403, 200]),
    "articles_article_presence": ("articles.article", [404, 400, 403, 400], [405] * 4),
    "articles_article_notes": ("articles.article", [404, 400, 403, 400], [405] * 4),
    "articles_article_note": ("note", [404, 404, 403, 404], [405] * 4),
    "articles_article_versions": ("articles.article", [405] * 4, [403, 200, 403, 200]),
    "articles_article_difference": ("articles.article", [405] * 4, [403, 200, 403, 200]),
    "articles_article_still_true": ("articles.article", [403, 302, 403, 302], [405] * 4),
    "articles_article_restore": ("articles.article", [403, 404, 403, 404], [405] * 4),
    "articles_image_pick": ("", [405, 405, 405, 405], [200, 200, 403, 200]),
    "articles_image_upload": ("", [400, 400, 403, 400], [405] * 4),
    "articles_recording_pick": ("", [405, 405, 405, 405], [200, 200, 403, 200]),
    "articles_recording_upload": ("", [400, 400, 403, 400], [405] * 4),
    "articles_article_render": ("", [200, 200, 403, 200], [405] * 4),
    **{f"articles_{kind}_merge": ("", [403, 302, 403, 302], [403, 302, 403, 302]) for kind in KINDS},
    **{f"articles_{kind}_unmerge": ("missing", [403, 404, 403, 404], [405] * 4) for kind in KINDS},
    "publishing_publication_preview": ("preview of the look", [404, 200, 404, 200], [404, 200, 404, 200]),
    "publishing_publication_colours": ("", [405] * 4, [200] * 4),
    "publishing_publication_colour": ("", [405] * 4, [200] * 4),
    "moving_transfer_in": ("", [403, 403, 403, 422], [403, 403, 403, 200]),
    "moving_transfer_out": ("", [403, 403, 403, 302], [403, 403, 403, 200]),
    "moving_transfer_download": ("moving.transfer", [403, 403, 403, 405], [403, 403, 403, 404]),
    "moving_transfer_part": ("", [403, 403, 403, 422], [403, 403, 403, 405]),
    "moving_transfer_report": ("moving.transfer", [403, 403, 403, 405], [403, 403, 403, 200]),
    "sponsors_creative_preview": ("", [404, 200, 404, 200], [404, 200, 404, 200]),
    "sponsors_slot_why": ("", [405] * 4, [403, 200, 403, 200]),
    "maintenance_window_plan": ("state", [403, 422, 403, 422], [403, 200, 403, 200]),
    "maintenance_window_past": ("", [405] * 4, [403, 200, 403, 200]),
    "maintenance_window_undo": ("", [403, 302, 403, 302], [405] * 4),
    "maintenance_window_end": ("maintenance.window", [403, 200, 403, 200], [405] * 4),
    "maintenance_window_extend": ("maintenance.window", [403, 302, 403, 302], [405] * 4),
    "sponsors_advertiser_report": ("sponsors.advertiser", [405] * 4, [403, 200, 403, 200]),
    "sponsors_advertiser_new_link": ("sponsors.advertiser", [403, 302, 403, 302], [405] * 4),
    "auth_user_mails": ("", [302, 302, 302, 302], [200, 200, 200, 200]),
    "auth_user_colleague": ("auth.user", [403, 403, 403, 422], [403, 403, 403, 200]),
    "comments_comment_next": ("queue", [403, 403, 302, 302], [403, 200, 302, 200]),
    "comments_comment_requests": ("", [403, 403, 422, 422], [403, 403, 200, 200]),
    "comments_moderationentry_undo": ("comments.moderationentry", [403, 403, 409, 409], [405] * 4),
    "comments_batch_undo": ("comments.batch", [403, 403, 302, 302], [405] * 4),
    "quizzes_quiz_preview": ("quizzes.quiz", [404, 400, 403, 400], [404, 200, 403, 200]),
    "quizzes_question_preview": ("quizzes.question", [400, 400, 403, 400], [200, 200, 403, 200]),
    "quizzes_quiz_correct": ("quizzes.quiz", [403, 404, 403, 404], [403, 200, 403, 200]),
    "quizzes_quiz_undo_correction": ("correction", [403, 302, 403, 404], [403, 404, 403, 404]),
    "quizzes_quiz_statistics": ("quizzes.quiz", [405, 405, 405, 405], [404, 200, 403, 200]),
    "quizzes_quiz_export": ("quizzes.quiz", [405, 405, 405, 405], [404, 200, 403, 200]),
    "quizzes_quiz_import": ("", [403, 422, 403, 422], [403, 200, 403, 200]),
    "quizzes_question_headings": ("articles.article", [405, 405, 405, 405], [200, 200, 403, 200]),
}


def names_of(patterns, namespace=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"
        elif pattern.namespace != "admin":
            prefix = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from names_of(pattern.url_patterns, prefix)


def make_page(slug, at=None):
    page = Page.objects.create(title=slug, slug=slug)
    page.publish(by=None, at=at)
    return page


def about_pages():
    """The same for pages that are no article."""
    draft = Page.objects.create(title="Soon", slug="soon")
    return {
        "page": [make_page("about").slug],
        "draft page": [draft.slug],
        "scheduled page": [make_page("then", timezone.now() + timedelta(days=1)).slug],
        "preview of a page": [draft.get_preview_url().split("/")[3]],
    }


def drawings_of(article, author, draft):
    return {
        "card": [article.slug, sharing.of_article(article, [author.name]).digest],
        "card of a draft": ["draft", sharing.of_article(draft, []).digest],
        "cover": [article.slug, covers.of(article).digest],
        "cover of a draft": ["draft", covers.of(draft).digest],
        "missing card": ["missing", OLD],
    }


def links_for_testers():
    rows = {"link for testers": {}, "revoked link for testers": {"revoked_at": timezone.now()}}
    tomorrow = timezone.now() + timedelta(days=1)
    made = {name: PassLink.objects.create(name=name, expires_at=tomorrow, **fields) for name, fields in rows.items()}
    return {name: [links.address_of(link).split("/")[-2]] for name, link in made.items()}


def old_cards(article, author, tag, series, quiz, unpublished, answered):
    rows = {"category": article.category, "author": author, "tag": tag, "series": series}
    return {
        **{f"old card of {kind}": [row.slug, OLD] for kind, row in rows.items()},
        "old card": [OLD],
        "old card of a quiz": [quiz.slug, OLD],
        "card of an unpublished quiz": [unpublished.slug, OLD],
        "old card of a result": [answered.headers["Location"].split("/")[3], OLD],
    }


@pytest.fixture
def things():
    """The arguments of an address, by what it is about."""
    tag, series = Tag.objects.create(name="Python", slug="python"), Series.objects.create(title="S", slug="s")
    author = make_author()
    article = make_article(slug="out", authors=[author], tags=[tag], series=series)
    hidden = {status: make_article(slug=status, status=status) for status in ("draft", "review", "archived")}
    scheduled = make_article(slug="scheduled", published_at=timezone.now() + timedelta(days=1))
    quiz, unpublished = make_quiz(articles=[article]), make_quiz(published=False)
    later = make_quiz(published=False)
    later.publish(by=None, at=timezone.now() + timedelta(days=1))
    for withdrawn in (make_article(slug="withdrawn"), make_quiz(slug="withdrawn"), make_page("withdrawn")):
        withdrawn.archive(by=None)
    comment = make_comment(article, status=Status.APPROVED)
    address = EmailAddress.objects.create(reader="0" * 32, email="writer@reader.example")
    default_storage.save(MEDIA, ContentFile(b"RIFF....WEBP"))
    paper = paper_data(quiz, "Right", "Right")
    answered = Client().post(quiz.get_absolute_url(), paper, headers={"sec-fetch-site": "same-origin"})
    yield {
        "": [],
        "article": [article.slug],
        **drawings_of(article, author, hidden["draft"]),
        **old_cards(article, author, tag, series, quiz, unpublished, answered),
        "category": [article.category.slug],
        "tag": [tag.slug],
        "author": [author.slug],
        "series": [series.slug],
        "year": [article.published_at.year],
        "empty year": [1999],
        "month": [article.published_at.year, article.published_at.month],
        "preview": [hidden["draft"].get_preview_url().split("/")[2]],
        "comment": [comment.pk],
        "receipt": [comment.get_receipt_url().split("/")[3]],
        "confirmation": [address.get_confirm_url().split("/")[4]],
        "way out": [address.get_stop_url().split("/")[4]],
        "quiz": [quiz.slug],
        "result": [answered.headers["Location"].split("/")[3]],
        "media": [MEDIA],
        **of_the_look(),
        **(of_slots() | links_for_testers()),
        "link": link_for(make_user("author")).split("/")[-3:-1],
        **{status: [status] for status in ("draft", "review", "archived")},
        "scheduled": [scheduled.slug],
        "missing": ["missing"],
        "empty month": [1999, 12],
        "no month": [2026, 13],
        "forged preview": [hidden["draft"].get_preview_url().split("/")[2][:-1] + "_"],
        "forged receipt": [comment.get_receipt_url().split("/")[3][:-1] + "_"],
        "pending comment": [make_comment(article).pk],
        "rejected comment": [make_comment(article, status=Status.REJECTED).pk],
        "comment on a draft": [make_comment(hidden["draft"], status=Status.APPROVED).pk],
        "missing number": [10**30],
        "unpublished quiz": [unpublished.slug],
        "scheduled quiz": [later.slug],
        "sitemap file": ["articles", 1],
        "missing sitemap file": ["articles", 10**30],
        "sitemap file of no kind": ["drafts", 1],
        "missing media": ["f" * 32 + ".webp"],
        **about_pages(),
    }
    default_storage.delete(MEDIA)


def of_slots():
    AdSense().save()
    AdsTxt(lines="google.com, pub-0000000000000000, DIRECT, f08c47fec0942fa0").save()
    creative = make_creative()
    token = creative.advertiser.get_report_url().split("/")[3]
    return {"creative": [creative.pk], "report": [token], "forged report": [token[:-1] + "_"]}


def of_the_look():
    current = face.current()
    return {
        "colours": [current.stylesheet.removeprefix("/identity/").removesuffix(".css")],
        "icon": ["icon", current.files["icon"].digest, "svg"],
        "words of the admin": [desk.address().removeprefix("/admin/words-").removesuffix(".js")],
        "words of readers' scripts": [words.address().removeprefix("/words-").removesuffix(".json")],
        "missing icon": ["logo-light", "0" * 12, "svg"],
    }


@pytest.fixture
def browsers():
    """A browser for each kind of person; the reader's has no session."""
    found = {role: Client(headers={"user-agent": "Mozilla/5.0 Firefox/140.0"}) for role in EVERYONE}
    for role in STAFF:
        found[role].force_login(make_user(role))
    return found


# --- the public space ---


def test_every_named_address_has_its_row():
    assert sorted(names_of(get_resolver().url_patterns)) == sorted([*PUBLIC, *OF_STAFF])
    assert set(HIDDEN) <= set(PUBLIC)


def test_reading_is_the_same_for_everyone(browsers, things):
    for name, (about, status, _) in PUBLIC.items():
        for role, browser in browsers.items():
            response = browser.get(reverse(name, args=things[about]))
            assert response.status_code == status, (name, role)
            b"".join(response)


def test_writing_is_the_same_for_everyone(browsers, things):
    for name, (about, _, status) in PUBLIC.items():
        for role, browser in browsers.items():
            response = browser.post(
                reverse(name, args=things[about]), headers={"sec-fetch-site": "same-origin"}, content_type="text/plain"
            )
            assert response.status_code == status, (name, role)


def test_what_readers_do_not_see_is_hidden_from_everyone(browsers, things):
    for name, kinds in HIDDEN.items():
        method = "post" if PUBLIC[name][1] == 405 else "get"
        for about in kinds:
            # The visits of staff are not counted and not looked at, so that their beacon is always 204.
            roles = ["reader"] if name == "articles:view" else EVERYONE
            for role in roles:
                ask = getattr(browsers[role], method)
                response = ask(reverse(name, args=things[about]), headers={"sec-fetch-site": "same-origin"})
                assert response.status_code == 404, (name, about, role)


def test_pages_as_staff_see_them_are_there_for_nobody_else(browsers, things):
    for name, (about, statuses) in OF_STAFF.items():
        for role, status in {**dict(zip(STAFF, statuses, strict=True)), "reader": 404}.items():
            response = browsers[role].get(reverse(name, args=[f"articles/{key}/" for key in things[about]]))
            assert response.status_code == status, (name, role)
            assert "no-store" in response["Cache-Control"]
            assert status == 404 or (response["X-Robots-Tag"], response["Cache-Control"]) == (
                "noindex", "private, no-store",
            )  # fmt: skip


def test_what_was_withdrawn_says_so_to_everyone(browsers, things):
    for name, kind in addressed.registered.items():
        if kind not in ("article", "quiz", "page"):
            continue
        method = "post" if PUBLIC[name][1] == 405 else "get"
        for role in ["reader"] if name == "articles:view" else EVERYONE:
            ask = getattr(browsers[role], method)
            path = reverse(name, args=["withdrawn", *things[PUBLIC[name][0]][1:]])
            response = ask(path, headers={"sec-fetch-site": "same-origin"})
            assert response.status_code == 410, (name, role)


def test_nothing_that_is_hidden_is_named_anywhere(client, things):
    make_article(title="Zeppelin", slug="zeppelin", summary="Zeppelin", body="Zeppelin", status="draft")
    make_article(title="Zeppelin", slug="zeppelin-2", body="Zeppelin", published_at=timezone.now() + timedelta(hours=1))
    make_quiz(title="Zeppelin", slug="zeppelin", published=False)

    for name, (about, status, _) in PUBLIC.items():
        if status == 200 and name not in ("media", "articles:card", "articles:versioned-card", "articles:cover"):
            assert b"eppelin" not in client.get(reverse(name, args=things[about])).content, name
    assert b"zeppelin-2" not in client.get("/search/?q=zeppelin").content


def test_a_post_from_another_site_stores_nothing(browsers, things):
    before = Comment.objects.count(), Attempt.objects.count()
    for name in ("articles:heart", "comments:thread", "comments:report", "quizzes:paper"):
        path = reverse(name, args=things[PUBLIC[name][0]])
        for site in ("cross-site", "same-site", "none"):
            origin = {"origin": "https://evil.example"}
            response = browsers["reader"].post(
                path, {"name": "x", "body": "y"}, headers={"sec-fetch-site": site} | origin
            )
            assert response.status_code == 403, (name, site)
        assert browsers["reader"].post(path, {"name": "x", "body": "y"}).status_code == 403, name
    assert (Comment.objects.count(), Attempt.objects.count()) == before


# --- the admin ---


@pytest.fixture
def rows(things):
    """One existing row of every model in the admin."""
    fill("article-top")
    announcements.announce("banner", reason="Works")
    Publication().save()
    Redirect.objects.create(old_path="/old", new_path="/")
    picture = BytesIO()
    Picture.new("RGB", (2, 2)).save(picture, "PNG")
    image = Image.from_file(ContentFile(picture.getvalue(), "cat.png"), "A cat")
    make_user("author")
    CommentSettings().save()
    FrontPage().save()
    Word.objects.create(text="casino")
    QuestionTag.objects.create(name="loops")
    bans.impose(bans.of_email("writer@reader.example"), by=None)
    bulk.start("approve", [], by=None)
    LinkCard.objects.create(url="https://example.org/")
    Recording.objects.create(file=sound(), title="An interview")
    Transfer.objects.create(step="preview", state="done", name="blog.zip")
    found = {model._meta.label_lower: model.objects.first() for model in admin.site._registry}
    article = Article.objects.get(slug=things["article"][0])
    found["articles.correction"] = article.corrections.create(kind="update", note="Told to readers.")
    found["articles.article"] = article
    yield {label: row for label, row in found.items() if label in ADMINS}
    image.file.delete(save=False)


def admin_url(label, action, *args):
    return reverse(f"admin:{label.replace('.', '_')}_{action}", args=args)


def test_every_model_in_the_admin_has_its_row():
    assert {model._meta.label_lower for model in admin.site._registry} == set(ADMINS) | OTHER_ADMINS
    assert Group in admin.site._registry


def test_every_address_that_an_admin_adds_has_its_row():
    usual = ("changelist", "add", "change", "delete", "history", "password_change")
    names = {url.name for model in admin.site._registry.values() for url in model.get_urls() if url.name}

    assert {name for name in names if not name.endswith(usual)} == set(ADMIN_EXTRAS)


def test_a_reader_has_to_sign_in_everywhere_in_the_admin(client, rows):
    paths = [reverse("admin:index"), reverse("admin:password_change"), "/admin/no/such/page/", "/admin/articles/"]
    for label, row in rows.items():
        paths += [admin_url(label, "changelist"), admin_url(label, "add"), admin_url(label, "change", row.pk)]
        paths += [admin_url(label, "delete", row.pk), admin_url(label, "history", row.pk)]
    for path in paths:
        for response in (client.get(path), client.post(path)):
            assert response.status_code == 302, path
            assert response.headers["Location"].startswith("/admin/login/?next=/admin/"), path


def test_each_role_has_its_part_of_the_admin(browsers, rows):
    for label, (listed, added, changed) in ADMINS.items():
        paths = [admin_url(label, "changelist"), admin_url(label, "add"), admin_url(label, "change", rows[label].pk)]
        for path, expected in zip(paths, (listed, added, changed), strict=True):
            found = [browsers[role].get(path).status_code for role in STAFF]
            assert found == expected, path


def test_each_role_has_its_own_pages_of_the_admin(browsers, rows):
    quiz = rows["quizzes.quiz"]
    correction = Correction.objects.create(quiz=quiz, last_edition=1, question=1, action="disregard", note="x")
    arguments = {
        "": [],
        "bulk": ["1"],
        "kind": ["tag"],
        "state": ["read-only"],
        "preview of the look": ["front-page"],
        "missing": [1],
        "note": [rows["articles.article"].pk, 1],
        "queue": ["pending"],
        "correction": [quiz.pk, correction.pk],
    }
    for name, (about, expected, shown) in ADMIN_EXTRAS.items():
        path = reverse(f"admin:{name}", args=arguments[about] if about in arguments else [rows[about].pk])
        assert [browsers[role].post(path, {"body": "*x*"}).status_code for role in STAFF] == expected
        assert browsers["reader"].post(path).status_code == 302
        assert [browsers[role].get(path).status_code for role in STAFF] == shown, name
        assert browsers["reader"].get(path).status_code in (302, 405)


def test_all_staff_see_the_front_page_of_the_admin(browsers):
    assert [browsers[role].get("/admin/").status_code for role in STAFF] == [200] * 4
    assert browsers["reader"].get("/admin/").status_code == 302
    assert browsers["reader"].get("/admin/login/").status_code == 200


def test_signing_out_is_posted(browsers):
    assert browsers["owner"].get("/admin/logout/").status_code == 405
    assert browsers["owner"].get("/admin/").status_code == 200
    assert browsers["owner"].post("/admin/logout/").status_code == 200
    assert browsers["owner"].get("/admin/").status_code == 302


def test_the_admin_requires_a_token(rows):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user("owner"))
    for label in ("articles.article", "maintenance.window"):
        response = browser.post(admin_url(label, "add"), {"title": "x"}, headers={"sec-fetch-site": "same-origin"})
        assert response.status_code == 403
        assert b"This form has expired" in response.content
