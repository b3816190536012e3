"""What the writing screen asks for: to store a picture, and to choose one of the library. Both answer in JSON."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import JsonResponse
from django.utils.translation import gettext_lazy as _

from publishing.bases.admin import SEARCH_LENGTH

from ..models import Image
from ..models.picture_files import digest_of

PAGE_LENGTH = 24
FIRST_FRAME = _("The picture moves. Its first frame is stored.")


class PageForm(forms.Form):
    q = forms.CharField(required=False, max_length=SEARCH_LENGTH)
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)


def upload(model_admin, request) -> JsonResponse:
    """Store `file` with `alt` or `decorative`, `caption` and `credit`; a file that is stored gives that picture.

    201 or 200 with the picture; 400, or 413 for one that is too large, with {"errors": {field: [sentence]}}.
    """
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    data = request.POST.copy()
    data["is_decorative"] = data.get("decorative", "")
    file = request.FILES.get("file")
    stored = Image.objects.filter(digest=digest_of(file)).first() if file else None
    form_class = model_admin.get_form(request, fields=["file", "alt", "is_decorative", "caption", "credit"])
    form = form_class(data, {} if stored else request.FILES)
    if stored:
        del form.fields["file"]
    if not form.is_valid():
        errors = {"decorative" if name == "is_decorative" else name: list(form.errors[name]) for name in form.errors}
        is_too_large = any(error.code == "too_large" for error in form.errors.as_data().get("file", ()))
        return JsonResponse({"errors": errors}, status=413 if is_too_large else 400)
    image = stored or _stored(model_admin, request, form)
    moves = not stored and form.cleaned_data["file"].moves
    texts = form.cleaned_data["alt"], form.cleaned_data["caption"]
    return JsonResponse(_data(image, *texts) | {"note": FIRST_FRAME if moves else ""}, status=200 if stored else 201)


def _stored(model_admin, request, form) -> Image:
    """The new picture, logged. If that fails, no file of it stays."""
    image = form.save(commit=False)
    try:
        with transaction.atomic():
            image.save()
            model_admin.log_addition(request, image, [{"added": {}}])
    except BaseException:
        if image.file._committed:
            image.discard_files()
        raise
    return image


def pick(model_admin, request) -> JsonResponse:
    """The newest pictures, or those with all words of `q`: {"pictures": […], "next": the number of the next page}."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    return page_of(model_admin, request, "pictures", lambda image: _data(image, image.alt, image.caption))


def page_of(model_admin, request, name: str, data: Callable) -> JsonResponse:
    """A page of the newest rows, or of those with all words of `q`, under a name."""
    form = PageForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=400)
    number = form.cleaned_data["page"] or 1
    newest = model_admin.model.objects.order_by("-created_at")
    rows, _ = model_admin.get_search_results(request, newest, form.cleaned_data["q"])
    found = [data(row) for row in rows[(number - 1) * PAGE_LENGTH : number * PAGE_LENGTH + 1]]
    return JsonResponse({name: found[:PAGE_LENGTH], "next": number + 1 if len(found) > PAGE_LENGTH else None})


def _data(image, alt: str, caption: str) -> dict:
    return {
        "id": image.pk,
        "name": str(image),
        "url": image.file.url,
        "thumbnail": image.thumbnail,
        "width": image.width,
        "height": image.height,
        "alt": alt,
        "markdown": image.as_markdown(alt, caption),
    }
