"""Locations: offices and sites of an organization (published reference: list, create, read, patch)."""

from dataclasses import dataclass
from typing import ClassVar

from dashboard.flowtly.resources.base import Creates, Gets, Lists, Updates
from dashboard.flowtly.resources.records import Record, integer, text


@dataclass(frozen=True)
class Location(Record):
    """Ids are integers at the API, strings here. Hours are of the day, 0 to 24 (assumed)."""

    published: ClassVar[bool] = True

    name: str | None = text()
    office_open_hour: int | None = integer()
    office_close_hour: int | None = integer()


class Locations(Lists[Location], Gets[Location], Creates[Location], Updates[Location]):
    path = "/locations"
    record = Location
