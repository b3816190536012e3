"""What is kept of the people who write: an e-mail address if they give one, and the keys that hide where they are."""

from django.core import signing
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from ..mailboxes import mailbox_of

CONFIRM_SALT = "comments.confirm"
STOP_SALT = "comments.stop"


class EmailAddress(models.Model):
    """Where one reader wants news of replies. Nothing is sent, and nobody trusted, before it is confirmed."""

    reader = models.CharField(max_length=32)
    email = models.EmailField(max_length=254)
    mailbox = models.CharField(max_length=254, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = []
        verbose_name_plural = "e-mail addresses"
        indexes = [models.Index(fields=["mailbox"], name="email_by_mailbox")]
        constraints = [
            models.UniqueConstraint(fields=["reader", "email"], name="email_once_per_reader"),
            models.CheckConstraint(condition=~Q(reader=""), name="email_has_reader"),
        ]

    def __str__(self):
        return f"address {self.pk}"

    def save(self, *args, **kwargs):
        self.mailbox = mailbox_of(self.email)
        super().save(*args, **kwargs)

    def get_confirm_url(self):
        """The page on which its owner confirms it. Carries no address, cannot be guessed, and ends after days."""
        return reverse("comments:confirm", args=[signing.dumps(self.pk, salt=CONFIRM_SALT)])

    def get_stop_url(self, root_id: int | None = None):
        """The page on which its owner ends the mails, about the conversation under the comment `root_id` or all."""
        return reverse("comments:stop", args=[signing.dumps([self.pk, root_id], salt=STOP_SALT)])


class NetworkKey(models.Model):
    """The key of one day's network hashes. Destroyed after the window (comments.networks), and they with it."""

    day = models.DateField(primary_key=True)
    key = models.BinaryField(max_length=32)

    class Meta:
        default_permissions = []

    def __str__(self):
        return str(self.day)
