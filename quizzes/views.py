"""What readers see of quizzes."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from articles import metadata
from publishing import limits, origin, pages, readers

from . import papers
from .forms import PaperForm
from .models import Attempt, Quiz
from .schedule import next_publication

# Enough for a class behind one address; too little to fill the table.
HAND_IN_RATE = "30/10 minutes"

NUMBERS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"]

REFUSED = (
    "Your answers did not come from this site's own page, so they were not taken. "
    "They are still here: hand them in again."
)
SOMETHING_WRONG = "Your answers were not taken yet. What you chose is still here."
UNANSWERED = "You can answer what is left, or hand in anyway; the button for that is at the end of the page."


class SeeOther(HttpResponseRedirect):
    """Go on with GET: a reload does not hand in twice."""

    status_code = 303


@require_safe
def quiz_list(request):
    """Every published quiz, newest first. Two queries."""
    quizzes = Quiz.objects.published().newest_first().for_list()
    pages.shows(request, "quizzes", until=next_publication())
    context = {"quizzes": quizzes, **metadata.for_page("Quizzes", reverse("quizzes:list"))}
    return render(request, "quizzes/quiz_list.html", context)


@origin.same_origin
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request, slug):
    """GET: the paper, the same for everyone; three queries. POST: grade it and go to the result."""
    quiz = get_object_or_404(Quiz.objects.published().for_list(), slug=slug)
    if request.method != "POST":
        pages.shows(
            request,
            f"quiz:{quiz.pk}",
            *(f"article:{article.pk}" for article in quiz.linked_articles),
            until=next_publication(),
        )
        return _render_paper(request, quiz, quiz.current_edition)
    form = PaperForm(request.POST, quiz=quiz)
    if not request.is_same_origin:
        return _render_again(request, quiz, form, REFUSED, status=403)
    if not form.is_valid():
        return _render_again(request, quiz, form, " ".join(form.non_field_errors()) or SOMETHING_WRONG, status=422)
    answers = form.answers()
    if not all(answers.values()) and not form.cleaned_data["confirm"]:
        return _render_again(request, quiz, form, UNANSWERED, status=422, asks_for_rest=True)
    if seconds := limits.seconds_to_wait(HAND_IN_RATE, "quiz", readers.network(request)):
        response = _render_again(request, quiz, form, _too_many(seconds), status=429)
        response.headers["Retry-After"] = str(seconds)
        return response
    reader = readers.key_for_write(request)
    attempt = form.paper_edition.hand_in(answers, reader)
    response = SeeOther(attempt.get_absolute_url())
    readers.remember(response, reader)
    return response


@require_safe
@pages.personal
def result(request, token):
    """What one reader got right, what not, and why. Whoever holds the address may read it. Two queries."""
    attempt = get_object_or_404(Attempt.objects.select_related("edition__quiz"), token=token)
    quiz = attempt.edition.quiz
    context = {
        "attempt": attempt,
        "edition": attempt.edition,
        "quiz": quiz,
        "articles": quiz.articles.published().newest_first().only("slug", "title"),
        "score": papers.points_text(attempt.score),
        "questions": papers.review(attempt),
        "storage_key": _storage_key(attempt.edition),
    }
    return render(request, "quizzes/attempt_result.html", context)


def _too_many(seconds: int) -> str:
    minutes = -(-seconds // 60)
    wait = "a minute" if minutes == 1 else f"{minutes} minutes"
    return f"Many papers were handed in from your network just now. Your answers are still here: try again in {wait}."


def _storage_key(edition) -> str:
    """Under which the reader's browser keeps the answers until they are graded."""
    return f"quiz:{edition.quiz_id}:{edition.number}"


def _render_again(request, quiz, form, problem, *, status, asks_for_rest=False):
    """The paper as it was sent, with what is wrong."""
    errors = {} if asks_for_rest else {name: list(found) for name, found in form.errors.items()}
    context = {"problem": problem, "asks_for_rest": asks_for_rest}
    return _render_paper(request, quiz, form.paper_edition, form.sent_tokens(), errors, status=status, **context)


def _render_paper(request, quiz, edition, chosen=None, errors=None, *, status=200, **context):
    questions = papers.questions(edition, chosen or {}, errors or {})
    number = len(questions)
    context |= {
        "quiz": quiz,
        "edition": edition,
        "questions": questions,
        "count_in_words": NUMBERS[number] if number < len(NUMBERS) else str(number),
        "answered": sum(question.is_answered for question in questions),
        "unanswered": [question for question in questions if not question.is_answered],
        "storage_key": _storage_key(edition),
        **_metadata(quiz, edition),
    }
    return render(request, "quizzes/quiz_paper.html", context, status=status)


def _metadata(quiz, edition) -> dict:
    """Description, canonical address and JSON-LD `Quiz`. It names no answers: the page must not hold its own key."""
    address = settings.SITE_URL + quiz.get_absolute_url()
    data = {
        "@context": "https://schema.org",
        "@type": "Quiz",
        "name": edition.title,
        "url": address,
        "description": quiz.summary,
        "educationalLevel": quiz.get_difficulty_display(),
        "learningResourceType": "Quiz",
        "isAccessibleForFree": True,
        "datePublished": quiz.published_at.isoformat(),
        "about": [{"@type": "Thing", "name": article.title} for article in quiz.linked_articles],
        "isBasedOn": [settings.SITE_URL + article.get_absolute_url() for article in quiz.linked_articles],
    }
    trail = metadata.breadcrumbs(("Quizzes", reverse("quizzes:list")), (edition.title, quiz.get_absolute_url()))
    return {
        "description": quiz.summary,
        "canonical": address,
        "og_type": "website",
        "structured_data": [{key: value for key, value in data.items() if value}, trail],
    }
