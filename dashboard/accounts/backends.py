from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser

from dashboard.accounts.models import Person


class StaffBackend(ModelBackend):
    """Nobody but active staff signs in, or stays signed in: Django asks this at every request too."""

    def user_can_authenticate(self, user: Person | AnonymousUser | None) -> bool:
        return super().user_can_authenticate(user) and getattr(user, "is_staff", False)
