"""Values of heads as fields of a post: texts, names, pictures. Keys are compared in lower case, "-" as "_"."""

import html
import re
from math import isfinite

from ...records import Picture
from . import status, texts

# Of a title or a summary with marks in it.
MOST_CHARACTERS = 1_000
TITLES = ("title", "name", "headline")
SLUGS = ("slug", "basename", "urlslug", "url_slug")
ADDRESSES = ("permalink", "path", "url")
DATES = (
    "date",
    "published_at",
    "publishedat",
    "pubdate",
    "pub_date",
    "published_date",
    "publisheddate",
    "datepublished",
)
DATES += ("date_published", "publishdate", "publish_date", "published_time", "published", "published_on", "publishedon")
DATES += ("created", "created_at", "createdat", "creation_date", "date_created", "datecreated", "posted")
UPDATES = (
    "updated",
    "lastmod",
    "modified",
    "updated_at",
    "updatedat",
    "updateddate",
    "last_modified_at",
    "last_update",
)
UPDATES += ("lastupdated", "last_updated", "date_modified", "datemodified", "lastmodified", "modified_at")
SUMMARIES = (
    "description",
    "summary",
    "excerpt",
    "dek",
    "subtitle",
    "abstract",
    "lead",
    "teaser",
    "intro",
    "standfirst",
)
AUTHORS = ("authors", "author", "postauthors", "by", "writers", "writer", "contributors")
CATEGORIES = ("category", "categories")
TAGS = ("tags", "tag", "topics")
SERIES = ("series", "series_title", "collection")
POSITIONS = ("series_position", "series_order", "part", "series_weight", "series_index")
FEATURED = ("featured", "sticky", "pinned", "pin", "is_featured")
ALIASES = ("aliases", "alias", "redirect_from", "redirects", "old_url", "old_urls", "redirect_froms")
CANONICAL = ("canonical_url", "canonical", "canonicalurl", "canonical_link", "originalurl", "original_url")
LANGUAGES = ("lang", "language", "locale", "languagecode")
DIRECTIONS = ("dir", "direction", "text_direction")
SEO_TITLES = ("seo_title", "meta_title", "metatitle", "seotitle")
SEO_DESCRIPTIONS = ("seo_description", "meta_description", "metadescription", "seodescription")
COVERS = ("cover", "cover_image", "coverimage", "featured_image", "featuredimage", "feature_image", "featureimage")
COVERS += ("featureimg", "featured_img", "hero", "hero_image", "heroimage", "banner", "banner_image", "bannerimage")
COVERS += ("header", "header_image", "headerimage", "header_img", "image", "images", "img", "thumbnail", "thumb")
COVERS += ("thumbnailimage", "thumbnail_image", "teaser_image", "preview_image", "previewimage", "picture", "photo")
COVERS += ("social_image", "socialimage", "share_image", "shareimage", "sharing_image", "og_image", "ogimage")
COVERS += ("twitter_image", "card_image", "top_img", "index_img", "banner_img", "meta_image", "background", "splash")
_INSIDE = (
    "image",
    "src",
    "url",
    "path",
    "file",
    "filename",
    "teaser",
    "feature",
    "overlay_image",
    "background",
    "og_image",
)
# About the design of the site that the file comes from.
_DESIGN = {"layout", "comments", "toc", "sidebar"}
_MORE_READ = {"summary", "description", "cover_alt", "image_alt", "alt", "cover_caption", "image_caption", "type"}
# Mappings whose keys count like those of the head itself: of Zola, Hugo and Zola.
_INNER = ("extra", "params", "taxonomies")
USED = {
    *TITLES, *SLUGS, *ADDRESSES, *DATES, *UPDATES, *AUTHORS, *CATEGORIES, *TAGS, *SERIES, *POSITIONS, *FEATURED,
    *ALIASES, *CANONICAL, *LANGUAGES, *DIRECTIONS, *SEO_TITLES, *SEO_DESCRIPTIONS, *COVERS,
    *_DESIGN, *_MORE_READ, *status.KEYS,
}  # fmt: skip


def _plain(key: str) -> str:
    return key.lower().replace("-", "_").strip()


def lower(head: dict) -> dict:
    """With plain keys, and those of the inner mappings where the head itself has no such key."""
    plain = {_plain(key): value for key, value in head.items()}
    for name in _INNER:
        if isinstance(plain.get(name), dict):
            plain = {**lower(plain[name]), **plain}
    return plain


def text(value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        value = next((value[key] for key in ("name", "title", "label", "text") if value.get(key)), "")
    return texts.one_line(str(value)) if isinstance(value, (str, int, float)) else ""


def without_markup(words: str) -> str:
    """Words for a title or a summary: entities, tags in a line, links and marks of code are taken apart."""
    if len(words) > MOST_CHARACTERS:
        return words
    words = html.unescape(words) if "&" in words else words
    words = re.sub(
        r"</?(?:i|b|em|strong|code|span|small|su[bp]|br|q|cite|mark|u|s|a|tt|kbd)(?:\s[^<>]*)?/?>", "", words
    )
    words = re.sub(r"!?\[([^\[\]]*)\]\([^()\s]*\)", r"\1", words)
    return texts.one_line(re.sub(r"(`+)(?=[^`])(.+?)(?<!`)\1(?!`)", r"\2", words))


def plain_text(head: dict, keys) -> str:
    return without_markup(first_text(head, keys))


def remaining(head: dict) -> dict:
    """What has no field of ours."""
    kept = {}
    for key, value in head.items():
        if _plain(key) in _INNER and isinstance(value, dict):
            value = remaining({str(inner): item for inner, item in value.items()})
        if _plain(key) not in USED and value not in ({}, None, ""):
            kept[key] = storable(value)
    return kept


def first_text(head: dict, keys) -> str:
    return next(filter(None, (text(head[key]) for key in keys if key in head and head[key] not in (True, False))), "")


def many(value, separator: str = r"\s*[,;]\s*") -> list[str]:
    """The distinct texts of a list, however deep, of a mapping's keys, or of one string split at `separator`."""
    if isinstance(value, str):
        value = re.split(separator, value.strip("[]"))
    if isinstance(value, dict) and not text(value):
        value = list(value)
    if isinstance(value, (list, tuple)):
        found = [name for item in value for name in (many(item) if isinstance(item, list) else [text(item)])]
    else:
        found = [] if value is None else [text(value)]
    return list(dict.fromkeys(name.strip("\"' ") for name in found if name.strip("\"' ")))


def labels(head: dict, keys, splits_at_spaces: bool) -> list[str]:
    """Of all `keys`. Jekyll splits a string at spaces, but only of the key in the plural."""
    found = []
    for key in keys:
        value = head.get(key)
        at_spaces = splits_at_spaces and key.endswith("s") and isinstance(value, str) and "," not in value
        found += many(value, r"\s+" if at_spaces else r"\s*[,;]\s*")
    return list(dict.fromkeys(found))


def cover(head: dict) -> Picture | None:
    """The first that is filled, under any key that themes use."""
    for key in COVERS:
        if picture := _picture(head.get(key)):
            picture.alt = picture.alt or first_text(head, _beside(key, "alt"))
            picture.caption = picture.caption or first_text(head, _beside(key, "caption"))
            return picture
    for key in ("og", "open_graph", "social", "seo", "share", "meta", "twitter"):
        if isinstance(head.get(key), dict) and (picture := _picture(head[key])):
            return picture
    return _of_resources(head.get("resources")) or _of_meta(head.get("head"))


def _beside(key: str, what: str) -> list[str]:
    joined = key.replace("_", "")
    return [f"{key}_{what}", f"{joined}{what}", f"{joined}_{what}", f"cover_{what}", f"image_{what}", what]


def _picture(value) -> Picture | None:
    if isinstance(value, list):
        return next(filter(None, map(_picture, value)), None)
    if isinstance(value, str):
        address = value.strip()
        # A colour, the name of a style, or a number is no picture.
        return Picture(address) if re.search(r"\.\w{2,5}(?:[?#].*)?$|^https?://|/", address) else None
    if not isinstance(value, dict):
        return None
    value = {str(key).lower().replace("-", "_"): item for key, item in value.items()}
    picture = next(filter(None, (_picture(value.get(key)) for key in _INSIDE)), None)
    if picture:
        picture.alt = picture.alt or first_text(value, ("alt", "image_alt", "alt_text", "alttext", "title"))
        picture.caption = picture.caption or first_text(value, ("caption", "image_caption", "credit"))
    return picture


def _of_resources(value) -> Picture | None:
    """Hugo's page resources."""
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict) and re.search(r"cover|feature|thumb|header", f"{item.get('name')} {item.get('src')}"):
            return (
                Picture(str(item.get("src")), text(item.get("title") or ""))
                if "*" not in str(item.get("src"))
                else None
            )
    return None


def _of_meta(value) -> Picture | None:
    """VitePress: rows [meta, {property: og:image, content: …}]."""
    for row in value if isinstance(value, list) else ():
        meta = row[1] if isinstance(row, list) and len(row) > 1 and isinstance(row[1], dict) else {}
        if meta.get("property", meta.get("name")) == "og:image":
            return _picture(str(meta.get("content", "")))
    return None


def series(head: dict) -> tuple[str, int | None]:
    value = next((head[key] for key in SERIES if head.get(key)), None)
    value = value[0] if isinstance(value, list) and value else value
    inner = lower(value) if isinstance(value, dict) else {}
    place = next((head[key] for key in POSITIONS if key in head), None)
    place = next((inner[key] for key in ("part", "order", "position", "index") if key in inner), place)
    place = int(place) if re.fullmatch(r"\d{1,4}", str(place)) else None
    name = text(value)
    return name, place if name and place else None


def storable(value, level: int = 0):
    """As JSON can hold it."""
    if level > 20:
        return None
    if isinstance(value, dict):
        return {str(key): storable(item, level + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [storable(item, level + 1) for item in value]
    is_kept = value is None or isinstance(value, (str, int)) or (isinstance(value, float) and isfinite(value))
    return value if is_kept else str(value)
