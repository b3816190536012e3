"""Changes of articles that readers see."""

from datetime import timedelta
from io import StringIO

from django.urls import reverse

from articles.models import Article, FrontPage
from articles.versions import steps
from articles.versions.notes import Change
from publishing.tests.factories import make_article

from .forms import form_with, submit
from .hidden import stored
from .magazine import PUBLISHED, SEARCH, SITEMAP, Changes, now

TRASH = reverse("admin:articles_article_trash")
changes = Changes()
change, saved = changes.change, changes.saved

saved("a title is changed", "Article", lambda m: m.articles[3], title="Renamed headline", short=True)
saved("a summary is changed", "Article", lambda m: m.articles[0], summary="Something else.")
saved(
    "a text is changed",
    "Article",
    lambda m: m.articles[0],
    body="One other paragraph.\n\n## A heading\n\nEnd.",
    in_vain=SEARCH,
    short=True,
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
saved("an article has another place in its series", "Article", lambda m: m.articles[0], series_position=9, short=True)
saved("an article has a cover", "Article", lambda m: m.articles[4], cover=lambda m: m.image)
saved("a cover has other letters", "Article", lambda m: m.articles[3], cover_letters="Oz")
saved("an article leads the home page", "Article", lambda m: m.articles[2], featured=True)
saved("editors choose what leads the home page", "FrontPage", lambda m: stored(FrontPage), lead=lambda m: m.articles[1],
      opinion=lambda m: m.opinion, short=True)  # fmt: skip
saved("they leave it to the clock", "FrontPage", lambda m: stored(FrontPage), lead=None, opinion=None)
saved("a title for search engines", "Article", lambda m: m.articles[2], seo_title="Found")
saved(
    "an article was published elsewhere",
    "Article",
    lambda m: m.articles[2],
    canonical_url="https://example.com/a",
    in_vain="comments|report",
)
saved("a text has a picture", "Article", lambda m: m.articles[5], body=lambda m: m.image.as_markdown("A loom", ""),
      in_vain=SEARCH)  # fmt: skip


@change("an article moves to another month", "Article", in_vain="comments")
def _(m):
    m.articles[5].refresh_from_db()
    m.articles[5].published_at = now() - timedelta(days=41)
    m.articles[5].save()


@change("an article is corrected", "Correction Version", short=True)
def _(m):
    m.articles[4].refresh_from_db()
    steps.publish(m.articles[4], by=None, change=Change("correction", "It is so."))


@change("an article has another address", "Article Redirect")
def _(m):
    m.save(m.articles[4], slug="renamed")


@change("an article has its old address again", "Article Redirect")
def _(m):
    m.save(m.articles[4], slug="a4")


@change("an article that a text links to has another address", "Article Link Redirect", in_vain=SEARCH)
def _(m):
    m.articles[3].refresh_from_db()
    m.save(m.articles[3], body="See [what is there](/articles/a5/).\n\n## A heading\n\nAnother paragraph.")
    m.articles[5].refresh_from_db()
    m.save(m.articles[5], slug="moved-too")
    m.command("db_worker", "--batch", "--no-startup-delay", verbosity=0)


@change("an article has other tags", "Article RelatedArticles", in_vain=SITEMAP)
def _(m):
    m.articles[2].refresh_from_db()
    m.save(m.articles[2], tags=[m.tags[2]])


@change("an article has another author", "Byline", in_vain=SITEMAP)
def _(m):
    m.save(m.articles[2], byline=[m.ines])


@change("an article is published", "Article ListCount RelatedArticles", in_vain=PUBLISHED, short=True)
def _(m):
    m.change_many("publish", m.draft)


@change("an article is archived", "Article Redirect RelatedArticles", in_vain=PUBLISHED, short=True)
def _(m):
    m.change_many("archive", m.draft)


@change("an article is published again", "Article Redirect", in_vain=PUBLISHED)
def _(m):
    m.save(m.draft, step="publish")


@change("an article is unpublished", "Article Redirect", in_vain=PUBLISHED)
def _(m):
    m.save(m.draft, step="unpublish")


@change("the draft that it is now is published", "Article Redirect", in_vain=PUBLISHED)
def _(m):
    m.save(m.draft, step="publish", note="Corrected.")


@change("an article is moved to the trash", "Article Redirect TrashedArticle", in_vain=PUBLISHED)
def _(m):
    m.delete(m.draft)


def import_articles(m, *titles, date="2026-01-02"):
    folder = m.folder / titles[0]
    folder.mkdir()
    for title in titles:
        (folder / f"{title}.md").write_text(
            f"---\ntitle: {title}\ndate: {date}\ncategory: Opinion\ntags: [http]\n---\nA paragraph.\n"
        )
    m.command("import_site", folder, stdout=StringIO())


@change("an article is restored from the trash", "Article TrashedArticle", in_vain=PUBLISHED)
def _(m):
    assert submit(m.admin, TRASH, "chosen", restore__new=str(m.draft.pk)).status_code == 302


@change("many articles are moved to the trash", "Article TrashedArticle", in_vain=PUBLISHED)
def _(m):
    m.change_many("trash", m.draft)


@change("an article is deleted for ever", "Article ArticleCounts TrashedArticle")
def _(m):
    asked = submit(m.admin, TRASH, "chosen", delete__new=str(m.draft.pk))
    form = form_with(asked.content.decode(), "delete_for_ever")
    assert m.admin.post(TRASH, form.values | {"delete_for_ever": [""]}).status_code == 302


@change("the trash is emptied", "Article TrashedArticle")
def _(m):
    other = make_article(status="draft", published_at=None)
    m.delete(other)
    m.command("empty_trash", days=0, verbosity=0)


@change("an article is imported", "Article Byline Tag", in_vain=PUBLISHED)
def _(m):
    import_articles(m, "imported")


@change("two articles are hidden at once", "Article", in_vain=PUBLISHED)
def _(m):
    Article.objects.filter(slug="imported").update(status="archived")


# The rank of a hit depends on all texts, also on those that readers do not see.
@change("an article is deleted with others", "Article Redirect", in_vain=PUBLISHED, lags=SEARCH)
def _(m):
    Article.objects.filter(slug="imported").delete()


@change("an article is written", "Article", in_vain=PUBLISHED)
def _(m):
    m.add(
        Article, title="Written", slug="written", body="Words.", summary="In short.", step="publish",
        category__new=str(m.opinion.pk), byline=[str(m.ines.pk)],
    )  # fmt: skip


@change("it is archived by its button", "Article Redirect", in_vain=PUBLISHED)
def _(m):
    m.save(Article.objects.get(slug="written"), step="archive")


# All are more related to the others than these are to each other.
@change("many articles are imported", "Article RelatedArticles", in_vain=PUBLISHED)
def _(m):
    import_articles(m, *(f"one-{number}" for number in range(8)), date="2026-01-03")


@change("they are archived at once", "Article Redirect RelatedArticles", in_vain=PUBLISHED)
def _(m):
    m.change_many("archive", *Article.objects.filter(slug__startswith="one-"))


@change("an article is unpublished with others", "Article Redirect", in_vain=PUBLISHED, short=True)
def _(m):
    m.change_many("unpublish", m.articles[5])


@change("that is undone", "Article Redirect", in_vain=PUBLISHED, short=True)
def _(m):
    m.undo_many()


@change("articles get another category at once", "Article ListCount RelatedArticles", in_vain=SITEMAP)
def _(m):
    m.change_many("category", *m.articles[:2], category=m.practice.pk)


@change("articles get a tag at once", "Article ListCount RelatedArticles", in_vain=SITEMAP)
def _(m):
    m.change_many("tag", *m.articles[3:5], tag=m.tags[0].pk)


# Links to an article name its language, and those in these two have no place for it.
@change("articles get a language at once", "Article", in_vain=rf"{SITEMAP}|^/llms\.txt|^/corrections/feed\.xml")
def _(m):
    m.change_many("language", *m.articles[3:5], language="de")
