"""Notes of colleagues on a paragraph of what is worked on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

LONGEST_NOTE = 2000
# The first words of a paragraph, by which a note is recognised.
WORDS_LENGTH = 80


class ParagraphNote(models.Model):
    """A note on a paragraph, or an answer to one. It ends when the article is published.

    Where the paragraph is now is in `Version.anchors`; `words` are its first ones when the note was written.
    """

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="paragraph_notes")
    answers_to = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="answers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(max_length=LONGEST_NOTE)
    words = models.CharField(max_length=WORDS_LENGTH, blank=True)
    written_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        default_permissions = []
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="paragraph_note_has_text"),
            models.CheckConstraint(
                condition=Q(answers_to=None) | Q(resolved_at=None), name="paragraph_note_answer_is_not_resolved"
            ),
        ]

    def __str__(self):
        return _("Note on “%(words)s”") % {"words": self.words}
