"""The admin of images."""

from django import forms
from django.contrib import admin
from django.utils.html import format_html, format_html_join

from publishing.bases.admin import SiteModelAdmin

from ..images import usage
from ..models import Image
from ..models.picture_files import encode


class ImageForm(forms.ModelForm):
    def clean_file(self):
        """The encoded picture if a file was sent."""
        upload = self.cleaned_data["file"]
        return encode(upload) if "file" in self.changed_data else upload


@admin.register(Image)
class ImageAdmin(SiteModelAdmin):
    form = ImageForm
    list_display = ["thumbnail", "alt", "credit", "size", "created_at"]
    search_fields = ["alt", "original_name", "credit"]
    readonly_fields = ["thumbnail", "size", "markdown", "used"]

    def get_fields(self, request, obj=None):
        return ["file", "alt", "credit", *(self.readonly_fields if obj else [])]

    @admin.display(description="image")
    def thumbnail(self, image):
        return format_html('<img src="{}" alt="" width="120">', image.file.url)

    @admin.display(description="size in pixels")
    def size(self, image):
        return f"{image.width} × {image.height}"

    @admin.display(description="Markdown")
    def markdown(self, image):
        return f"![{image.alt}]({image.file.url})"

    @admin.display(description="used")
    def used(self, image):
        if not (lines := _lines(image)):
            return "Nowhere."
        return format_html('<ul class="uses">{}</ul>', format_html_join("", "<li>{}</li>", ([line] for line in lines)))

    def get_deleted_objects(self, objs, request):
        """The pictures with where each is used, which stays."""
        pictures = [entry for image in objs for entry in (str(image), _lines(image) or ["Used nowhere."])]
        lacking = set() if self.has_delete_permission(request) else {"image"}
        return pictures, {"images": len(objs)}, lacking, []


def _lines(image: Image) -> list[str]:
    return [
        format_html('{} <a href="{}">{}</a> ({})', use.how, use.url, use.title, use.state) for use in usage.uses(image)
    ]
