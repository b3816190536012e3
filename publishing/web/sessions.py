"""The sessions of staff: they end 12 hours after somebody last worked, and 24 hours after the sign-in at the latest."""

from datetime import datetime, timedelta

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

# A session is stored again once this much of it has passed, so that it costs one UPDATE an hour.
ROLLS_AFTER = timedelta(hours=1)
# OWASP and NIST (SP 800-63B-4, 2.2.3) want an end that no activity moves.
LONGEST = timedelta(hours=24)
SINCE = "since"


class SessionStore(db.SessionStore):
    """Sessions in the database that know when they end. The moment of the sign-in is part of their data."""

    # Of the row as it was loaded.
    expires_at: datetime | None = None

    def _get_session_from_db(self):
        row = super()._get_session_from_db()
        self.expires_at = row.expire_date if row else None
        return row

    def __setitem__(self, key, value):
        """A sign-in stores its user, also in a session that there is, and begins a new day."""
        super().__setitem__(key, value)
        if key == SESSION_KEY:
            self.pop(SINCE, None)

    def create_model_instance(self, data):
        last_moment = self._last_moment(data)
        row = super().create_model_instance(data)
        row.expire_date = min(row.expire_date, last_moment)
        return row

    def _last_moment(self, data) -> datetime:
        return datetime.fromisoformat(data.setdefault(SINCE, timezone.now().isoformat())) + LONGEST

    def do_not_roll(self) -> None:
        """For what an open page asks by itself, while nobody may be there."""
        self.expires_at = None

    @property
    def is_to_be_rolled(self) -> bool:
        """Whether it was read in this request, and storing it again gives it an hour or more. No query."""
        if self.expires_at is None or self.is_empty():
            return False
        later = timezone.now() + timedelta(seconds=self.get_session_cookie_age())
        return min(later, self._last_moment(self._session)) - self.expires_at >= ROLLS_AFTER
