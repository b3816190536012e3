"""Import questions from a file or pasted text, after a preview; export a quiz as a file."""

import secrets
import time
from pathlib import Path

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from publishing import files
from publishing.text import languages
from publishing.text.fields import TITLE_LENGTH
from publishing.text.validators import sentences, validate_storable

from ..models import Quiz
from ..transfer import exporter
from ..transfer.importer import MAX_BYTES, ImportReport, import_file
from .base import render_page

SALT = "quizzes.import"
# How long an upload is stored while its preview waits for the button.
UPLOAD_SECONDS = 24 * 60 * 60
EXPIRED = _("Nothing was saved: this upload has expired. Choose the file again.")
CHANGED = _("Not saved: the questions have changed since the preview. Here is the new preview.")
CHOOSE = _("Choose a file or paste its text.")
CONTENT_TYPES = {"gift": "text/plain", "aiken": "text/plain", "xml": "application/xml", "json": "application/json"}


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("File"), required=False, help_text=_("GIFT, Aiken, Moodle XML or JSON, up to 10 MB.")
    )
    text = forms.CharField(
        required=False,
        label=_("or paste its text"),
        strip=False,
        validators=[validate_storable],
        widget=forms.Textarea(attrs={"rows": 12, "cols": 90, "class": "mono", "spellcheck": "false"}),
    )
    quiz = forms.ModelChoiceField(
        Quiz.objects.order_by("title"),
        required=False,
        empty_label=_("A new quiz"),
        label=_("Import into"),
        help_text=_("An existing quiz gets the questions; its title and settings do not change."),
    )
    title = forms.CharField(
        required=False,
        max_length=TITLE_LENGTH,
        label=_("Title of a new quiz"),
        help_text=_("Empty: use the title in the file."),
    )

    def clean(self):
        cleaned = super().clean()
        if not self.errors and bool(cleaned["file"]) == bool(cleaned["text"].strip()):
            self.add_error("file", _("Choose a file or paste its text, not both.") if cleaned["file"] else CHOOSE)
        return cleaned

    def read(self) -> tuple[bytes, dict]:
        """The content, and what `_import` needs to know about it. Only of a valid form."""
        cleaned = self.cleaned_data
        file, quiz = cleaned["file"], cleaned["quiz"]
        data, name = (file.read(MAX_BYTES + 1), file.name) if file else (cleaned["text"].encode(), _imported())
        return data, {"name": name[-200:], "quiz": quiz.pk if quiz else None, "title": cleaned["title"]}


def _imported() -> str:
    """The name of pasted questions, which readers see as the title of their quiz."""
    with languages.of_the_site():
        # Translators: for readers.
        return gettext("Imported questions")


# It makes categories of the bank and changes its questions, which authors may not.
MAY_IMPORT = [f"quizzes.{name}" for name in ("add_quiz", "change_quiz", "change_question", "add_bankcategory")]


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(MAY_IMPORT, raise_exception=True)
def import_questions(request):
    """GET: the form. POST of a file: a preview. POST of an upload that was previewed: import it."""
    if "upload" in request.POST:
        return _confirm(request)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_valid():
        data, upload = form.read()
        try:
            report = _import(request, data, upload, dry_run=True)
        except ValidationError as error:
            form.add_error("file" if form.cleaned_data["file"] else "text", " ".join(sentences(error)))
        else:
            return _preview(request, report, upload | {"file": _store(data) if report.has_imported else ""})
    context = {"title": _("Import questions"), "form": form}
    return render_page(request, "import", context, status=422 if form.is_bound else 200)


def _preview(request, report, upload: dict):
    token = signing.dumps(upload | {"digest": report.digest}, salt=SALT) if report.has_imported else ""
    return render_page(request, "import_preview", {"title": _("Import questions"), "report": report, "upload": token})


def _confirm(request):
    """Import what was previewed. If the import would do something else by now, preview it again instead."""
    try:
        upload = signing.loads(request.POST["upload"], salt=SALT, max_age=UPLOAD_SECONDS)
        path = _folder() / upload["file"]
        data = path.read_bytes()
    except (signing.BadSignature, FileNotFoundError):
        messages.error(request, EXPIRED)
        return redirect("admin:quizzes_quiz_import")
    try:
        report = _import(request, data, upload, dry_run=True)
        if report.digest != upload["digest"]:
            messages.warning(request, CHANGED)
            return _preview(request, report, upload)
        report = _import(request, data, upload, dry_run=False)
    except ValidationError as error:
        messages.error(request, _("Nothing was saved. %(problem)s") % {"problem": " ".join(sentences(error))})
        return redirect("admin:quizzes_quiz_import")
    path.unlink(missing_ok=True)
    for note in report.notes:
        messages.info(request, note)
    messages.success(request, report.counts)
    return redirect("admin:quizzes_quiz_change", report.quiz.pk)


def _import(request, data: bytes, upload: dict, *, dry_run) -> ImportReport:
    """Import into the chosen quiz, which only gets questions, or into a new one.

    The file's status counts only for users who may publish. Raises what `import_file` raises, and Http404.
    """
    quiz = get_object_or_404(Quiz, pk=upload["quiz"]) if upload["quiz"] else None

    def fields(in_file):
        if quiz:
            return {"slug": quiz.slug}
        chosen = {"title": upload["title"], "slug": ""} if upload["title"] else {}
        hidden = () if request.user.has_perm("quizzes.publish_quiz") else ("status",)
        return {key: value for key, value in (in_file | chosen).items() if key not in hidden}

    return import_file(data, upload["name"], fields, dry_run=dry_run, by=request.user)


def _folder() -> Path:
    path = settings.VAR_DIR / "imports"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def _store(data: bytes) -> str:
    """Store an upload and delete expired ones. Returns the name of its file."""
    for path in _folder().iterdir():
        if time.time() - path.stat().st_mtime > UPLOAD_SECONDS:
            path.unlink(missing_ok=True)
    name = secrets.token_hex(16)
    with files.whole(_folder() / name) as stream:
        stream.write(data)
    return name


@require_safe
@permission_required("quizzes.view_quiz", raise_exception=True)
def export(request, pk):
    """The saved questions in the format `?format=` asks for; without one, the list of formats."""
    quiz = get_object_or_404(Quiz.objects.visible_to(request.user), pk=pk)
    file_format = request.GET.get("format", "")
    if file_format not in exporter.FORMATS:
        return render_page(request, "export", {"title": _("Export"), "quiz": quiz})
    written = exporter.written(quiz, file_format)
    response = HttpResponse(written.text, content_type=f"{CONTENT_TYPES[file_format]}; charset=utf-8")
    name = f"{quiz.slug}{exporter.FORMATS[file_format]}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
