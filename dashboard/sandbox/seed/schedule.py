"""Employees, and their meetings around today."""

import uuid
from datetime import UTC, datetime, timedelta
from random import Random

from dashboard.sandbox.names import Names
from dashboard.sandbox.resources.employees import employee
from dashboard.sandbox.seed.organizations import Tenant
from dashboard.sandbox.seed.words import FIRST, LAST
from dashboard.sandbox.sql import Record
from dashboard.sandbox.store import Store

DAYS = 45
NOTES = ("Kwartaalgesprek", "Budget 2e helft\nGraag met cijfers.", None, "Møde om løn", "Révision annuelle")


def fill(store: Store, tenant: Tenant, names: Names) -> None:
    random = Random(f"schedule of {tenant.id}")  # noqa: S311 - repeatable, not secret
    people = [_person(tenant, random, number, names) for number in range(1, tenant.employees + 1)]
    store.insert_many(tenant.id, "employees", people)
    if people:
        meetings = _meetings(tenant, random, [str(person["id"]) for person in people])
        store.insert_many(tenant.id, "meetings", meetings)


def _person(tenant: Tenant, random: Random, number: int, names: Names) -> Record:
    first, last = random.choice(FIRST[tenant.country]), random.choice(LAST[tenant.country])
    email = None if number % 9 == 0 else f"medewerker{number}@{tenant.slug}.example"
    return employee(names, f"emp_{number:03}", first, last, email)


def _meetings(tenant: Tenant, random: Random, people: list[str]) -> list[Record]:
    now = datetime.now(UTC)
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    for offset in range(-DAYS, DAYS + 1):
        day = today + timedelta(days=offset)
        if day.weekday() < 5 or offset == 0:
            count = random.randint(1, 3) if tenant.largest else random.randint(0, 1)
            found += [_meeting(random, day, people, now) for _ in range(count)]
    return found


def _meeting(random: Random, day: datetime, people: list[str], now: datetime) -> Record:
    start = day + timedelta(hours=random.randint(7, 15), minutes=random.choice((0, 15, 30)))
    end = start + timedelta(minutes=random.choice((30, 45, 60, 90)))
    planned = "planned" if random.random() < 0.9 else "cancelled"
    return {
        "id": str(uuid.UUID(int=random.getrandbits(128), version=4)),
        "status": "done" if end < now else planned,
        "employee": f"/employees/{random.choice(people)}" if random.random() < 0.92 else None,
        "dateFrom": start.isoformat(),
        "dateTo": end.isoformat(),
        "notes": random.choice(NOTES),
        "time": start.isoformat() if random.random() < 0.3 else None,
    }
