"""What a browser measured of a slot."""

from django.db import models
from django.utils import timezone

from publishing.bases.append_only import AppendOnly

from .slot import Key


class Proof(AppendOnly):
    """That a slot moved nothing, or that it did: measured by `manage.py prove_slots`."""

    key = models.CharField(max_length=20, choices=Key)
    made_at = models.DateTimeField(default=timezone.now)
    browser = models.CharField(max_length=80)
    # Of what was measured: sizes, template and style sheet. Another digest: the proof is out of date.
    digest = models.CharField(max_length=64)
    is_passed = models.BooleanField()
    # {"width", "outcome", "shift"} of each case.
    cases = models.JSONField()

    class Meta:
        ordering = ["-made_at", "-pk"]
        default_permissions = ["view"]

    def __str__(self):
        return f"{self.key}: {self.made_at:%Y-%m-%d}"
