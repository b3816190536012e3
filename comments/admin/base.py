"""What the moderation pages share: lists, names, and the messages of bulk decisions."""

from functools import cached_property

from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.core.paginator import Page, Paginator
from django.utils import timezone

from publishing.bases.admin import ReadOnly, SiteModelAdmin

from ..models import ERASURE, WITHDRAWN, Batch, BatchItem, Comment, ModerationEntry
from ..moderation import bulk, decisions, queues

# Who decided where no moderator did, by the rule of the entry.
WISHES = {WITHDRAWN: "its writer", ERASURE: "an erasure on request"}
# What a comment is after each action.
DONE = {
    "approve": "approved",
    "reject": "rejected",
    "spam": "marked as spam",
    "remove": "removed",
    "restore": "restored to the queue",
    "undo": "undone",
}
Outcome = BatchItem.Outcome


class BoundedPaginator(Paginator):
    """The first `COUNTED` rows in pages, and whether there are more: a query for their numbers, which the index of the
    order gives, and one for the rows of a page."""

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
        return f"{self.count:,}{'+' if self.is_cut else ''}"

    def page(self, number) -> Page:
        number = self.validate_number(number)
        keys = self._keys[: self.count][(number - 1) * self.per_page : number * self.per_page]
        return self._get_page(self.object_list.filter(pk__in=keys), number, self)


class ListAdmin(ReadOnly, SiteModelAdmin):
    """A long read-only list in the order of its index, for everyone who may see the queues."""

    list_display_links = None
    list_has_sidebar = False
    list_max_show_all = 0
    list_per_page = 50
    paginator = BoundedPaginator
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    sortable_by = []

    class Media:
        css = {"all": ["css/moderation.css"]}

    def has_view_permission(self, request, obj=None):
        return decisions.may_read(request.user)

    has_module_permission = has_view_permission


class ChoiceFilter(admin.SimpleListFilter):
    """A filter that answers 400 to unknown values."""

    template = "admin/filter_row.html"

    def __init__(self, request, *args):
        super().__init__(request, *args)
        if self.value() not in (None, *self.values()):
            raise DisallowedModelAdminLookup(f"{self.parameter_name} has no such value.")

    def values(self) -> list[str]:
        return [name for name, _ in self.lookup_choices]


def holder_of(comment: Comment) -> str:
    """The name of the moderator who has claimed it; empty if it is free."""
    is_claimed = comment.claimed_by_id and comment.claimed_until and comment.claimed_until > timezone.now()
    return name_of(comment.claimed_by) if is_claimed else ""


def name_of(user) -> str:
    return user.get_full_name() or user.get_username() if user else "a deleted account"


def who_decided(entry: ModerationEntry) -> str:
    """Who made an entry, in words."""
    if entry.rule and not entry.moderator:
        return WISHES.get(entry.rule, f"the rule “{entry.rule}”")
    return name_of(entry.moderator) if entry.moderator or entry.old_status else "an import"


def results(batch: Batch, progress: bulk.Progress) -> list[tuple[int, str]]:
    """Level and text of what is said of a batch: at most eight messages, however many comments it is about."""
    done = ", ".join(f"{number:,} {DONE[action]}" for action, number in sorted(progress.done.items()))
    said = [(messages.SUCCESS, f"{done}.")] if done else []
    if batch.action == Batch.Action.BAN:
        said.insert(0, (messages.SUCCESS, f"{batch.ban.label} is banned." if batch.ban else "The ban has ended."))
    for outcome, reason in [
        (Outcome.CHANGED, "edited after you opened the page"),
        (Outcome.DECIDED, "decided by someone else"),
        (Outcome.FINAL, "withdrawn by the writer, or erased"),
        (Outcome.CLAIMED, "claimed by a colleague"),
        (Outcome.ALREADY, f"already {DONE.get(batch.action, 'decided')}"),
        (Outcome.GONE, "deleted"),
    ]:
        if number := progress.outcomes[outcome]:
            level = messages.ERROR if outcome == Outcome.CHANGED else messages.WARNING
            names = [f"“{comment}” ({comment.get_status_display().lower()})" for comment in progress.named[outcome]]
            more = number - len(names)
            names += [f"{more:,} more" if names else f"{more:,}"] if more else []
            said.append((level, f"Skipped, {reason}: {', '.join(names)}."))
    return said
