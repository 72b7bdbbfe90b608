"""The list of people, read by the list page as it reads the API's: a page at a time, with filters that it announces."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.accounts.models import Person
from dashboard.accounts.roles import ROLES, roles_of
from dashboard.tables import table
from dashboard.web.formatting import label, when

ROLE_WORDS: dict[str, str | Promise] = {
    **ROLES,
    "superuser": gettext_lazy("Superuser"),
    "none": gettext_lazy("No role"),
}
STATES: dict[str, tuple[str | Promise, str]] = {  # in words, and the colour of its pill
    "active": (gettext_lazy("Active"), "good"),
    "one-time": (gettext_lazy("One-time password"), "attention"),
    "inactive": (gettext_lazy("Deactivated"), "neutral"),
}
WORDS = {**ROLE_WORDS, **{name: words for name, (words, _pill) in STATES.items()}}
ORDERS = {"name": ("first_name", "last_name"), "username": ("username",), "last_login": ("last_login",)}


@dataclass(frozen=True)
class Row:
    id: str
    person: Person
    raw: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    items: list[Row]
    total: int
    page: int
    has_more: bool
    filters: frozenset[str]

    @property
    def next_page(self) -> int | None:
        return self.page + 1 if self.has_more else None


class Everybody:
    def filters(self) -> frozenset[str]:
        return frozenset({"name", "role", "state", *(f"order[{name}]" for name in ORDERS)})

    def list(self, page: int, items: int, filters: Mapping[str, str]) -> Page:
        found = _ordered(_found(filters), filters)
        total, first = found.count(), (page - 1) * items
        rows = [Row(str(person.pk), person) for person in found[first : first + items]]
        return Page(rows, total, page, first + len(rows) < total, self.filters())


def state(person: Person) -> str:
    if not (person.is_active and person.is_staff):
        return "inactive"
    return "one-time" if person.must_change_password else "active"


def row_with(url: str, zone: str) -> Any:
    def row(found: Row) -> dict[str, Any]:
        person, words = found.person, STATES[state(found.person)]
        return {
            "url": table.url_of(url, found.id),
            "name": str(person),
            "username": person.username,
            "email": label(person.email),
            "roles": ", ".join(str(role) for role in roles_of(person)) or label(None),
            "last_login": when(person.last_login, zone) if person.last_login else _("Never"),
            "state": words[0],
            "pill": words[1],
        }

    return row


def name_values(found: table.Listing) -> None:
    """Roles and states in words, where the list would show codes of the API."""
    for choice in found.filters:
        for option in choice["options"]:
            option["label"] = WORDS.get(option["value"], option["label"])
    for chip in found.chips:
        about, colon, value = chip["label"].rpartition(": ")
        chip["label"] = f"{about}{colon}{WORDS.get(value, value)}"


def _found(filters: Mapping[str, str]) -> QuerySet[Person]:
    found = Person.objects.prefetch_related("groups")
    for word in filters.get("name", "").split():
        found = found.filter(
            Q(username__icontains=word)
            | Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(email__icontains=word)
        )
    if role := filters.get("role"):
        found = found.filter(_with_role(role))
    if wanted := filters.get("state"):
        found = found.filter(_in_state(wanted))
    return found


def _with_role(role: str) -> Q:
    if role == "superuser":
        return Q(is_superuser=True)
    if role == "none":
        return Q(is_superuser=False) & ~Q(pk__in=Person.objects.filter(groups__name__in=ROLES).values("pk"))
    return Q(pk__in=Person.objects.filter(groups__name=role).values("pk"))


def _in_state(wanted: str) -> Q:
    active = Q(is_active=True, is_staff=True)
    return {
        "active": active & Q(must_change_password=False),
        "one-time": active & Q(must_change_password=True),
        "inactive": ~active,
    }.get(wanted, Q(pk__in=[]))


def _ordered(found: QuerySet[Person], filters: Mapping[str, str]) -> QuerySet[Person]:
    for name, fields in ORDERS.items():
        if way := filters.get(f"order[{name}]"):
            down = way == "desc"
            keys = [
                F(each).desc(nulls_last=True) if down else F(each).asc(nulls_last=True) for each in fields
            ]
            return found.order_by(*keys, "pk")
    return found.order_by("-is_active", "first_name", "last_name", "pk")
