"""The admin of categories, tags, authors and series: their lists with the numbers of articles, their forms."""

from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from publishing.bases.admin import SiteModelAdmin
from publishing.identity import colours
from publishing.identity.widgets import ColourInput
from publishing.text import languages
from publishing.text.fields import ColourField

from ...labels import names
from ...lists import uses
from ...models import Author, Category, Image, MergedLabel, Series, Tag
from ...models.picture_files import encode
from ..images import StoresPictures
from . import merging


class UseFilter(admin.SimpleListFilter):
    title = _("use")
    parameter_name = "use"

    def lookups(self, request, model_admin):
        return [("unused", gettext("Unused"))]

    def queryset(self, request, queryset):
        return uses.unused(queryset) if self.value() else queryset


class LabelForm(forms.ModelForm):
    """Says what to do if another label has the name already."""

    def clean(self):
        cleaned = super().clean()
        field = self._meta.model.NAME_FIELD
        if cleaned.get(field) and field in self.changed_data and self._meta.model._meta.get_field(field).unique:
            other = names.find(self._meta.model, cleaned[field])
            if other and other.pk != self.instance.pk:
                text = gettext("There is “%(name)s” already. To make one of both, use “Merge or rename” in the list.")
                if names.compared(str(other)) != names.compared(cleaned[field]):
                    text = gettext("This was merged into “%(name)s”. To have both, undo that on its page.")
                raise ValidationError({field: text % {"name": other}})
        return cleaned


def link_to_articles(label, number: int, **filters) -> str:
    """The number, as a link to these articles in their list."""
    query = urlencode({label._meta.model_name: label.pk, "whose": "all", **filters})
    shown = number_format(number, force_grouping=True)
    spoken = ngettext("%(count)s article: %(name)s", "%(count)s articles: %(name)s", number)
    spoken %= {"count": shown, "name": label}
    url = reverse("admin:articles_article_changelist")
    return format_html('<a href="{}?{}" aria-label="{}">{}</a>', url, query, spoken, shown)


class LabelAdmin(SiteModelAdmin):
    """Numbers are read for the rows of one page; sorted by them, for all, in indexes."""

    form = LabelForm
    list_filter = [UseFilter]
    list_per_page = 50
    readonly_fields = ["used"]
    actions = ["merge_or_rename"]
    change_form_template = "admin/articles/labels/change_form.html"
    delete_confirmation_template = "admin/articles/labels/delete.html"
    delete_selected_confirmation_template = "admin/articles/labels/delete_selected.html"

    def get_queryset(self, request):
        return uses.with_numbers(super().get_queryset(request))

    def get_list_display(self, request):
        numbers = ["published", "all_articles"] if request.user.has_perm("articles.publish_article") else ["published"]
        return [*super().get_list_display(request), *numbers]

    def get_fields(self, request, obj=None):
        name = self.model.NAME_FIELD
        others = [field for field in super().get_fields(request, obj) if field != name]
        return [name, *(field for field in others if obj or field != "used")]

    def has_merge_permission(self, request):
        return self.has_change_permission(request) and self.has_delete_permission(request)

    def view_on_site(self, label):
        return label.get_absolute_url()

    @admin.display(description=_("published"), ordering="released_number")
    def published(self, label):
        return link_to_articles(label, uses.of(label).published, state="published")

    # Not "articles": Django would show the relation of that name.
    @admin.display(description=_("articles"), ordering="link_number")
    def all_articles(self, label):
        return link_to_articles(label, uses.of(label).articles)

    @admin.display(description=_("used"))
    def used(self, label):
        return gettext("By %(uses)s.") % {"uses": uses.of(label)}

    @admin.action(description=_("Merge or rename…"), permissions=["merge"])
    def merge_or_rename(self, request, queryset):
        keys = queryset.order_by("pk").values_list("pk", flat=True)[: merging.MOST + 1]
        return HttpResponseRedirect(merging.url_of(self.model, keys))

    def get_deleted_objects(self, objs, request):
        """Each with the number of its articles, which stay. A category or an author that has any is not deleted."""
        lines = [gettext("“%(name)s”: %(uses)s") % {"name": label, "uses": uses.of(label)} for label in objs]
        is_needed = self.model in (Category, Author)
        protected = [line for label, line in zip(objs, lines, strict=True) if is_needed and label.link_number]
        lacking = set() if self.has_delete_permission(request) else {str(self.opts.verbose_name)}
        return lines, {str(self.opts.verbose_name_plural): len(lines)}, lacking, protected

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            merged = MergedLabel.objects.filter(kind=self.opts.model_name, kept=obj.pk).select_related("by")
            may_merge = self.has_merge_permission(request)
            context |= {"merged": merged.defer("articles").order_by("-pk"), "may_merge": may_merge}
            context |= {"merge_url": may_merge and merging.url_of(self.model, [obj.pk])}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_urls(self):
        name = f"articles_{self.opts.model_name}"
        views = {"merge": ("merge/", merging.page), "unmerge": ("unmerge/<int:key>/", require_POST(merging.unmerge))}
        return [
            *(
                path(route, self.admin_site.admin_view(view), {"model_admin": self}, name=f"{name}_{action}")
                for action, (route, view) in views.items()
            ),
            *super().get_urls(),
        ]


class NamedAdmin(LabelAdmin):
    prepopulated_fields = {"slug": ["name"]}
    search_fields = ["name", "slug"]
    list_display = ["name", "slug"]


@admin.register(Category)
class CategoryAdmin(NamedAdmin):
    formfield_overrides = {ColourField: {"widget": ColourInput}}
    list_display = ["name", "slug", "position", "slots"]
    list_editable = ["position"]

    @admin.display(description=_("sponsored slots"))
    def slots(self, category):
        return gettext("Yes") if category.has_slots else gettext("No")

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        if obj and "colour" in form.base_fields:
            form.base_fields["colour"].widget.automatic = colours.automatic(obj.pk)
        return form


admin.site.register(Tag, NamedAdmin)


class AuthorForm(LabelForm):
    upload = forms.FileField(
        label=_("Or upload a picture"), required=False, help_text=_("JPEG, PNG, WebP, GIF or AVIF, at most 10 MB.")
    )

    def clean_upload(self):
        """The encoded picture, if a file was sent."""
        upload = self.cleaned_data["upload"]
        return upload and encode(upload)


def _may_upload(request) -> bool:
    return request.user.has_perm("articles.add_image")


@admin.register(Author)
class AuthorAdmin(StoresPictures, NamedAdmin):
    form = AuthorForm
    list_display = ["name", "slug", "user"]
    autocomplete_fields = ["user", "picture"]

    def get_fields(self, request, obj=None):
        """The field for a new picture stands after the one that chooses, for those who may add one."""
        fields = [name for name in super().get_fields(request, obj) if name != "upload"]
        if _may_upload(request):
            fields.insert(fields.index("picture") + 1, "upload")
        return fields

    def save_model(self, request, obj, form, change):
        if (upload := form.cleaned_data.get("upload")) and _may_upload(request):
            obj.picture = Image.objects.filter(digest=upload.digest).first()
            if obj.picture is None:
                with languages.of_the_site():
                    alt = gettext("Portrait of %(name)s") % {"name": obj.name}
                obj.picture = request.new_picture = Image.objects.create(file=upload, alt=alt)
        super().save_model(request, obj, form, change)


@admin.register(Series)
class SeriesAdmin(LabelAdmin):
    prepopulated_fields = {"slug": ["title"]}
    search_fields = ["title", "slug"]
    list_display = ["title", "slug"]
