"""What is said of a quiz before it is read: how many questions, how long."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def questions(number: int) -> str:
    return ngettext("%(count)s question", "%(count)s questions", number) % {"count": number}


def minutes(number: int) -> str:
    return ngettext("%(count)s minute", "%(count)s minutes", number) % {"count": number}


def about_minutes(number: int) -> str:
    return ngettext("about %(count)s minute", "about %(count)s minutes", number) % {"count": number}


def of_paper(paper) -> str:
    """How many questions it has and how much time there is, and that nobody needs an account; as sentences."""
    number, percent = len(paper.questions), paper.ticket.extension
    if paper.ticket.only:
        asked = ngettext("%(count)s question to try again", "%(count)s questions to try again", number)
    elif paper.edition.bundle["draw"]:
        asked = ngettext("%(count)s question picked at random", "%(count)s questions picked at random", number)
    else:
        asked = ngettext("%(count)s question", "%(count)s questions", number)
    said = {"questions": asked % {"count": number}}
    if not paper.edition.time_limit or paper.ticket.only:
        words = _("%(questions)s. No time limit, no account. Your answers stay in this browser until you submit them.")
        return words % said
    time = minutes(paper.edition.time_limit)
    if percent:
        time = _("%(time)s (%(percent)s%% extra time)") % {"time": time, "percent": percent}
    said["time"] = time
    return _("%(questions)s, %(time)s. No account. Your answers stay in this browser until you submit them.") % said


def extra_time(limit: int, percent: int) -> str:
    """A choice of how much time there is, for a time limit in minutes."""
    share, rest = divmod(limit * (100 + percent), 100)
    said = {"percent": percent, "time": minutes(share)}
    if not percent:
        return _("No extra time: %(time)s") % said
    return (_("%(percent)s%% extra time") if rest else _("%(percent)s%% extra time: %(time)s")) % said
