"""What is kept of the people who write: an e-mail address if they give one, and the keys that hide where they are."""

from django.core import signing
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from publishing.text.mailboxes import hashes, mailbox_of

CONFIRM_SALT = "comments.confirm"
STOP_SALT = "comments.stop"
# What the hashes of mailboxes that get no mails are made for (publishing.text.mailboxes).
ENDED = "comments.ended"
# And those of the mailboxes of writers.
WRITER = "comments.writer"


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
        """The page on which its owner ends the mails, about the conversation under the comment `root_id` or all.

        It holds the mailbox's hash, so that it works after the address is deleted.
        """
        about = [self.pk, root_id, hashes(self.email, ENDED)[0]]
        return reverse("comments:stop", args=[signing.dumps(about, salt=STOP_SALT)])


class EndedMailbox(models.Model):
    """A mailbox that gets no mails, because its owner ended them all. Kept for good, as a hash."""

    # Of publishing.text.mailboxes, for `ENDED`.
    hash = models.CharField(max_length=64, primary_key=True)
    # What the link that ended them says of the mailbox: its hash, under an older key if SECRET_KEY was replaced since
    # that mail; in links from before they had one, the number of the address.
    link = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = []
        verbose_name_plural = "ended mailboxes"

    def __str__(self):
        return f"ended on {self.created_at:%Y-%m-%d}"

    @classmethod
    def holds(cls, email: str) -> bool:
        """Whether nothing may be sent to `email`. One query.

        After a change of SECRET_KEY the hash is replaced too, so that the old key is not needed for ever. One more.
        """
        current, *older = hashes(email, ENDED)
        found = cls.objects.filter(hash__in=[current, *older]).values_list("hash", flat=True)
        if found and current not in found:
            cls.objects.filter(hash=found[0]).update(hash=current)
        return bool(found)


class NetworkKey(models.Model):
    """The key of one day's network hashes. Destroyed after the window (screening.bans), and they with it."""

    day = models.DateField(primary_key=True)
    key = models.BinaryField(max_length=32)

    class Meta:
        default_permissions = []

    def __str__(self):
        return str(self.day)
