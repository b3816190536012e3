"""Changes of what readers do not see: they render nothing."""

from datetime import timedelta
from io import StringIO

from django.contrib.auth.models import User

from articles.models import Article, Image, Series, Tag, Version
from articles.versions import steps
from comments.mail import tasks
from comments.models import Ban, CommentSettings, Word
from comments.tests.factories import comment_url, sent
from publishing.maintenance.models import PassLink
from publishing.tests.factories import make_category
from publishing.tests.pictures import uploaded
from quizzes.models import Quiz

from .forms import submit
from .magazine import Changes, admin_url, now

# Before a rule is saved, a page shows its effect.
CONFIRMED = {"_confirmed__new": "1"}
changes = Changes()
change, saved = changes.change, changes.saved

saved("a draft is saved", "Article", lambda m: m.draft, title="Another title", body="Words.\n\n" * 300, short=True)
saved("a draft has another category", "Article", lambda m: m.draft, category=lambda m: m.practice)
saved("a draft goes to review", "Article", lambda m: m.draft, step="review")
saved("a draft is sent back", "Article", lambda m: m.draft, step="send_back", note="Shorter, please.")


@change("a draft gets tags and an author", "Byline")
def _(m):
    m.save(m.draft, tags=[m.tags[1]], byline=[m.ines])


# Of a published article, readers see these changes when they are published.
saved("changes of an article are saved", "Version", lambda m: m.articles[3], step="save", title="Not yet",
      body="Not yet.", slug="not-yet", tags=lambda m: m.tags[:1], byline=lambda m: [m.ines], short=True)  # fmt: skip


@change("changes of an article are saved while somebody types", "Version")
def _(m):
    m.type(m.articles[3], title="Nor now")


@change("changes are sent for review and sent back", "Version")
def _(m):
    steps.send_for_review(m.articles[3], by=m.owner)
    m.save(m.articles[3], step="send_back", note="Shorter, please.")


saved("changes are discarded", "Version", lambda m: m.articles[3], step="discard", short=True)
# The page of the article ends at that moment.
saved("changes are scheduled", "Version", lambda m: m.articles[3], step="schedule", title="In three days",
      at=lambda m: now() + timedelta(days=3), in_vain="/a3/$", short=True)  # fmt: skip


@change("an earlier version is restored", "Version")
def _(m):
    steps.restore(m.articles[3].versions.last(), by=m.owner)
    m.save(m.articles[3], step="discard")


@change("an article is to be archived, and is not", "Article", in_vain="/a3/$")
def _(m):
    m.save(m.articles[3], step="archive_later", at=now() + timedelta(days=3))
    m.save(m.articles[3], step="keep")


@change("old versions are thinned", "Version")
def _(m):
    for version in m.articles[3].versions.all():
        steps.restore(version, by=m.owner)
    Version.objects.update(changed_at=now() - timedelta(days=100))
    m.command("thin_versions", stdout=StringIO())


@change("an article is copied", "Article Version")
def _(m):
    m.save(m.articles[3], step="copy")
    m.delete(Article.objects.order_by("pk").last())


@change("a draft begins while somebody types", "Article Version")
def _(m):
    m.type(Article, title="Typed")
    m.delete(Article.objects.get(title="Typed"))


@change("a preview is read")
def _(m):
    assert m.reader.get(m.draft.get_preview_url()).status_code == 200


@change("preview links are revoked", "Article")
def _(m):
    steps.revoke_previews(m.draft, by=m.owner)


@change("the text of a draft is shown beside its editor")
def _(m):
    page = m.admin.get(admin_url(m.draft, "change", m.draft.pk)).content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    data = {"body": "Some *words*.", "csrfmiddlewaretoken": token}
    assert m.admin.post(admin_url(Article, "render"), data).status_code == 200


saved("an article is scheduled", "Article", lambda m: m.draft, step="schedule",
      at=lambda m: now() + timedelta(days=3), short=True)  # fmt: skip
saved("a scheduled article is edited", "Article", lambda m: m.draft, summary="Soon.", short=True)
saved("a scheduled article is a draft again", "Article", lambda m: m.draft, step="unpublish", short=True)
saved("an unpublished quiz is saved", "Quiz", lambda m: m.unpublished, title="Another quiz")
saved("a picture is described that is on no page", "Image", lambda m: Image.objects.create(file=uploaded()),
      alt="A reed")  # fmt: skip


@change("a draft and a quiz are deleted that were never published", "Article Quiz")
def _(m):
    m.delete(m.add(Article, title="Nothing", slug="nothing", body="None.", step="save"))
    m.delete(m.add(Quiz, title="Nothing", slug="nothing"))


@change("a tag, a series and a category that no article has", "Tag Series Category", in_vain=".", short=True)
def _(m):
    m.add(Tag, name="unused", slug="unused")
    m.add(Series, title="Unused", slug="unused")
    make_category("Unused")


@change("a question of the bank is edited", "Question Choice Placement")
def _(m):
    m.save(m.quizzes[0].questions_in_order()[0], stem="Another stem")
    question = m.unpublished.questions_in_order()[0]
    page = admin_url(question, "changelist")
    chosen = {"action": "add_to_quiz", "_selected_action": [str(question.pk)]}
    response = submit(m.admin, page, "action", **chosen)
    assert response.status_code in (200, 302)
    m.actions.add(("Question", "add_to_quiz"))


@change("a comment is sent and held", "Comment")
def _(m):
    url = comment_url(m.articles[2])
    response = m.reader.post(url, sent(body="Held for a moderator."))
    assert response.status_code == 303
    m.receipt = response.headers["Location"].partition("#")[0]


@change("a comment is edited by its writer", "Comment")
def _(m):
    response = m.reader.post(f"{m.receipt}edit/", sent(body="Held, and better."))
    assert response.status_code in (302, 303)


@change("a comment is withdrawn by its writer", "Comment")
def _(m):
    assert m.reader.post(f"{m.receipt}withdraw/", {"sure": "on"}).status_code in (302, 303)


@change("a held comment is rejected and restored", "Comment")
def _(m):
    m.decide(m.held, "reject", _reject="other")
    m.decide(m.held, "restore")


@change("words and bans", "Word Ban")
def _(m):
    m.add(Word, text="spam", **CONFIRMED)
    m.delete(Word.objects.get())
    m.add(Ban, kind="network", whom="192.0.2.0/24", reason="Spam", **CONFIRMED)


@change("rules for comments that readers do not see", "CommentSettings")
def _(m):
    m.save(stored(CommentSettings), links_held="5", **CONFIRMED)


@change("a link for testers is revoked")
def _(m):
    m.act("revoke", PassLink.objects.create(name="Noor", expires_at=now() + timedelta(hours=1)))


@change("a digest is sent to moderators")
def _(m):
    CommentSettings.objects.update(digest_due_at=now() - timedelta(minutes=1))
    tasks.start_digest.enqueue()
    m.command("db_worker", "--batch", "--no-startup-delay", verbosity=0)


@change("the names of staff")
def _(m):
    m.save(m.owner, first_name="Ines")


@change("a colleague gets an account, another name and role, leaves and comes back")
def _(m):
    new = {"name": "Noor Haddad", "email": "noor@example.com", "role": "Moderator"}
    assert submit(m.admin, admin_url(User, "add"), "invite", **new).status_code == 302
    colleague = User.objects.get(email="noor@example.com")
    page = admin_url(colleague, "colleague", colleague.pk)
    assert submit(m.admin, page, "role", name="Noor Hadad").status_code == 302
    for button in ("_leave", "_come_back", "_link"):
        assert submit(m.admin, page, button).status_code == 302


def stored(model):
    """The row of settings."""
    row = model.current()
    row.save()
    return row
