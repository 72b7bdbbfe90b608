from dataclasses import replace

from dashboard.sandbox.declarations import Filter, Record, Resource, Route, orders
from dashboard.sandbox.fields import Field, read_only
from dashboard.sandbox.names import Names
from dashboard.sandbox.operations import gets, lists

NAMED: dict[str, tuple[Field, ...]] = {
    "first-last": read_only("firstName", "lastName"),
    "full": read_only("fullName"),
    "name": read_only("name"),
}


def employees(names: Names) -> Resource:
    return Resource(
        path="/employees",
        type="Employee",
        fields=(*read_only("id"), *NAMED[names.employee_name], *read_only("email", nullable=True)),
        filters=(Filter("email", "email"), *orders("email")),
        available=lambda call: call.switches.employees,
    )


def routes(names: Names) -> list[Route]:
    resource = employees(names)
    searched = replace(resource, filters=(*resource.filters, Filter(names.search_parameter, "", "search")))
    return [lists(resource), lists(searched, "/employees/search"), gets(resource)]


def employee(names: Names, employee_id: str, first: str, last: str, email: str | None) -> Record:
    full = f"{first} {last}"
    spelled: Record = {"first-last": {"firstName": first, "lastName": last}, "full": {"fullName": full}}.get(
        names.employee_name, {"name": full}
    )
    return {"id": employee_id, "_label": full, **spelled, "email": email}
