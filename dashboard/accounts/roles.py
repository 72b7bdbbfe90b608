"""Roles and what each may do: one table, from which permissions, groups and the help page are made.

Views ask for permissions and never for a role, so that a role is only a row here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from dashboard.entity import Words, entities

if TYPE_CHECKING:
    from dashboard.accounts.models import Person

ROLES: dict[str, Words] = {
    "backoffice": _("Back office"),
    "accounts": _("Account manager"),
    "finance": _("Finance"),
    "viewer": _("Viewer"),
}

VIEW, CHANGE = _("view"), _("change")
# What a word in the table lets somebody do with each of the area's entities.
GRANTS: dict[Words, tuple[str, ...]] = {VIEW: ("view",), CHANGE: ("view", "change")}


@dataclass(frozen=True)
class Area:
    """A row: what it is about, and a word per role. It covers the entities that name it as theirs, or else a single
    permission, which `doing` says as the beginning of a sentence."""

    label: Words
    entities: str = ""
    permission: str = ""
    doing: Words = ""
    cells: Mapping[str, Words] = field(default_factory=dict)
    promised: bool = False  # granted before there is a page that asks for it

    def granted(self, role: str) -> Iterator[str]:
        if word := self.cells.get(role):
            yield from self.permissions(word)

    def permissions(self, word: Words = CHANGE) -> Iterator[str]:
        if self.permission:
            yield self.permission
        for each in entities():
            if self.entities and each.area == self.entities:
                yield from (f"{prefix}_{each.permission or each.name}" for prefix in GRANTS[word])


AREAS = (
    Area(
        _("Organizations, profile, addresses, locations, settings and languages"),
        entities="office",
        cells={"backoffice": CHANGE, "accounts": VIEW, "finance": VIEW, "viewer": VIEW},
    ),
    Area(
        _("Meetings"),
        entities="meetings",
        cells={"backoffice": CHANGE, "accounts": CHANGE, "finance": VIEW, "viewer": VIEW},
    ),
    Area(
        _("Integrations"),
        entities="integrations",
        cells={"backoffice": CHANGE, "accounts": VIEW, "finance": VIEW, "viewer": VIEW},
    ),
    Area(
        _("Clients and contacts"),
        entities="clients",
        cells={"backoffice": VIEW, "accounts": CHANGE, "finance": VIEW, "viewer": VIEW},
    ),
    Area(
        _("Review clients"),
        permission="review_clients",
        doing=_("Reviewing clients"),
        cells={"accounts": _("act")},
        promised=True,
    ),
    Area(
        _("Subscriptions, invoices and catalog"),
        entities="billing",
        cells={"backoffice": VIEW, "accounts": VIEW, "finance": CHANGE, "viewer": VIEW},
    ),
    Area(
        _("Apply and clear coupons, cancel subscriptions"),
        permission="act_money",
        doing=_("Applying or clearing coupons and cancelling subscriptions"),
        cells={"finance": _("act")},
    ),
    Area(
        _("Clear an organization"),
        permission="clear_organization",
        doing=_("Clearing an organization"),
        cells={"backoffice": _("with a second person")},
    ),
    Area(
        _("Audit trail"),
        permission="view_audit",
        doing=_("Reading the audit trail"),
        cells={"backoffice": _("own actions"), "accounts": _("own actions"), "finance": _("own and money")},
    ),
    Area(
        _("Write notes"),
        permission="write_notes",
        doing=_("Writing notes and follow-ups"),
        cells={"backoffice": _("write"), "accounts": _("write"), "finance": _("write")},
    ),
    Area(
        _("Export lists"),
        permission="export",
        doing=_("Exporting lists"),
        cells={"backoffice": _("yes"), "accounts": _("yes"), "finance": _("yes")},
    ),
    Area(
        _("Import lists"),
        permission="import",
        doing=_("Importing lists"),
        cells={"backoffice": _("yes")},
        promised=True,
    ),
    Area(  # superusers alone
        _("People and their roles"),
        permission="manage_people",
        doing=_("Looking after people and their roles"),
    ),
)

PERMISSIONS: list[tuple[str, Any]] = [
    (codename, codename.replace("_", " ")) for area in AREAS for codename in area.permissions()
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
    return _labels({group.name for group in person.groups.all()})


def own_roles(person: "Person") -> list[Words]:
    """The roles of whoever asks, out of what their request has read anyway."""
    return roles_of(person) if person.is_superuser else _labels({group for group, *_ in person.grants})


def _labels(held: set[str]) -> list[Words]:
    return [label for role, label in ROLES.items() if role in held]


def role_names(person: "Person") -> list[str]:
    """The roles somebody holds, by name, as the trail keeps them."""
    superuser = ["superuser"] if person.is_superuser else []
    return superuser + sorted(person.groups.filter(name__in=ROLES).values_list("name", flat=True))


def doing(codename: str) -> Words:
    """What a permission is for, as the beginning of a sentence; "" for one that nothing is done by."""
    of_areas = {area.permission: area.doing for area in AREAS}
    of_entities = {each.change_permission: each.changing for each in entities() if each.changing}
    return (of_areas | of_entities).get(codename, "")


def table() -> dict[str, list[object]]:
    """The table as the help page shows it: what can be done today."""
    rows: list[object] = [
        {
            "label": area.label,
            "cells": [{"role": name, "may": area.cells.get(role, "–")} for role, name in ROLES.items()],
        }
        for area in AREAS
        if not area.promised
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
