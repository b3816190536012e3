"""Changes of quizzes."""

from quizzes.models import Correction, Quiz
from quizzes.results import corrections
from quizzes.tests.factories import paper_data

from .forms import submit
from .magazine import SITEMAP, Changes, admin_url

changes = Changes()
change, saved = changes.change, changes.saved

saved("a quiz has another title", "Quiz", lambda m: m.quizzes[0], title="Renamed quiz")
# The call to a quiz below an article does not show it.
saved("a quiz has a category", "Quiz", lambda m: m.quizzes[0], category=lambda m: m.opinion, in_vain="/articles/a0/$")
saved("a quiz has a summary", "Quiz", lambda m: m.quizzes[0], summary="On what you have read.")


@change("a quiz has a new edition", "Quiz Edition")
def _(m):
    m.act("publish", m.quizzes[0])


@change("a question is corrected", "Correction")
def _(m):
    question = m.quizzes[0].current_edition.bundle["questions"][0]
    corrections.correct(m.quizzes[0], question, by=m.owner, note="It was wrong.", action="disregard")


@change("a quiz is linked to other articles", "Quiz")
def _(m):
    m.save(m.quizzes[0], articles=[m.articles[1]])


@change("a quiz is published", "Quiz Edition", in_vain=SITEMAP, short=True)
def _(m):
    m.act("publish", m.unpublished)


@change("a quiz is withdrawn", "Quiz", in_vain=SITEMAP)
def _(m):
    m.unpublished.refresh_from_db()
    m.unpublished.withdraw(by=m.owner)


@change("answers are handed in")
def _(m):
    url = m.quizzes[1].get_absolute_url()
    assert m.reader.post(url, paper_data(m.quizzes[1], "Right", "Right")).status_code == 303


@change("a correction is deleted", "Correction")
def _(m):
    correction = Correction.objects.get()
    url = admin_url(m.quizzes[0], "undo_correction", m.quizzes[0].pk, correction.pk)
    assert submit(m.admin, url, "content-main").status_code == 302


@change("a quiz has another address", "Quiz Redirect")
def _(m):
    m.save(m.quizzes[1], slug="moved")


@change("a quiz is archived", "Quiz Redirect", in_vain=SITEMAP)
def _(m):
    m.act("archive", m.quizzes[1])


@change("a quiz is published again", "Quiz Redirect", in_vain=SITEMAP)
def _(m):
    m.act("publish", m.quizzes[1])


@change("questions are imported into a quiz", "Quiz Question", in_vain=SITEMAP)
def _(m):
    file = m.folder.parent / "imported.gift"
    file.write_text("::One:: Which? {=This ~That}\n")
    m.command("import_quiz", file, title="Imported quiz", slug="imported", status="published", verbosity=0)
    m.command("import_quiz", file, slug="q0", verbosity=0)


# Nobody but a superuser may delete editions in the admin.
@change("a quiz is deleted", "Quiz Redirect", in_vain=SITEMAP)
def _(m):
    Quiz.objects.get(slug="imported").delete()


@change("quizzes are written to their files")
def _(m):
    m.command("keep_quizzes", verbosity=0)
