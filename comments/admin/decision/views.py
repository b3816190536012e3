"""The addresses of the desk: one card, and the way from one to the next."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect, render

from comments.models import Kind
from comments.moderation import decisions, queues

from .. import access
from . import ahead, decision_view
from .comment_view import empty, find, find_bare, frame, show


def card(request, number):
    """GET shows one comment, POST does something with it (`deciding`). Its address may name a queue to go on in.

    404 for a comment that is not there, 400 for a queue or a kind that there is not.
    """
    access.need(access.may_read, request.user)
    queue, kind = place_in(request)
    if request.method == "POST":
        return decision_view.act(request, find_bare(number), queue, kind)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    return show(request, find(number), queue, kind)


def desk(request, name):
    """GET leads to the first card of a queue that no colleague has in hand; POST goes on from one card to the next.

    Only POST takes the card in hand. Where nothing is left, GET says so.
    """
    access.need(access.may_read, request.user)
    if name not in queues.QUEUES:
        raise Http404("There is no such queue.")
    queue, kind = queues.QUEUES[name], place_in(request)[1]
    if request.method == "POST":
        return _go_on(request, queue, kind)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    rows = queue.walk(kind)
    first = rows.unclaimed_by_others(request.user).values_list("pk", flat=True).first()
    if first:
        return redirect(queues.card_url(first, queue.name, kind, decided=request.GET.get("decided")))
    context = frame(request, queue, kind) | empty(queue, kind)
    return render(request, "admin/comments/comment/desk_empty.html", context)


def _go_on(request, queue, kind):
    access.need(access.may_decide, request.user)
    cards = ahead.sent(request)
    if cards and "release" in request.POST:
        return ahead.release(request)
    backwards = "before" in request.POST
    number = request.POST.get("before" if backwards else "after")
    current = find_bare(number) if number else None
    place = queue.place_of(current) if current else None
    if cards:
        if current and not backwards and current.pk not in cards.numbers:
            decisions.release([current.pk], request.user)
        return ahead.go_on(request, cards, queue, kind, place, backwards=backwards)
    following = queue.take(request.user, kind, place, backwards=backwards)
    if following and current:
        decisions.release([current.pk], request.user)
    if following:
        return redirect(queues.card_url(following, queue.name, kind))
    if current is None:
        return redirect(queues.desk_url(queue.name, kind))
    messages.info(request, "This is the first one." if backwards else "There is no other one here.")
    return redirect(queues.card_url(current, queue.name, kind))


def place_in(request, kind: str = "kind") -> tuple[queues.Queue | None, str]:
    """The queue and the kind that an address names, the latter under the name `kind`."""
    queue, kind = request.GET.get("queue", ""), request.GET.get(kind, "")
    if (queue and queue not in queues.QUEUES) or (kind and kind not in Kind.values):
        raise BadRequest("There is no such queue or kind.")
    return queues.QUEUES.get(queue), kind
