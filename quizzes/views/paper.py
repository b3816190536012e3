"""A quiz's paper: shown, started and submitted. All of it works while the database is down."""

import time
from contextlib import suppress

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from articles import metadata
from articles.models.shown import link_names
from publishing.cache import pages
from publishing.groups import Group, in_group
from publishing.web import anonymous_ids, limits
from publishing.web.outage import RETRY_SECONDS
from publishing.web.refusals import SeeOther, with_retry
from publishing.web.same_origin import is_same_origin

from ..editing import pictures
from ..forms import PaperForm, ProgressForm, StartForm
from ..models import Quiz
from ..taking import facts, funnel, paper_context, snapshots, submitting, tickets
from ..taking.papers import Paper
from ..taking.tickets import BadTicket, Ticket
from . import cards

# Enough for a lecture hall behind one address; too little to fill the table.
SUBMIT_RATE = "300/10 minutes"
PROGRESS_RATE = "600/10 minutes"

REFUSED = _("Your answers were not sent from this site's own page. They are still here: submit them again.")
INVALID = _("Check these questions. Your answers are still here.")
UNANSWERED = _("Answer them, or use “Submit anyway” at the end of the page.")
NO_TICKET = _(
    "Part of the form was lost or changed, so your answers cannot be matched to their questions. "
    "This is the current quiz: check your answers and submit them again."
)
BAD_ADDRESS = _("The link is incomplete or was changed. This is the quiz as everyone gets it.")
NOT_STARTED = _("Start the quiz first to get your questions.")
READ_ONLY = _("Quizzes take no answers during maintenance. This browser keeps yours: submit them after it.")
NOT_STORED = _(
    "Your answers could not be saved because of a fault on this site. They are still here: submit them again later."
)


def _quiz_or_404(slug, ticket=""):
    """The published quiz at this address; or, with the ticket of its paper, one that was withdrawn since."""
    quiz = snapshots.quiz(slug)
    if quiz is None and ticket:
        with suppress(BadTicket):
            edition = snapshots.edition(tickets.opened(ticket).edition)
            quiz = edition and snapshots.quiz_of(edition)
    if quiz is None or quiz.slug != slug:
        raise Http404
    return quiz


def _paper(quiz, sealed=None) -> Paper:
    """The paper of a sealed ticket, or the one everyone gets. Raises BadTicket for a ticket of another quiz."""
    ticket = Ticket(quiz.edition) if sealed is None else tickets.opened(sealed)
    edition = snapshots.edition(ticket.edition)
    if edition is None or edition.quiz != quiz.pk:
        raise BadTicket
    return Paper(edition, ticket, tuple(quiz.corrections_for(edition)))


@in_group(Group.QUIZZES)
@pages.reads("paper")
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request, slug):
    """GET: the paper, the same for everyone at this address. POST: grade it and redirect to the result.

    A paper that is open when the quiz is withdrawn can still be submitted.
    """
    if request.method == "POST":
        return _submit(request, slug, request.POST.get("ticket", ""))
    quiz = _quiz_or_404(slug)
    pages.cacheable(request, f"paper:{quiz.pk}", *link_names(quiz.article_keys), until=Quiz.next_publication())
    if pictures.are_in(snapshots.edition(quiz.edition).bundle):
        pages.cacheable(request, "pictures")
    try:
        return _render(request, quiz, _paper(quiz, request.GET.get("paper")))
    except BadTicket:
        return _render(request, quiz, _paper(quiz), problem=BAD_ADDRESS, status=400)


@in_group(Group.QUIZZES)
@require_POST
def start(request, slug):
    """Issue a paper to one reader: questions are drawn, and the time starts."""
    quiz = _quiz_or_404(slug)
    paper = _paper(quiz)
    if not is_same_origin(request):
        return _render(request, quiz, paper, problem=REFUSED, status=403)
    form = StartForm(request.POST)
    if not form.is_valid():
        return _render(request, quiz, paper, problem=gettext("Choose one of the times."), status=422)
    if paper.edition.time_limit:
        ticket = tickets.issued(quiz.edition, now=int(time.time()), extension=form.cleaned_data["extension"])
    else:
        ticket = tickets.issued(quiz.edition, now=None)
    funnel.count(quiz.edition, "started")
    return SeeOther(f"{quiz.get_absolute_url()}?{urlencode({'paper': ticket.sealed()})}")


@in_group(Group.QUIZZES)
@require_POST
def progress(request, slug):
    """Count how far a browser got, and nothing about its reader. Always answers 204, also for what is not counted."""
    quiz = _quiz_or_404(slug)
    form = ProgressForm(request.POST, most=quiz.question_count)
    if (
        is_same_origin(request)
        and form.is_valid()
        and form.cleaned_data["edition"] == quiz.edition
        and not anonymous_ids.is_bot(request)
        and not request.maintenance.is_read_only_for(Group.QUIZZES)
        and not limits.seconds_to_wait(PROGRESS_RATE, "quiz-progress", anonymous_ids.network(request))
    ):
        funnel.count(quiz.edition, **form.step())
    return HttpResponse(status=204)


# In read-only maintenance the answers go back into their form, and nothing is counted, without an error.
paper.handles_read_only = progress.handles_read_only = progress.is_silent_in_read_only = True


def _submit(request, slug, sealed):
    quiz = _quiz_or_404(slug, sealed)
    try:
        paper, is_ticket_valid = _paper(quiz, sealed), True
    except BadTicket:
        paper, is_ticket_valid = _paper(quiz), False
    form = PaperForm(request.POST, paper=paper)
    if not is_same_origin(request):
        return _render(request, quiz, paper, form, problem=REFUSED, status=403)
    if not is_ticket_valid:
        return _render(request, quiz, paper, form, problem=NO_TICKET, status=400)
    if paper.needs_start:
        return _render(request, quiz, paper, problem=NOT_STARTED, status=422)
    if step := _requested_step(request, paper):
        return _render(request, quiz, paper, form, step=step)
    if not form.is_valid():
        return _render(request, quiz, paper, form, problem=INVALID, status=422)
    answers = form.answers()
    if len(answers) < len(paper.questions) and not form.cleaned_data["confirm"]:
        return _render(request, quiz, paper, form, problem=UNANSWERED, needs_confirmation=True, status=422)
    if refused := _refused_for_now(request):
        problem, status, seconds = refused
        return with_retry(_render(request, quiz, paper, form, problem=problem, status=status), seconds)
    reader = anonymous_ids.key_for_write(request)
    sender = submitting.sender(request, form.cleaned_data["key"])
    try:
        token = submitting.submit(paper, answers, sender=sender, reader=reader)
    except OSError:
        return with_retry(_render(request, quiz, paper, form, problem=NOT_STORED, status=503), RETRY_SECONDS)
    response = SeeOther(reverse("quizzes:result", args=[token]))
    anonymous_ids.remember(response, reader)
    return response


def _requested_step(request, paper) -> int:
    """The question that a reader without scripts turned to; 0 when the paper is submitted."""
    text = request.POST.get("go", "")
    step = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return step if step <= len(paper.questions) else 0


def _refused_for_now(request) -> tuple[str, int, int] | None:
    """What is wrong, the status, and in how many seconds the answers can be submitted."""
    if request.maintenance.is_read_only_for(Group.QUIZZES):
        return READ_ONLY, 503, request.maintenance.retry_after
    if seconds := limits.seconds_to_wait(SUBMIT_RATE, "quiz", anonymous_ids.network(request)):
        return _too_many(seconds), 429, seconds
    return None


def _too_many(seconds: int) -> str:
    minutes = -(-seconds // 60)
    words = ngettext(
        "Too many submissions from your network. Your answers are still here: try again in a minute.",
        "Too many submissions from your network. Your answers are still here: try again in %(count)s minutes.",
        minutes,
    )
    return words % {"count": minutes}


def _render(request, quiz, paper, form=None, *, problem="", status=200, step=None, needs_confirmation=False):
    """The paper, with what was sent in `form` and its errors. `step` is the question to show; 0 shows all."""
    edition, ticket, articles = paper.edition, paper.ticket, quiz.linked_articles
    sent, errors = (form.sent(), {} if step else form.errors) if form else ({}, {})
    questions = [] if paper.needs_start else paper_context.questions(paper, sent, errors)
    answered = sum([question["is_answered"] for question in questions])
    if step is None:
        step = 1 if edition.bundle["layout"] == "one" and not problem else 0
    words, count = paper_context.words(), len(paper.questions)
    context = {
        "quiz": quiz,
        "heading": quiz.title,
        "edition": edition,
        "questions": questions,
        "scripts": paper_context.scripts(paper) if questions else [],
        "problem": problem,
        # What comes back as it was sent can be sent again later.
        "why_read_only": "" if form or not request.maintenance.refuses_forms_of(Group.QUIZZES) else READ_ONLY,
        "needs_confirmation": needs_confirmation,
        "count": count,
        "answered": answered,
        "conditions": facts.of_paper(paper),
        "words": words,
        "answered_words": words["answered"] % {"answered": answered, "count": count},
        "unanswered_words": words["unanswered"] % {"unanswered": len(questions) - answered, "count": count},
        "ticket": ticket,
        "step": step,
        "deadline": ticket.seconds_left(edition.time_limit, 0),
        "grace": tickets.GRACE.seconds,
        "extensions": _extensions(paper),
        # Where the browser saves the answers until they are graded.
        "storage_key": f"quiz:{edition.quiz}:{edition.number}{':' if ticket.seed else ''}{ticket.seed}",
        "articles": articles,
        **_metadata(quiz, articles),
    }
    return render(request, "quizzes/quiz_paper.html", context, status=status)


def _extensions(paper) -> list[tuple[int, str]]:
    limit = paper.edition.time_limit
    return [(percent, facts.extra_time(limit, percent)) for percent in tickets.EXTENSIONS] if limit else []


def _metadata(quiz, articles: list[dict]) -> dict:
    """Description, canonical address and JSON-LD `Quiz`. No answers: the page must not contain its own key."""
    path = quiz.get_absolute_url()
    data = {
        "@context": "https://schema.org",
        "@type": "Quiz",
        "name": quiz.title,
        "url": settings.SITE_URL + path,
        "description": quiz.summary,
        "educationalLevel": quiz.difficulty_name,
        "learningResourceType": "Quiz",
        "timeRequired": f"PT{quiz.minutes}M",
        "isAccessibleForFree": True,
        "datePublished": quiz.published_at,
        "about": [{"@type": "Thing", "name": article["title"]} for article in articles],
        "isBasedOn": [settings.SITE_URL + article["url"] for article in articles],
    }
    trail = metadata.breadcrumbs((gettext("Quizzes"), reverse("quizzes:list")), (quiz.title, path))
    structured_data = [{key: value for key, value in data.items() if value}, trail]
    about = metadata.for_page(quiz.title, path, quiz.summary, card=cards.of_quiz(quiz))
    return about | {"structured_data": structured_data}
