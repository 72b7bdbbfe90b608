"""People, and the permissions they may hold."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from dashboard.accounts.roles import PERMISSIONS

DEMO_PASSWORD = "demo"  # noqa: S105  # it is published


class Person(AbstractUser):
    """Somebody who signs in. Only `is_staff` people can."""

    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    # Keys that act by themselves are in the way of some: of those who speak to their computer, for one.
    keys = models.BooleanField(_("keyboard shortcuts"), default=True)
    # Known without hashing everybody's password at every start: see `demo.refuse_demo_passwords`.
    has_demo_password = models.BooleanField(default=False, editable=False)
    # They were handed a one-time password: until they have chosen their own, nothing else is open to them.
    must_change_password = models.BooleanField(default=False, editable=False)

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password)
        self.has_demo_password = raw_password == DEMO_PASSWORD

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class OpenedOrganization(models.Model):
    """Which organizations somebody opened lately, for the switcher and the first page. The name is only a
    label for the link, as it was then."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="opened")
    organization = models.CharField(max_length=128)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=32)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "organization"], name="opened_once")]
        indexes = [models.Index(fields=["person", "-opened_at"], name="opened_lately")]

    def __str__(self) -> str:
        return self.name


class Permissions(models.Model):  # noqa: DJ008
    """No table: the hook on which the permissions of `roles.py` hang."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = PERMISSIONS
