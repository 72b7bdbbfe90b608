"""Who may do what: one table, from which permissions, groups and the help page are made.

Views ask for permissions and never for a role, so that a role is only a row here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from dashboard.accounts.models import Person

Words = str | Promise

ROLES: dict[str, Words] = {
    "backoffice": _("Back office"),
    "accounts": _("Account manager"),
    "finance": _("Finance"),
    "viewer": _("Viewer"),
}

VIEW, CHANGE = _("view"), _("change")
# What a word in the table lets somebody do in each of the area's entity packages.
GRANTS: dict[Words, tuple[str, ...]] = {VIEW: ("view_",), CHANGE: ("view_", "change_")}


@dataclass(frozen=True)
class Area:
    """A row: what it is about, which entity packages or single permissions, and a word per role."""

    label: Words
    packages: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    cells: dict[str, Words] = field(default_factory=dict)

    def granted(self, role: str) -> Iterable[str]:
        word = self.cells.get(role)
        if not word:
            return []
        return [prefix + package for package in self.packages for prefix in GRANTS[word]] + list(
            self.permissions
        )

    def every_permission(self) -> Iterable[str]:
        return [prefix + package for package in self.packages for prefix in GRANTS[CHANGE]] + list(
            self.permissions
        )


AREAS = (
    Area(
        _("Organizations, profile, addresses, locations, settings and languages"),
        packages=("organizations", "addresses", "locations", "configs", "reference"),
        cells={"backoffice": CHANGE, "accounts": VIEW, "finance": VIEW, "viewer": VIEW},
    ),
    Area(
        _("Meetings"),
        packages=("meetings",),
        cells={"backoffice": CHANGE, "accounts": CHANGE, "finance": VIEW, "viewer": VIEW},
    ),
    Area(
        _("Integrations"),
        packages=("integrations",),
        cells={"backoffice": CHANGE, "accounts": VIEW, "finance": VIEW, "viewer": VIEW},
    ),
    Area(
        _("Clients and contacts"),
        packages=("clients",),
        cells={"backoffice": VIEW, "accounts": CHANGE, "finance": VIEW, "viewer": VIEW},
    ),
    Area(_("Review clients"), permissions=("review_clients",), cells={"accounts": _("act")}),
    Area(
        _("Subscriptions, invoices and catalog"),
        packages=("subscriptions",),
        cells={"backoffice": VIEW, "accounts": VIEW, "finance": CHANGE, "viewer": VIEW},
    ),
    Area(
        _("Apply and clear coupons, cancel subscriptions"),
        permissions=("act_money",),
        cells={"finance": _("act")},
    ),
    Area(
        _("Clear an organization"),
        permissions=("clear_organization",),
        cells={"backoffice": _("with a second person")},
    ),
    Area(
        _("Audit trail"),
        permissions=("view_audit",),
        cells={"backoffice": _("own actions"), "accounts": _("own actions"), "finance": _("own and money")},
    ),
    Area(
        _("Write notes"),
        permissions=("write_notes",),
        cells={"backoffice": _("write"), "accounts": _("write"), "finance": _("write")},
    ),
    Area(
        _("Export lists"),
        permissions=("export",),
        cells={"backoffice": _("yes"), "accounts": _("yes"), "finance": _("yes")},
    ),
    Area(_("Import lists"), permissions=("import",), cells={"backoffice": _("yes")}),
    Area(_("People and their roles"), permissions=("manage_people",)),  # superusers alone
)

PERMISSIONS: list[tuple[str, Any]] = [
    (codename, codename.replace("_", " ")) for area in AREAS for codename in area.every_permission()
]


def granted(role: str) -> set[str]:
    """The codenames a role holds."""
    return {codename for area in AREAS for codename in area.granted(role)}


def roles_with(codename: str) -> list[Words]:
    """The roles that could do it, in words: what a page says to somebody who may not. None: superusers alone."""
    return [label for role, label in ROLES.items() if codename in granted(role)]


def roles_of(person: "Person") -> list[Words]:
    if person.is_superuser:
        return [_("Superuser")]
    held = {group.name for group in person.groups.all()}
    return [label for role, label in ROLES.items() if role in held]


def role_names(person: "Person") -> list[str]:
    """The roles somebody holds, by name, as the trail keeps them."""
    superuser = ["superuser"] if person.is_superuser else []
    return superuser + sorted(person.groups.filter(name__in=ROLES).values_list("name", flat=True))


def table() -> dict[str, Any]:
    """The table as the help page shows it."""
    rows = [
        {
            "label": area.label,
            "cells": [{"role": name, "may": area.cells.get(role, "–")} for role, name in ROLES.items()],
        }
        for area in AREAS
    ]
    return {"columns": list(ROLES.values()), "rows": rows}


def keep_groups_in_step(using: str, **_kwargs: object) -> None:
    """After each migration: the groups hold what this table says, no more and no less.

    The permissions themselves do not exist while migrations run, so they are made here first.
    """
    from django.apps import apps
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    create_permissions(apps.get_app_config("accounts"), using=using, verbosity=0)
    for role in ROLES:
        group, _created = Group.objects.using(using).get_or_create(name=role)
        group.permissions.set(
            Permission.objects.using(using).filter(
                content_type__app_label="accounts", codename__in=granted(role)
            )
        )
