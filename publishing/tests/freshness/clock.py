"""What changes by the clock, which invalidates nothing: it is announced, and then its moment comes."""

from articles.models import Article
from publishing.maintenance import announcements
from quizzes.tests.factories import make_quiz

from .magazine import PUBLISHED, Changes, in_form, now

changes = Changes()
change = changes.change


@change("an article is to appear soon", "Article", in_vain=".", short=True)
def _(m):
    m.moment = now() + m.soon
    m.add(
        Article, title="Soon", slug="soon", body="Words.", summary="In short.", category__new=str(m.opinion.pk),
        tags=[str(m.tags[0].pk)], byline=[str(m.ines.pk)], step="schedule", **in_form("at", m.moment),
    )  # fmt: skip


@change("it appears", short=True)
def _(m):
    m.wait_until(m.moment)


@change("changes of an article are to appear soon, and another one is to be archived", "Article Version", in_vain=".")
def _(m):
    m.moment = now() + m.soon
    m.articles[0].refresh_from_db()
    m.save(m.articles[0], step="schedule", at=m.moment, title="By the clock")
    m.save(Article.objects.get(slug="soon"), step="archive_later", at=m.moment)


@change("they appear, and it is archived", "Correction Redirect", in_vain=PUBLISHED)
def _(m):
    m.wait_until(m.moment)


@change("a quiz is to appear soon", "Quiz", in_vain=".", short=True)
def _(m):
    m.moment = now() + m.soon
    make_quiz(slug="soon", articles=m.articles[:1], published=False).publish(by=m.owner, at=m.moment)


@change("it appears", short=True)
def _(m):
    m.wait_until(m.moment)


@change("a notice of maintenance is to begin soon and to end", "Window", is_on_every_page=True, short=True)
def _(m):
    m.moment = now() + m.soon
    announcements.announce("banner", starts_at=m.moment, ends_at=m.moment + m.soon, sentence="We are moving house.")


@change("it begins", short=True)
def _(m):
    m.wait_until(m.moment)


@change("it ends", short=True)
def _(m):
    m.wait_until(m.moment + m.soon)


@change("a closure is to begin soon and to end, of which readers are told before", "Window", is_on_every_page=True)
def _(m):
    m.moment = now() + m.soon
    announcements.announce("closed", starts_at=m.moment + m.soon, ends_at=m.moment + 2 * m.soon, announce_before=m.soon)


@change("readers are told of it")
def _(m):
    m.wait_until(m.moment)
    m.moment += m.soon


@change("it begins")
def _(m):
    m.wait_until(m.moment)


@change("it ends")
def _(m):
    m.wait_until(m.moment + m.soon)
