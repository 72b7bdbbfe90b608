"""Field authors: who changed each field of a record here last, when, and what it was before."""

from collections.abc import Iterable
from typing import Any, Protocol

from dashboard.accounts.models import Person
from dashboard.audit import reading
from dashboard.audit.history import FieldWords
from dashboard.audit.models import Entry, Outcome
from dashboard.audit.trail import MASK
from dashboard.web.formatting import when

LONGEST = 80


class RecordForm(FieldWords, Protocol):
    secret: frozenset[str]  # fields whose values are kept nowhere


def last(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Field → the latest of these writes that changed it. They come latest first, with their outcomes; who added or
    took away the whole record is told by its history."""
    latest: dict[str, Entry] = {}
    for entry in entries:
        if entry.outcome == Outcome.APPLIED and entry.kind not in {"create", "delete"}:
            latest |= {name: entry for name in entry.changes if name not in latest}
    return latest


def told(entries: Iterable[Entry], form: RecordForm, person: Person) -> dict[str, dict[str, Any]]:
    """In the words of the form over the record. No secret was kept, so none can be told."""
    return {
        name: {
            "who": entry.username,
            "when": when(entry.at, person.time_zone),
            "exact": entry.at.isoformat(),
            "was": _was(form, name, *entry.changes[name]),
            "url": f"/audit/{entry.write}/" if reading.sees(person, entry) else "",
        }
        for name, entry in last(entries).items()
        if name in form.fields
    }


def _was(form: RecordForm, name: str, before: object, after: object) -> str:
    if name in form.secret or MASK in (before, after):
        return ""
    text = form.words(name, before)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
