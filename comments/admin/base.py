"""What the desk's lists of comments and of decisions have in common."""

from django.contrib import admin

from publishing.bases.admin import ReadOnly, SiteModelAdmin

from . import access
from .paginator import BoundedPaginator


class ListAdmin(ReadOnly, SiteModelAdmin):
    """A long list in the order of its index, for all who may read at the desk. Nobody adds to it or deletes from it."""

    list_display_links = None
    list_has_sidebar = False
    list_max_show_all = 0
    list_per_page = 50
    paginator = BoundedPaginator
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    sortable_by = []

    class Media:
        css = {"all": ["css/desk.css"]}

    def has_view_permission(self, request, obj=None):
        return access.may_read(request.user)

    def has_module_permission(self, request):
        return access.may_read(request.user)
