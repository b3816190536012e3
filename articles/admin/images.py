"""The admin of images."""

from django import forms
from django.contrib import admin
from django.utils.html import format_html

from publishing.bases.admin import SiteModelAdmin

from ..models import Image
from ..models.images import encoded


class ImageForm(forms.ModelForm):
    def clean_file(self):
        upload = self.cleaned_data["file"]
        if "file" in self.changed_data:
            encoded(upload)
        return upload


@admin.register(Image)
class ImageAdmin(SiteModelAdmin):
    form = ImageForm
    list_display = ["thumbnail", "alt", "credit", "size", "created_at"]
    search_fields = ["alt", "original_name", "credit"]
    readonly_fields = ["thumbnail", "size", "markdown"]

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
