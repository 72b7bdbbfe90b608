"""Reconciliation of a write whose answer was lost: the record is looked at again, and what it shows put on record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone

from dashboard.audit import open_writes
from dashboard.audit.models import Entry, Open, Outcome, Phase
from dashboard.entity import Collection, Entity, entities
from dashboard.flowtly import Flowtly, errors
from dashboard.flowtly.resources.records import Record
from dashboard.upstream import tenant_check

# A server that has not answered may still be at work. Only this long after the answer was given up does "it does
# not show" mean "no".
LATE = timedelta(seconds=60)


@dataclass(frozen=True)
class Probe:
    """How to find out about something that is neither a change, a creation nor a deletion: `tells` whether a record
    could say so at all, and `look` what it says now."""

    tells: Callable[[Open], bool]
    look: Callable[[Flowtly, Open], Outcome]


# Entity and kind → how to find out. Whoever has such acts puts them here when the dashboard starts.
PROBES: dict[tuple[str, str], Probe] = {}

# What else has ended, each with how many it has put on record just now. `reconcile` does them.
CHORES: list[Callable[[], int]] = []

# What takes away rows that have had their time, each with how many there were. `reconcile` calls them.
KEEPERS: list[Callable[[], int]] = []

# What a look finds: whether it was done, and the record it shows on. UNKNOWN where the record tells neither way.
Found = tuple[Outcome, str]


def can_look(open_: Open) -> bool:
    """Whether the record could tell. It cannot where all that was sent is a secret, or for an act that leaves
    no trace on it."""
    if probe := PROBES.get((open_.entity, open_.kind)):
        return probe.tells(open_)
    return open_.kind in _LOOKS and bool(open_.sent or open_.kind == "delete") and bool(_collection(open_))


def look(api: Flowtly, open_: Open) -> Outcome:
    """What the record shows now, put on record if it is an answer. Raises FlowtlyError if it cannot be read."""
    if not can_look(open_):
        return Outcome.UNKNOWN
    # Asked before the look: what turns old during it may have come about meanwhile.
    late = timezone.now() - open_.at >= LATE + timedelta(seconds=settings.FLOWTLY_WRITE_TIMEOUT)
    outcome, record = _found(_within(api, open_) if open_.tenant else api, open_)
    if outcome == Outcome.APPLIED:
        open_writes.settle(open_.write, outcome, "seen-later", record=record)
        return outcome
    if outcome == Outcome.NOT_APPLIED and late:
        open_writes.settle(open_.write, outcome, "not-seen-later")
        return outcome
    return Outcome.UNKNOWN


def _within(api: Flowtly, open_: Open) -> Flowtly:
    """The API on the data that it was sent to: another organization's records say nothing of that."""
    if not open_.organization:
        return api.within(open_.tenant)
    within = tenant_check.within(api, open_.organization, open_.tenant)
    within.prove()
    return within


def _found(api: Flowtly, open_: Open) -> Found:
    if probe := PROBES.get((open_.entity, open_.kind)):
        return probe.look(api, open_), open_.record
    collection = _collection(open_)
    return _LOOKS[open_.kind](collection.as_sent_of(api), open_) if collection else (Outcome.UNKNOWN, "")


def _collection(open_: Open) -> Entity | None:
    """Where the record is that was written: told by the path of the call, for an entity's pages may write to more
    than one collection."""
    intent = _intent(open_)
    end = f"/{quote(open_.record, safe='')}" if open_.record else ""
    if intent is None or not intent.path.endswith(end):
        return None
    by_path = {each.path: each for each in entities() if each.path}
    return by_path.get(intent.path) or by_path.get(intent.path.removesuffix(end))


def _intent(open_: Open) -> Entry | None:
    return Entry.objects.filter(write=open_.write, phase=Phase.INTENT).first()


def _update(records: Collection[Record], open_: Open) -> Found:
    intent = _intent(open_)
    was = {name: pair[0] for name, pair in intent.changes.items()} if intent else {}
    outcome = open_writes.change(records.get(open_.record).raw, was, open_.sent)
    return outcome, open_.record


def _delete(records: Collection[Record], open_: Open) -> Found:
    try:
        records.get(open_.record)
    except errors.NotFound:
        return Outcome.APPLIED, open_.record
    return Outcome.NOT_APPLIED, ""


def _create(records: Collection[Record], open_: Open) -> Found:
    found = open_writes.creation(records, open_.sent, open_.twins)
    if found.record is not None:
        return Outcome.APPLIED, found.record.id
    return Outcome.NOT_APPLIED if found.nothing else Outcome.UNKNOWN, ""


_LOOKS: dict[str, Callable[[Collection[Record], Open], Found]] = {
    "update": _update,
    "delete": _delete,
    "create": _create,
}
