"""How far readers come with an edition: counted as numbers, with nothing of who they are."""

import logging

from django.db import transaction
from django.db.models import F

from ..editing.snapshots import UNREACHABLE
from ..models import FunnelCount

logger = logging.getLogger(__name__)


def count(edition: int, stage: str, answered: int = 0, before: int = 0) -> None:
    """Count one browser more that reached `stage`; for "answered", every number of answers from `before` + 1 on.

    One query for one step, two for the first time it is reached. Nothing is counted while the database does not answer.
    """
    steps = range(before + 1, answered + 1) if stage == "answered" else [0]
    rows = FunnelCount.objects.filter(edition=edition, stage=stage, answered__in=steps)
    try:
        with transaction.atomic():
            if rows.update(count=F("count") + 1) == len(steps):
                return
            known = set(rows.values_list("answered", flat=True))
            missing = [
                FunnelCount(edition_id=edition, stage=stage, answered=step) for step in steps if step not in known
            ]
            FunnelCount.objects.bulk_create(missing, ignore_conflicts=True)
            rows.filter(answered__in=[row.answered for row in missing]).update(count=F("count") + 1)
    except UNREACHABLE as error:
        logger.warning("A step was not counted: %s", error)
