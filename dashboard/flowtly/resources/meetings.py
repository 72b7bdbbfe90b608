"""Meetings (published reference: list, create, read, patch)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from dashboard.flowtly.resources.base import Creates, Gets, Lists, Updates
from dashboard.flowtly.resources.records import Record, Reference, moment, reference, text


@dataclass(frozen=True)
class Meeting(Record):
    """`status` is not writable. Writing needs the key `employee`, None if nobody (published reference)."""

    codes: ClassVar[Mapping[str, frozenset[str]]] = {
        "status": frozenset({"planned", "in_progress", "done", "cancelled"}),
    }

    published: ClassVar[bool] = True
    refers_to: ClassVar[Mapping[str, str]] = {"employee": "/employees"}
    iris: ClassVar[frozenset[str]] = frozenset({"employee"})

    status: str | None = text()
    employee: Reference | None = reference()
    date_from: datetime | None = moment()
    date_to: datetime | None = moment()
    notes: str | None = text()
    time: datetime | None = moment()


class Meetings(Lists[Meeting], Gets[Meeting], Creates[Meeting], Updates[Meeting]):
    path = "/meetings"
    writes = ("employee", "dateFrom", "dateTo", "notes", "time")
    record = Meeting
