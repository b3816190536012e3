"""Where editors choose what stands at the top of the front page."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.bases.admin import SingleRowAdmin

from ..models import Article, FrontPage
from ..models.front.choices import PLACES
from . import placing


@admin.register(FrontPage)
class FrontPageAdmin(SingleRowAdmin):
    """One form. A place that is left empty has the newest article: the clock chooses."""

    autocomplete_fields = PLACES
    form_has_sidebar = list_has_sidebar = False
    readonly_fields = ["now"]
    fields = ["now", *((place, f"{place}_until") for place in PLACES), "opinion"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Articles and categories are chosen here, not made."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        for action in ("add", "change", "delete", "view"):
            if hasattr(field.widget, f"can_{action}_related"):
                setattr(field.widget, f"can_{action}_related", False)
        return field

    def changelist_view(self, request, extra_context=None):
        """The form: there is one row."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        row = FrontPage.objects.only("pk").first()
        page, arguments = ("change", [row.pk]) if row else ("add", [])
        return redirect(reverse(f"admin:articles_frontpage_{page}", args=arguments))

    def response_add(self, request, obj, post_url_continue=None):
        return self.response_post_save_change(request, obj)

    def view_on_site(self, obj):
        return reverse("articles:home")

    @admin.display(description=_("Now at the top"))
    def now(self, front):
        """What readers see, and why."""
        rows = Article.objects.only("title").in_bulk(keys := placing.keys_above().places)
        chosen = FrontPage.current().chosen(timezone.now())
        items = (
            (
                reverse("admin:articles_article_change", args=[key]),
                rows[key],
                gettext("chosen") if key in chosen else gettext("by the clock"),
            )
            for key in keys
        )
        return (
            format_html("<ol>{}</ol>", format_html_join("", '<li><a href="{}">{}</a>, {}</li>', items)) if keys else "–"
        )
