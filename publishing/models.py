"""Models of no app: name and wording, redirects, and the salts of the daily visitor hash."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .cache import changes
from .cache.models import Invalidating, SingleRow
from .paths import MAX_LENGTH, path_of, stored_path
from .text.fields import ColourField, LineField, ProseField
from .wording import sentence


class CoverStyle(models.TextChoices):
    LETTERS = "letters", _("Letters of the title")
    GEOMETRY = "geometry", _("Shapes made from the text")
    NONE = "none", _("None: cards of text alone")


class Publication(SingleRow):
    """The publication's name, what it looks like, and the sentences that readers see."""

    name = LineField(max_length=80, default="A publication")
    tagline = LineField(max_length=160, blank=True)
    description = LineField(max_length=300, blank=True, help_text=_("For search engines and feeds."))
    accent = ColourField(help_text=_("Of links, rules and the first button, such as #0b5c8a. Empty: ours, a blue."))
    cover_style = models.CharField(
        _("covers"),
        max_length=10,
        choices=CoverStyle,
        default=CoverStyle.LETTERS,
        db_default=CoverStyle.LETTERS,
        help_text=_("Of articles without a picture of their own."),
    )
    link_lines = ProseField(
        _("links"),
        max_length=4000,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "At the foot of every page. One a line, words and then the address: Mastodon https://example.social/@us"
        ),
    )
    copyright_line = LineField(
        _("copyright line"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("At the foot of every page."),
    )
    # By language, by name: the sentences that the owner wrote.
    wording = models.JSONField(editable=False, default=dict, db_default={})
    maintenance_sentence = sentence("maintenance_sentence")
    maintenance_announced_sentence = sentence("maintenance_announced_sentence")
    maintenance_read_only_sentence = sentence("maintenance_read_only_sentence")
    maintenance_closed_sentence = sentence("maintenance_closed_sentence")
    maintenance_quizzes_sentence = sentence("maintenance_quizzes_sentence")
    slot_sentence = sentence("slot_sentence")
    comments_sentence = sentence("comments_sentence")
    comments_empty_sentence = sentence("comments_empty_sentence")
    comments_held_sentence = sentence("comments_held_sentence")
    quizzes_sentence = sentence("quizzes_sentence")

    class Meta:
        verbose_name = _("name and wording")
        verbose_name_plural = _("name and wording")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="only_one_publication")]

    def __str__(self):
        return self.name

    def page_names(self):
        return [changes.SITE]


class IdentityFile(Invalidating):
    """A file made of the logo or the icon, as it is served: small, so it is stored in one transaction with the rest."""

    use = models.CharField(max_length=12, primary_key=True)
    # Of its content; part of its address, with `kind` as the suffix.
    digest = models.CharField(max_length=12)
    kind = models.CharField(max_length=4)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        default_permissions = []

    def __str__(self):
        return f"{self.use}-{self.digest}.{self.kind}"

    def page_names(self):
        return [changes.SITE]


# The new path of a page that was withdrawn.
WITHDRAWN = ""


class Redirect(Invalidating):
    """An old address and where its page is now, or `WITHDRAWN`."""

    # The name of the cached redirects and of responses with 301, 404 and 410: no page with 200 depends on one.
    NAME = "redirects"

    old_path = models.CharField(
        max_length=MAX_LENGTH, unique=True, help_text=_("Starts with a slash; no slash at the end.")
    )
    new_path = models.CharField(
        max_length=MAX_LENGTH,
        blank=True,
        help_text=_(
            "A path on this site, starting with a slash. Empty: readers see that the page was withdrawn (410)."
        ),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["old_path"]

    def __str__(self):
        return f"{self.old_path} → {self.new_path or gettext('withdrawn')}"

    def page_names(self):
        return [self.NAME]

    def clean(self):
        is_outside = not self.new_path.startswith("/") or self.new_path.startswith(("//", "/\\"))
        if self.new_path != WITHDRAWN and is_outside:
            raise ValidationError({"new_path": _("Enter a path on this site, starting with one slash.")})
        try:
            self.old_path = stored_path(self.old_path)
        except ValueError as error:
            raise ValidationError({"old_path": str(error)}) from error
        if self.new_path != WITHDRAWN and self.old_path == path_of(self.new_path):
            raise ValidationError({"new_path": _("The new path is the same as the old path.")})


class VisitorSalt(models.Model):
    """The secret key of one day's visitor hash, deleted a day later."""

    day = models.DateField(primary_key=True)
    salt = models.BinaryField(max_length=32)

    def __str__(self):
        return str(self.day)


class UnfinishedImport(models.Model):
    """An import of an export, from its first row to its last. If the process is killed, this stays, and the next import
    deletes what that one has stored. `replaced` are the lines of rows that were there before, by table.
    """

    began_at = models.DateTimeField(default=timezone.now)
    replaced = models.JSONField(default=dict)

    class Meta:
        default_permissions = []
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="only_one_unfinished_import")]

    def __str__(self):
        return f"begun at {self.began_at}"
