"""What the writing screen asks for: to store an audio or video file, and to choose one of the library. In JSON."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import JsonResponse

from ..models import Recording
from ..models.picture_files import digest_of
from .picture_endpoints import page_of


def upload(model_admin, request) -> JsonResponse:
    """Store `file` with `title`; a file that is stored gives that recording.

    201 or 200 with what plays it; 400, or 413 for one that is too large, with {"errors": {field: [sentence]}}.
    """
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    file = request.FILES.get("file")
    stored = Recording.objects.filter(digest=digest_of(file)).first() if file else None
    form = model_admin.get_form(request, fields=["file", "title"])(request.POST, {} if stored else request.FILES)
    if stored:
        del form.fields["file"]
    if not form.is_valid():
        is_too_large = any(error.code == "too_large" for error in form.errors.as_data().get("file", ()))
        errors = {name: list(form.errors[name]) for name in form.errors}
        return JsonResponse({"errors": errors}, status=413 if is_too_large else 400)
    recording = stored or _stored(model_admin, request, form)
    data = _data(model_admin, recording, form.cleaned_data["title"])
    return JsonResponse(data, status=200 if stored else 201)


def _stored(model_admin, request, form) -> Recording:
    """The new recording, logged. If that fails, no file of it stays."""
    recording = form.save(commit=False)
    try:
        with transaction.atomic():
            recording.save()
            model_admin.log_addition(request, recording, [{"added": {}}])
    except BaseException:
        if recording.file._committed:
            recording.discard_files()
        raise
    return recording


def pick(model_admin, request) -> JsonResponse:
    """The newest, or those with all words of `q`: {"recordings": […], "next": the number of the next page}."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    return page_of(model_admin, request, "recordings", lambda recording: _data(model_admin, recording))


def _data(model_admin, recording: Recording, title: str = "") -> dict:
    return {
        "id": recording.pk,
        "title": recording.title,
        "facts": f"{model_admin.kind(recording)} · {model_admin.length(recording)}",
        "markdown": recording.as_markdown(title),
    }
