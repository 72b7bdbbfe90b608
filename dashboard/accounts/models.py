"""People, and the permissions they may hold."""

import unicodedata
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Value
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from dashboard.accounts.roles import PERMISSIONS

LATELY = 8  # organizations that the switcher shows
DEMO_PASSWORD = "demo"  # noqa: S105  # it is published


def folded(username: str) -> str:
    """A user name as it is compared: capital and small letters, and the ways of writing an accent, are one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).casefold()).strip()


def one_spelling(password: str) -> str:
    """An accent is typed as one character on one keyboard and as two on another."""
    return unicodedata.normalize("NFKC", password)


class People(UserManager["Person"]):
    def named(self, username: str) -> "Person | None":
        """Whoever has this name, however it is written. No database folds letters like another, and people are few."""
        if exact := self.filter(username=username).first():
            return exact
        wanted = folded(username)
        same = [
            pk for pk, name in self.order_by("pk").values_list("pk", "username") if folded(name) == wanted
        ]
        return self.get(pk=same[0]) if same else None

    def get_by_natural_key(self, username: str | None) -> "Person":
        if (found := self.named(username or "")) is None:
            raise self.model.DoesNotExist
        return found


class Person(AbstractUser):
    """Somebody who signs in. Only `is_staff` people can."""

    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    # Keys that act by themselves are in the way of some: of those who speak to their computer, for one.
    keys = models.BooleanField(_("keyboard shortcuts"), default=True)
    # Known without hashing everybody's password at every start: see `demo.refuse_demo_passwords`.
    has_demo_password = models.BooleanField(default=False, editable=False)
    # They were handed a one-time password: until they have chosen their own, nothing else is open to them.
    must_change_password = models.BooleanField(default=False, editable=False)
    one_time_until = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[People] = People()

    @cached_property
    def grants(self) -> frozenset[tuple[str, str | None, str | None]]:
        """What somebody holds, read once for each request: group or "", app and codename of the permission."""
        permission = "content_type__app_label", "codename"
        by_group = self.groups.order_by().values_list(
            "name", *(f"permissions__{each}" for each in permission)
        )
        own = self.user_permissions.order_by().values_list(Value(""), *permission)
        return frozenset(by_group.union(own, all=True))

    @cached_property
    def lately_opened(self) -> list["OpenedOrganization"]:
        return list(self.opened.order_by("-opened_at")[:LATELY])

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password if raw_password is None else one_spelling(raw_password))
        self.has_demo_password = raw_password == DEMO_PASSWORD

    def check_password(self, raw_password: str | None) -> bool:
        """As it is kept now, or as it was typed when one was still kept as typed."""
        if raw_password is None:
            return super().check_password(raw_password)
        spellings = dict.fromkeys([one_spelling(raw_password), raw_password])
        return any(super(Person, self).check_password(each) for each in spellings)

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
