from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from dashboard.accounts.models import Person


class StaffBackend(ModelBackend):
    """Nobody but active staff signs in, or stays signed in: Django asks this at every request too."""

    def user_can_authenticate(self, user: Person | AnonymousUser | None) -> bool:
        return super().user_can_authenticate(user) and getattr(user, "is_staff", False)

    def get_all_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        """Those of their groups and their own in one query, where Django makes two."""
        if (
            obj is not None
            or not isinstance(user_obj, Person)
            or not user_obj.is_active
            or user_obj.is_superuser
        ):
            return super().get_all_permissions(user_obj, obj)
        return {f"{app}.{codename}" for _group, app, codename in user_obj.grants if codename}
