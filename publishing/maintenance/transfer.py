"""What an export has of maintenance: windows, the log of who changed them, and links for testers."""

from django.core.exceptions import ValidationError

from ..transfer.export.tables import Part, Table, register
from .models import Change, PassLink, Window


def _check(window: Window) -> None:
    """Raises ValidationError for what no form stores."""
    if problem := window.problem_with_notice() or window.problem_with_groups():
        raise ValidationError(problem)


# The last: a site that is closed for an import opens at its end. What was done here before the import goes with the
# windows that it was done to.
register(
    Part(
        place=90,
        tables=(
            Table(Window, prepare=_check, is_replaced=True),
            Table(Change, is_replaced=True),
            Table(PassLink, is_replaced=True),
        ),
    )
)
