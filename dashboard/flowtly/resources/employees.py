"""Employees (not in the published reference pages at hand; known from others: list, search, read)."""

from dataclasses import dataclass

from dashboard.flowtly.calls import Filters
from dashboard.flowtly.resources.base import NO_FILTERS, Gets, Lists
from dashboard.flowtly.resources.iris import LITERALS
from dashboard.flowtly.resources.pagination import Page
from dashboard.flowtly.resources.records import Record, label, text


@dataclass(frozen=True)
class Employee(Record):
    """All fields are assumed."""

    full_name: str | None = text()
    name: str | None = text()
    first_name: str | None = text()
    last_name: str | None = text()
    email: str | None = text()

    @property
    def label(self) -> str:
        """What to call this person: the best name there is, else the e-mail address, else the id."""
        return label(self.raw) or self.id


class Employees(Lists[Employee], Gets[Employee]):
    path = "/employees"
    literals = LITERALS["employees"]
    optional = True
    record = Employee

    def search(
        self, term: str, page: int = 1, items: int = 30, filters: Filters = NO_FILTERS
    ) -> Page[Employee]:
        """Those that match, if the API knows `Names.search_parameter`: that name is assumed."""
        named = {**filters, self._flowtly.names.search_parameter: term}
        return self._list(f"{self.path}/search", Employee, named, page, items)
