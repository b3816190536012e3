"""What is said of a bulk decision: what was decided, and what was left alone for which reason."""

from django.contrib import messages

from ..models import Batch, BatchItem
from ..moderation import bulk

# What is said of a comment after each action.
DONE = {
    "approve": "approved",
    "reject": "rejected",
    "spam": "marked as spam",
    "remove": "removed",
    "restore": "put back into the queue",
    "undo": "undone",
}
Outcome = BatchItem.Outcome


def sentences(batch: Batch, progress: bulk.Progress) -> list[tuple[int, str]]:
    """What is said of a batch: at most eight messages, however many comments it is about."""
    done = ", ".join(f"{number:,} {DONE[action]}" for action, number in sorted(progress.done.items()))
    said = [(messages.SUCCESS, f"{done}.")] if done else []
    if batch.action == Batch.Action.BAN:
        said.insert(0, (messages.SUCCESS, f"{batch.ban.label} is banned." if batch.ban else "This ban is over."))
    for outcome, level, words in [
        (Outcome.CHANGED, messages.ERROR, "changed since you saw {}. Read {} again."),
        (Outcome.DECIDED, messages.WARNING, "decided by somebody else meanwhile. That stands."),
        (Outcome.FINAL, messages.WARNING, "withdrawn by the writer or erased, and can only stay so."),
        (Outcome.CLAIMED, messages.WARNING, "in a colleague's hand, and left alone."),
        (Outcome.ALREADY, messages.WARNING, f"{DONE.get(batch.action, 'decided')} already."),
    ]:
        if number := progress.outcomes[outcome]:
            pronouns = ["it" if number == 1 else "them"] * words.count("{}")
            changed = outcome == Outcome.CHANGED
            verb = ("has " if changed else "was ") if number == 1 else ("have " if changed else "were ")
            named = _named(progress.named[outcome], number)
            said.append((level, f"{named} {verb}{words.format(*pronouns)}"))
    if gone := progress.outcomes[Outcome.GONE]:
        said.append((messages.WARNING, f"{gone:,} of them {'is' if gone == 1 else 'are'} not there any more."))
    return said


def _named(comments, number):
    names = [f"“{comment}” ({comment.get_status_display().lower()})" for comment in comments]
    more = number - len(names)
    return ", ".join(names) + (f" and {more:,} more" if more > 0 else "")
