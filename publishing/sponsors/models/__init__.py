from .ads_txt import AdsTxt
from .adsense import AdSense, Consent
from .house import Advertiser, Creative, CreativeDay, Kind
from .proof import Proof
from .slot import LABEL, Key, Slot, Source

__all__ = [
    "LABEL",
    "AdSense",
    "AdsTxt",
    "Advertiser",
    "Consent",
    "Creative",
    "CreativeDay",
    "Key",
    "Kind",
    "Proof",
    "Slot",
    "Source",
]
