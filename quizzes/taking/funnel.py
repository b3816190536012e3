"""How far readers get with an edition: numbers only, with nothing about who they are."""

import logging

from django.db import transaction
from django.db.models import F

from ..editing.snapshots import UNREACHABLE
from ..models import FunnelCount

logger = logging.getLogger(__name__)


def count(edition: int, stage: str, answered: int = 0, before: int = 0) -> None:
    """Count a browser that reached `stage`; for "answered", at each number of answers from `before` + 1 on.

    Nothing is counted while the database is down.
    """
    steps = range(before + 1, answered + 1) if stage == "answered" else [0]
    rows = [FunnelCount(edition_id=edition, stage=stage, answered=step) for step in steps]
    try:
        with transaction.atomic():
            FunnelCount.objects.bulk_create(rows, ignore_conflicts=True)
            counted = FunnelCount.objects.filter(edition=edition, stage=stage, answered__in=steps)
            counted.update(count=F("count") + 1)
    except UNREACHABLE as error:
        logger.warning("A step was not counted: %s", error)
