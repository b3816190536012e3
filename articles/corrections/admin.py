"""The admin of public notes: a typo in one is mended, or one that is wrong deleted."""

from django.contrib import admin
from django.utils.translation import gettext as _

from publishing.bases.admin import SiteModelAdmin
from publishing.bases.log import log

from ..models import Correction
from ..querysets import TRASHED


@admin.register(Correction)
class CorrectionAdmin(SiteModelAdmin):
    """Notes are written where a change is published. What is done here is also in the log of the article."""

    actions = None
    list_display = ["note", "kind", "article", "published_at"]
    list_select_related = ["article"]
    search_fields = ["note", "article__title"]
    fields = ["article", "published_at", "kind", "note"]
    readonly_fields = ["article", "published_at"]

    def get_queryset(self, request):
        """Without those of articles in the trash."""
        return super().get_queryset(request).exclude(article__status=TRASHED)

    def has_add_permission(self, request):
        return False

    def view_on_site(self, correction):
        return f"{correction.article.get_absolute_url()}#correction-{correction.pk}"

    def save_model(self, request, correction, form, change):
        super().save_model(request, correction, form, change)
        if form.changed_data:
            log(request.user, correction.article, _("Changed a public note: %(note)s") % {"note": correction.note})

    def delete_model(self, request, correction):
        log(request.user, correction.article, _("Deleted a public note: %(note)s") % {"note": correction.note})
        super().delete_model(request, correction)
