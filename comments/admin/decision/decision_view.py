"""What the buttons of a card do. Every refusal is the card again, with what was chosen and why nothing was done."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect

from comments.models import Comment, ModerationEntry, Status
from comments.moderation import decisions, queues
from comments.writing import submitting

from .. import access
from ..people import who_decided
from . import ahead, comment_view, differences
from .forms import AnswerForm, DecisionForm

VERBS = {
    "approve": decisions.approve,
    "reject": decisions.reject,
    "spam": decisions.mark_spam,
    "remove": decisions.remove,
    "restore": decisions.restore,
}


def act(request, comment, queue, kind):
    """Do what the pressed button says. 400 for none of the card's own, or for two; 403 without the permission."""
    others = {"answer": _answer, "pin": _pin, "unpin": _pin, "claim": _claim}
    chosen = [name for name in [*VERBS, *others] if f"_{name}" in request.POST]
    if len(chosen) != 1:
        access.need(access.may_decide, request.user)
        refusal = {"what": "nothing"}
        return _show(request, comment, queue, kind, status=400, refusal=refusal)
    name = chosen[0]
    return (
        _decide(request, comment, queue, kind, name) if name in VERBS else others[name](request, comment, queue, kind)
    )


def _show(request, comment, queue, kind, **more):
    """The card of what was looked up without what its card shows."""
    return comment_view.show(request, comment_view.find(comment.pk), queue, kind, **more)


def _decide(request, comment, queue, kind, verb):
    access.need(access.may_decide, request.user)
    cards = ahead.sent(request)
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
        if not VERBS[verb](comment, request.user, **form.details):
            messages.info(request, f"That comment was {comment.get_status_display().lower()} already.")
        entry = comment.decision
    except decisions.Refusal as refusal:
        return _refuse(request, refusal, form, queue, kind)
    except Comment.DoesNotExist:
        # Since it was looked up above.
        messages.warning(request, "That comment does not exist any more.")
        entry = None
    if following is None:
        return redirect(queues.card_url(comment, decided=entry and entry.pk) if comment.pk else queues.list_url())
    if cards:
        return ahead.go_on(request, cards, following, kind, place, entry=entry, held_until=held_until)
    after = following.take(request.user, kind, place)
    if after is None:
        return redirect(queues.desk_url(following.name, kind, decided=entry and entry.pk))
    return redirect(queues.card_url(after, following.name, kind, decided=entry and entry.pk))


def _refuse(request, error, form, queue, kind):
    """The card as it stands now, with what differs from the one that was decided about."""
    comment = comment_view.find(error.comment.pk)
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
    access.need(access.may_answer, request.user)
    form, place = AnswerForm(request.POST), (queue.name if queue else "", kind)
    if not form.is_valid():
        return _show(request, comment, queue, kind, status=422, answer=form)
    said = {name: form.cleaned_data[name] for name in ("body", "name")}
    with transaction.atomic():
        current = decisions.locked(comment)
        if earlier := _answered_before(current, request.user, said):
            messages.info(request, "You have given this answer already. Here it is.")
            return redirect(queues.card_url(earlier, *place))
        if not current.may_be_answered:
            form.add_error(
                None, "This comment cannot be answered: it is not on the page, or its thread is as deep as it gets."
            )
            return _show(request, comment, queue, kind, status=422, answer=form)
        answer = submitting.answer(current, by=request.user, **said)
    messages.success(request, "Your answer is on the page." if answer.is_visible else "Your answer is stored.")
    return redirect(queues.card_url(comment, *place))


def _answered_before(comment, user, said):
    """The same account's same answer to `comment`, if it was not taken off the page. To be asked with the thread
    locked, or a button pressed twice answers twice."""
    same = Comment.objects.filter(parent=comment, is_editorial=True, status=Status.APPROVED, **said)
    return same.filter(entries__moderator=user, entries__old_status="").first()


def _pin(request, comment, queue, kind):
    access.need(access.may_pin, request.user)
    if "_unpin" in request.POST:
        decisions.unpin(comment)
        messages.success(request, "It is not pinned any more.")
    else:
        try:
            decisions.pin(comment)
        except ValueError as error:
            return _show(request, comment, queue, kind, status=409, refusal={"what": "pin", "error": str(error)})
        messages.success(request, "It stands above all others of its thread now.")
    return redirect(queues.card_url(comment, queue.name if queue else "", kind))


def _claim(request, comment, queue, kind):
    """Take it in hand. The script asks quietly: 204, or 409 if a colleague has it."""
    access.need(access.may_decide, request.user)
    is_mine = decisions.claim(comment, request.user)
    if "quiet" in request.POST:
        return HttpResponse(status=204 if is_mine else 409)
    if not is_mine:
        return _show(request, comment, queue, kind, status=409, refusal={"what": "claimed"})
    return redirect(queues.card_url(comment, queue.name if queue else "", kind))
