"""Program: fills an audit log with so many sealed lines, in bulk.

The first thousand lines hold all that the rows ask for, sixty times each. What follows, for a year, is everyday work:
an honest trail hides the seldom under the common.
"""

# ruff: noqa: E402 - models can be imported once Django is set up

import json
import random
import sys
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import django

django.setup()

from django.db import connection, transaction
from django.utils import timezone

from dashboard.accounts.models import Person
from dashboard.audit import chain
from dashboard.audit.models import Entry, Phase
from tests.bench.stage import FIRST_DAY, FIRST_LINES

BATCH = 20_000
COLUMNS = (*chain.SIGNED, "mac")
CLERKS = 20
PLACES = ("Noordkade", "Zuidplein", "Depot Oost", "Magazijn", "Kantoor Delft", "Atelier", "Loods 4", "Haven")
# What is asked for, a sixth of a hundredth of a short trail each.
ASKED_FOR: tuple[dict[str, Any], ...] = (
    {"entity": "subscriptions", "kind": "cancel", "record": "sub_1003", "organization": "org_1003"},
    {"record": "seldom", "record_name": "Vuurtoren", "organization": "org_1003"},
    {"organization": "org_1002", "organization_name": "Maison Bérénice & Fils"},
    {"username": "seldom"},
    {"outcome": "conflict"},
    {"kind": "delete", "record": "41"},
    {"organization": "org_1001", "organization_name": "Kwelgeest Groep", "record": "1"},
    {"organization": "org_1001", "organization_name": "Kwelgeest Groep"},
)


def fill(how_many: int) -> None:
    people = {
        name: Person(username=name, is_staff=True)
        for name in ("seldom", *map("clerk{}".format, range(CLERKS)))
    }
    for person in people.values():
        person.set_unusable_password()
        person.save()
    marks = ", ".join(["%s"] * len(COLUMNS))
    insert = f"INSERT INTO {Entry._meta.db_table} ({', '.join(COLUMNS)}) VALUES ({marks})"
    rows = sealed(islice(told({name: person.pk for name, person in people.items()}), how_many))
    last: tuple[Any, ...] = ()
    with connection.cursor() as cursor:
        for setting in ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-500000"):
            cursor.execute(f"PRAGMA {setting}")
    with transaction.atomic(), connection.cursor() as cursor:
        while batch := list(islice(rows, BATCH)):
            cursor.executemany(insert, batch)
            last = batch[-1]
        cursor.execute("INSERT INTO audit_head (id, number, mac) VALUES (1, %s, %s)", [last[0], last[-1]])


def sealed(lines: Iterator[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    entry, before = Entry(), ""
    blank = {name: getattr(entry, name) for name in COLUMNS}
    for number, line in enumerate(lines, 1):
        row = {**blank, **line, "number": number, "before": before}
        vars(entry).update(row)  # a new one each time would take longer than to seal it
        before = row["mac"] = chain.mac(entry)
        yield (
            *{**row, "changes": json.dumps(row["changes"]), "at": row["at"].replace(tzinfo=None)}.values(),
        )


def told(people: dict[str, int]) -> Iterator[dict[str, Any]]:
    """The lines in their order: what was asked, and what became of it."""
    chance = random.Random("a year of work")
    at = datetime.combine(FIRST_DAY, datetime.min.time(), timezone.get_default_timezone())
    number = 0
    while True:
        short = number < FIRST_LINES
        at += timedelta(seconds=60)
        write = {**_everyday(chance), **(ASKED_FOR[number // 2 % len(ASKED_FOR)] if short else {})}
        outcome = write.pop("outcome")
        write |= {"person_id": people[write["username"]], "write": uuid.UUID(int=chance.getrandbits(128)).hex}
        yield {**write, "at": at, "phase": Phase.INTENT}
        answered = {
            "phase": Phase.OUTCOME,
            "status": 200,
            "milliseconds": chance.randrange(9, 400),
            "outcome": outcome,
        }
        yield {**write, "at": at + timedelta(seconds=1), **answered, "changes": {}}
        number += 2


def _everyday(chance: random.Random) -> dict[str, Any]:
    organization = "org_1001" if chance.random() < 0.1 else f"org_{chance.randrange(2000, 2300)}"
    entity = chance.choice(
        ("locations", "locations", "clients", "clients", "meetings", "configs", "addresses")
    )
    record, name = str(chance.randrange(1, 60)), chance.choice(PLACES)
    after = chance.choice(PLACES)
    return {
        "username": f"clerk{chance.randrange(CLERKS)}",
        "roles": "backoffice",
        "operation": uuid.UUID(int=chance.getrandbits(128)).hex,
        "organization": organization,
        "organization_name": f"Organization {organization[4:]} B.V.",
        "entity": entity,
        "kind": chance.choice(("update", "update", "update", "create")),
        "record": record,
        "record_name": f"{name} {record}",
        "changes": {"name": [name, after], "addressCity": ["Delft", "Rotterdam"]},
        "method": "PATCH",
        "path": f"/{entity}/{record}",
        "request_id": f"{chance.getrandbits(64):016x}",
        "outcome": chance.choices(("applied", "refused", "not-applied"), (96, 3, 1))[0],
    }


if __name__ == "__main__":
    fill(int(sys.argv[1]))
