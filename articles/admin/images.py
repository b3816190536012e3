"""The library of pictures, and its endpoints for the writing screen."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from publishing.bases.admin import SiteChangeList, SiteModelAdmin

from ..images import usage
from ..models import Image
from ..models.picture_files import encode
from . import picture_endpoints

CENTRE = 50


class ImageForm(forms.ModelForm):
    class Meta:
        model = Image
        fields = ["file", "alt", "is_decorative", "caption", "credit", "focus_x", "focus_y"]
        # Django's field for images decodes any format, and has no words for a picture that is too large.
        field_classes = {"file": forms.FileField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            # Names of uploads are not used.
            self.fields["file"].max_length = None
        for name in {"focus_x", "focus_y"} & self.fields.keys():
            self.fields[name].required = False

    def clean_file(self):
        """The encoded picture if a file was sent."""
        upload = self.cleaned_data["file"]
        return encode(upload) if "file" in self.changed_data else upload

    def clean_focus_x(self):
        value = self.cleaned_data["focus_x"]
        return CENTRE if value is None else value

    def clean_focus_y(self):
        value = self.cleaned_data["focus_y"]
        return CENTRE if value is None else value

    def clean(self):
        cleaned = super().clean()
        if "alt" in cleaned and bool(cleaned["alt"]) == bool(cleaned.get("is_decorative")):
            said = gettext("A decorative picture has no alternative text: remove it, or do not tick “decorative”.")
            missing = gettext("Describe what the picture shows, or tick “decorative”.")
            raise ValidationError({"alt": said if cleaned["alt"] else missing})
        return cleaned


class UseFilter(admin.SimpleListFilter):
    title = _("use")
    parameter_name = "use"

    def lookups(self, request, model_admin):
        return [("unused", gettext("Unused"))]

    def queryset(self, request, queryset):
        return usage.unused(queryset) if self.value() else queryset


class DescriptionFilter(admin.SimpleListFilter):
    title = _("description")
    parameter_name = "description"

    def lookups(self, request, model_admin):
        return [("missing", gettext("Without alternative text")), ("decorative", gettext("Decorative"))]

    def queryset(self, request, queryset):
        match self.value():
            case "missing":
                return queryset.filter(alt="", is_decorative=False)
            case "decorative":
                return queryset.filter(is_decorative=True)
        return queryset


class Library(SiteChangeList):
    """Pictures with the numbers of their uses."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = gettext("Pictures")

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        numbers = usage.counts(self.result_list)
        for image in self.result_list:
            image.use_count = numbers[image.pk]


class StoresPictures:
    """Mixin of an admin whose form stores a picture, `request.new_picture`: rolled back, no file of it stays."""

    def changeform_view(self, request, *args, **kwargs):
        try:
            return super().changeform_view(request, *args, **kwargs)
        except BaseException:
            if hasattr(request, "new_picture"):
                request.new_picture.discard_files()
            raise


@admin.register(Image)
class ImageAdmin(StoresPictures, SiteModelAdmin):
    form = ImageForm
    list_filter = [UseFilter, DescriptionFilter]
    search_fields = ["alt", "original_name", "credit", "caption"]
    readonly_fields = ["shown", "size", "markdown", "used"]
    list_per_page = 60
    list_reads = ("widths",)
    actions_selection_counter = False

    class Media:
        css = {"all": ["css/pictures.css"]}
        js = [forms.Script("js/focal-point.js", type="module")]

    def get_changelist(self, request, **kwargs):
        return Library

    def get_fields(self, request, obj=None):
        described = ["alt", "is_decorative", "caption", "credit"]
        return ["shown", "file", *described, "focus_x", "focus_y", *self.readonly_fields[1:]] if obj else [
            "file", *described
        ]  # fmt: skip

    @admin.display(description=_("picture"))
    def shown(self, image):
        srcset = format_html(' srcset="{}" sizes="20rem"', image.srcset) if image.srcset else ""
        return format_html(
            '<img src="{}"{} alt="{}" width="{}" height="{}" class="focal">',
            image.file.url, srcset, image.alt, image.width, image.height,
        )  # fmt: skip

    @admin.display(description=_("size in pixels"))
    def size(self, image):
        return f"{image.width} × {image.height}"

    @admin.display(description=_("Markdown"))
    def markdown(self, image):
        return image.as_markdown(image.alt, image.caption)

    @admin.display(description=_("used"))
    def used(self, image):
        if not (lines := _lines(image)):
            return gettext("Nowhere.")
        return format_html('<ul class="uses">{}</ul>', format_html_join("", "<li>{}</li>", ([line] for line in lines)))

    def get_deleted_objects(self, objs, request):
        """The pictures with where each is used, which stays."""
        pictures = [entry for image in objs for entry in (str(image), _lines(image) or [gettext("Used nowhere.")])]
        lacking = set() if self.has_delete_permission(request) else {str(self.opts.verbose_name)}
        return pictures, {str(self.opts.verbose_name_plural): len(objs)}, lacking, []

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "file" in form.changed_data:
            request.new_picture = obj

    def get_urls(self):
        def endpoint(view, methods):
            return self.admin_site.admin_view(methods(lambda request: view(self, request)))

        return [
            path("upload/", endpoint(picture_endpoints.upload, require_POST), name="articles_image_upload"),
            path("pick/", endpoint(picture_endpoints.pick, require_safe), name="articles_image_pick"),
            *super().get_urls(),
        ]


def _lines(image: Image) -> list[str]:
    return [
        format_html('{} <a href="{}">{}</a> ({})', use.how, use.url, use.title, use.state) for use in usage.uses(image)
    ]
