"""The paper: asked for, begun, and handed in. None of it needs the database while it is out of reach."""

import time

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from articles import metadata
from publishing.cache import pages
from publishing.web import anonymous_ids, limits, same_origin
from publishing.web.outage import RETRY_SECONDS
from publishing.web.refusals import SeeOther, with_retry

from ..forms import PaperForm, ProgressForm, StartForm
from ..models import Quiz
from ..taking import funnel, paper_context, snapshots, submitting, tickets
from ..taking.papers import Paper
from ..taking.tickets import BadTicket, Ticket

# Enough for a lecture hall behind one address; too little to fill the table.
SUBMIT_RATE = "300/10 minutes"
PROGRESS_RATE = "600/10 minutes"

REFUSED = "Your answers were not sent from this site's own page. They are still here: submit them again."
INVALID = "Check these questions. Your answers are still here."
UNANSWERED = "Answer them, or use “Submit anyway” at the end of the page."
NO_TICKET = (
    "Part of the form was lost or changed, so your answers cannot be matched to their questions. "
    "This is the current quiz: check your answers and submit them again."
)
BAD_ADDRESS = "The link is incomplete or was changed. This is the quiz as everyone gets it."
NOT_STARTED = "Start the quiz first to get your questions."
NOT_STORED = (
    "Your answers could not be saved because of a fault on this site. They are still here: submit them again later."
)


def _quiz_or_404(slug):
    quiz = snapshots.quiz(slug)
    if quiz is None:
        raise Http404
    return quiz


def _quiz_answered(slug, ticket):
    """The quiz at this address, also one that was withdrawn after the ticket was given out."""
    if quiz := snapshots.quiz(slug):
        return quiz
    try:
        edition = snapshots.edition(tickets.opened(ticket).edition)
    except BadTicket:
        raise Http404 from None
    quiz = edition and snapshots.quiz_of(edition)
    if quiz is None or quiz.slug != slug:
        raise Http404
    return quiz


def _paper(quiz, ticket: Ticket) -> Paper:
    """The paper of a ticket. Raises BadTicket for one of another quiz."""
    edition = snapshots.edition(ticket.edition)
    if edition is None or edition.quiz != quiz.pk:
        raise BadTicket
    return Paper(edition, ticket, tuple(quiz.corrections_for(edition)))


@same_origin.same_origin
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request, slug):
    """GET: the paper, the same for everyone who asks for this address. POST: grade it and go to the result.

    GET costs no query once the quiz is remembered, else four; POST two more. A paper that somebody has open is graded
    also after the quiz was withdrawn, as long as its edition exists.
    """
    if request.method == "POST":
        return _hand_in(request, _quiz_answered(slug, request.POST.get("ticket", "")))
    quiz = _quiz_or_404(slug)
    pages.cacheable(
        request,
        f"quiz:{quiz.pk}",
        *(f"article:{article['pk']}" for article in quiz.articles),
        until=Quiz.next_publication(),
    )
    if "paper" not in request.GET:
        return _render(request, quiz, _paper(quiz, Ticket(quiz.edition)))
    try:
        found = _paper(quiz, tickets.opened(request.GET["paper"]))
    except BadTicket:
        return _render(request, quiz, _paper(quiz, Ticket(quiz.edition)), problem=BAD_ADDRESS, status=400)
    return _render(request, quiz, found)


@same_origin.same_origin
@require_POST
def start(request, slug):
    """Give a reader a paper of their own: questions drawn for them, and the clock started."""
    quiz = _quiz_or_404(slug)
    found = _paper(quiz, Ticket(quiz.edition))
    if not request.is_same_origin:
        return _render(request, quiz, found, problem=REFUSED, status=403)
    form = StartForm(request.POST)
    if not form.is_valid():
        return _render(request, quiz, found, problem="Choose one of the times.", status=422)
    now = int(time.time()) if found.edition.time_limit else None
    extension = form.cleaned_data["extension"] if now else 0
    ticket = tickets.issued(quiz.edition, now=now, extension=extension)
    funnel.count(found.edition.pk, "started")
    return SeeOther(f"{quiz.get_absolute_url()}?{urlencode({'paper': ticket.sealed()})}")


@same_origin.same_origin
@require_POST
def progress(request, slug):
    """Count how far a browser came. Nothing of the reader is kept; what makes no sense is answered and not counted."""
    quiz = _quiz_or_404(slug)
    form = ProgressForm(request.POST, most=quiz.question_count)
    counts = (
        request.is_same_origin
        and form.is_valid()
        and form.cleaned_data["edition"] == quiz.edition
        and not anonymous_ids.is_bot(request)
        and not limits.seconds_to_wait(PROGRESS_RATE, "quiz-progress", anonymous_ids.network(request))
    )
    if counts:
        funnel.count(quiz.edition, **form.step())
    return HttpResponse(status=204)


def _hand_in(request, quiz):
    try:
        found = _paper(quiz, tickets.opened(request.POST.get("ticket", "")))
        is_known = True
    except BadTicket:
        found, is_known = _paper(quiz, Ticket(quiz.edition)), False
    form = PaperForm(request.POST, paper=found)
    if not request.is_same_origin:
        return _again(request, quiz, form, REFUSED, status=403)
    if not is_known:
        return _again(request, quiz, form, NO_TICKET, status=400)
    if found.needs_start:
        return _render(request, quiz, found, problem=NOT_STARTED, status=422)
    if step := _asked_step(request, found):
        return _render(request, quiz, found, form.sent(), step=step)
    if not form.is_valid():
        return _again(request, quiz, form, INVALID, status=422)
    answers = form.answers()
    if len(answers) < len(found.questions) and not form.cleaned_data["confirm"]:
        return _again(request, quiz, form, UNANSWERED, status=422, asks_for_rest=True)
    if seconds := limits.seconds_to_wait(SUBMIT_RATE, "quiz", anonymous_ids.network(request)):
        return with_retry(_again(request, quiz, form, _too_many(seconds), status=429), seconds)
    reader = anonymous_ids.key_for_write(request)
    who = submitting.sender(request, form.cleaned_data["key"])
    try:
        token = submitting.hand_in(found, answers, who=who, reader=reader)
    except OSError:
        return with_retry(_again(request, quiz, form, NOT_STORED, status=503), RETRY_SECONDS)
    response = SeeOther(reverse("quizzes:result", args=[token]))
    anonymous_ids.remember(response, reader)
    return response


def _asked_step(request, found) -> int:
    """The question that a reader without a script turned to; 0 when the paper is to be handed in."""
    asked = request.POST.get("go", "")
    step = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
    return step if step <= len(found.questions) else 0


def _too_many(seconds: int) -> str:
    minutes = -(-seconds // 60)
    wait = "a minute" if minutes == 1 else f"{minutes} minutes"
    return f"Too many submissions from your network. Your answers are still here: try again in {wait}."


def storage_key(ticket: Ticket, edition) -> str:
    """Under which the reader's browser keeps the answers until they are graded."""
    return f"quiz:{edition.quiz}:{edition.number}{':' if ticket.seed else ''}{ticket.seed}"


def _again(request, quiz, form, problem, *, status, asks_for_rest=False):
    """The paper as it was sent, with what is wrong."""
    errors = {} if asks_for_rest else {name: list(found) for name, found in form.errors.items()}
    return _render(
        request, quiz, form.paper, form.sent(), errors, problem=problem, asks_for_rest=asks_for_rest, status=status
    )


def _render(request, quiz, found, sent=None, errors=None, *, status=200, step=None, **context):
    edition, ticket = found.edition, found.ticket
    questions = [] if found.needs_start else paper_context.questions(found, sent or {}, errors or {})
    if step is None:
        is_paged = edition.bundle["layout"] == "one" and "problem" not in context
        step = 1 if is_paged else 0
    context |= {
        "quiz": quiz,
        "edition": edition,
        "questions": questions,
        "scripts": paper_context.scripts(found) if questions else [],
        "is_start": found.needs_start,
        "is_retry": not ticket.is_whole,
        "count": len(found.questions),
        "answered": sum(question["is_answered"] for question in questions),
        "unanswered": [question for question in questions if not question["is_answered"]],
        "ticket": ticket.sealed(),
        "step": step,
        "deadline": _deadline(found),
        "grace": tickets.GRACE.seconds,
        "extension": ticket.extension,
        "extensions": tickets.EXTENSIONS,
        "storage_key": storage_key(ticket, edition),
        "start_url": reverse("quizzes:start", args=[quiz.slug]),
        "progress_url": reverse("quizzes:progress", args=[quiz.slug]),
        **_metadata(quiz),
    }
    return render(request, "quizzes/quiz_paper.html", context, status=status)


def _deadline(found) -> int | None:
    """When the time is over, in seconds since 1970: the page stays the same however late it is asked for."""
    return found.ticket.seconds_left(found.edition.time_limit, 0)


def _metadata(quiz) -> dict:
    """Description, canonical address and JSON-LD `Quiz`. It names no answers: the page must not hold its own key."""
    address, articles = settings.SITE_URL + quiz.get_absolute_url(), quiz.linked_articles
    data = {
        "@context": "https://schema.org",
        "@type": "Quiz",
        "name": quiz.title,
        "url": address,
        "description": quiz.summary,
        "educationalLevel": quiz.difficulty_name,
        "learningResourceType": "Quiz",
        "timeRequired": f"PT{quiz.minutes}M",
        "isAccessibleForFree": True,
        "datePublished": quiz.published_at,
        "about": [{"@type": "Thing", "name": article["title"]} for article in articles],
        "isBasedOn": [settings.SITE_URL + article["url"] for article in articles],
    }
    trail = metadata.breadcrumbs(("Quizzes", reverse("quizzes:list")), (quiz.title, quiz.get_absolute_url()))
    return {
        "heading": quiz.title,
        "description": quiz.summary,
        "canonical": address,
        "og_type": "website",
        "structured_data": [{key: value for key, value in data.items() if value}, trail],
    }
