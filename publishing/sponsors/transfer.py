"""What an export has of sponsored slots."""

from publishing.text.validators import validate_storable

from ..transfer.export.tables import Part, Table, register
from .ads_txt import validate_ads_txt
from .adsense.forms import validate_script
from .adsense.ids import validate_client
from .house import transfer as house
from .models import AdSense, AdsTxt, Proof, Slot


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
            Table(Slot, prepare=_check_slot, is_replaced=True),
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
        left={Proof: "It holds for the style sheets that were measured; a backup has it."},
    )
)
