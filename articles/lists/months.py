"""The months of the archive."""

from datetime import UTC, date, datetime

from django.utils import timezone


def month_range(year: int, month: int) -> tuple[datetime, datetime]:
    """The first moment of a month and of the next one, in the time zone of the site. ValueError if there is none."""
    try:
        following = date(year + month // 12, month % 12 + 1, 1)
        return tuple(
            timezone.make_aware(datetime(day.year, day.month, 1)).astimezone(UTC)  # noqa: DTZ001 - made aware here
            for day in (date(year, month, 1), following)
        )
    except OverflowError as error:
        raise ValueError(f"No moments in {year}-{month}.") from error


def year_range(year: int) -> tuple[datetime, datetime]:
    """The same of a year."""
    return month_range(year, 1)[0], month_range(year, 12)[1]
