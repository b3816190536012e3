"""The pages of one comment and of the next one in a queue, and what their buttons do.

A script preloads the next comments. Its requests name those that its page has, and the answer is one more, claimed for
the moderator, with the result of its own decision. Without the script the same forms are answered with a redirect.
A refused decision is answered with the comment as it is now, what was chosen, and why it was not saved.
"""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comments.models import Comment, CommentKind, Status
from comments.moderation import bulk, decisions, queues
from comments.moderation.decisions import may_answer, may_decide, may_pin, may_read, need
from comments.moderation.queues import Place

from . import comment_view, differences
from .comment_view import DecisionForm, PreloadedForm, ReplyForm, find, find_bare, frame, is_preload, show


@require_http_methods(["GET", "HEAD", "POST"])
def review(request, number):
    """GET shows one comment, POST does what its button says. 404 for an unknown comment, 400 for an unknown queue."""
    need(may_read, request.user)
    place = place_in(request)
    if request.method == "POST":
        return _act(request, find_bare(number), place)
    return show(request, find(number), place)


@require_http_methods(["GET", "HEAD", "POST"])
def next_comment(request, name):
    """GET leads to the first comment of a queue that no colleague has claimed; POST claims the next or previous one."""
    need(may_read, request.user)
    if name not in queues.QUEUES:
        raise Http404("Unknown queue.")
    place = Place(queues.QUEUES[name], place_in(request).kind)
    if request.method == "POST":
        return _go_on(request, place)
    first = place.rows().unclaimed_by_others(request.user).values_list("pk", flat=True).first()
    if first:
        return redirect(place.comment_url(first, decided=request.GET.get("decided")))
    return render(request, comment_view.EMPTY, frame(request, place) | comment_view.empty(place))


def _go_on(request, place):
    need(may_decide, request.user)
    preloaded = _preloaded(request)
    if preloaded and "release" in request.POST:
        decisions.release(preloaded.numbers, request.user)
        return HttpResponse(status=204)
    backwards = "before" in request.POST
    number = request.POST.get("before" if backwards else "after")
    current = find_bare(number) if number else None
    position = place.queue.position_of(current) if current else None
    if preloaded:
        if current and not backwards and current.pk not in preloaded.numbers:
            decisions.release([current.pk], request.user)
        return _one_more(request, preloaded, place, position, backwards=backwards)
    following = place.claim_next(request.user, position, backwards=backwards)
    if following and current:
        decisions.release([current.pk], request.user)
    if following:
        return redirect(place.comment_url(following.pk))
    if current is None:
        return redirect(place.queue_url())
    messages.info(request, _("This is the first comment.") if backwards else _("There are no more comments."))
    return redirect(place.comment_url(current.pk))


def place_in(request, kind: str = "kind") -> Place:
    """The queue and the kind of comment that an address names, the latter under the name `kind`."""
    queue, kind = request.GET.get("queue", ""), request.GET.get(kind, "")
    if (queue and queue not in queues.QUEUES) or (kind and kind not in CommentKind.values):
        raise BadRequest("Unknown queue or kind of comment.")
    return Place(queues.QUEUES.get(queue), kind)


# --- the buttons ---


def _act(request, comment, place):
    """Do what the pressed button says. 400 for none or for two; 403 without the permission."""
    others = {"answer": _reply, "pin": _pin, "unpin": _pin, "claim": _claim}
    pressed = [name for name in [*bulk.VERBS, *others] if f"_{name}" in request.POST]
    if len(pressed) != 1:
        need(may_decide, request.user)
        return _refused(request, comment, place, "nothing", status=400)
    name = pressed[0]
    if name in others:
        return others[name](request, comment, place)
    return _decide(request, comment, place, name)


def _refused(request, comment, place, what, status=409, **more):
    return show(request, find(comment.pk), place, status=status, refusal={"what": what} | more)


def _decide(request, comment, place, verb):
    need(may_decide, request.user)
    preloaded, form = _preloaded(request), DecisionForm(request.POST, verb=verb)
    if not form.is_valid():
        if form.has_error("seen") or form.has_error("was"):
            return _refused(request, comment, place, "unseen")
        return show(request, find(comment.pk), place, status=422, form=form, is_rejecting=verb == "reject")
    following, held_until = place, comment.claimed_until
    if place.queue is None and comment.status == Status.PENDING:
        following = Place(queues.QUEUES["suspect" if comment.is_suspect else "pending"], place.kind)
    position = following.queue.position_of(comment) if following.queue else None
    try:
        entry = bulk.VERBS[verb](comment, request.user, **form.details)
        if entry is None:
            already = _("That comment was already %(state)s.") % {"state": comment.status_inside}
            messages.info(request, already)
    except decisions.DecisionRefused as refusal:
        return _not_saved(request, refusal, form, place)
    except Comment.DoesNotExist:
        # Since it was looked up above.
        messages.warning(request, _("That comment no longer exists."))
        entry = None
    decided = entry and entry.pk
    if following.queue is None:
        return redirect(following.comment_url(comment.pk, decided=decided))
    if preloaded:
        return _one_more(request, preloaded, following, position, entry=entry, held_until=held_until)
    after = following.claim_next(request.user, position)
    if after is None:
        return redirect(following.queue_url(decided=decided))
    return redirect(following.comment_url(after.pk, decided=decided))


def _not_saved(request, error, form, place):
    more = {"why": str(error), "verb": form.verb, "reason": request.POST.get("_reject", "")}
    more["note"] = form.cleaned_data["note"]
    if error.outcome == bulk.Outcome.CHANGED:
        more["parts"] = differences.since(error.comment, form.cleaned_data["seen"])
    return _refused(request, error.comment, place, error.outcome, **more)


def _reply(request, comment, place):
    need(may_answer, request.user)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return show(request, find(comment.pk), place, status=422, reply=form)
    fields = {name: form.cleaned_data[name] for name in ("body", "name")}
    with transaction.atomic():
        # With the thread locked, or a button pressed twice replies twice.
        current = decisions.locked(comment)
        same = Comment.objects.filter(parent=current, is_editorial=True, status=Status.APPROVED, **fields)
        if earlier := same.filter(entries__moderator=request.user, entries__old_status="").first():
            messages.info(request, _("You have already posted this reply."))
            return redirect(place.comment_url(earlier.pk))
        if not current.may_be_answered:
            sentence = _("You cannot reply to this comment: it is not published, or replies cannot be nested deeper.")
            form.add_error(None, sentence)
            return show(request, find(comment.pk), place, status=422, reply=form)
        reply = decisions.answer(current, by=request.user, **fields)
    messages.success(request, _("Reply published.") if reply.is_visible else _("Reply saved."))
    return redirect(place.comment_url(comment.pk))


def _pin(request, comment, place):
    need(may_pin, request.user)
    if "_unpin" in request.POST:
        decisions.unpin(comment)
        messages.success(request, _("Comment unpinned."))
    else:
        try:
            decisions.pin(comment)
        except ValueError as error:
            return _refused(request, comment, place, "pin", why=str(error))
        messages.success(request, _("Comment pinned to the top of its thread."))
    return redirect(place.comment_url(comment.pk))


def _claim(request, comment, place):
    """Claim it. The script sends "quiet" and gets 204, or 409 if a colleague has claimed it."""
    need(may_decide, request.user)
    is_mine = decisions.claim(comment, request.user)
    if "quiet" in request.POST:
        return HttpResponse(status=204 if is_mine else 409)
    if not is_mine:
        return _refused(request, comment, place, "claimed")
    return redirect(place.comment_url(comment.pk))


# --- comments that the script preloads ---


def _preloaded(request) -> PreloadedForm | None:
    """The form of the script; None for a form that a browser sent."""
    if not is_preload(request):
        return None
    form = PreloadedForm(request.POST)
    if not form.is_valid():
        raise BadRequest("The list of comments is not valid.")
    return form


def _one_more(
    request, preloaded: PreloadedForm, place, position, *, backwards=False, entry=None, held_until=None
) -> HttpResponse:
    """One more comment after those that the page has, or after `position` if it has none, with the notice of `entry`.

    Only a page without comments gets the skipped ones. The others were claimed after the decided one, which was claimed
    until `held_until`, so their claims rarely need to be renewed.
    """
    numbers = preloaded.numbers
    if held_until is None or held_until < timezone.now() + decisions.CLAIM_TIME * 0.8:
        decisions.prolong(numbers, request.user)
    following = place.claim_next(
        request.user,
        preloaded.position if numbers and not backwards else position,
        backwards=backwards,
        wraps=not numbers,
        among=comment_view.with_related(Comment.objects.all()),
    )
    if following:
        return show(request, following, place, last=entry)
    if backwards:
        messages.info(request, _("This is the first comment."))
    context = frame(request, place) | {"last": entry, "has_more": bool(numbers)}
    if not numbers:
        context |= comment_view.empty(place)
    return comment_view.render_page(request, comment_view.EMPTY, context)
