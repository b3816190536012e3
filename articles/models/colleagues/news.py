"""What colleagues are told by mail."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class News(models.Model):
    """Something that happened to an article, for one colleague. Deleted once the mail is sent."""

    class What(models.TextChoices):
        REVIEW = "review", "sent for review"
        CHANGES_FOR_REVIEW = "changes", "sent for review the changes of"
        SENT_BACK = "back", "sent back"
        PUBLISHED = "published", "published"
        SCHEDULED = "scheduled", "scheduled"
        WITHDRAWN = "withdrawn", "withdrew"
        NOT_PUBLISHED = "failed", "could not publish the changes of"
        NOTE = "note", "wrote a note on"
        ANSWER = "answer", "answered a note on"

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    what = models.CharField(max_length=9, choices=What)
    text = models.TextField(blank=True)
    happened_at = models.DateTimeField(default=timezone.now, db_index=True)
    # It is part of a mail that is sent, or tried again.
    is_claimed = models.BooleanField(default=False)

    class Meta:
        default_permissions = []
        ordering = ["pk"]

    def __str__(self):
        return f"{self.get_what_display()} {self.article_id}"


class MailChoice(models.Model):
    """Whether an account wants mails about articles. One without a row does."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="mail_choice"
    )
    wants_news = models.BooleanField(default=True, db_default=True)

    class Meta:
        default_permissions = []

    def __str__(self):
        return f"{self.user} {'wants' if self.wants_news else 'does not want'} mails about articles"
