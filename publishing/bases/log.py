"""The log of changes that Django's admin shows under *History*."""

from django.contrib.admin.models import CHANGE, LogEntry


def log(by, row, message: str, flag: int = CHANGE) -> None:
    """Record in the log of the admin that the user `by` changed `row`. Nothing without a user. One query."""
    if by is not None:
        LogEntry.objects.log_actions(by.pk, [row], flag, change_message=message, single_object=True)
