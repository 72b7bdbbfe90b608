"""The frame around every page: the menu, as data, and what else `base.html` shows."""

from contextlib import suppress
from functools import cache, lru_cache, partial
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db.models import Count, QuerySet, Value
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dashboard.accounts.roles import own_roles
from dashboard.entity import MenuGroup, MenuItem, call, entities
from dashboard.flowtly import Flowtly
from dashboard.upstream import outage
from dashboard.upstream.tenant_check import OfOrganization
from dashboard.web import away
from dashboard.web.recent_organizations import lately
from dashboard.web.request import link, may

THEMES = ("auto", "light", "dark")


class Entry(NamedTuple):
    """An item as the menu shows it. `path` goes on from the organization's own address where it is `inside` it."""

    label: str
    path: str
    inside: bool
    icon: str
    key: str
    waiting: str  # what counts for it: asked where the menu is drawn, and not where only a part of a page is
    counted: str
    current: bool

    def url(self, here: str) -> str:
        return f"{here}{self.path}" if self.inside else self.path


class Group(NamedTuple):
    label: str
    items: tuple[Entry, ...]


@cache
def items() -> tuple[MenuItem, ...]:
    """The menu as entities and applications declare it, group by group."""
    declared = [each for entity in entities() for each in entity.menu_items()]
    for config in apps.get_app_configs():
        declared += getattr(config, "menu", ())
    order = list(MenuGroup)
    return tuple(sorted(declared, key=lambda each: (order.index(each.group), each.order)))


def menu(request: HttpRequest) -> tuple[Group, ...]:
    """The groups and items this person may open, the current one marked."""
    inside = hasattr(request, "organization")
    shown = [each for each in items() if (inside or not each.inside) and _is_open(request, each)]
    current = frozenset(each.url_name for each in shown if _is_current(request, each))
    return _menu(get_language(), tuple(each.url_name for each in shown), current, inside)


@lru_cache(maxsize=500)
def _menu(
    _language: str | None, shown: tuple[str, ...], current: frozenset[str], inside: bool
) -> tuple[Group, ...]:
    found = [each for each in items() if each.url_name in shown]
    return tuple(
        Group(str(group.label), tuple(_entry(each, inside, each.url_name in current) for each in of_group))
        for group, of_group in groupby(found, lambda each: each.group)
    )


def _entry(item: MenuItem, inside: bool, current: bool) -> Entry:
    path = _path_within(item.url_name) if inside else None
    return Entry(
        str(item.label),
        reverse(item.url_name) if path is None else path,
        path is not None,
        item.icon,
        item.key,
        item.waiting,
        str(item.counted),
        current,
    )


def _path_within(name: str) -> str | None:
    """What follows an organization's own address in that of its page; None where it has no such page."""
    org = {"org": "org"}
    with suppress(NoReverseMatch):
        return reverse(name, kwargs=org).removeprefix(reverse("organizations:overview", kwargs=org))
    return None


def _is_current(request: HttpRequest, item: MenuItem) -> bool:
    """Two items may lead into one section: languages and countries."""
    here = _section(request.resolver_match.view_name if request.resolver_match else "")
    own = here == _section(item.url_name) or here in item.sections
    return own and request.path.startswith(link(request, item.url_name))


def waiting(request: HttpRequest) -> dict[str, int]:
    """How many wait for this person at each place of the menu that counts some, in one query."""
    rows: dict[str, QuerySet[Any]] = {
        each.waiting: call(each.waiting, request) for each in items() if each.waiting
    }
    counts = [
        found.order_by().values(menu=Value(name)).annotate(how_many=Count("pk"))
        for name, found in rows.items()
    ]
    every = counts[0].union(*counts[1:], all=True) if counts else ()
    return {each["menu"]: each["how_many"] for each in every}


def keys(request: HttpRequest) -> list[dict[str, Any]]:
    """The letters that go somewhere this person may be: each with where, and whether that is of an organization."""
    return [
        {"key": item.key, "label": item.label, "inside": item.inside}
        for item in items()
        if item.key and _is_open(request, item)
    ]


def _is_open(request: HttpRequest, item: MenuItem) -> bool:
    return not item.permission or any(may(request, each) for each in item.permission.split())


def _section(name: str) -> str:
    return name.rpartition(":")[0] or name


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Also runs for error pages that were answered before anybody was known."""
    user = getattr(request, "user", None)
    known = user if user is not None and user.is_authenticated else None
    organization = getattr(request, "organization", None)
    return {
        "organization": organization,
        "organization_url": organization.url if organization else "",
        "menu": menu(request) if known and not known.must_change_password else (),
        "waiting": SimpleLazyObject(lambda: waiting(request)) if known else {},
        "recent": SimpleLazyObject(lambda: lately(known)) if known else [],
        "role_labels": SimpleLazyObject(lambda: own_roles(known)) if known else [],
        "theme": theme(request),
        "away": away.told(request),
        "another": partial(another, request),
        "find_url": link(request, "find:index"),
        "request_id": getattr(request, "id", ""),
        "page_url": request.get_full_path(),
        "api": {
            "name": _("the embedded sandbox")
            if settings.SANDBOX
            else urlsplit(settings.FLOWTLY_BASE_URL).netloc,
            "sandbox": settings.SANDBOX,
        },
    }


def another(request: HttpRequest) -> str:
    """The id of the organization whose records the page shows instead of its own, "" where nothing says so. Asked
    where a whole page is drawn."""
    api: Flowtly | None = getattr(request, "flowtly", None)
    if api is None or not isinstance(api.tenant_check, OfOrganization) or outage.since():
        return ""
    if not any(
        may(request, each.view_permission) for each in entities() if each.of_organization and each.area
    ):
        return ""  # whoever may see none of its records is shown none
    return api.tenant_check.another(api)


def theme(request: HttpRequest) -> str:
    chosen = request.COOKIES.get("theme", "auto")
    return chosen if chosen in THEMES else "auto"
