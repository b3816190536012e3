"""What is stored about writers: an e-mail address if they give one, and the keys of network hashes."""

from django.core import signing
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.text.mailboxes import hashes, mailbox_of

CONFIRM_SALT = "comments.confirm"
STOP_SALT = "comments.stop"
# Purposes of hashes (publishing.text.mailboxes): of mailboxes that get no mails, and of writers.
ENDED = "comments.ended"
WRITER = "comments.writer"


class EmailAddress(models.Model):
    """Where one reader wants mails about replies. Until it is confirmed, it gets none and is not trusted."""

    reader = models.CharField(max_length=32)
    email = models.EmailField(max_length=254)
    mailbox = models.CharField(max_length=254, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = []
        verbose_name_plural = _("e-mail addresses")
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
        """Where its owner confirms it. Contains no address, cannot be guessed, and expires."""
        return reverse("comments:confirm", args=[signing.dumps(self.pk, salt=CONFIRM_SALT)])

    def get_stop_url(self, root_id: int | None = None):
        """Where its owner unsubscribes, from the conversation of `root_id` or from all. Outlives the address."""
        about = [self.pk, root_id, hashes(self.email, ENDED)[0]]
        return reverse("comments:stop", args=[signing.dumps(about, salt=STOP_SALT)])


class EndedMailbox(models.Model):
    """A mailbox whose owner unsubscribed from all mails. Kept for good, as a hash."""

    # Of publishing.text.mailboxes, for `ENDED`.
    hash = models.CharField(max_length=64, primary_key=True)
    # The mailbox in the link that was used: its hash, perhaps under an older SECRET_KEY; in the oldest links the id of
    # the address.
    link = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = []
        verbose_name_plural = _("ended mailboxes")

    def __str__(self):
        return f"ended on {self.created_at:%Y-%m-%d}"

    @classmethod
    def includes(cls, email: str) -> bool:
        """Whether nothing may be sent to `email`. Replaces a hash under an old SECRET_KEY. Two queries at most."""
        current, *older = hashes(email, ENDED)
        found = cls.objects.filter(hash__in=[current, *older]).values_list("hash", flat=True)
        if found and current not in found:
            cls.objects.filter(hash=found[0]).update(hash=current)
        return bool(found)


class NetworkKey(models.Model):
    """The key of one day's network hashes. Once it is deleted (`screening.bans`), they mean nothing."""

    day = models.DateField(primary_key=True)
    key = models.BinaryField(max_length=32)

    class Meta:
        default_permissions = []

    def __str__(self):
        return str(self.day)
