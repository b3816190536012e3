"""Everything that one browser wrote: to look at, to take along, and to have erased."""

from django import forms
from django.core.paginator import Paginator
from django.core.validators import validate_slug
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from publishing.cache import pages
from publishing.web import anonymous_ids, same_origin
from publishing.web.refusals import FOREIGN, UNREAD, UNREADABLE, SeeOther

from ..forms import SureForm
from ..models import Comment, EmailAddress
from ..privacy import erasure, personal_data
from ..reading import writer_status

PAGE_SIZE = 20


class ListForm(forms.Form):
    """Which part of the list: one article's, one page."""

    article = forms.CharField(required=False, max_length=200, validators=[validate_slug])
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)
    erased = forms.BooleanField(required=False)


def _own(request):
    """The comments of the reader who carries the cookie, newest first; none without it."""
    reader = anonymous_ids.known_key(request)
    comments = Comment.objects.by_reader(reader) if reader else Comment.objects.none()
    return comments.select_related("article").order_by("-created_at", "-pk")


@pages.personal
@require_safe
def mine(request):
    """The comments of this browser, how each stands, and the way to its receipt. Three queries at most."""
    return _page(request, SureForm())


def _page(request, form, *, problem="", status=200):
    asked = ListForm(request.GET)
    if not asked.is_valid():
        raise Http404("No such page.")
    slug = asked.cleaned_data["article"]
    comments = _own(request).filter(article__slug=slug) if slug else _own(request)
    paginator = Paginator(comments, PAGE_SIZE)
    number = asked.cleaned_data["page"] or 1
    if number > paginator.num_pages:
        raise Http404("No such page.")
    page = paginator.page(number)
    rows = list(page)
    context = {
        "page": page,
        "rows": list(zip(rows, writer_status.statuses(rows), strict=True)),
        "slug": slug,
        "form": form,
        "problem": problem,
        "just_erased": asked.cleaned_data["erased"],
    }
    return render(request, "comments/mine.html", context, status=status)


@pages.personal
@require_safe
def export(request):
    """The same as a file to keep: all that is stored about the writer (`comments.privacy.personal_data`)."""
    reader = anonymous_ids.known_key(request)
    addresses = EmailAddress.objects.filter(reader=reader).order_by("pk") if reader else []
    data = personal_data.collect(list(_own(request)), addresses, {reader or ""})
    return personal_data.as_file(data, "my-comments.json")


@same_origin.same_origin
@require_POST
def erase(request):
    """Destroy name and text of everything this browser wrote, and its e-mail addresses, after a tick.

    The list comes back with the box as it was: 422 without the tick, 403 from another site.
    """
    try:
        form = SureForm(request.POST)
    except UNREADABLE:
        return _page(request, SureForm(), problem=UNREAD, status=413)
    if not request.is_same_origin:
        return _page(request, form, problem=FOREIGN, status=403)
    if not form.is_valid():
        return _page(request, form, problem=form.errors["sure"][0], status=422)
    if reader := anonymous_ids.known_key(request):
        erasure.erase_reader(reader)
    return SeeOther(reverse("comments:mine") + "?erased=1#main")
