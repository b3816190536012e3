"""The cards of links: what was fetched, what failed and why, and to fetch again."""

from django.contrib import admin, messages
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from publishing.bases.admin import SiteChangeList, SiteModelAdmin

from ...models import LinkCard

MOST_TITLES = 20


class Cards(SiteChangeList):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = gettext("Cards of links")


@admin.register(LinkCard)
class LinkCardAdmin(SiteModelAdmin):
    """Texts make cards, and a daily command deletes those that no text uses."""

    list_display = ["url", "state", "known", "fetched_at"]
    list_filter = ["state"]
    search_fields = ["url", "title"]
    actions = ["fetch_again"]
    fields = readonly_fields = [
        "url", "state", "error", "title", "description", "site", "shown", "used", "asked_at", "fetched_at"
    ]  # fmt: skip

    def get_changelist(self, request, **kwargs):
        return Cards

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_fetch_permission(self, request):
        return request.user.has_perm("articles.change_linkcard")

    @admin.action(description=_("Fetch again"), permissions=["fetch"])
    def fetch_again(self, request, queryset):
        cards = list(queryset)
        for card in cards:
            card.fetch_again()
        text = ngettext("%(count)s will be fetched again.", "%(count)s will be fetched again.", len(cards))
        self.message_user(request, text % {"count": len(cards)}, messages.SUCCESS)

    @admin.display(description=_("title or error"))
    def known(self, card):
        return card.error or card.title

    @admin.display(description=_("picture"))
    def shown(self, card):
        picture = card.info.picture
        return picture and format_html(
            '<img src="{}" alt="" width="{}" height="{}">', picture.url, picture.width, picture.height
        )

    @admin.display(description=_("used in"))
    def used(self, card):
        titles = card.articles.order_by("-pk").values_list("title", flat=True)[:MOST_TITLES]
        return ", ".join(titles) or gettext("No article")
