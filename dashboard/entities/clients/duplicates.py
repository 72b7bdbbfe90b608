"""Duplicates of a client: asked of Flowtly's filter or search in the likely spellings, and never of all clients."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboard.entities.clients.check import address_country, text_of
from dashboard.entities.clients.searching import NO_SEARCH
from dashboard.flowtly import Flowtly, errors
from dashboard.flowtly.resources.clients import Client
from dashboard.flowtly.resources.pagination import Page
from dashboard.standards import countries, spellings, tax_numbers
from dashboard.web import error_messages

ROWS = 100


@dataclass(frozen=True)
class DuplicateSearch:
    """Result of a search: `others` that are alike; `why` it tells nothing beyond them, "" where it does; `asked` are
    the spellings that were looked for. Nothing is known of others."""

    others: tuple[Client, ...] = ()
    why: str = ""
    asked: tuple[str, ...] = ()


def by_tin(api: Flowtly, client: Client) -> DuplicateSearch:
    number = text_of(client, "tin")
    if not number:
        return DuplicateSearch(why=_("Tax number is missing."))
    spelled = spellings.of_number(number, countries.code(client.raw.get("tinCountry")))
    return _looked(api, client, "tin", spelled, same_tin)


def by_name(api: Flowtly, client: Client) -> DuplicateSearch:
    if not client.name or not _place(client):
        return DuplicateSearch(why=_("Name or postcode is missing."))
    return _looked(api, client, "name", spellings.of_name(client.name), same_name_and_place)


def same_tin(one: Client, other: Client) -> bool:
    """Whatever stands between the digits, and with the country before them or not."""
    (ours, number), (theirs, another) = (
        tax_numbers.without_country(text_of(each, "tin")) for each in (one, other)
    )
    return bool(number) and number == another and len({ours, theirs} - {""}) < 2


def same_name_and_place(one: Client, other: Client) -> bool:
    ours, theirs = ((plain(each.name), _place(each)) for each in (one, other))
    return all(ours) and ours == theirs


def plain(text: str | None) -> str:
    """Letters and digits alone, whatever the case and the accents."""
    apart = unicodedata.normalize("NFKD", (text or "").casefold())
    return re.sub(r"[\W_]", "", apart)


def _place(client: Client) -> str:
    return plain(countries.post_code(client.address_post_code, address_country(client)))


def _looked(
    api: Flowtly,
    client: Client,
    field: str,
    spelled: Sequence[str],
    alike: Callable[[Client, Client], bool],
) -> DuplicateSearch:
    """The first spelling is the client's own. Who is not found by it was not looked for: then Flowtly's answer says
    nothing of others."""
    found: dict[str, Client] = {}
    answered: set[str] = set()
    try:
        for values, page in _pages(api, client, field, spelled):
            found |= {other.id: other for other in page.items}
            if page.has_more is False or len(page.items) < ROWS:
                answered.update(values)
    except NO_SEARCH:
        return DuplicateSearch(why=_("Flowtly offers no way to look for it."))
    except errors.FlowtlyError as error:
        return DuplicateSearch(why=error_messages.reading(error).text)
    others = tuple(other for other in found.values() if other.id != client.id and alike(client, other))
    if others:
        return DuplicateSearch(others)
    if spelled[0] not in answered:
        text = _("Too many are alike: only the first %(n)s were looked at.")
        return DuplicateSearch(why=text % {"n": ROWS})
    if client.id not in found:
        return DuplicateSearch(
            why=_("Flowtly's own search does not find this client, so it says nothing of others.")
        )
    return DuplicateSearch(asked=tuple(each for each in spelled if each in answered))


def _pages(
    api: Flowtly, client: Client, field: str, spelled: Sequence[str]
) -> Iterator[tuple[Sequence[str], Page[Client]]]:
    """Answers, each with the spellings it is an answer to: one for all, where the filter takes several. Otherwise the
    shortest is asked first: if it finds the client as a part of its own, it finds every spelling that holds it."""
    filters = api.clients.filters() or ()
    if f"{field}[]" in filters:
        yield spelled, api.clients.list(1, ROWS, {f"{field}[]": list(spelled)})
        return
    left = sorted(spelled, key=len)
    while left:
        value = left.pop(0)
        page = (
            api.clients.list(1, ROWS, {field: value})
            if field in filters
            else api.clients.search(value, 1, ROWS)
        )
        by_part = value != spelled[0] and any(each.id == client.id for each in page.items)
        held = [each for each in left if by_part and value in each]
        left = [each for each in left if each not in held]
        yield [value, *held], page
