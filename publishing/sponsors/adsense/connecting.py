"""Changes of the connection, each in one transaction with its entry in the log of the admin."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from publishing.bases.log import log
from publishing.text.moments import listed

from ..models import AdSense
from . import checks


class NotReady(Exception):  # noqa: N818 - not an error of the program
    """Why it cannot be connected now, as a sentence."""


def _locked() -> AdSense:
    return AdSense.objects.select_for_update().first() or AdSense()


@transaction.atomic
def change(by, **fields: str) -> AdSense:
    """Store an id or other settings. What was measured no longer counts; what was connected is disconnected.

    The same privacy page at another address is no change.
    """
    row = _locked()
    if checks.is_same_page(row.privacy_page, fields.get("privacy_page", "")):
        del fields["privacy_page"]
    changed = {name for name, value in fields.items() if getattr(row, name) != value}
    if not changed:
        return row
    for name in changed:
        setattr(row, name, fields[name])
    was_on, row.is_on, row.checks, row.checked_at = row.is_on, False, {}, None
    row.full_clean(validate_unique=False)
    row.save()
    names = ", ".join(str(row._meta.get_field(name).verbose_name) for name in sorted(changed))
    log(by, row, _("Changed: %(names)s") % {"names": names})
    if was_on:
        log(by, row, _("Disconnected by that change"))
    return row


def check(row: AdSense) -> AdSense:
    """Measure all checks of a row, and store the result if its settings are still these."""
    measured, at = checks.measure(row), timezone.now()
    with transaction.atomic():
        stored = _locked()
        if _settings(stored) == _settings(row):
            stored.checks, stored.checked_at = measured, at
            stored.save()
    return stored


def connect(by) -> AdSense:
    """Measure again, and begin. Raises NotReady while a check fails."""
    row = AdSense.objects.first() or AdSense()
    checked = check(row)
    failing = [name for name in checks.LABELS if not checked.checks.get(name, {}).get("is_met")]
    if failing:
        names = listed([_("“%(name)s”") % {"name": checks.LABELS[name]} for name in failing])
        raise NotReady(_("Not connected. To do: %(names)s.") % {"names": names})
    with transaction.atomic():
        stored = _locked()
        if _settings(stored) != _settings(row):
            raise NotReady(_("Not connected: somebody has changed it meanwhile. Check again."))
        if not stored.is_on:
            stored.is_on = True
            stored.save()
            log(by, stored, _("Connected %(client)s") % {"client": stored.client})
    return stored


@transaction.atomic
def disconnect(by) -> AdSense:
    """End it: all pages are without it within two seconds."""
    row = _locked()
    if row.is_on:
        row.is_on = False
        row.save()
        log(by, row, _("Disconnected"))
    return row


def _settings(row: AdSense) -> tuple[str, ...]:
    return row.client, row.consent, row.platform_script, row.privacy_page
