"""What has to be true before AdSense is connected, measured when somebody asks."""

from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing.links import targets
from publishing.outbound import client
from publishing.paths import path_of

from ..models import AdSense, Consent, Slot, Source
from ..slots import sizes
from . import ids

USER_AGENT = "publication-self-check"
# Of an ads.txt and of the start of a page.
MOST_BYTES = 100_000
# In the order in which they are shown.
LABELS = {
    "https": gettext_lazy("The site is reached by HTTPS"),
    "ads_txt": gettext_lazy("/ads.txt is reached and has the line"),
    "privacy": gettext_lazy("The privacy page is published"),
    "consent": gettext_lazy("It is chosen who asks readers"),
    "policy": gettext_lazy("The site's security policy arrives in browsers"),
    "units": gettext_lazy("Slots are filled by AdSense, and have ad units"),
}


class Unmet(Exception):  # noqa: N818 - not an error of the program
    """Why a check fails, as a sentence that says what to do."""


def measure(row: AdSense) -> dict[str, dict]:
    """By name of check: `is_met`, and `says` what was found. Two requests to this site, of 10 seconds at most each."""
    return {name: _measured(name, row) for name in LABELS}


def _measured(name: str, row: AdSense) -> dict:
    try:
        return {"is_met": True, "says": _MEASURES[name](row)}
    except Unmet as unmet:
        return {"is_met": False, "says": str(unmet)}


def known(row: AdSense) -> dict[str, dict]:
    """What was measured last, but the privacy page as it is now: somebody may have unpublished it. A few queries."""
    return row.checks | {"privacy": _measured("privacy", row)} if row.checks else {}


def public_path(address: str) -> str | None:
    """The path of an address of this site, if readers can open it now. A few queries."""
    parts = targets.internal(address, "/")
    if parts is None:
        return None
    target = targets.targets([parts.path])[parts.path]
    is_open = target.is_found and not target.is_staff and target.is_public(timezone.now())
    return (target.kind and target.new_path() or parts.path) if is_open else None


def is_same_page(stored: str, address: str) -> bool:
    """Whether an address is of the page that is stored, also if that has moved."""
    return bool(stored and address) and path_of(public_path(stored) or stored) == path_of(address)


def _https(row: AdSense) -> str:
    if not settings.HTTPS:
        message = _("SITE_URL is %(url)s. Serve the site by HTTPS, and write that address.")
        raise Unmet(message % {"url": settings.SITE_URL})
    return settings.SITE_URL


def _ads_txt(row: AdSense) -> str:
    if not row.client:
        raise Unmet(_("Store a publisher id first."))
    body = _fetched("/ads.txt", "text/plain").body
    if not ids.has_line(row.client, body.decode("utf-8", "replace")):
        raise Unmet(_("It is reached, but without our line: something in front of the site serves another file."))
    return f"{settings.SITE_URL}/ads.txt"


def _privacy(row: AdSense) -> str:
    if not row.privacy_page:
        raise Unmet(_("Give the address of the page that says what is done with readers' data."))
    if public_path(row.privacy_page) is None:
        raise Unmet(_("%(path)s is no page that readers can open. Publish it.") % {"path": row.privacy_page})
    return row.privacy_page


def _consent(row: AdSense) -> str:
    if row.consent == Consent.NONE:
        raise Unmet(_("Choose who asks readers. Until then nothing is loaded."))
    if row.consent == Consent.TCF and not row.platform_script.startswith("https://"):
        raise Unmet(_("Give the address of the script of your platform."))
    return str(row.get_consent_display())


def _policy(row: AdSense) -> str:
    """A page with a slot of AdSense has that of `serving`, others the strict one. No proxy may add another."""
    policies = _fetched("/", "text/html", may_cut=True).headers.get_all("Content-Security-Policy", [])
    if len(policies) != 1:
        raise Unmet(
            _("The front page arrives with %(number)s policies instead of one. Look at what is in front of the site.")
            % {"number": len(policies)}
        )
    if "'strict-dynamic'" in policies[0]:
        return _("The policy for pages with advertisements.")
    if set(policies[0].split("; ")) != set(build_policy().split("; ")):
        raise Unmet(_("The front page arrives with another policy than ours. Look at what is in front of the site."))
    return _("The strict policy; pages with advertisements get another one.")


def _units(row: AdSense) -> str:
    slots = [slot for slot in Slot.all_rows() if slot.source == Source.ADSENSE]
    if not slots:
        raise Unmet(_("No slot is filled by AdSense. Choose that for one, and give its ad unit."))
    for slot in slots:
        if not ids.AD_UNIT.fullmatch(slot.ad_unit):
            raise Unmet(_("“%(slot)s” has no ad unit: the ten digits of one in AdSense.") % {"slot": slot})
        try:
            sizes.validate(slot.key, slot.sizes)
        except ValidationError as error:
            raise Unmet(f"{slot}: {error.messages[0]}") from error
    return ", ".join(map(str, slots))


def _fetched(path: str, kind: str, may_cut: bool = False) -> client.Fetched:
    try:
        return client.fetch(
            f"{settings.SITE_URL}{path}", kinds=(kind,), most_bytes=MOST_BYTES, user_agent=USER_AGENT, may_cut=may_cut,
            own=settings.SITE_URL,
        )  # fmt: skip
    except client.NotFetched as error:
        message = _("%(url)s is not reached: %(problem)s")
        raise Unmet(message % {"url": f"{settings.SITE_URL}{path}", "problem": error}) from error


_MEASURES = {
    "https": _https,
    "ads_txt": _ads_txt,
    "privacy": _privacy,
    "consent": _consent,
    "policy": _policy,
    "units": _units,
}
