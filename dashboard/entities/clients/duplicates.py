"""Duplicates of a client: asked of Flowtly's filter or search, and never of all clients."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboard.entities.clients.searching import NO_SEARCH
from dashboard.flowtly import Flowtly, errors
from dashboard.flowtly.resources.clients import Client
from dashboard.standards import countries
from dashboard.web import error_messages

ROWS = 100


@dataclass(frozen=True)
class DuplicateSearch:
    """Result of a search: `others` that are alike; `why` it tells nothing beyond them, "" where it does."""

    others: tuple[Client, ...] = ()
    why: str = ""


def by_tin(api: Flowtly, client: Client) -> DuplicateSearch:
    if not client.tin:
        return DuplicateSearch(why=_("There is no tax number to look for."))
    return _looked(api, client, "tin", client.tin, same_tin)


def by_name(api: Flowtly, client: Client) -> DuplicateSearch:
    if not client.name or not plain(client.address_post_code):
        return DuplicateSearch(why=_("There is no name with a post code to look for."))
    return _looked(api, client, "name", client.name, same_name_and_place)


def same_tin(one: Client, other: Client) -> bool:
    """Whatever stands between the digits, and with the country before them or not."""
    return bool(_bare(one)) and _bare(one) == _bare(other)


def same_name_and_place(one: Client, other: Client) -> bool:
    ours, theirs = ((plain(each.name), plain(each.address_post_code)) for each in (one, other))
    return all(ours) and ours == theirs


def _bare(client: Client) -> str:
    country = countries.code(client.raw.get("tinCountry"))
    number = plain(client.tin)
    return number.removeprefix(country.lower()) if country else number


def plain(text: str | None) -> str:
    """Letters and digits alone, whatever the case and the accents."""
    apart = unicodedata.normalize("NFKD", (text or "").casefold())
    return re.sub(r"[\W_]", "", apart)


def _looked(
    api: Flowtly, client: Client, name: str, value: str, alike: Callable[[Client, Client], bool]
) -> DuplicateSearch:
    """Who is not found by their own value was not looked for: then Flowtly's answer says nothing of others."""
    try:
        by_filter = name in (api.clients.filters() or ())
        page = api.clients.list(1, ROWS, {name: value}) if by_filter else api.clients.search(value, 1, ROWS)
    except NO_SEARCH:
        return DuplicateSearch(why=_("Flowtly offers no way to look for it."))
    except errors.FlowtlyError as error:
        return DuplicateSearch(why=error_messages.reading(error).text)
    others = tuple(other for other in page.items if other.id != client.id and alike(client, other))
    if others:
        return DuplicateSearch(others)
    if page.has_more is not False and len(page.items) >= ROWS:
        return DuplicateSearch(
            why=_("Too many are alike: only the first %(n)s were looked at.") % {"n": ROWS}
        )
    if all(other.id != client.id for other in page.items):
        return DuplicateSearch(
            why=_("Flowtly's own search does not find this client, so it says nothing of others.")
        )
    return DuplicateSearch()
