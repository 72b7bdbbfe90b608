"""Parse of what was pasted: organizations by id, slug, the API's address of them or the address of a page here."""

import re
from collections.abc import Callable, Sequence
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
from dashboard.web.formatting import record_name
from dashboard.web.request import StaffRequest

# The same rows that the list of organizations keeps.
PLAN = table.Plan(part="organizations-list", columns=(), row=dict)
UNKNOWN = (errors.NotFound, errors.BadIdentifier)
# What an id, most slugs and every address have, and a word of a sentence has not.
NO_WORD = re.compile(r"[\d_.:/~-]")
HEADS = {"id", "slug", "name", "organization", "organisation", "customer", "tenant"}


@dataclass(frozen=True)
class Named:
    """The id of the one it names; else why it names none: those that it could be, or what reading ended in."""

    organization: str = ""
    skipped: str = ""
    tenant: str = ""  # as the list says it
    name: str = ""
    slug: str = ""
    candidates: tuple["Named", ...] = ()
    error: errors.FlowtlyError | None = None

    def chosen(self, organization: str) -> "Named":
        """The one of several that a person has chosen."""
        return next((one for one in self.candidates if one.organization == organization), self)


class Listed:
    """Flowtly's own list, as far as it can be read. It may also be all that tells the tenants."""

    def __init__(self, api: Flowtly) -> None:
        try:
            found = filtering.every_row(api.organizations, PLAN).every.items
        except errors.FlowtlyError:
            found = []
        self.by_id = {each.id: each for each in found}
        self.by_slug, self.by_name = _grouped(found, "slug", _plain), _grouped(found, "name", folded)

    def of_cell(self, cell: parse.Pasted) -> list[Organization]:
        if cell.elsewhere:
            return []
        if cell.kind in {"record", "page"}:
            return self._of_id(_identifier(cell))
        return [*self._of_id(cell.text), *self.by_slug.get(_plain(cell.text), [])]

    def _of_id(self, identifier: str) -> list[Organization]:
        return [self.by_id[identifier]] if identifier in self.by_id else []


def _grouped(
    found: Sequence[Organization], name: str, spelt: Callable[[str], str]
) -> dict[str, list[Organization]]:
    groups: dict[str, list[Organization]] = {}
    for each in found:
        if text := getattr(each, name):
            groups.setdefault(spelt(text), []).append(each)
    return groups


def _plain(slug: str) -> str:
    """A slug as it is compared."""
    return without_unseen(slug).strip().casefold()


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
    listed = Listed(api)
    hosts = {request.get_host(), urlsplit(api.connection.base_url).netloc}
    rows = {text: [parse.read(cell, {"organizations"}, hosts) for cell in _cells(text)] for text in texts}
    found = {text: _named(api.names, cells, listed) for text, cells in rows.items()}
    missing = [text for text, named in found.items() if named is None]
    looked = together(missing, lambda text: _looked_for(api, rows[text]))
    return [found[text] or looked[text] for text in texts]


def _named(names: Names, cells: list[parse.Pasted], listed: Listed) -> Named | None:
    """By the cells that are an id, a slug or an address of one; else by the first text, where that is the whole name of
    one. None where the list does not tell."""
    found = [each for cell in cells for each in listed.of_cell(cell)]
    if not found and cells and (cell := next((one for one in cells if not one.elsewhere), None)):
        found = listed.by_name.get(folded(cell.text), [])
    if found:
        return _one_of(names, found)
    if any(cell.elsewhere for cell in cells):
        return Named(skipped=Skipped.ELSEWHERE)
    addresses = [cell for cell in cells if cell.kind in {"record", "page"}]
    if addresses and not any(_identifier(cell) for cell in addresses):
        return Named(skipped=Skipped.NOT_FOUND)
    return None


def _one_of(names: Names, found: Sequence[Organization]) -> Named:
    one, *others = {each.id: _known(names, each) for each in found}.values()
    return Named(skipped=Skipped.AMBIGUOUS, candidates=(one, *others)) if others else one


def _known(names: Names, one: Organization) -> Named:
    return Named(
        one.id, tenant=one.tenant(names) or "", name=record_name(one.name, one.id), slug=one.slug or one.id
    )


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
        found = api.organizations.list(filters={"slug": _plain(text)}).items if "slug" in slugs else []
    except errors.FlowtlyError as error:
        return Named(skipped=Skipped.UNREADABLE, error=error)
    own = [each for each in found if _plain(each.slug or "") == _plain(text)]
    return _one_of(api.names, own) if own else Named(skipped=Skipped.NOT_FOUND)


def _by_id(api: Flowtly, text: str) -> Named | None:
    try:
        record = api.organizations.find(text)
    except UNKNOWN:
        return None
    named = text == record.id or _plain(text) == _plain(record.slug or "")
    return _known(api.names, record) if named and is_identifier(record.id) else None
