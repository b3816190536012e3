"""Cards that the script fetches before they are needed, so that the next one is shown without a request.

A request of the script names the cards that its page has already, and is answered with one more, in the moderator's
hand, and with what its own decision came to. Without the script the same forms are answered with a redirect.
"""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.utils import timezone

from comments.models import Comment
from comments.moderation import decisions

from . import comment_view
from .forms import AheadForm


def sent(request) -> AheadForm | None:
    """What the script says of the cards that it has; None for a form that a browser sent. 400 for nonsense."""
    if not comment_view.is_ahead(request):
        return None
    form = AheadForm(request.POST)
    if not form.is_valid():
        raise BadRequest("These are not the cards of a page.")
    return form


def go_on(
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
        messages.info(request, "This is the first one.")
    context = comment_view.frame(request, queue, kind) | {"last": entry}
    if not numbers:
        context |= comment_view.empty(queue, kind)
    context["has_more"] = bool(numbers)
    return comment_view.render_page(request, "admin/comments/comment/desk_empty.html", context)


def release(request) -> HttpResponse:
    """Let others have the cards that a page which is left had fetched."""
    decisions.release(sent(request).numbers, request.user)
    return HttpResponse(status=204)
