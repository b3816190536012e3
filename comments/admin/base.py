"""What the pages of moderators have in common: lists, names, and what is said of a bulk decision."""

from functools import cached_property

from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.core.paginator import Page, Paginator
from django.utils import timezone

from publishing.bases.admin import ReadOnly, SiteModelAdmin

from ..models import ERASURE, WITHDRAWN, Batch, BatchItem, Comment, ModerationEntry
from ..moderation import bulk, decisions, queues

# What an entry names as its rule where nobody judged.
WISHES = {WITHDRAWN: "its writer", ERASURE: "an erasure on request"}


# What is said of a comment after each action.
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
    """The first `COUNTED` rows in pages, and whether there are more.

    Two queries whatever is behind: the numbers of those rows, which the index of the order gives, and one page of
    the rows themselves.
    """

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
        return decisions.may_read(request.user)

    has_module_permission = has_view_permission


class ChoiceFilter(admin.SimpleListFilter):
    """A filter that answers 400 to what it does not offer."""

    template = "admin/filter_row.html"

    def __init__(self, request, *args):
        super().__init__(request, *args)
        if self.value() not in (None, *self.known()):
            raise DisallowedModelAdminLookup(f"{self.parameter_name} has no such value.")

    def known(self) -> list[str]:
        return [name for name, _ in self.lookup_choices]


def holder_of(comment: Comment) -> str:
    """Who has it in hand just now, by name; empty if nobody has."""
    if not comment.claimed_by_id or not comment.claimed_until or comment.claimed_until <= timezone.now():
        return ""
    return name_of(comment.claimed_by)


def name_of(user) -> str:
    return user.get_full_name() or user.get_username() if user else "a deleted account"


def who_decided(entry: ModerationEntry) -> str:
    """Who made an entry, in words."""
    if entry.rule and not entry.moderator:
        return WISHES.get(entry.rule, f"the rule “{entry.rule}”")
    return name_of(entry.moderator) if entry.moderator or entry.old_status else "an import"


def sentences(batch: Batch, progress: bulk.Progress) -> list[tuple[int, str]]:
    """What is said of a batch: at most eight messages, however many comments it is about."""
    done = ", ".join(f"{number:,} {DONE[action]}" for action, number in sorted(progress.done.items()))
    said = [(messages.SUCCESS, f"{done}.")] if done else []
    if batch.action == Batch.Action.BAN:
        said.insert(0, (messages.SUCCESS, f"{batch.ban.label} is banned." if batch.ban else "The ban has ended."))
    for outcome, level, words in [
        (Outcome.CHANGED, messages.ERROR, "changed after you opened {}. Read {} again."),
        (Outcome.DECIDED, messages.WARNING, "already decided by someone else."),
        (Outcome.FINAL, messages.WARNING, "withdrawn by the writer or erased, so nothing can change."),
        (Outcome.CLAIMED, messages.WARNING, "claimed by a colleague, and not changed."),
        (Outcome.ALREADY, messages.WARNING, f"{DONE.get(batch.action, 'decided')} already."),
    ]:
        if number := progress.outcomes[outcome]:
            pronouns = ["it" if number == 1 else "them"] * words.count("{}")
            changed = outcome == Outcome.CHANGED
            verb = ("has " if changed else "was ") if number == 1 else ("have " if changed else "were ")
            named = _named(progress.named[outcome], number)
            said.append((level, f"{named} {verb}{words.format(*pronouns)}"))
    if gone := progress.outcomes[Outcome.GONE]:
        said.append((messages.WARNING, f"{gone:,} no longer exist{'s' if gone == 1 else ''}."))
    return said


def _named(comments, number):
    names = [f"“{comment}” ({comment.get_status_display().lower()})" for comment in comments]
    more = number - len(names)
    return ", ".join(names) + (f" and {more:,} more" if more > 0 else "")
