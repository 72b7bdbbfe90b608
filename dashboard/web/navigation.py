"""The frame around every page: the menu, as data, and what else `base.html` shows."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from dashboard.accounts.roles import roles_of
from dashboard.actions.approvals import queue
from dashboard.notes import followups
from dashboard.web import away
from dashboard.web.recent_organizations import lately
from dashboard.web.request import link, may

THEMES = ("auto", "light", "dark")


def overdue(request: HttpRequest) -> int:
    """Asked for where the menu is drawn, and not where only a part of a page is."""
    return followups.overdue(request.user) if may(request, "write_notes") else 0  # type: ignore[arg-type]


@dataclass(frozen=True)
class Item:
    label: str | Promise
    name: str  # the URL's name; its namespace says which section the page belongs to
    icon: str
    permission: str = ""  # or several, of which any will do
    key: str = ""  # the letter that goes there, after a g
    count: Callable[[Any], int] | None = None  # what waits there for this person
    counted: str | Promise = ""  # what is counted, to be read aloud


# Group label, and its items. Those of an organization are shown while one is open.
OF_ORGANIZATION: tuple[tuple[str | Promise, tuple[Item, ...]], ...] = (
    (
        _("Organization"),
        (
            Item(_("Overview"), "organizations:overview", "layout-dashboard", "view_organizations", "v"),
            Item(_("Profile"), "profile:index", "flag", "view_organizations", "p"),
            Item(_("Addresses"), "addresses:index", "address-book", "view_addresses", "a"),
        ),
    ),
    (
        _("People & places"),
        (
            Item(_("Locations"), "locations:index", "map-pin", "view_locations", "l"),
            Item(_("Meetings"), "meetings:index", "calendar", "view_meetings", "m"),
        ),
    ),
    (_("Clients"), (Item(_("Clients"), "clients:index", "id", "view_clients", "c"),)),
    (
        _("Billing"),
        (Item(_("Subscriptions"), "subscriptions:index", "credit-card", "view_subscriptions", "s"),),
    ),
    (
        _("Settings"),
        (
            Item(_("Configs"), "configs:index", "adjustments", "view_configs", "k"),
            Item(_("Languages"), "reference:languages", "language", "view_reference", "n"),
            Item(_("Countries"), "reference:countries", "globe", "view_reference", "y"),
            Item(_("Integrations"), "integrations:index", "plug", "view_integrations", "i"),
        ),
    ),
)
ALWAYS: tuple[tuple[str | Promise, tuple[Item, ...]], ...] = (
    (
        _("Flowtly"),
        (
            Item(_("All organizations"), "home", "building", "view_organizations", "o"),
            Item(
                _("Follow-ups"),
                "followups:index",
                "clipboard-check",
                "view_organizations",
                "f",
                overdue,
                _("overdue"),
            ),
            Item(
                _("Approvals"),
                "approvals:index",
                "check",
                "act_money clear_organization",
                "w",
                queue.count,
                _("waiting for you"),
            ),
            Item(_("Coupons"), "batches:index", "receipt", "act_money", "b"),
            Item(_("Audit trail"), "audit:index", "history", "view_audit", "t"),
            Item(_("People"), "people:index", "users", "manage_people", "e"),
            Item(_("Status"), "status:index", "activity", key="u"),
            Item(_("Help"), "help", "help", key="h"),
        ),
    ),
)


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups and items this person may open, the current one marked."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    groups = []
    for label, items in (OF_ORGANIZATION if hasattr(request, "organization") else ()) + ALWAYS:
        shown = [
            {
                "label": item.label,
                "url": (url := link(request, item.name)),
                "icon": item.icon,
                "key": item.key,
                "count": partial(item.count, request) if item.count else "",
                "counted": item.counted,
                # Two items may lead into one section: languages and countries.
                "current": _section(item.name) == _section(here) and request.path.startswith(url),
            }
            for item in items
            if _is_open(request, item)
        ]
        if shown:
            groups.append({"label": label, "items": shown})
    return groups


# Pages of a section that go by a name of their own.
WITHIN = {"acts": "subscriptions", "clearing": "profile"}


def keys(request: HttpRequest) -> list[dict[str, Any]]:
    """The letters that go somewhere this person may be: each with where, and whether that is of an organization."""
    return [
        {"key": item.key, "label": item.label, "inside": groups is OF_ORGANIZATION}
        for groups in (OF_ORGANIZATION, ALWAYS)
        for _label, items in groups
        for item in items
        if item.key and _is_open(request, item)
    ]


def _is_open(request: HttpRequest, item: Item) -> bool:
    return not item.permission or any(may(request, each) for each in item.permission.split())


def _section(name: str) -> str:
    section = name.rpartition(":")[0] or name
    return WITHIN.get(section, section)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Also runs for error pages that were answered before anybody was known."""
    user = getattr(request, "user", None)
    known = user if user is not None and user.is_authenticated else None
    return {
        "organization": getattr(request, "organization", None),
        "menu": menu(request) if known and not known.must_change_password else [],
        "recent": SimpleLazyObject(lambda: lately(known)) if known else [],
        "role_labels": SimpleLazyObject(lambda: roles_of(known)) if known else [],
        "theme": theme(request),
        "away": away.told(request),
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


def theme(request: HttpRequest) -> str:
    chosen = request.COOKIES.get("theme", "auto")
    return chosen if chosen in THEMES else "auto"
