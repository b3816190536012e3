"""The pages: what is moved in, a transfer with its progress and its report, and the report as a file."""

from collections.abc import Callable
from functools import wraps

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..bases.admin import row_or_404
from ..models import Publication
from ..transfer.export.tables import left_behind
from ..transfer.lock import Busy
from ..transfer.notes import KIND_NAMES
from . import files, registry, reports, running
from .forms import SourceForm
from .models import RESULTS, Transfer, TransferPost

PER_PAGE = 50
Step, State = Transfer.Step, Transfer.State


def needs(permission: str) -> Callable:
    """403 for an account without a permission."""

    def decorate(view):
        @wraps(view)
        def checked(request, *arguments, **named):
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *arguments, **named)

        return checked

    return decorate


def url_of(transfer: Transfer) -> str:
    return reverse("admin:moving_transfer_change", args=[transfer.pk])


def _page(request, template: str, context: dict, status: int = 200) -> TemplateResponse:
    everywhere = admin.site.each_context(request) | {"opts": Transfer._meta, "is_nav_sidebar_enabled": False}
    return TemplateResponse(request, f"admin/moving/{template}.html", everywhere | context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def move_in(request):
    """GET: what to move in, and how. POST: store it, and let the worker make a preview."""
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    source, options = SourceForm(*data), registry.importer().form(*data[:1], label_suffix="")
    # Options first: an upload is stored by the other form.
    if request.method == "POST" and options.is_valid() and source.is_valid():
        chosen = options.options() | ({"media": source.pictures} if source.pictures else {})
        transfer = Transfer(by=request.user, options=chosen, **source.source)
        try:
            running.start(transfer, Step.PREVIEW)
        except Busy as busy:
            source.add_error(None, str(busy))
        else:
            return HttpResponseRedirect(url_of(transfer))
    context = {"title": _("Move in"), "source": source, "options": options, "busy": _busy()}
    return _page(request, "move_in", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def move_out(request):
    """GET: what an export has. POST: let the worker write one."""
    busy = ""
    if request.method == "POST":
        name = f"{slugify(Publication.current().name) or 'publication'}-{timezone.localdate()}.zip"
        row = Transfer(by=request.user, name=name, options={"has_files": "has_files" in request.POST})
        try:
            running.start(row, Step.EXPORT)
        except Busy as error:
            busy = str(error)
        else:
            return HttpResponseRedirect(url_of(row))
    context = {"title": _("Move out"), "busy": busy or _busy(), "left": [_(reason) for reason in left_behind()]}
    return _page(request, "move_out", context, status=409 if busy else 200)


@require_safe
def download(request, key):
    """The file of an export, as long as it is there."""
    row = row_or_404(Transfer.objects.filter(step=Step.EXPORT, state=State.DONE), key)
    path = files.path_of(row.path)
    if not path.exists():
        raise Http404("The file was deleted.")
    return FileResponse(path.open("rb"), as_attachment=True, filename=row.name, content_type="application/zip")


def _busy() -> str:
    other = next((row for row in Transfer.objects.active().select_related("by") if row.is_active), None)
    return running.described(other) if other else ""


@require_POST
def part(request):
    """A part of an upload that a script sends: `name` is that of the file, or of the upload after the first part."""
    sent = request.FILES.get("part")
    try:
        upload = request.POST.get("upload") or files.new_name(request.POST.get("name", ""))
        if sent is None:
            raise files.Unfit(_("Nothing was sent."))
        size = files.append(upload, sent.chunks(), int(request.POST.get("offset", "0")))
    except ValueError as error:
        return JsonResponse({"error": str(error)}, status=422)
    return JsonResponse({"upload": upload, "size": size})


@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request, key):
    """GET shows how far it is and what became of each post; POST takes a `step`: import, preview, undo, stop."""
    row = row_or_404(Transfer.objects.select_related("by"), key)
    if request.method == "POST":
        _take(request, row)
        return HttpResponseRedirect(url_of(row))
    posts, shown = row.posts.order_by("number"), request.GET.get("show", "")
    if shown in TransferPost.Mark.values:
        posts = posts.filter(mark=shown)
    page = Paginator(posts, PER_PAGE).get_page(request.GET.get("page"))
    keys = [post.key for post in page if post.key]
    found = registry.call(registry.importer().rows, keys) if keys else {}
    summary = row.summary
    marks = [(mark.value, mark.label, _number(summary, mark)) for mark in TransferPost.Mark]
    context = {
        "title": str(row),
        "transfer": row,
        "page": page,
        "posts": [(post, found.get(post.key)) for post in page],
        "shown": shown,
        "filter": f"show={shown}&" if shown in TransferPost.Mark.values else "",
        "articles": reverse("admin:articles_article_changelist"),
        "marks": marks,
        "number": sum(number for *_names, number in marks),
        "counts": _counts(summary),
        "can": _can(row),
        "has_file": row.step == Step.EXPORT and row.state == State.DONE and files.path_of(row.path).exists(),
        "days": files.DAYS,
        "busy": "" if row.is_active else _busy(),
        "undoable": 0 if row.is_active else len(running.created(row)),
    }
    return _page(request, "transfer", context)


def _number(summary: dict, mark: str) -> int:
    names = {"right": "right", "noted": "noted", "loss": "lossy"}
    return summary.get(names[mark], 0) if mark in names else summary.get("results", {}).get("skipped", 0)


def _counts(summary: dict) -> list[tuple[str, list[tuple[str, int]]]]:
    """Lists of words and numbers, the largest first."""
    heads = {
        "results": _("Posts"),
        "losses": _("Missing, by kind"),
        "notes": _("Notes, by kind"),
        "reasons": _("Left out because"),
        "others": _("Not posts"),
    }
    names = RESULTS | KIND_NAMES
    found = []
    for name, head in heads.items():
        pairs = [(names.get(words, words), number) for words, number in summary.get(name, {}).items() if number]
        if pairs:
            found.append((head, sorted(pairs, key=lambda pair: -pair[1])))
    return found


def _can(row: Transfer) -> set[str]:
    """The steps that can be taken now."""
    if row.is_active:
        return {"stop"}
    if row.step == Step.EXPORT:
        return set()
    has_source = row.step != Step.UNDO and not (row.step == Step.IMPORT and row.state == State.DONE and row.is_upload)
    can = set()
    if has_source:
        can.add("preview")
        # What could not be read is not imported.
        if row.step == Step.IMPORT or (row.step == Step.PREVIEW and row.state == State.DONE and row.total):
            can.add("import")
    if running.created(row):
        can.add("undo")
    return can


def _take(request, row: Transfer) -> None:
    step = request.POST.get("step")
    if step not in _can(row):
        messages.warning(request, _("That is not possible any more."))
    elif step == "stop":
        running.stop(row)
    else:
        try:
            running.start(row, step)
        except Busy as busy:
            messages.error(request, str(busy))


@require_safe
def report(request, key):
    """All posts with their notes, as CSV."""
    row = row_or_404(Transfer.objects, key)
    response = StreamingHttpResponse(reports.lines(row), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="report-{row.pk}.csv"'
    return response
