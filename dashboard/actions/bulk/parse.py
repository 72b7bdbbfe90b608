"""Parse of what was pasted: organizations by id, slug, the API's address of them or the address of a page here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from dashboard.actions.bulk.models import Skipped
from dashboard.flowtly import Flowtly, errors
from dashboard.flowtly.names import Names
from dashboard.flowtly.resources.organizations import Organization
from dashboard.search import parse
from dashboard.standards.foreign_text import without_unseen
from dashboard.tables import filtering, table
from dashboard.tables.filtering import folded
from dashboard.upstream.limited_parallel import together
from dashboard.web.converters import is_identifier
from dashboard.web.request import StaffRequest

# The same rows that the list of organizations keeps.
PLAN = table.Plan(part="organizations-list", columns=(), row=dict)
UNKNOWN = (errors.NotFound, errors.BadIdentifier)
# What an id, most slugs and every address have, and a word of a sentence has not.
NO_WORD = re.compile(r"[\d_.:/~-]")
HEADS = {"id", "slug", "name", "organization", "organisation", "customer", "tenant"}
Listed = Mapping[str, Organization]


@dataclass(frozen=True)
class Named:
    """The id of the one it names; else why it names none, and where reading failed, the words for that."""

    organization: str = ""
    skipped: str = ""
    tenant: str = ""  # as the list says it
    error: errors.FlowtlyError | None = None


def called(typed: str, organization: str) -> str:
    """What one was called by, where that says more than its id."""
    return typed if typed != organization and "/" not in typed else ""


def split(text: str) -> list[str]:
    """A line is a row, as a sheet is pasted; one of nothing but ids or addresses with blanks between them is as many.
    The head of a sheet and blank lines are no rows."""
    lines = [line.strip(parse.AROUND) for line in without_unseen(text).splitlines()]
    rows = [row for line in lines if line for row in _rows(line)]
    return [row[: parse.LONGEST] for row in rows[1 if rows and _is_head(rows[0]) else 0 :]]


def _rows(line: str) -> list[str]:
    pieces = line.split()
    several = not re.search(r"[\t;,]", line) and all(NO_WORD.search(piece) for piece in pieces)
    return [piece.strip(parse.AROUND) for piece in pieces] if several else [line]


def _cells(row: str) -> list[str]:
    between = next((sign for sign in "\t;," if sign in row), None)
    cells = row.split(between) if between else [row]
    return [text for cell in cells if (text := cell.strip(parse.AROUND))]


def _is_head(row: str) -> bool:
    return bool(HEADS & {cell.casefold() for cell in _cells(row)})


def read(request: StaffRequest, texts: list[str]) -> list[Named]:
    api = request.flowtly.live()
    listed = _listed(api)
    hosts = {request.get_host(), urlsplit(api.connection.base_url).netloc}
    rows = {text: [parse.read(cell, {"organizations"}, hosts) for cell in _cells(text)] for text in texts}
    found = {text: _named(api.names, cells, listed) for text, cells in rows.items()}
    missing = [text for text, named in found.items() if named is None]
    looked = together(missing, lambda text: _looked_for(api, rows[text]))
    return [found[text] or looked[text] for text in texts]


def _listed(api: Flowtly) -> Listed:
    """Flowtly's own list by id, as far as it can be read. It may also be all that tells the tenants."""
    try:
        return {each.id: each for each in filtering.every_row(api.organizations, PLAN).every.items}
    except errors.FlowtlyError:
        return {}


def _named(names: Names, cells: list[parse.Pasted], listed: Listed) -> Named | None:
    """By the cells that are an id, a slug or an address of one; else by the first text, where that is the whole name of
    one. None where the list does not tell."""
    found = {each.id: each for cell in cells for each in _of_cell(cell, listed)}
    if not found and cells and (cell := next((one for one in cells if not one.elsewhere), None)):
        name = folded(cell.text)
        found = {each.id: each for each in listed.values() if each.name and folded(each.name) == name}
    if len(found) > 1:
        return Named(skipped=Skipped.AMBIGUOUS)
    if found:
        (one,) = found.values()
        return Named(one.id, tenant=one.tenant(names) or "")
    if any(cell.elsewhere for cell in cells):
        return Named(skipped=Skipped.ELSEWHERE)
    addresses = [cell for cell in cells if cell.kind in {"record", "page"}]
    if addresses and not any(_identifier(cell) for cell in addresses):
        return Named(skipped=Skipped.NOT_FOUND)
    return None


def _of_cell(cell: parse.Pasted, listed: Listed) -> list[Organization]:
    if cell.elsewhere:
        return []
    if cell.kind in {"record", "page"}:
        return [listed[identifier]] if (identifier := _identifier(cell)) in listed else []
    return [each for each in listed.values() if cell.text in {each.id, each.slug}]


def _identifier(pasted: parse.Pasted) -> str:
    """The id that an address names."""
    identifier = pasted.identifier
    if pasted.kind != "record":
        page = re.match(r"/o/([^/?]+)", pasted.path)
        identifier = unquote(page[1]) if page else ""
    return identifier if is_identifier(identifier) else ""


def _looked_for(api: Flowtly, cells: list[parse.Pasted]) -> Named:
    """One that the list does not have: it may be new, or beyond what was read."""
    for cell in cells:
        text = _identifier(cell) or cell.text
        if len(cells) > 1 and not NO_WORD.search(text):
            continue  # a name, a plan, a city
        named = _asked_for(api, text)
        if named.skipped != Skipped.NOT_FOUND:
            return named
    return Named(skipped=Skipped.NOT_FOUND)


def _asked_for(api: Flowtly, text: str) -> Named:
    try:
        if is_identifier(text) and (named := _by_id(api, text)):
            return named
        slugs = api.organizations.filters() or ()
        found = api.organizations.list(filters={"slug": text}).items if "slug" in slugs else []
    except errors.FlowtlyError as error:
        return Named(skipped=Skipped.UNREADABLE, error=error)
    ids = {each.id for each in found if each.slug == text}
    if len(ids) > 1:
        return Named(skipped=Skipped.AMBIGUOUS)
    return Named(ids.pop()) if ids else Named(skipped=Skipped.NOT_FOUND)


def _by_id(api: Flowtly, text: str) -> Named | None:
    try:
        record = api.organizations.find(text)
    except UNKNOWN:
        return None
    return Named(record.id) if text in {record.id, record.slug} and is_identifier(record.id) else None
