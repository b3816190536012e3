"""The addresses of one comment and of the queues: what the buttons do, and the way from one comment to the next.

A script fetches cards before they are needed. Its request names the cards that its page has already, and is answered
with one more, claimed for the moderator, and with the result of its own decision. Without the script the same forms
are answered with a redirect. Every refusal is the card again, with what was chosen and why nothing was done.
"""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from comments.models import Comment, CommentKind, ModerationEntry, Status
from comments.moderation import bulk, decisions, queues

from ..base import who_decided
from . import comment_view, differences
from .comment_view import AheadForm, AnswerForm, DecisionForm, find, find_bare, frame, is_ahead


@require_http_methods(["GET", "HEAD", "POST"])
def card(request, number):
    """GET shows one comment, POST does what its button says. Its address may name a queue to go on in.

    404 for a comment that is not there, 400 for a queue or a kind that there is not.
    """
    decisions.need(decisions.may_read, request.user)
    queue, kind = place_in(request)
    if request.method == "POST":
        return _act(request, find_bare(number), queue, kind)
    return comment_view.show(request, find(number), queue, kind)


@require_http_methods(["GET", "HEAD", "POST"])
def desk(request, name):
    """GET leads to the first card of a queue that no colleague has in hand; POST goes on from one card to the next.

    Only POST takes the card in hand. Where nothing is left, GET says so.
    """
    decisions.need(decisions.may_read, request.user)
    if name not in queues.QUEUES:
        raise Http404("Unknown queue.")
    queue, kind = queues.QUEUES[name], place_in(request)[1]
    if request.method == "POST":
        return _go_on(request, queue, kind)
    rows = queue.walk(kind)
    first = rows.unclaimed_by_others(request.user).values_list("pk", flat=True).first()
    if first:
        return redirect(queues.card_url(first, queue, kind, decided=request.GET.get("decided")))
    context = frame(request, queue, kind) | comment_view.empty(queue, kind)
    return render(request, "admin/comments/comment/desk_empty.html", context)


def _go_on(request, queue, kind):
    decisions.need(decisions.may_decide, request.user)
    cards = _sent(request)
    if cards and "release" in request.POST:
        return _release(request)
    backwards = "before" in request.POST
    number = request.POST.get("before" if backwards else "after")
    current = find_bare(number) if number else None
    place = queue.place_of(current) if current else None
    if cards:
        if current and not backwards and current.pk not in cards.numbers:
            decisions.release([current.pk], request.user)
        return _one_more(request, cards, queue, kind, place, backwards=backwards)
    following = queue.take(request.user, kind, place, backwards=backwards)
    if following and current:
        decisions.release([current.pk], request.user)
    if following:
        return redirect(queues.card_url(following.pk, queue, kind))
    if current is None:
        return redirect(queues.desk_url(queue, kind))
    messages.info(request, "This is the first comment." if backwards else "There are no more comments.")
    return redirect(queues.card_url(current.pk, queue, kind))


def place_in(request, kind: str = "kind") -> tuple[queues.Queue | None, str]:
    """The queue and the kind that an address names, the latter under the name `kind`."""
    queue, kind = request.GET.get("queue", ""), request.GET.get(kind, "")
    if (queue and queue not in queues.QUEUES) or (kind and kind not in CommentKind.values):
        raise BadRequest("Unknown queue or kind of comment.")
    return queues.QUEUES.get(queue), kind


# --- the buttons of a card ---


def _act(request, comment, queue, kind):
    """Do what the pressed button says. 400 for none of the card's own, or for two; 403 without the permission."""
    others = {"answer": _answer, "pin": _pin, "unpin": _pin, "claim": _claim}
    chosen = [name for name in [*bulk.VERBS, *others] if f"_{name}" in request.POST]
    if len(chosen) != 1:
        decisions.need(decisions.may_decide, request.user)
        refusal = {"what": "nothing"}
        return _show(request, comment, queue, kind, status=400, refusal=refusal)
    name = chosen[0]
    if name in others:
        return others[name](request, comment, queue, kind)
    return _decide(request, comment, queue, kind, name)


def _show(request, comment, queue, kind, **more):
    """The card of what was looked up without what its card shows."""
    return comment_view.show(request, find(comment.pk), queue, kind, **more)


def _decide(request, comment, queue, kind, verb):
    decisions.need(decisions.may_decide, request.user)
    cards = _sent(request)
    form = DecisionForm(request.POST, verb=verb)
    if not form.is_valid():
        if form.shown_is_missing:
            return _show(request, comment, queue, kind, status=409, refusal={"what": "unseen"})
        return _show(request, comment, queue, kind, status=422, form=form, is_rejecting=verb == "reject")
    following, place, held_until = queue, queue.place_of(comment) if queue else None, comment.claimed_until
    if queue is None and comment.status == Status.PENDING:
        following = queues.home_of(comment)
        place = following.place_of(comment)
    try:
        if not bulk.VERBS[verb](comment, request.user, **form.details):
            messages.info(request, f"That comment was already {comment.get_status_display().lower()}.")
        entry = comment.decision
    except decisions.DecisionRefused as refusal:
        return _refuse(request, refusal, form, queue, kind)
    except Comment.DoesNotExist:
        # Since it was looked up above.
        messages.warning(request, "That comment no longer exists.")
        entry = None
    decided = entry and entry.pk
    if following is None:
        return redirect(queues.card_url(comment.pk, decided=decided))
    if cards:
        return _one_more(request, cards, following, kind, place, entry=entry, held_until=held_until)
    after = following.take(request.user, kind, place)
    if after is None:
        return redirect(queues.desk_url(following, kind, decided=decided))
    return redirect(queues.card_url(after.pk, following, kind, decided=decided))


def _refuse(request, error, form, queue, kind):
    """The card as it stands now, with what differs from the one that was decided about."""
    comment = find(error.comment.pk)
    refusal = {"verb": form.verb, "reason": request.POST.get("_reject", ""), "note": form.cleaned_data["note"]}
    match error:
        case decisions.StaleDecision():
            refusal |= {"what": "stale", "parts": differences.since(comment, form.cleaned_data["seen"])}
        case decisions.NothingLeft():
            refusal |= {"what": "final", "why": str(error)}
        case decisions.AlreadyDecided():
            refusal |= {"what": "decided", "entry": latest_entry(comment)}
        case decisions.ClaimedByOther():
            refusal |= {"what": "claimed"}
    return comment_view.show(request, comment, queue, kind, status=409, refusal=refusal)


def latest_entry(comment: Comment) -> ModerationEntry | None:
    """The last thing that happened to it."""
    entry = comment.entries.select_related("moderator").order_by("created_at", "pk").last()
    if entry:
        entry.who = who_decided(entry)
    return entry


def _answer(request, comment, queue, kind):
    decisions.need(decisions.may_answer, request.user)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, comment, queue, kind, status=422, answer=form)
    said = {name: form.cleaned_data[name] for name in ("body", "name")}
    with transaction.atomic():
        current = decisions.locked(comment)
        if earlier := _answered_before(current, request.user, said):
            messages.info(request, "You have already posted this reply.")
            return redirect(queues.card_url(earlier.pk, queue, kind))
        if not current.may_be_answered:
            form.add_error(
                None, "You cannot reply to this comment: it is not published, or replies cannot be nested deeper."
            )
            return _show(request, comment, queue, kind, status=422, answer=form)
        answer = decisions.answer(current, by=request.user, **said)
    messages.success(request, "Reply published." if answer.is_visible else "Reply saved.")
    return redirect(queues.card_url(comment.pk, queue, kind))


def _answered_before(comment, user, said):
    """The same account's same answer to `comment`, if it was not taken off the page. To be asked with the thread
    locked, or a button pressed twice answers twice."""
    same = Comment.objects.filter(parent=comment, is_editorial=True, status=Status.APPROVED, **said)
    return same.filter(entries__moderator=user, entries__old_status="").first()


def _pin(request, comment, queue, kind):
    decisions.need(decisions.may_pin, request.user)
    if "_unpin" in request.POST:
        decisions.unpin(comment)
        messages.success(request, "Comment unpinned.")
    else:
        try:
            decisions.pin(comment)
        except ValueError as error:
            return _show(request, comment, queue, kind, status=409, refusal={"what": "pin", "error": str(error)})
        messages.success(request, "Comment pinned to the top of its thread.")
    return redirect(queues.card_url(comment.pk, queue, kind))


def _claim(request, comment, queue, kind):
    """Take it in hand. The script asks quietly: 204, or 409 if a colleague has it."""
    decisions.need(decisions.may_decide, request.user)
    is_mine = decisions.claim(comment, request.user)
    if "quiet" in request.POST:
        return HttpResponse(status=204 if is_mine else 409)
    if not is_mine:
        return _show(request, comment, queue, kind, status=409, refusal={"what": "claimed"})
    return redirect(queues.card_url(comment.pk, queue, kind))


# --- cards that the script fetches ahead ---


def _sent(request) -> AheadForm | None:
    """What the script says of the cards that it has; None for a form that a browser sent. 400 for nonsense."""
    if not is_ahead(request):
        return None
    form = AheadForm(request.POST)
    if not form.is_valid():
        raise BadRequest("The list of comments is not valid.")
    return form


def _one_more(
    request, cards: AheadForm, queue, kind, place, *, backwards=False, entry=None, held_until=None
) -> HttpResponse:
    """One more card behind those that the page has, or behind `place` if it has none, with the notice of `entry`.

    Only a page without any card gets those that were passed over before. The others were taken in hand after the one
    that was decided, which was until `held_until`. 20 queries at most with the decision before it.
    """
    user, numbers = request.user, cards.numbers
    if held_until is None or held_until < timezone.now() + decisions.CLAIM_TIME * 0.8:
        decisions.prolong(numbers, user)
    among = comment_view.with_all_shown(Comment.objects.all())
    start = cards.place if numbers and not backwards else place
    following = queue.take(
        user, kind, start, backwards=backwards, comes_round=not numbers and not backwards, among=among
    )
    if following:
        return comment_view.show(request, following, queue, kind, last=entry)
    if backwards:
        messages.info(request, "This is the first comment.")
    context = frame(request, queue, kind) | {"last": entry}
    if not numbers:
        context |= comment_view.empty(queue, kind)
    context["has_more"] = bool(numbers)
    return comment_view.render_page(request, "admin/comments/comment/desk_empty.html", context)


def _release(request) -> HttpResponse:
    """Let others have the cards that a page which is left had fetched."""
    decisions.release(_sent(request).numbers, request.user)
    return HttpResponse(status=204)
