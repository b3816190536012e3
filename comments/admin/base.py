"""What the moderation pages share: lists, names, and the messages of bulk decisions."""

from functools import cached_property

from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.core.paginator import Page, Paginator
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.bases.admin import ReadOnly, SiteModelAdmin
from publishing.text import moments

from ..models import ERASURE, WITHDRAWN, Batch, Comment, ModerationEntry
from ..moderation import bulk, decisions, queues
from ..moderation.decisions import Outcome, may_read

# Who decided where no moderator did, by the rule of the entry.
WISHES = {WITHDRAWN: _("its writer"), ERASURE: _("an erasure on request")}
# What so many comments are after each action.
DONE = {
    "approve": _("%(number)s approved"),
    "reject": _("%(number)s rejected"),
    "spam": _("%(number)s marked as spam"),
    "remove": _("%(number)s removed"),
    "restore": _("%(number)s restored to the queue"),
    "undo": _("%(number)s undone"),
}
SKIPPED = {
    Outcome.CHANGED: _("%(number)s skipped, edited after you opened the page"),
    Outcome.DECIDED: _("%(number)s skipped, decided by someone else"),
    Outcome.FINAL: _("%(number)s skipped, withdrawn by the writer, or erased"),
    Outcome.CLAIMED: _("%(number)s skipped, claimed by a colleague"),
    Outcome.ALREADY: _("%(number)s skipped, already in this state"),
    Outcome.GONE: _("%(number)s skipped, deleted"),
}


class BoundedPaginator(Paginator):
    """The first `COUNTED` rows in pages: a query for their numbers, from the index of the order, and one for a page."""

    @cached_property
    def _keys(self) -> list:
        return list(self.object_list.values_list("pk", flat=True)[: queues.COUNTED + 1])

    @cached_property
    def count(self) -> int:
        return min(len(self._keys), queues.COUNTED)

    @property
    def is_cut(self) -> bool:
        return len(self._keys) > queues.COUNTED

    @property
    def words(self) -> str:
        return queues.bounded(len(self._keys))

    def page(self, number) -> Page:
        number = self.validate_number(number)
        keys = self._keys[: self.count][(number - 1) * self.per_page : number * self.per_page]
        return self._get_page(self.object_list.filter(pk__in=keys), number, self)


class BoundedListAdmin(SiteModelAdmin):
    list_has_sidebar = False
    list_max_show_all = 0
    paginator = BoundedPaginator
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False

    class Media:
        css = {"all": ["css/moderation.css"]}

    def changelist_view(self, request, extra_context=None):
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))


class RecordAdmin(ReadOnly, BoundedListAdmin):
    """A read-only list in the order of its index, for everyone who may see the queues. `open` is the page of a row."""

    actions = None
    list_display_links = None
    list_per_page = 50
    sortable_by = []

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return self.open(request, object_id)

    def history_view(self, request, object_id, extra_context=None):
        return self.open(request, object_id)

    def has_view_permission(self, request, obj=None):
        return may_read(request.user)

    has_module_permission = has_view_permission


class ChoiceFilter(admin.SimpleListFilter):
    """Answers 400 to unknown values."""

    template = "admin/filter_row.html"

    def __init__(self, request, *args):
        super().__init__(request, *args)
        if self.value() not in (None, *dict(self.lookup_choices)):
            raise DisallowedModelAdminLookup(f"{self.parameter_name} has no such value.")


def holder_of(comment: Comment) -> str:
    """The name of the moderator who has claimed it; empty if it is free."""
    return name_of(comment.claimed_by) if decisions.is_claimed(comment) else ""


def name_of(user) -> str:
    return user.get_full_name() or user.get_username() if user else gettext("a deleted account")


@admin.display(description=_("who"))
def who_decided(entry: ModerationEntry) -> str:
    if entry.rule and not entry.moderator:
        return WISHES.get(entry.rule) or gettext("the rule “%(rule)s”") % {"rule": entry.rule}
    return name_of(entry.moderator) if entry.moderator or entry.old_status else gettext("an import")


def add_results(request, batch: Batch) -> None:
    for level, text in results(batch, bulk.progress(batch)):
        messages.add_message(request, level, text)


def results(batch: Batch, progress: bulk.Progress) -> list[tuple[int, str]]:
    """Level and text of at most eight messages, however many comments the batch has."""
    done = ", ".join(
        DONE[action] % {"number": moments.number(number)} for action, number in sorted(progress.done.items())
    )
    found = [(messages.SUCCESS, f"{done}.")] if done else []
    if batch.action == Batch.Action.BAN:
        banned = gettext("%(label)s is banned.") % {"label": batch.ban.label} if batch.ban else ""
        found.insert(0, (messages.SUCCESS, banned or gettext("The ban has ended.")))
    for outcome, sentence in SKIPPED.items():
        if number := progress.outcomes[outcome]:
            level = messages.ERROR if outcome == Outcome.CHANGED else messages.WARNING
            names = ", ".join(f"“{one}” ({one.status_inside})" for one in progress.named[outcome])
            if names and (more := number - len(progress.named[outcome])):
                facts = {"names": names, "number": moments.number(more)}
                names = gettext("%(names)s and %(number)s more") % facts
            skipped = sentence % {"number": moments.number(number)}
            found.append((level, f"{skipped}{': ' if names else ''}{names}."))
    return found
