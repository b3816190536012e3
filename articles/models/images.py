"""Pictures that editors upload."""

import re
import secrets

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages
from django.db import models, transaction
from django_tasks import task

from publishing.bases.shown import Shown
from publishing.text.fields import LineField
from publishing.text.markdown import ImageInfo

from . import picture_files
from .picture_files import Encoded, digest_of, encode

# Articles that are rendered again in the request that changes a picture of them. More are rendered in a task.
AT_ONCE = 10
# Of 32 hexadecimal digits in the name of a file.
KEY_LENGTH = 24
_NAME = re.compile(rf"{re.escape(settings.MEDIA_URL)}(\w[\w-]{{1,90}})\.\w{{3,4}}")


class Image(Shown):
    """An uploaded picture.

    The name of its file starts with `key`, which stays when the file is replaced, so that texts with the old name show
    the new file. `articles` are those whose bodies name it, `covered` those whose cover it is.
    """

    # Pages of articles, their cards, and their entries in feeds.
    SHOWN = {"image:{}": ("file", "alt", "credit"), "cover:{}": ("file", "alt"), "file:{}": ("file",)}
    ALSO_READ = ("original",)

    key = models.CharField(max_length=100, editable=False, unique=True, null=True)  # noqa: DJ001 - made in `save`
    file = models.ImageField(upload_to="", width_field="width", height_field="height")
    original = models.CharField(
        max_length=100, editable=False, blank=True, db_default="", help_text="What was uploaded; not public."
    )
    alt = LineField(
        "alternative text",
        max_length=300,
        blank=True,
        help_text="Describe the image for people who cannot see it. Leave empty if it is decorative.",
    )
    credit = LineField(max_length=200, blank=True)
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    original_name = models.CharField(max_length=200, editable=False, blank=True)
    digest = models.CharField(max_length=64, editable=False, db_index=True, help_text="SHA-256 of what was uploaded.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Shown.Meta):
        ordering = ["-created_at"]

    def __str__(self):
        return self.alt or self.original_name or self.file.name

    def save(self, *args, **kwargs):
        """Raises ValidationError for a file that is no picture. A replaced file is deleted, and texts get the new one.

        If the row is not stored, no file of it stays.
        """
        if not self.file or self.file._committed:
            super().save(*args, **kwargs)
            return
        before = self.as_stored()
        self._take(self.file.file)
        try:
            with transaction.atomic():
                storages["originals"].save(self.original, File(self._upload))
                super().save(*args, **kwargs)
                if before:
                    before.delete_files()
                    self.render_articles()
        except BaseException:
            picture_files.delete([self.file.name], [self.original])
            raise

    def _take(self, file) -> None:
        encoded = file if isinstance(file, Encoded) else encode(file)
        self.key = self.key or secrets.token_hex(KEY_LENGTH // 2)
        stem = self.key + secrets.token_hex(16 - KEY_LENGTH // 2)
        encoded.name, self.original = f"{stem}.webp", f"{stem}.{encoded.kind}"
        self.file, self._upload = encoded, encoded.upload
        self.digest, self.original_name = encoded.digest, encoded.upload_name

    def delete(self, *args, **kwargs):
        """Delete the row and, on commit, its files. Articles that showed it are rendered without it."""
        before = self.as_stored()
        articles = list(self.articles.values_list("pk", flat=True))
        with transaction.atomic():
            result = super().delete(*args, **kwargs)
            if before is not None:
                before.delete_files()
            _render(articles)
        return result

    @classmethod
    def changed_names(cls, before, after):
        """`pictures` if texts that name it have to be rendered again."""
        replaced = before is not None and (after is None or before.file != after.file)
        return super().changed_names(before, after) | ({"pictures"} if replaced else set())

    def delete_files(self) -> None:
        """Delete the files that this row names on commit, unless another row names them too."""
        if not type(self).objects.filter(file=self.file.name).exclude(pk=self.pk).exists():
            picture_files.delete_on_commit([self.file.name], [self.original] if self.original else [])

    def render_articles(self) -> None:
        """Render the articles again that show it."""
        _render(list(self.articles.values_list("pk", flat=True)))

    @classmethod
    def from_file(cls, file, alt: str) -> "Image":
        """The stored image with these bytes, created if needed."""
        return cls.objects.filter(digest=digest_of(file)).first() or cls.objects.create(file=file, alt=alt)

    @property
    def info(self) -> ImageInfo:
        return ImageInfo(self.file.url, self.width, self.height)


def keys_in(*texts: str) -> set[str]:
    """The keys of the pictures that texts name, stored or not."""
    return {name[:KEY_LENGTH] for text in texts for name in _NAME.findall(text)}


class Pictures:
    """The stored pictures that Markdown texts name. One query, and none for texts without a picture."""

    def __init__(self, *texts: str):
        keys = keys_in(*texts)
        self.rows = list(Image.objects.filter(key__in=keys)) if keys else []
        self._by_key = {row.key: row for row in self.rows}

    def resolve(self, address: str) -> ImageInfo | None:
        """What is shown for an address of a picture in the texts."""
        name = _NAME.fullmatch(address)
        row = self._by_key.get(name[1][:KEY_LENGTH]) if name else None
        return row and row.info


def _render(keys: list[int]) -> None:
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
