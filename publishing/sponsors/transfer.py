"""What an export has of sponsored slots."""

from collections.abc import Iterator

from django.db.models import Max
from django.utils.translation import gettext_noop

from publishing.text.validators import validate_storable

from ..transfer.export.tables import Part, Table, register
from .ads_txt import validate_ads_txt
from .adsense.forms import validate_script
from .adsense.ids import validate_client
from .house import transfer as house
from .models import AdSense, AdsTxt, Key, Proof, Slot, Source


def _with_source(values: dict) -> dict:
    """Until slots had sources, two columns said whether readers see an empty box."""
    if "source" in values:
        return values
    is_on, shows_empty = values.pop("enabled", False), values.pop("shows_empty", False)
    return values | {"source": str(Source.PREVIEW if is_on is shows_empty is True else Source.OFF)}


def _complete_slots() -> Iterator[int]:
    """A place that an export of before does not know has a row too: the admin adds none."""
    lacking = sorted(set(Key.values) - set(Slot.objects.values_list("key", flat=True)))
    last = Slot.objects.aggregate(last=Max("pk"))["last"] or 0
    Slot.objects.bulk_create([Slot(pk=pk, key=key) for pk, key in enumerate(lacking, last + 1)])
    yield len(lacking)


def _check_slot(row: Slot) -> None:
    """Its pages may be of another site, and are there only after the import."""
    validate_storable(row.pages)
    row.clean()


def _check_ads_txt(row: AdsTxt) -> None:
    if row.lines:
        validate_ads_txt(row.lines)


def _check_adsense(row: AdSense) -> None:
    validate_storable(row.privacy_page)
    if row.client:
        validate_client(row.client)
    if row.platform_script:
        validate_script(row.platform_script)


register(
    Part(
        place=50,
        tables=(
            Table(Slot, prepare=_check_slot, incoming=_with_source, is_replaced=True),
            Table(AdsTxt, prepare=_check_ads_txt, is_replaced=True),
            # Elsewhere it is connected anew: what was measured is of this site.
            Table(
                AdSense,
                without=frozenset({"is_on", "checks", "checked_at"}),
                prepare=_check_adsense,
                is_replaced=True,
            ),
            *house.TABLES,
        ),
        complete=_complete_slots,
        left={Proof: gettext_noop("proofs of slots, which hold for the style sheets that were measured")},
    )
)
