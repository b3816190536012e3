"""The labels of articles: categories, tags, authors and series; and those that were merged into others."""

from calendar import monthrange
from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from publishing.bases.addressed import Addressed, AddressedQuerySet
from publishing.bases.shown import differs
from publishing.cache import changes
from publishing.cache.values import CachedValue
from publishing.identity import colours
from publishing.links import lines
from publishing.mail import one_line
from publishing.paths import url_of
from publishing.text import markdown, slugs
from publishing.text.fields import TITLE_LENGTH, ColourField, LineField, ProseField
from publishing.text.parsing import normal_line_ends

from .. import search


class Listed(Addressed):
    """A model with a page that lists its articles: a label of them."""

    # The field with what readers call it, and what they call its kind.
    NAME_FIELD = "name"
    kind_name: str

    class Meta(Addressed.Meta):
        abstract = True

    def __str__(self):
        return self.name

    @classmethod
    def changed_names(cls, before, after):
        # No page links to a new row, and the sitemap has those with articles.
        names = set() if before is None else super().changed_names(before, after)
        return names | {f"every:{cls._meta.model_name}"} if names else names

    @classmethod
    def invalidate(cls, pairs):
        """The search finds articles by the new name."""
        pairs = list(pairs)
        super().invalidate(pairs)
        for before, after in pairs:
            if before and after and differs(before, after, cls.NAME_FIELD):
                search.labels.changed(after.articles.values_list("pk", flat=True))

    def delete(self, *args, **kwargs):
        """No article is found by its name any more."""
        with transaction.atomic():
            keys = list(self.articles.values_list("pk", flat=True))
            deleted = super().delete(*args, **kwargs)
            search.labels.changed(keys)
            return deleted

    def get_absolute_url(self):
        return url_of(f"articles:{self._meta.model_name}", self.slug)


def _month(day: date, months: int) -> tuple[int, int]:
    """The year and the month so many months after `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1


class Category(Listed):
    """The kicker above an article's title."""

    kind_name = _("Category")
    SHOWN = {"category-page:{}": ("description",), "categories": ("description",)}
    ALSO_READ = (*Listed.ALSO_READ, "name", "position", "review_months", "colour", "has_slots")

    name = LineField(max_length=60, unique=True)
    description = LineField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0, help_text=_("Order in the navigation, smallest first."))
    review_months = models.PositiveSmallIntegerField(
        _("months until a new check"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(240)],
        help_text=_("Articles that were not checked for so long say when they were. 0: never, as for opinion."),
    )

    has_slots = models.BooleanField(
        _("sponsored slots"),
        default=True,
        db_default=True,
        help_text=_("Whether its page and its articles may have them."),
    )
    colour = ColourField(help_text=_("Of its name, rules and covers, such as #ad2f17. Empty: chosen for you."))

    class Meta(Listed.Meta):
        ordering = ["position", "name"]
        verbose_name_plural = _("categories")

    @classmethod
    def changed_names(cls, before, after):
        names = super().changed_names(before, after)
        # The navigation and the address of the colours are on every page; the span concerns all articles.
        shown = ("name", "slug", "position", "review_months", "colour", "has_slots")
        return names | {changes.SITE} if differs(before, after, *shown) else names

    @property
    def colour_class(self) -> str:
        """The class of whatever belongs to it, which gives it its colours."""
        return f"c{self.pk}"

    @property
    def palette(self) -> colours.Palette:
        return colours.palette(self.colour or colours.automatic(self.pk or 1))

    def review_due(self, checked: date) -> date | None:
        """The first day on which an article that was checked then has to be checked again; None: never."""
        if not self.review_months:
            return None
        year, month = _month(checked, self.review_months)
        if checked.day <= monthrange(year, month)[1]:
            return date(year, month, checked.day)
        return date(*_month(date(year, month, 1), 1), 1)

    def checked_until(self, today: date) -> date:
        """Articles checked on this day or before have to be checked again: the same rule as `review_due`."""
        year, month = _month(today, -self.review_months)
        return date(year, month, min(today.day, monthrange(year, month)[1]))

    def save(self, *args, **kwargs):
        """A new category without a position comes last."""
        if self._state.adding and not self.position:
            self.position = (Category.objects.aggregate(last=models.Max("position"))["last"] or 0) + 1
        super().save(*args, **kwargs)


class Tag(Listed):
    kind_name = _("Tag")
    SHOWN = {"tag:{}": ("name", "slug"), "search": ("name", "slug")}

    name = LineField(max_length=60, unique=True)

    class Meta(Listed.Meta):
        ordering = ["name"]

    @property
    def description(self) -> str:
        # Translators: for readers.
        return gettext("All articles about %(tag)s.") % {"tag": self.name}


class AuthorQuerySet(AddressedQuerySet):
    def with_faces(self):
        """With all that `{% face %}` shows."""
        return self.select_related("picture")


class Author(Listed):
    """A person in bylines, with or without an account."""

    kind_name = _("Author")
    SHOWN = {
        "author:{}": ("name", "slug"),
        "author-name:{}": ("name",),
        "search": ("name",),
        "face:{}": ("picture_id",),
        "author-page:{}": ("biography_html", "link_lines"),
    }

    name = LineField(max_length=100)
    biography = ProseField(max_length=2000, blank=True, help_text=_("Markdown."))
    biography_html = models.TextField(editable=False, blank=True)
    picture = models.ForeignKey(
        "articles.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="faces",
        help_text=_("Shown round. What stays in view is set on the page of the picture: its focal point."),
    )
    link_lines = lines.LinksField(
        _("links"),
        max_length=4000,
        blank=True,
        default="",
        db_default="",
        help_text=_("One a line, words and then the address: My site https://example.org/"),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="author"
    )

    objects = AuthorQuerySet.as_manager()

    class Meta(Listed.Meta):
        ordering = ["name"]

    @classmethod
    def changed_names(cls, before, after):
        # Screening compares the names of readers with those of authors.
        names = super().changed_names(before, after)
        return names | {"authors"} if differs(before, after, "name") else names

    def save(self, *args, **kwargs):
        self.biography_html = markdown.render_fragment(self.biography)
        self.link_lines = normal_line_ends(self.link_lines).strip()
        super().save(*args, **kwargs)

    @property
    def links(self) -> list[tuple[str, str]]:
        """Words and address of each."""
        return lines.links_in(self.link_lines)

    @property
    def initial(self) -> str:
        """What stands in place of a picture."""
        return next((letter for letter in self.name if letter.isalnum()), self.name[:1]).upper()[:1]

    @property
    def safe_biography(self):
        return markdown.stored(self.biography_html)


def author_of(user) -> Author:
    """The byline of an account; a new one with the account's name if it has none. One query, more for a new one."""
    author = Author.objects.filter(user=user).first()
    if author is None:
        name = one_line(user.get_full_name() or user.get_username(), Author._meta.get_field("name").max_length)
        slug = free_slug(Author, name)
        author, _ = Author.objects.get_or_create(user=user, defaults={"name": name, "slug": slug})
    return author


def free_slug(model: type[Listed], name: str) -> str:
    """A slug made of a name, with a number behind it if another row has it. One query."""
    wanted = slugs.name_slug(name) or model._meta.model_name
    taken = model.objects.filter(slug__startswith=wanted[: slugs.LENGTH - 10]).values_list("slug", flat=True)
    return slugs.free(wanted, set(taken))


class Series(Listed):
    """Articles in an order."""

    kind_name = _("Series")
    NAME_FIELD = "title"
    SHOWN = {"series:{}": ("title", "slug"), "search": ("title",), "series-page:{}": ("description",)}

    title = LineField(max_length=TITLE_LENGTH)
    description = LineField(max_length=300, blank=True)

    class Meta(Listed.Meta):
        ordering = ["title"]
        verbose_name_plural = pgettext_lazy("several", "series")

    def __str__(self):
        return self.title

    def delete(self, *args, **kwargs):
        """Its articles have no place any more."""
        with transaction.atomic():
            # Pages that show it are invalidated by its name.
            self.articles.model._base_manager.filter(series=self).update(series_position=None)
            return super().delete(*args, **kwargs)

    @property
    def next_place(self) -> int:
        """The first place after those of its articles. One query."""
        return (self.articles.aggregate(last=models.Max("series_position"))["last"] or 0) + 1


# --- labels that were merged ---

KINDS = {model._meta.model_name: model for model in (Category, Tag, Author, Series)}


class MergedLabel(models.Model):
    """A label that was merged into another one of its kind, and deleted. Whatever still has its key means `kept`."""

    kind = models.CharField(max_length=10)
    # Primary keys: its own, and that of the other one.
    key = models.BigIntegerField()
    kept = models.BigIntegerField()
    # The columns that it had, and its articles: those that got the other label, and those that had both.
    row = models.JSONField()
    articles = models.JSONField()
    # Of a series: how many places its articles moved back.
    places = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="merged_label_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["category", "tag", "author", "series"]), name="merged_label_kind_known"
            ),
            models.CheckConstraint(condition=~Q(key=F("kept")), name="merged_label_into_another"),
        ]
        indexes = [models.Index(fields=["kind", "kept"], name="merged_label_kept")]

    def __str__(self):
        return self.row[KINDS[self.kind].NAME_FIELD]


# The name of the cached value; no page shows it.
MERGED = "merged-labels"


def _all_merged() -> dict[tuple[str, int], tuple[int, int]]:
    rows = MergedLabel.objects.values_list("kind", "key", "kept", "places")
    return {(kind, key): (kept, places) for kind, key, kept, places in rows}


_merged = CachedValue(_all_merged, default=dict, names=(MERGED,))


def _follow(kind: str, key: int | None) -> tuple[int | None, int]:
    """The key of the label that this one is now, and how many places an article moved back by that."""
    merged, places = _merged.get(), 0
    while (kind, key) in merged:
        key, more = merged[kind, key]
        places += more
    return key, places


def kept_key(kind: str, key: int | None) -> int | None:
    """The key of the label that this one was merged into, or `key`. No query while nothing was merged."""
    return _follow(kind, key)[0]


def kept_keys(kind: str, keys) -> list[int]:
    """The same for several, each once."""
    return list(dict.fromkeys(kept_key(kind, key) for key in keys))


def with_kept_labels(fields: dict) -> dict:
    """The fields of a version without labels that were merged: with those that they are now."""
    if not _merged.get():
        return fields
    series, places = _follow("series", fields.get("series"))
    followed = {
        "category": kept_key("category", fields.get("category")),
        "tags": sorted(kept_keys("tag", fields.get("tags") or ())),
        "authors": kept_keys("author", fields.get("authors") or ()),
        "series": series,
    }
    if places and fields.get("series_position"):
        followed["series_position"] = fields["series_position"] + places
    return fields | {name: value for name, value in followed.items() if name in fields}
