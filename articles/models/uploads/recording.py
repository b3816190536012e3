"""Audio and video files that editors upload."""

import secrets

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publishing.bases.shown import Shown
from publishing.text.fields import LanguageField, LineField
from publishing.text.recordings import TYPES, RecordingInfo

from .. import picture_files
from ..images import KEY_LENGTH, Image, escaped, render_again
from .recording_files import measure


class Recording(Shown):
    """An uploaded audio or video file. Texts name it by its address, which begins with `key`."""

    # Feeds name it beside the text; what the text shows of it is rendered again.
    SHOWN = {"recording:{}": ("file", "title", "size", "seconds")}

    key = models.CharField(max_length=KEY_LENGTH, editable=False, unique=True)
    file = models.FileField(_("file"), upload_to="", help_text=_("MP3, M4A, OGG, WAV, FLAC, MP4 or WebM."))
    title = LineField(
        _("title"), max_length=200, help_text=_("Shown below the player, unless the text says something else.")
    )
    captions = models.FileField(
        _("captions"),
        upload_to="",
        blank=True,
        default="",
        help_text=_("For those who cannot hear it: a WebVTT file (.vtt). A transcript can also stand in the text."),
    )
    captions_language = LanguageField(_("language of the captions"), help_text=_("A tag such as en, pt-BR or ar."))
    size = models.PositiveBigIntegerField(_("bytes"), editable=False)
    # Not known of WebM.
    seconds = models.PositiveIntegerField(editable=False, null=True)
    # Of video, if it is known.
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    original_name = models.CharField(max_length=200, editable=False, blank=True)
    digest = models.CharField(max_length=64, editable=False, db_index=True)
    created_at = models.DateTimeField(_("uploaded on"), auto_now_add=True)

    class Meta(Shown.Meta):
        verbose_name = _("audio or video file")
        verbose_name_plural = _("audio and video files")
        ordering = ["-created_at"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="recording_has_title")]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        """Raises ValidationError for a file that is neither audio nor video.

        Texts that name it are rendered again if it shows something else. If the row is not stored, no file of it
        stays.
        """
        before = self.as_stored()
        new = []
        try:
            if self.file and not self.file._committed:
                self.store_files()
                new.append(self.file.name)
            if self.captions and not self.captions._committed:
                self.captions.save(f"{secrets.token_hex(16)}.vtt", File(self.captions.file), save=False)
                new.append(self.captions.name)
            with transaction.atomic():
                super().save(*args, stored=before, **kwargs)
                if before:
                    gone = {before.file.name, before.captions.name} - {self.file.name, self.captions.name, ""}
                    if gone:
                        picture_files.delete_on_commit(sorted(gone), [])
                    if before.info != self.info:
                        self.render_texts()
        except BaseException:
            picture_files.delete(new)
            raise

    def store_files(self) -> None:
        """Store the file of a new row, before a transaction in which `insert` stores the row.

        Raises ValidationError. If the row is not stored after all, call `discard_files`.
        """
        self._take(self.file.file)
        self.file.save(self.file.name, self.file.file, save=False)

    def insert(self) -> None:
        """Store the row whose file is stored; again, if a transaction with it was rolled back."""
        self.pk, self._state.adding = None, True
        self.save(force_insert=True)

    def discard_files(self) -> None:
        """Delete the file that was stored with a row which was rolled back."""
        picture_files.delete([self.file.name])

    def _take(self, file) -> None:
        measured = measure(file)
        self.key = self.key or secrets.token_hex(KEY_LENGTH // 2)
        self.digest, self.size = picture_files.digest_of(file), file.size
        self.original_name = picture_files.name_of(file)
        self.seconds = round(measured.seconds) or None
        self.width, self.height = measured.width, measured.height
        self.file.name = f"{self.key}{secrets.token_hex(16 - KEY_LENGTH // 2)}.{measured.suffix}"

    def delete(self, *args, **kwargs):
        """Delete the row and, on commit, its files. Texts that named it say only its title."""
        with transaction.atomic():
            result = super().delete(*args, **kwargs)
            picture_files.delete_on_commit([name for name in (self.file.name, self.captions.name) if name], [])
            self.render_texts()
        return result

    def texts(self) -> tuple[models.QuerySet, models.QuerySet]:
        """The articles and the pages whose text names it. Reads all texts: a second with 20,000 articles."""
        models_of_texts = (relation.related_model for relation in (Image.articles.rel, Image.pages.rel))
        return tuple(model.objects.filter(body__contains=self.key) for model in models_of_texts)

    def render_texts(self) -> None:
        articles, pages = self.texts()
        render_again(list(articles.values_list("pk", flat=True)))
        for page in pages:
            page.render_again()

    @property
    def type(self) -> str:
        """Its media type: "audio/mpeg"."""
        return TYPES[self.file.name.rpartition(".")[2]]

    @property
    def info(self) -> RecordingInfo:
        captions = default_storage.url(self.captions.name) if self.captions else ""
        return RecordingInfo(
            self.file.url, self.title, self.width, self.height, captions, self.captions_language if captions else ""
        )

    def as_markdown(self, title: str = "") -> str:
        """What plays it in a text, where it may have another title."""
        return f"![{escaped(title or self.title)}]({self.file.url})"
