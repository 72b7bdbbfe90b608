"""Sessions in the database (`SESSION_ENGINE`)."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError

from dashboard.storage.database import trouble


class SessionStore(db.SessionStore):
    def save(self, must_create: bool = False) -> None:
        """To Django every failure is a session that was deleted meanwhile. A database that cannot be written is
        said to be just that."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if error.__context__ is not None and trouble(error.__context__):
                raise error.__context__ from None
            raise
