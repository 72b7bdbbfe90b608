"""The list of people: what it can be filtered and ordered by, and how each is drawn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.accounts.models import Person
from dashboard.accounts.roles import ROLES, roles_of
from dashboard.flowtly.resources.pagination import Page
from dashboard.flowtly.resources.records import Record
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


@dataclass(frozen=True, kw_only=True)
class Row(Record):
    person: Person


class Everybody:
    """The people, as a list page reads a collection of the API: a page at a time, with filters that it announces."""

    def filters(self) -> frozenset[str]:
        return frozenset({"name", "role", "state", *(f"order[{name}]" for name in ORDERS)})

    def list(self, page: int, items: int, filters: Mapping[str, str]) -> Page[Row]:
        pages = Paginator(_ordered(_found(filters), filters), items)
        people = pages.page(page) if page in pages.page_range else []
        more = page < pages.num_pages
        rows = [Row(id=str(person.pk), person=person) for person in people]
        return Page(rows, pages.count, page, page + 1 if more else None, more, self.filters())


def plan(zone: str) -> table.Plan:
    return table.Plan(
        part="people-list",
        columns=(
            table.Column(gettext_lazy("Name"), order="name"),
            table.Column(gettext_lazy("User name"), order="username"),
            table.Column(gettext_lazy("E-mail")),
            table.Column(gettext_lazy("Roles")),
            table.Column(gettext_lazy("Last sign-in"), order="last_login"),
            table.Column(gettext_lazy("State")),
        ),
        row=_row_with(reverse("people:index") + "ID/", zone),
        search="name",
        search_label=gettext_lazy("Search by name, user name or e-mail"),
        folds=True,
        filters=(
            table.Filter("role", gettext_lazy("Role"), tuple(ROLE_WORDS), _worded),
            table.Filter("state", gettext_lazy("State"), tuple(STATES), _worded),
        ),
    )


def state(person: Person) -> str:
    if not (person.is_active and person.is_staff):
        return "inactive"
    return "one-time" if person.must_change_password else "active"


def _row_with(url: str, zone: str) -> Callable[[Row], dict[str, object]]:
    def row(found: Row) -> dict[str, object]:
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


def _worded(value: str) -> str:
    return str(WORDS.get(value) or label(value))


def _found(filters: Mapping[str, str]) -> QuerySet[Person]:
    found = Person.objects.prefetch_related("groups")
    for word in filters.get("name", "").split():
        found = found.filter(
            Q(username__folded__contains=word)
            | Q(first_name__folded__contains=word)
            | Q(last_name__folded__contains=word)
            | Q(email__folded__contains=word)
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
