"""Finding writes by what is known of them: one index leads, and the rest is looked at along it, so many and no more.

`Known` has an index for each thing that can be asked for, in the order of time. A page that asks for one thing reads
its rows and stops. One that asks for more, or for part of a name, walks along the index of what is rarest and looks at
`LOOKED_AT` rows of it; whoever wants to know of older ones goes on from there. What a page costs does not grow with
the trail.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from dashboard.audit.models import Entry, Known, Outcome

LOOKED_AT = 2000
Where = Mapping[str, Any]  # column → what it has to be

# What leads, the rarest first. What most writes have in common comes last.
LEADS = ("record", "found", "money", "organization", "username", "person_id", "outcome", "kind")


@dataclass(frozen=True)
class Edge:
    """A place among the writes, in the order of time."""

    at: datetime
    number: int

    @property
    def older(self) -> Q:
        return Q(at__lte=self.at) & ~Q(at=self.at, number__gte=self.number)

    @property
    def newer(self) -> Q:
        return Q(at__gte=self.at) & ~Q(at=self.at, number__lte=self.number)


@dataclass(frozen=True)
class Found:
    """Numbers of intents, in the order that was asked for; `looked_to` is where the look ended before there were
    enough of them and before all had been looked at, 0 where it did not."""

    numbers: list[int]
    looked_to: int = 0


def edge(number: int) -> Edge | None:
    """The place of a line, or of the last write before it; None before the first."""
    at = Known.objects.filter(number__lte=number).order_by("-number").values_list("at", flat=True).first()
    return Edge(at, number) if at else None


def find(
    either: Sequence[Where], since: Q, until: Q, rest: Q, size: int, *, oldest_first: bool = False
) -> Found:
    """The writes that are as any of `either` says, of a time `since` and `until`, and as `rest` says of what no index
    tells. Newest first, unless it is said otherwise."""
    order = ("at", "number") if oldest_first else ("-at", "-number")
    found: set[tuple[datetime, int]] = set()
    ends: list[Edge] = []
    for where in either:
        rows = Known.objects.order_by(*order)
        lead = _lead(where)
        every = rows.filter(**{lead: where[lead]}) if lead else rows
        led = every.filter(since, until)
        others = {name: value for name, value in where.items() if name != lead}
        wanted = led
        if others or rest:
            if end := _end(every, led, oldest_first):
                ends.append(end)
                # In place of the farther bound: of two on one side, SQLite may walk to the farther one.
                wanted = (
                    every.filter(since, at__lte=end.at)
                    if oldest_first
                    else every.filter(until, at__gte=end.at)
                )
            wanted = _beside_the_lead(wanted, others).filter(rest)
        found.update(wanted.values_list("at", "number")[:size])
    places = sorted(found, reverse=not oldest_first)[:size]
    if not ends:
        return Found([number for _at, number in places])
    # Of several looks the shortest counts: beyond its end there may be more.
    end = min(ends, key=_place) if oldest_first else max(ends, key=_place)
    within = [(at, number) for at, number in places if (at <= end.at if oldest_first else at >= end.at)]
    return Found([number for _at, number in within], 0 if len(within) == size else end.number)


def entries(numbers: Sequence[int]) -> list[Entry]:
    """The lines of the trail themselves, in the order they were found in."""
    lines = Entry.objects.select_related("person").in_bulk(numbers)
    return [lines[number] for number in numbers if number in lines]


def _lead(where: Where) -> str:
    """Most writes are applied: who asks for these is led by something else, where there is something else."""
    common = where.get("outcome") == Outcome.APPLIED
    leads = [name for name in LEADS if name in where and not (common and name == "outcome")]
    return leads[0] if leads else "outcome" if common else ""


def _end(every: QuerySet[Known], led: QuerySet[Known], oldest_first: bool) -> Edge | None:
    """Where a look along these ends; None where there are fewer."""
    last = Max if oldest_first else Min
    looked = led[:LOOKED_AT].aggregate(rows=Count("pk"), at=last("at"))
    if looked["rows"] < LOOKED_AT:
        return None
    # Few lines share a moment. SQLite would look for the least of them, or within a span, from the first line on.
    numbers = list(every.order_by().filter(at=looked["at"]).values_list("number", flat=True))
    return Edge(looked["at"], max(numbers) if oldest_first else min(numbers))


def _beside_the_lead(rows: QuerySet[Known], others: Where) -> QuerySet[Known]:
    """What no index is to be taken for: an expression in place of a column says so to either database."""
    for name, value in others.items():
        empty: Any = {"person_id": 0, "money": False}.get(name, "")
        rows = rows.alias(**{f"_{name}": Coalesce(F(name), Value(empty))}).filter(**{f"_{name}": value})
    return rows


def _place(end: Edge) -> tuple[datetime, int]:
    return end.at, end.number
