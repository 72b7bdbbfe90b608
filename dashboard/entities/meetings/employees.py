"""Employees that may be in a meeting: names for those that records refer to, and those that a search finds."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.flowtly import errors
from dashboard.flowtly.resources.employees import Employee
from dashboard.flowtly.resources.meetings import Meeting
from dashboard.flowtly.resources.pagination import Every
from dashboard.flowtly.resources.records import Reference
from dashboard.tables import filtering
from dashboard.upstream import list_cache
from dashboard.web.formatting import as_it_is, label, reference_name
from dashboard.web.request import StaffRequest

MOST = 300  # that are kept for their names, and offered without a search
NO_NAMES: Mapping[str, str] = {}
# An installation without a list of employees.
ABSENT = (errors.NotFound, errors.MethodNotAllowed)


@dataclass(frozen=True)
class EmployeeChoices:
    """Employees to choose from. `said` is what came of the search, `absent` that Flowtly has no such list here."""

    found: tuple[Employee, ...] = ()
    said: str = ""
    absent: bool = False
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, reference: object) -> str:
        """A name for whoever a record refers to: the best that it or the list has, else the id."""
        if reference is None:
            return label(None)
        known = self.names.get(reference.id) if isinstance(reference, Reference) else ""
        return known or reference_name(reference)


def everybody(request: StaffRequest) -> EmployeeChoices:
    """As many as are offered without a search. Never raises for Flowtly's troubles."""
    try:
        found = _kept(request)
    except ABSENT:
        return EmployeeChoices(absent=True)
    except errors.FlowtlyError:
        return EmployeeChoices(
            said=_("The employees could not be read. Search again, or save without changing this.")
        )
    said = "" if found.complete else _("These are the first ones. Search to find others.")
    return _around(found.items, said)


def search(request: StaffRequest, term: str) -> EmployeeChoices:
    if not term:
        return everybody(request)
    around = everybody(request)
    try:
        found = request.flowtly.employees.search(term).items
    except ABSENT:
        if around.absent:
            return around
        found = [one for one in around.found if _holds(one, term)]
    except errors.FlowtlyError:
        said = _("Flowtly did not find anybody just now: it failed. Nothing was changed. Try again.")
        return EmployeeChoices(said=said, names=around.names)
    return _around(found, _search_note(found, term), around.names)


def with_name(request: StaffRequest, around: EmployeeChoices, reference: object) -> EmployeeChoices:
    """The same with a name for whoever a meeting is with, where the list did not come as far as them."""
    if (
        not isinstance(reference, Reference)
        or around.absent
        or reference.label
        or reference.id in around.names
    ):
        return around
    try:
        named = request.flowtly.employees.get(reference.id)
    except errors.FlowtlyError:
        return around
    return replace(around, names={**around.names, reference.id: named.label or reference.id})


def _around(found: list[Employee], said: str, names: Mapping[str, str] = NO_NAMES) -> EmployeeChoices:
    return EmployeeChoices(tuple(found), said, names={**_distinct_names(found), **names})


def _distinct_names(found: list[Employee]) -> dict[str, str]:
    """Id → name, with the id where more than one go by that name."""
    often = Counter(one.label for one in found)
    return {
        one.id: f"{one.label} ({one.id})" if often[one.label] > 1 and one.label != one.id else one.label
        for one in found
        if one.id
    }


def _search_note(found: list[Employee], term: str) -> str:
    if not found:
        return _("Nobody matches “%(term)s”.") % {"term": term}
    if not all(_holds(one, term) for one in found):
        return _("Some of these do not match “%(term)s”: Flowtly seems to ignore it.") % {"term": term}
    text = ngettext("%(n)s employee found.", "%(n)s employees found.", len(found))
    return text % {"n": len(found)}


def _holds(employee: Employee, term: str) -> bool:
    said = " ".join([employee.label, *map(as_it_is, employee.raw.values())])
    return all(filtering.contains(said, word) for word in term.split())


def _kept(request: StaffRequest) -> Every[Employee]:
    employees = request.flowtly.employees
    return list_cache.rows(request.organization.id, employees.path, lambda: employees.every(most=MOST)).every


def choices(
    request: StaffRequest, around: EmployeeChoices, meeting: Meeting | None, base: object
) -> list[tuple[str, str]]:
    """Each as a body of the API names them. The one that the record has keeps its own spelling."""
    own = meeting.employee if meeting else None
    offered = {}
    if isinstance(own, Reference) and isinstance(base, str):
        offered[base] = around.name(own)
    for one in around.found:
        if (own is None or one.id != own.id) and (value := _spelled(request, one, own)):
            offered[value] = around.names[one.id]
    return [("", _("Nobody")), *sorted(offered.items(), key=lambda each: each[1].casefold())]


def _spelled(request: StaffRequest, employee: Employee, own: Reference | None) -> str:
    """How an employee is named in a body: as their own record says, else as this meeting names another."""
    before = own.iri.rpartition("/")[0] if own and own.iri else ""
    try:
        iri = request.flowtly.employees.iri(employee)
    except errors.BadIdentifier:
        return ""
    return f"{before}/{employee.id}" if before and not employee.iri else iri
