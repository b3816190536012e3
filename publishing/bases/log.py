"""The log that Django's admin shows under *History*."""

from django.contrib.admin.models import CHANGE, LogEntry


def log(by, row, message: str, flag: int = CHANGE) -> None:
    """Log that the user `by` changed `row`; nothing if `by` is None."""
    if by is not None:
        LogEntry.objects.log_actions(by.pk, [row], flag, change_message=message, single_object=True)
