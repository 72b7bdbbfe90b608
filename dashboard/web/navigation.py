"""The frame around every page: the menu, as data, and what else `base.html` shows."""

from collections.abc import Iterator
from functools import partial
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from dashboard.accounts.roles import roles_of
from dashboard.entity import MenuGroup, MenuItem, call, entities
from dashboard.flowtly import Flowtly
from dashboard.upstream import outage
from dashboard.upstream.tenant_check import OfOrganization
from dashboard.web import away
from dashboard.web.recent_organizations import lately
from dashboard.web.request import link, may

THEMES = ("auto", "light", "dark")


def items() -> Iterator[MenuItem]:
    """The menu as entities and applications declare it, group by group."""
    declared = [each for entity in entities() for each in entity.menu_items()]
    for config in apps.get_app_configs():
        declared += getattr(config, "menu", ())
    for group in MenuGroup:
        yield from sorted((each for each in declared if each.group == group), key=lambda each: each.order)


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups and items this person may open, the current one marked."""
    inside = hasattr(request, "organization")
    shown = [each for each in items() if _is_open(request, each) and (inside or not each.inside)]
    return [
        {"label": group.label, "items": [_drawn(request, each) for each in of_group]}
        for group, of_group in groupby(shown, lambda each: each.group)
    ]


def keys(request: HttpRequest) -> list[dict[str, Any]]:
    """The letters that go somewhere this person may be: each with where, and whether that is of an organization."""
    return [
        {"key": item.key, "label": item.label, "inside": item.inside}
        for item in items()
        if item.key and _is_open(request, item)
    ]


def _drawn(request: HttpRequest, item: MenuItem) -> dict[str, Any]:
    url = link(request, item.url_name)
    here = request.resolver_match.view_name if request.resolver_match else ""
    # Two items may lead into one section: languages and countries.
    own = _section(here) == _section(item.url_name) or _section(here) in item.sections
    return {
        "label": item.label,
        "url": url,
        "icon": item.icon,
        "key": item.key,
        # Asked for where the menu is drawn, and not where only a part of a page is.
        "count": partial(call, item.count, request) if item.count else "",
        "counted": item.counted,
        "current": own and request.path.startswith(url),
    }


def _is_open(request: HttpRequest, item: MenuItem) -> bool:
    return not item.permission or any(may(request, each) for each in item.permission.split())


def _section(name: str) -> str:
    return name.rpartition(":")[0] or name


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
