"""Validation of passwords of staff."""

import re

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..models import Publication

# What programs try first on a site like this.
ROLES = frozenset(
    "owner editor author moderator admin administrator publication publishing publisher magazine journal newspaper "  # noqa: SIM905
    "website redaction newsroom staff".split()
)
_LETTERS = str.maketrans("013457@$!", "oieastasi")


class GuessablePasswordValidator(CommonPasswordValidator):
    """Refuse digits alone, and an easily guessed word with something before or after it.

    These words are Django's common passwords, the publication's name, the names of the account and `ROLES`, also
    with digits for letters, or written twice.
    """

    def validate(self, password, user=None):
        start = re.sub(r"[\W\d_]+$", "", password.casefold())
        cores = re.sub(r"^[\W\d_]+", "", start), start.translate(_LETTERS)
        words = {re.sub(r"[\W_]+", "", core) for core in cores}
        words |= {re.sub(r"^(.+?)\1+$", r"\1", word) for word in words}
        if "" in words or words & (self.passwords | self._names(user)):
            raise ValidationError(
                _(
                    "This is a name or a common password with something added, so it is easy to guess. Use "
                    "several unrelated words."
                ),
                code="password_guessable",
            )

    def _names(self, user):
        texts = [Publication.current().name]
        texts += [getattr(user, name, "") or "" for name in ("username", "first_name", "last_name", "email")]
        parts = [part for text in texts for part in re.split(r"[\W_\d]+", text.casefold()) if len(part) > 3]
        return ROLES | {re.sub(r"[\W_\d]+", "", text.casefold()) for text in texts if text} | set(parts)

    def get_help_text(self):
        return _("Your password can’t be a name or a common password, even with digits or a year added.")
