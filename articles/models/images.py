"""Pictures that editors upload."""

import re
import secrets

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage, storages
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from publishing.bases.shown import Shown
from publishing.text.fields import LineField
from publishing.text.pictures import ImageInfo

from . import picture_files
from .picture_files import WIDTHS, Encoded, as_webp, digest_of, encode

# Articles that are rendered again in the request that changes a picture of them. More are rendered in a task.
AT_ONCE = 10
# Of 32 hexadecimal digits in the name of a file.
KEY_LENGTH = 24
_ESCAPED, _BACKSLASH = re.compile(r"""[\\\[\]"`*_<&]"""), r"\\\g<0>"


class Image(Shown):
    """An uploaded picture.

    The name of its file starts with `key`, which stays when the file is replaced, so that texts with the old name show
    the new file. `articles` are those whose bodies name it, `covered` those whose cover it is.
    """

    # Pages of articles, their cards and faces of authors, and their entries in feeds.
    SHOWN = {
        "image:{}": ("file", "widths", "alt", "credit"),
        "cover:{}": ("file", "widths", "alt", "focus_x", "focus_y"),
        "file:{}": ("file",),
    }
    ALSO_READ = ("original", "credit")

    key = models.CharField(max_length=100, editable=False, unique=True, null=True)  # noqa: DJ001 - made in `save`
    file = models.ImageField(upload_to="", width_field="width", height_field="height")
    original = models.CharField(
        max_length=100, editable=False, blank=True, db_default="", help_text="What was uploaded; not public."
    )
    alt = LineField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_("Describe the image for people who cannot see it. Leave empty only if it is decorative."),
    )
    is_decorative = models.BooleanField(
        _("decorative"), default=False, db_default=False, help_text=_("It says nothing that the text does not say.")
    )
    caption = LineField(max_length=300, blank=True, db_default="", help_text=_("Offered when it is put into a text."))
    credit = LineField(max_length=200, blank=True)
    focus_x = models.PositiveSmallIntegerField(
        _("focal point from the left, %"),
        default=50,
        db_default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("What stays in view if it is cropped."),
    )
    focus_y = models.PositiveSmallIntegerField(
        _("focal point from the top, %"), default=50, db_default=50, validators=[MaxValueValidator(100)]
    )
    # Of the renditions that are stored beside the file.
    widths = models.JSONField(editable=False, null=True, default=list)
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    original_name = models.CharField(max_length=200, editable=False, blank=True)
    digest = models.CharField(max_length=64, editable=False, db_index=True, help_text="SHA-256 of what was uploaded.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Shown.Meta):
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_decorative=False) | Q(alt=""),
                name="image_decorative_has_no_alt",
                violation_error_message=_("A decorative picture has no alternative text."),
            ),
            models.CheckConstraint(condition=Q(focus_x__lte=100, focus_y__lte=100), name="image_focus_is_inside"),
        ]

    def __str__(self):
        return self.alt or self.original_name or self.file.name

    def save(self, *args, **kwargs):
        """Raises ValidationError for a file that is no picture. A replaced file is deleted, and texts get the new one.

        If the row is not stored, no file of it stays.
        """
        before = self.as_stored()
        if not self.file or self.file._committed:
            super().save(*args, stored=before, **kwargs)
            if before and before.credit != self.credit:
                self.render_articles()
            return
        self._take(self.file.file)
        try:
            with transaction.atomic():
                storages["originals"].save(self.original, File(self._upload))
                super().save(*args, stored=before, **kwargs)
                if self.width > WIDTHS[0]:
                    make_renditions.enqueue(self.pk)
                if before:
                    before.delete_files()
                    self.render_articles()
        except BaseException:
            self.discard_files()
            raise

    def store_files(self) -> None:
        """Store the files of a new row, which takes long, before a transaction in which `insert` stores the row.

        If the row is not stored after all, call `discard_files`.
        """
        self._take(self.file.file)
        storages["originals"].save(self.original, File(self._upload))
        self.file.save(self.file.name, self.file.file, save=False)
        # A post may have many of them.
        del self._upload

    def insert(self) -> None:
        """Store the row of a picture whose files are stored; again, if a transaction with it was rolled back."""
        self.pk, self._state.adding = None, True
        self.save(force_insert=True)
        if self.width > WIDTHS[0]:
            make_renditions.enqueue(self.pk)

    def _take(self, file) -> None:
        encoded = file if isinstance(file, Encoded) else encode(file)
        self.key = self.key or secrets.token_hex(KEY_LENGTH // 2)
        stem = self.key + secrets.token_hex(16 - KEY_LENGTH // 2)
        encoded.name, self.original = f"{stem}.webp", f"{stem}.{encoded.kind}"
        self.file, self._upload, self.widths = encoded, encoded.upload, []
        self.digest, self.original_name = encoded.digest, encoded.upload_name

    def delete(self, *args, **kwargs):
        """Delete the row and, on commit, its files. Articles that showed it are rendered without it."""
        before = self.as_stored()
        articles, pages = list(self.articles.values_list("pk", flat=True)), list(self.pages.all())
        with transaction.atomic():
            result = super().delete(*args, **kwargs)
            if before is not None:
                before.delete_files()
            render_again(articles)
            for page in pages:
                page.render_again()
        return result

    @classmethod
    def changed_names(cls, before, after):
        """`pictures` if texts that name it have to be rendered again."""
        replaced = before is not None and (after is None or before.file != after.file)
        return super().changed_names(before, after) | ({"pictures"} if replaced else set())

    def discard_files(self) -> None:
        """Delete the files that were stored with a row which was rolled back."""
        picture_files.delete([self.file.name], [self.original])

    def delete_files(self) -> None:
        """Delete the files that this row names on commit, unless another row names them too."""
        if not type(self).objects.filter(file=self.file.name).exclude(pk=self.pk).exists():
            names = [self.file.name, *map(self._rendition, WIDTHS)]
            picture_files.delete_on_commit(names, [self.original] if self.original else [])

    def render_articles(self) -> None:
        """Render the articles and pages again that show it."""
        render_again(list(self.articles.values_list("pk", flat=True)))
        for page in self.pages.all():
            page.render_again()

    @classmethod
    def from_file(cls, file, alt: str) -> "Image":
        """The stored image with these bytes, created if needed."""
        return cls.objects.filter(digest=digest_of(file)).first() or cls.objects.create(file=file, alt=alt)

    # --- renditions ---

    def _rendition(self, width: int) -> str:
        """The name of a narrower file."""
        stem, dot, suffix = self.file.name.rpartition(".")
        return f"{stem}-{width}{dot}{suffix}"

    def make_renditions(self) -> None:
        """Store the missing files of `WIDTHS`, and render the articles again that show it. Up to a second."""
        widths = [width for width in WIDTHS if width < self.width]
        missing = {width: name for width in widths if not default_storage.exists(name := self._rendition(width))}
        if missing:
            with storages["originals"].open(self.original) if self.original else self.file.open() as file:
                picture, *_ = picture_files.decoded(file)
            for width, name in missing.items():
                default_storage.save(name, ContentFile(as_webp(picture, width)))
        with transaction.atomic():
            row = Image.objects.select_for_update().filter(pk=self.pk, file=self.file.name).first()
            if row is None:
                # Deleted or replaced meanwhile.
                picture_files.delete(map(self._rendition, widths))
            elif row.widths != widths:
                row.widths = widths
                row.save(update_fields=["widths"])
                row.render_articles()

    @property
    def srcset(self) -> str:
        """Its files as in HTML, if there are several."""
        if not self.widths:
            return ""
        names = {width: self._rendition(width) for width in self.widths} | {self.width: self.file.name}
        return ", ".join(f"{default_storage.url(name)} {width}w" for width, name in names.items())

    @property
    def thumbnail(self) -> str:
        """The address of the smallest file."""
        return default_storage.url(self._rendition(self.widths[0])) if self.widths else self.file.url

    def file_for(self, width: int, height: int) -> str:
        """The name of the smallest file that covers an area of so many pixels, or of the largest one."""
        wanted = max(width, height * self.width / max(self.height, 1))
        return next((self._rendition(step) for step in sorted(self.widths or ()) if step >= wanted), self.file.name)

    @property
    def focus(self) -> str:
        """The classes of an image that is cropped, in steps of 10 %: "x3 y7"."""
        x, y = round(self.focus_x / 10), round(self.focus_y / 10)
        return " ".join([f"x{x}"] * (x != 5) + [f"y{y}"] * (y != 5))

    def as_markdown(self, alt: str, caption: str) -> str:
        """What shows it in a text."""
        title = f' "{escaped(caption)}"' if caption else ""
        return f"![{escaped(alt)}]({self.file.url}{title})"

    @property
    def info(self) -> ImageInfo:
        return ImageInfo(self.file.url, self.width, self.height, self.srcset, self.credit)


def escaped(text: str) -> str:
    """`text` in the brackets or the quotes of Markdown."""
    return _ESCAPED.sub(_BACKSLASH, text)


@task()
def make_renditions(pk: int) -> str:
    """Make the renditions of a picture, unless it is gone."""
    image = Image.objects.filter(pk=pk).first()
    if image is None:
        return "gone"
    image.make_renditions()
    return f"{len(image.widths or ())} there"


def render_again(keys: list[int]) -> None:
    """Render articles again: a few now, the others in a task."""
    render_articles.func(keys[:AT_ONCE])
    if keys[AT_ONCE:]:
        render_articles.enqueue(keys[AT_ONCE:])


@task()
def render_articles(keys: list[int]) -> str:
    """Render the bodies of articles again, one transaction each."""
    for article in Image.articles.rel.related_model.objects.only("pk").filter(pk__in=keys):
        article.render_again()
    return f"{len(keys)} rendered"
