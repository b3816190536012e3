"""All comments of one browser: read, download, erase."""

from django import forms
from django.core.paginator import EmptyPage, Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from publishing.cache import pages
from publishing.groups import Group, in_group
from publishing.web import anonymous_ids
from publishing.web.refusals import FOREIGN, UNREAD, UNREADABLE, SeeOther
from publishing.web.same_origin import is_same_origin

from ..forms import SureForm
from ..models import Comment, EmailAddress
from ..privacy import erasure, personal_data
from ..reading import writer_status

PAGE_SIZE = 20


class ListForm(forms.Form):
    article = forms.SlugField(required=False, max_length=200, allow_unicode=True)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)
    erased = forms.BooleanField(required=False)


def _own(request):
    """The comments of the reader with this cookie, newest first."""
    comments = Comment.objects.by_reader(anonymous_ids.known_key(request) or "")
    return comments.select_related("article").order_by("-created_at", "-pk")


@in_group(Group.COMMENTS)
@pages.personal
@require_safe
def mine(request):
    return _page(request, SureForm())


def _page(request, form, *, problem="", status=200):
    which = ListForm(request.GET)
    if not which.is_valid():
        raise Http404("No such page.")
    slug, comments = which.cleaned_data["article"], _own(request)
    paginator = Paginator(comments.filter(article__slug=slug) if slug else comments, PAGE_SIZE)
    try:
        page = paginator.page(which.cleaned_data["page"] or 1)
    except EmptyPage as error:
        raise Http404("No such page.") from error
    rows = list(page)
    context = {
        "page": page,
        "rows": list(zip(rows, writer_status.statuses(rows), strict=True)),
        "slug": slug,
        "form": form,
        "problem": problem,
        "just_erased": which.cleaned_data["erased"],
    }
    return render(request, "comments/mine.html", context, status=status)


@in_group(Group.COMMENTS)
@pages.personal
@require_safe
def export(request):
    """All that is stored about the writer, as a file."""
    reader = anonymous_ids.known_key(request) or ""
    addresses = EmailAddress.objects.filter(reader=reader).order_by("pk")
    data = personal_data.collect(list(_own(request)), addresses, {reader})
    return personal_data.as_file(data, "my-comments.json")


@in_group(Group.COMMENTS)
@require_POST
def erase(request):
    """Erase all comments of this browser, and delete its addresses. 422 without the tick, 403 from another site."""
    try:
        form = SureForm(request.POST)
    except UNREADABLE:
        return _page(request, SureForm(), problem=UNREAD, status=413)
    if not is_same_origin(request):
        return _page(request, form, problem=FOREIGN, status=403)
    if not form.is_valid():
        return _page(request, form, problem=form.errors["sure"][0], status=422)
    if reader := anonymous_ids.known_key(request):
        erasure.erase_reader(reader)
    return SeeOther(reverse("comments:mine") + "?erased=1#main")
