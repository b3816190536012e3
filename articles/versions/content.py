"""The fields of an article that editors change, as data."""

from datetime import date

from publishing.text.parsing import normal_line_ends

from ..models import Article, Author, Byline, Category, Image, Series, Tag, update_related
from ..models.shown import labels, labels_changing

TEXTS = (
    "title",
    "slug",
    "summary",
    "body",
    "seo_title",
    "seo_description",
    "canonical_url",
    "applies_to",
    "cover_letters",
    "language",
)
KEYS = {"category": Category, "series": Series, "cover": Image}
LISTS = {"tags": Tag, "authors": Author}
OTHERS = ("series_position", "featured", "is_sensitive")
# As text: JSON has no dates.
DATES = ("verified_on",)
NAMES = (*TEXTS, *KEYS, *LISTS, *OTHERS, *DATES)
EMPTY = dict.fromkeys(TEXTS, "") | dict.fromkeys(KEYS) | {"tags": [], "authors": [], "series_position": None}
EMPTY |= {"featured": False, "is_sensitive": False, "verified_on": None}


def fields_of(article: Article) -> dict:
    """What the columns of the article hold. Two queries."""
    tags, authors = labels(article)
    fields = {name: getattr(article, name) for name in (*TEXTS, *OTHERS)}
    fields |= {name: getattr(article, f"{name}_id") for name in KEYS}
    fields |= {name: as_text(getattr(article, name)) for name in DATES}
    return fields | {"body": normal_line_ends(article.body), "tags": sorted(tags), "authors": authors}


def as_text(day: date | None) -> str | None:
    return day and day.isoformat()


def put(article: Article, fields: dict) -> None:
    """Put the fields into the object, without saving it. A row that is gone is left out."""
    for name in (*TEXTS, *OTHERS):
        setattr(article, name, fields[name])
    for name in DATES:
        setattr(article, name, fields[name] and date.fromisoformat(fields[name]))
    for name, model in KEYS.items():
        setattr(article, name, model.objects.filter(pk=fields[name]).first() if fields[name] else None)
    if fields["series"] and article.series is None:
        article.series_position = None


def store(article: Article, fields: dict) -> None:
    """Save the article with these fields, its tags and its authors. Call it in a transaction.

    Raises ValidationError if they are not valid any more: a slug that was taken since, a category that is gone.
    """
    put(article, fields)
    article.full_clean()
    is_new = article.pk is None
    if is_new:
        article.save(relate=False)
    with labels_changing(article):
        if not is_new:
            article.save(relate=False)
        article.tags.set(Tag.objects.filter(pk__in=fields["tags"]))
        _set_authors(article, fields["authors"])
    update_related(article)


def _set_authors(article: Article, keys: list[int]) -> None:
    stored = list(article.bylines.values_list("author", flat=True))
    existing = set(Author.objects.filter(pk__in=keys).values_list("pk", flat=True))
    wanted = [key for key in dict.fromkeys(keys) if key in existing]
    if stored != wanted:
        article.bylines.all().delete()
        Byline.objects.bulk_create(
            Byline(article=article, author_id=key, position=position) for position, key in enumerate(wanted)
        )


def labels_of(version) -> dict[str, list]:
    """The tags and the authors of a version, those that are left."""
    tags = Tag.objects.filter(pk__in=version.fields["tags"])
    authors = Author.objects.with_faces().in_bulk(version.fields["authors"])
    return {"tags": list(tags), "authors": [authors[key] for key in version.fields["authors"] if key in authors]}
