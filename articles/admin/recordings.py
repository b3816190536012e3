"""The library of audio and video files."""

from django import forms
from django.contrib import admin
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from publishing.bases.admin import SiteModelAdmin
from publishing.text import recordings

from ..models import Recording
from ..models.uploads.recording_files import check_captions, measure
from . import recording_endpoints

MOST_USES = 100


class RecordingForm(forms.ModelForm):
    class Meta:
        model = Recording
        fields = ["file", "title", "captions", "captions_language"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in {"file", "captions"} & self.fields.keys():
            # Names of uploads are not used.
            self.fields[name].max_length = None
        if "file" in self.fields:
            accepted = ",".join(f".{suffix}" for suffix in recordings.TYPES)
            self.fields["file"].widget.attrs["accept"] = f"{accepted},audio/*,video/*"
        if "captions" in self.fields:
            self.fields["captions"].widget.attrs["accept"] = ".vtt,text/vtt"

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if "file" in self.changed_data:
            measure(upload)
        return upload

    def clean_captions(self):
        upload = self.cleaned_data["captions"]
        if upload and "captions" in self.changed_data:
            check_captions(upload)
        return upload


@admin.register(Recording)
class RecordingAdmin(SiteModelAdmin):
    form = RecordingForm
    list_display = ["title", "kind", "length", "created_at"]
    search_fields = ["title", "original_name"]
    readonly_fields = ["player", "length", "markdown", "used"]

    def get_fields(self, request, obj=None):
        fields = ["file", "title", "captions", "captions_language"]
        return ["player", *fields, *self.readonly_fields[1:]] if obj else fields

    def get_urls(self):
        def endpoint(view, methods):
            return self.admin_site.admin_view(methods(lambda request: view(self, request)))

        return [
            path("upload/", endpoint(recording_endpoints.upload, require_POST), name="articles_recording_upload"),
            path("pick/", endpoint(recording_endpoints.pick, require_safe), name="articles_recording_pick"),
            *super().get_urls(),
        ]

    @admin.display(description=_("player"))
    def player(self, recording):
        return recordings.tag(recording.info, recording.title)

    @admin.display(description=_("kind"))
    def kind(self, recording):
        return recording.file.name.rpartition(".")[2].upper()

    @admin.display(description=_("length"))
    def length(self, recording):
        size = filesizeformat(recording.size)
        if not recording.seconds:
            return size
        minutes, seconds = divmod(recording.seconds, 60)
        return gettext("%(minutes)d:%(seconds)02d minutes, %(size)s") % {
            "minutes": minutes,
            "seconds": seconds,
            "size": size,
        }

    @admin.display(description="Markdown")
    def markdown(self, recording):
        return recording.as_markdown()

    @admin.display(description=_("used"))
    def used(self, recording):
        lines = _uses(recording)
        items = format_html_join("", "<li>{}</li>", ([line] for line in lines))
        return format_html('<ul class="uses">{}</ul>', items) if lines else gettext("Nowhere.")

    def get_deleted_objects(self, objs, request):
        """The files with where each is used, which stays."""
        files = [entry for one in objs for entry in (str(one), _uses(one) or [gettext("Used nowhere.")])]
        lacking = set() if self.has_delete_permission(request) else {"recording"}
        return files, {Recording._meta.verbose_name_plural: len(objs)}, lacking, []


def _uses(recording: Recording) -> list[SafeString]:
    found = []
    for rows in recording.texts():
        name = f"admin:{rows.model._meta.label_lower.replace('.', '_')}_change"
        for pk, title in rows.order_by("-pk").values_list("pk", "title")[:MOST_USES]:
            found.append(format_html('<a href="{}">{}</a>', reverse(name, args=[pk]), title))
    return found
