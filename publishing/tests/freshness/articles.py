"""Changes of everything that is stored in a `Magazine`, one after the other."""

from datetime import timedelta
from io import StringIO

from django.core.management import call_command
from django.utils import timezone

from articles.models import Article, Image, Tag
from comments.admin.rules.forms import ThreadForm
from comments.models import Ban, Comment, CommentSettings, Status, Thread, Word
from comments.moderation import decisions
from comments.privacy import erasure
from comments.tests.factories import comment_url, make_comment, sent
from publishing.maintenance import announcements
from publishing.models import Publication, Redirect
from publishing.sponsors.models import AdsTxt
from publishing.sponsors.tests.factories import switch
from quizzes.results import corrections
from quizzes.tests.factories import make_question, paper_data

from .magazine import change, saved, uploaded

# Dates and rows of all lists have one name each, and so has the text of all articles.
SITEMAP, SEARCH = r"^/sitemap", r"^/search/\?q"
# Pages with one name for all that is said under an article.
THREAD = r"/a\d/$|/comments|report"
# It may have comments.
PUBLISHED = f"{SITEMAP}|{SEARCH}|^/comments/feed"
NOT_SHOWN: set[str] = {
    "ModerationEntry", "Revision", "Report", "Batch", "BatchItem", "EmailAddress", "EndedMailbox", "NetworkKey",
    "BankCategory", "QuestionTag", "Attempt", "FunnelCount", "VisitorSalt", "View",
}  # fmt: skip


# --- what readers do not see ---

saved("a draft is saved", "Article", lambda m: m.draft, title="Another title", body="Words.\n\n" * 300)
saved("a draft has another category", "Article", lambda m: m.draft, category=lambda m: m.practice)
saved("a draft goes to review", "Article", lambda m: m.draft, status="review")


@change("a draft gets tags and an author", "Byline")
def _(m):
    m.edit(m.draft, tags=[m.tags[1].pk])
    m.edit(
        m.draft,
        **{"bylines-TOTAL_FORMS": 1, "bylines-0-article": m.draft.pk, "bylines-0-author": m.ines.pk},
        **{"bylines-0-position": 0},
    )


@change("a preview is read")
def _(m):
    assert m.reader.get(m.draft.get_preview_url()).status_code == 200


saved("an article is scheduled", "Article", lambda m: m.draft, status="published",
      published_at=lambda m: timezone.now() + timedelta(days=3))  # fmt: skip
saved("a scheduled article is edited", "Article", lambda m: m.draft, summary="Soon.")
saved(
    "a scheduled article is a draft again",
    "Article",
    lambda m: m.draft,
    status="draft",
    published_at=None,
)
saved("an unpublished quiz is saved", "Quiz", lambda m: m.unpublished, title="Another quiz")
saved(
    "a picture is described that is on no page",
    "Image",
    lambda m: Image.objects.create(file=uploaded()),
    alt="A reed",
)


@change("a tag, a category's address and a redirect nobody sees", "Tag Redirect")
def _(m):
    Tag.objects.create(name="unused", slug="unused")
    Redirect.objects.create(old_path="/old", new_path="/archive/")


@change("a question of the bank is edited", "Question Choice Placement")
def _(m):
    question = m.quizzes[0].questions_in_order()[0]
    question.stem = "Another stem"
    question.save()
    make_question(m.quizzes[0])


@change("a comment is sent and held", "Comment")
def _(m):
    url = comment_url(m.articles[2])
    assert m.reader.post(url, sent(body="Held for a moderator.")).status_code == 303


@change("a comment is edited by its writer", "Comment")
def _(m):
    comment = Comment.objects.order_by("-pk").first()
    response = m.reader.post(comment.get_receipt_url() + "edit/", sent(body="Held, and better."))
    assert response.status_code in (302, 303)


@change("a held comment is rejected", "Comment")
def _(m):
    decisions.reject(Comment.objects.order_by("-pk").first(), m.owner)


@change("words and bans", "Word Ban")
def _(m):
    Word.objects.create(text="spam")
    Ban.objects.create(kind="reader", value="x", reason="Spam")


@change("rules for comments that readers do not see", "CommentSettings")
def _(m):
    rules = CommentSettings.current()
    rules.links_held = 5
    rules.save()


# --- comments ---


@change("a comment is approved", "Comment Thread", in_vain=THREAD)
def _(m):
    decisions.approve(m.held, m.owner)


@change("an editor answers", "Comment", in_vain=THREAD)
def _(m):
    decisions.answer(m.comment, "Thank you.", m.owner, "Ines")


@change("a comment is pinned", "Thread", in_vain=THREAD)
def _(m):
    decisions.pin(m.held)


@change("a comment is reported")
def _(m):
    assert m.reader.post(f"/comments/{m.comment.pk}/report/", {"reason": "spam"}).status_code == 200


@change("a comment is removed", "Comment", in_vain=THREAD)
def _(m):
    m.held.refresh_from_db()
    decisions.remove(m.held, m.owner)


@change("a comment is erased", "Comment", in_vain=THREAD)
def _(m):
    erasure.erase([m.other])


@change("comments on an article are closed", "Thread", in_vain=THREAD)
def _(m):
    ThreadForm({"policy": "closed"}, instance=Thread.stored(m.articles[0])).save()


@change("comments close after two weeks", "CommentSettings", in_vain=r"/a\d/$|comments/\?")
def _(m):
    rules = CommentSettings.current()
    rules.close_after_days = 14
    rules.save()


@change("comments are imported", "Comment", in_vain=THREAD)
def _(m):
    make_comment(m.articles[1], status=Status.APPROVED, name="Rosa")


# --- articles ---

saved("a title is changed", "Article", lambda m: m.articles[3], title="Renamed headline")
saved("a summary is changed", "Article", lambda m: m.articles[0], summary="Something else.")
saved(
    "a text is changed",
    "Article",
    lambda m: m.articles[0],
    body="One other paragraph.\n\n## A heading\n\nEnd.",
    in_vain=SEARCH,
)
saved(
    "a heading is changed",
    "Article",
    lambda m: m.articles[0],
    body="One other paragraph.\n\n## A title\n\nEnd.",
    in_vain=SEARCH,
)
saved(
    "an article is much longer",
    "Article",
    lambda m: m.articles[1],
    body="A paragraph of words.\n\n" * 300,
    in_vain=f"{SEARCH}|^/archive/",
)
saved("an article has another category", "Article", lambda m: m.articles[4], category=lambda m: m.practice)
saved("an article leaves its series", "Article", lambda m: m.articles[1], series=None, series_position=None)
saved("an article enters a series", "Article", lambda m: m.articles[1], series=lambda m: m.series, series_position=4)
saved("an article has a cover", "Article", lambda m: m.articles[4], cover=lambda m: m.image)
saved("an article leads the home page", "Article", lambda m: m.articles[2], featured=True)
saved("a title for search engines", "Article", lambda m: m.articles[2], seo_title="Found")
saved(
    "an article was published elsewhere",
    "Article",
    lambda m: m.articles[2],
    canonical_url="https://example.com/a",
    in_vain="comments|report",
)
saved("an article moves to another month", "Article", lambda m: m.articles[5],
      published_at=lambda m: timezone.now() - timedelta(days=41), in_vain="comments")  # fmt: skip


@change("an article has another address", "Article Redirect")
def _(m):
    m.articles[4].refresh_from_db()
    m.articles[4].slug = "renamed"
    m.articles[4].save()


@change("an article has its old address again", "Article Redirect")
def _(m):
    m.articles[4].slug = "a4"
    m.articles[4].save()


@change("an article has other tags", "Article RelatedArticles", in_vain=SITEMAP)
def _(m):
    m.articles[2].refresh_from_db()
    m.edit(m.articles[2], tags=[m.tags[2].pk])


@change("an article has another author", "Byline", in_vain=SITEMAP)
def _(m):
    m.edit(m.articles[2], **{"bylines-0-author": m.ines.pk})


@change("an article is published", "Article RelatedArticles", in_vain=PUBLISHED)
def _(m):
    m.draft.refresh_from_db()
    m.draft.publish(by=m.owner)


@change("an article is archived", "Article Redirect RelatedArticles", in_vain=PUBLISHED)
def _(m):
    m.draft.archive(by=m.owner)


@change("an article is published again", "Article Redirect", in_vain=PUBLISHED)
def _(m):
    m.draft.publish(by=m.owner)


@change("an article is deleted", "Article ArticleCounts", in_vain=PUBLISHED)
def _(m):
    m.draft.delete()


@change("an article is imported", "Article Byline Tag", in_vain=PUBLISHED)
def _(m):
    folder = m.folder
    (folder / "imported.md").write_text(
        "---\ntitle: Imported\ndate: 2026-01-02\ncategory: Opinion\ntags: [http]\n---\nA paragraph.\n"
    )
    call_command("import_markdown", folder, stdout=StringIO())


@change("two articles are hidden at once", "Article", in_vain=PUBLISHED)
def _(m):
    Article.objects.filter(slug="imported").update(status="archived")


# --- lists ---

saved("a category is described", "Category", lambda m: m.opinion, description="What we think.")
saved("an author has a biography", "Author", lambda m: m.ines, biography="Writes.")
saved("an author has another name", "Author", lambda m: m.omar, name="Omar H. Haddad")
saved("a tag has another name", "Tag", lambda m: m.tags[0], name="HTTP/2")
saved("a tag has another address", "Tag", lambda m: m.tags[2], slug="renamed", in_vain="feed|atom")
saved("a series has another title", "Series", lambda m: m.series, title="By machine")
saved("a series is described", "Series", lambda m: m.series, description="In order.")
saved("a picture is described", "Image", lambda m: m.image, alt="A hand loom")
saved("a picture is credited", "Image", lambda m: m.image, credit="Omar Haddad")


@change("a tag is deleted", "Tag", in_vain=SITEMAP)
def _(m):
    m.tags[1].delete()


@change("a series is deleted", "Series", in_vain=SITEMAP)
def _(m):
    m.series.delete()


@change("a picture is deleted", "Image")
def _(m):
    m.image.delete()


# --- quizzes ---

saved("a quiz has another title", "Quiz", lambda m: m.quizzes[0], title="Renamed quiz")
saved("a quiz has a summary", "Quiz", lambda m: m.quizzes[0], summary="On what you have read.")


@change("a quiz has a new edition", "Quiz Edition")
def _(m):
    m.quizzes[0].publish(by=m.owner)


@change("a question is corrected", "Correction")
def _(m):
    question = m.quizzes[0].current_edition.bundle["questions"][0]
    corrections.correct(m.quizzes[0], question, by=m.owner, note="It was wrong.", action="disregard")


@change("a quiz is linked to other articles", "Quiz")
def _(m):
    m.quizzes[0].link_to([m.articles[1]])


@change("a quiz is published", "Quiz Edition", in_vain=SITEMAP)
def _(m):
    m.unpublished.refresh_from_db()
    m.unpublished.publish(by=m.owner)


@change("a quiz is withdrawn", "Quiz", in_vain=SITEMAP)
def _(m):
    m.unpublished.withdraw(by=m.owner)


@change("answers are handed in")
def _(m):
    url = m.quizzes[1].get_absolute_url()
    assert m.reader.post(url, paper_data(m.quizzes[1], "Right", "Right")).status_code == 303


# --- the site ---


@change("ads.txt", "AdsTxt")
def _(m):
    AdsTxt(lines="example.com, 2, DIRECT").save()


saved("a category has another name", "Category", lambda m: m.practice, name="Craft", is_on_every_page=True)


@change("the publication has another name", "Publication", is_on_every_page=True)
def _(m):
    Publication(name="The Reed").save()


@change("a slot is switched off", "Slot", is_on_every_page=True)
def _(m):
    switch("list", False)


@change("maintenance is announced", "Window", is_on_every_page=True)
def _(m):
    announcements.announce("banner", sentence="We are moving house.")


@change("maintenance ends", "Window", is_on_every_page=True)
def _(m):
    announcements.end()


@change("an article is viewed and hearted", "Heart ArticleCounts", may_lag=True)
def _(m):
    url = m.articles[0].get_absolute_url()
    assert m.reader.post(url + "view/").status_code == 204
    assert m.reader.post(url + "heart/", {"wanted": "yes"}).status_code == 200
