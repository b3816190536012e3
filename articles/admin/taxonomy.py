"""The admin of categories, tags, authors and series."""

from django.contrib import admin

from publishing.bases.admin import SiteModelAdmin

from ..models import Author, Category, Series, Tag


class SlugFromName(SiteModelAdmin):
    prepopulated_fields = {"slug": ["name"]}
    search_fields = ["name", "slug"]
    list_display = ["name", "slug"]

    def view_on_site(self, thing):
        return thing.get_absolute_url()


@admin.register(Category)
class CategoryAdmin(SlugFromName):
    list_display = ["name", "slug", "position"]
    list_editable = ["position"]


admin.site.register(Tag, SlugFromName)


@admin.register(Author)
class AuthorAdmin(SlugFromName):
    list_display = ["name", "slug", "user"]
    autocomplete_fields = ["user"]


@admin.register(Series)
class SeriesAdmin(SiteModelAdmin):
    prepopulated_fields = {"slug": ["title"]}
    search_fields = ["title", "slug"]
    list_display = ["title", "slug"]
