from .ads_txt import AdsTxt
from .adsense import AdSense, Consent
from .house import Advertiser, Creative, CreativeDay, Kind, State
from .proof import Proof
from .slot import Key, Slot, Source

__all__ = [
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
    "State",
]
