from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User

from .models import Publication, Redirect


@admin.register(Publication)
class PublicationAdmin(admin.ModelAdmin):
    """One row, always there to be changed."""

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Publication.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Redirect)
class RedirectAdmin(admin.ModelAdmin):
    list_display = ["old_path", "new_path", "created_at"]
    search_fields = ["old_path", "new_path"]
    show_full_result_count = False

    def delete_queryset(self, request, queryset):
        for redirect in queryset:
            redirect.delete()


admin.site.unregister(User)


@admin.register(User)
class StaffAdmin(UserAdmin):
    list_display = ["username", "first_name", "last_name", "is_staff", "last_login"]
