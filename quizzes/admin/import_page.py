"""Questions from a file at the desk: uploaded or pasted, looked at, and then stored. And a quiz as a file."""

import secrets
import time
from dataclasses import replace
from pathlib import Path

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from publishing import files
from publishing.text import markdown
from publishing.text.validators import sentences, validate_storable

from ..models import Quiz
from ..transfer import exporter
from ..transfer.importer import MAX_BYTES, QuizFields, Report, import_file

SALT = "quizzes.import"
# How long an upload waits between the preview and the button.
KEPT_SECONDS = 24 * 60 * 60
GONE = "The file is no longer here. Choose it again; nothing was stored."
CHANGED = "Something has changed since you looked. This is what would happen now; nothing is stored yet."
TYPES = {"gift": "text/plain", "aiken": "text/plain", "xml": "application/xml", "json": "application/json"}


class ImportForm(forms.Form):
    """A file or its text, and the quiz that takes the questions: an existing one, or a new one."""

    file = forms.FileField(required=False, help_text="GIFT, Aiken, Moodle XML or JSON, at most 10 MB.")
    text = forms.CharField(
        required=False,
        label="or its text",
        strip=False,
        validators=[validate_storable],
        widget=forms.Textarea(attrs={"rows": 12, "cols": 90, "class": "mono", "spellcheck": "false"}),
    )
    quiz = forms.ModelChoiceField(
        Quiz.objects.order_by("title"),
        required=False,
        empty_label="A new quiz",
        label="Into",
        help_text="An existing quiz takes the questions and keeps everything else.",
    )
    title = forms.CharField(
        required=False, max_length=200, label="Title of a new quiz", help_text="Empty: as the file says."
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > MAX_BYTES:
            raise ValidationError("The file is larger than 10 MB, which is the most.")
        return file

    def clean(self):
        cleaned = super().clean()
        file, text = cleaned.get("file"), (cleaned.get("text") or "").strip()
        if not self.errors and bool(file) == bool(text):
            message = "Choose a file or paste its text, not both." if file else "Choose a file, or paste its text."
            self.add_error("file", message)
        return cleaned

    def data_and_name(self) -> tuple[bytes, str]:
        file = self.cleaned_data["file"]
        return (file.read(), file.name) if file else (self.cleaned_data["text"].encode(), "Imported questions")


@require_http_methods(["GET", "HEAD", "POST"])
def import_questions(request):
    """GET: the form. POST with a file: what would happen, nothing stored. POST with a kept upload: store it."""
    if not request.user.has_perms(["quizzes.add_quiz", "quizzes.change_quiz", "quizzes.change_question"]):
        raise PermissionDenied
    if request.method != "POST":
        return _render(request, "import", {"form": ImportForm()})
    if "upload" in request.POST:
        return _store(request)
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _render(request, "import", {"form": form}, status=422)
    data, name = form.data_and_name()
    quiz, title = form.cleaned_data["quiz"], form.cleaned_data["title"]
    try:
        report = _imported(request, data, name, quiz, title, dry_run=True)
    except ValidationError as error:
        form.add_error("file" if form.cleaned_data["file"] else "text", " ".join(sentences(error)))
        return _render(request, "import", {"form": form}, status=422)
    return _preview(request, report, _kept(data, name, quiz, title, report.digest) if report.has_taken_in else "")


def _preview(request, report, upload):
    return _render(request, "import_preview", {"report": report, "rows": _rows(report), "upload": upload})


def _store(request):
    """Do what the preview showed. When by now something else would happen, show that first."""
    try:
        kept = signing.loads(request.POST["upload"], salt=SALT, max_age=KEPT_SECONDS)
        path = _folder() / kept["file"]
        data = path.read_bytes()
    except (signing.BadSignature, FileNotFoundError):
        messages.error(request, GONE)
        return HttpResponseRedirect(reverse("admin:quizzes_quiz_import"))
    quiz = get_object_or_404(Quiz, pk=kept["quiz"]) if kept["quiz"] else None
    try:
        report = _imported(request, data, kept["name"], quiz, kept["title"], dry_run=True)
        if report.digest != kept.get("digest"):
            messages.warning(request, CHANGED)
            return _preview(request, report, signing.dumps(kept | {"digest": report.digest}, salt=SALT))
        report = _imported(request, data, kept["name"], quiz, kept["title"], dry_run=False)
    except ValidationError as error:
        messages.error(request, f"Nothing was stored. {' '.join(sentences(error))}")
        return HttpResponseRedirect(reverse("admin:quizzes_quiz_import"))
    path.unlink(missing_ok=True)
    for note in report.notes:
        messages.info(request, note)
    messages.success(request, report.counts)
    return HttpResponseRedirect(reverse("admin:quizzes_quiz_change", args=[report.quiz.pk]))


def _imported(request, data, name, quiz, title, *, dry_run) -> Report:
    """Read and take in. Only who may publish publishes by what a file says. Raises what importing raises."""

    def fields_of(own: QuizFields) -> QuizFields:
        fields = QuizFields(slug=quiz.slug) if quiz else replace(own, title=title, slug=None) if title else own
        return fields if request.user.has_perm("quizzes.publish_quiz") else replace(fields, status=None)

    return import_file(data, name, fields_of, dry_run=dry_run, by=request.user)


def _rows(report) -> list[dict]:
    """Each question with its outcome, its text, and its choices with the right ones marked."""
    rows = []
    for row in report.rows:
        item = row.item
        choices = [(choice.text.source, choice.pair, choice.percent > 0) for choice in item.choices] if item else []
        rows.append(
            {
                "row": row,
                "kind": item.rules.label if item else "",
                "stem": markdown.render_fragment(item.stem.as_markdown()) if item else "",
                "choices": choices,
            }
        )
    return rows


def _folder() -> Path:
    path = settings.VAR_DIR / "imports"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def _kept(data: bytes, name: str, quiz, title: str, digest: str) -> str:
    """Keep an upload until the button is pressed, for a day at most; returns what names it, signed."""
    for old in _folder().iterdir():
        if time.time() - old.stat().st_mtime > KEPT_SECONDS:
            old.unlink(missing_ok=True)
    file = secrets.token_hex(16)
    with files.whole(_folder() / file) as stream:
        stream.write(data)
    pk = quiz.pk if quiz else None
    kept = {"file": file, "name": name[-200:], "quiz": pk, "title": title, "digest": digest}
    return signing.dumps(kept, salt=SALT)


def _render(request, name, context, status=200):
    frame = admin.site.each_context(request) | {
        "title": "Import questions",
        "opts": Quiz._meta,
        "is_nav_sidebar_enabled": False,
    }
    return render(request, f"admin/quizzes/{name}.html", frame | context, status=status)


@require_safe
def export(request, pk):
    """The quiz as it is now, as a file in the format that the address names; without one, which there are."""
    if not request.user.has_perm("quizzes.view_quiz"):
        raise PermissionDenied
    quiz = get_object_or_404(Quiz, pk=pk)
    file_format = request.GET.get("format", "")
    if file_format not in exporter.FORMATS:
        return _render(request, "export", {"title": "Export", "quiz": quiz})
    written = exporter.written(quiz, file_format)
    response = HttpResponse(written.text, content_type=f"{TYPES[file_format]}; charset=utf-8")
    name = f"{quiz.slug}{exporter.FORMATS[file_format]}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
