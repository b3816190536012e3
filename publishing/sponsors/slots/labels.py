"""What stands above a slot.

Sources: AdSense Help, "Ad placement policies" (only "Advertisements" and "Sponsored Links", in their translations, may
stand above its advertisements); German courts accept "Anzeige" and not "gesponsert" (BGH I ZR 2/11, "GOOD NEWS"); UOKiK
recommends "Reklama"; the guideline of Japan's Consumer Affairs Agency names 広告. So these words are a list that was
read as one, and no messages that a translator might soften.
"""

# By language: of advertisements that the publication sells, and of those of AdSense.
LABELS = {
    "en": ("Sponsored", "Advertisements"),
    "de": ("Anzeige", "Anzeigen"),
    "fr": ("Publicité", "Publicités"),
    "es": ("Publicidad", "Anuncios"),
    "pl": ("Reklama", "Reklamy"),
    "ar": ("إعلان", "إعلانات"),
    "ja": ("広告", "広告"),
}


def label(language: str, *, is_adsense: bool = False) -> str:
    """In a language such as "de" or "de-at"; in English if there is none in it."""
    return LABELS.get(language.lower().partition("-")[0], LABELS["en"])[is_adsense]
