"""What was asked for here about one record, told the way people tell it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from dashboard.words import as_it_is, label, when

from .models import Entry, Outcome, Phase

SHOWN = 20
KINDS = {"create": _("added"), "update": _("changed"), "delete": _("deleted")}
PILLS = {
    Outcome.APPLIED: "good",
    Outcome.UNKNOWN: "attention",
    Outcome.CONFLICT: "attention",
    Outcome.REFUSED: "neutral",
    Outcome.NOT_SENT: "neutral",
    Outcome.NOT_APPLIED: "neutral",
}


def of_record(organization: str, entity: str, record: str) -> list[Entry]:
    """The intents about a record, latest first, and each one's latest outcome as `outcome`. A creation is found
    by the id it was given, which only its outcome knows."""
    lines = Entry.objects.filter(organization=organization, entity=entity)
    writes = lines.filter(record=record).values_list("write", flat=True).order_by("-number")
    return with_outcomes(lines.filter(phase=Phase.INTENT, write__in=list(dict.fromkeys(writes[: 3 * SHOWN]))))


def of_organization(organization: str, most: int = 8) -> list[Entry]:
    """The latest that was asked for here about an organization."""
    return with_outcomes(Entry.objects.filter(organization=organization, phase=Phase.INTENT)[:most])


def with_outcomes(intents: Iterable[Entry]) -> list[Entry]:
    found = list(intents)
    later = Entry.objects.filter(write__in=[entry.write for entry in found]).exclude(phase=Phase.INTENT)
    latest: dict[str, Entry] = {}
    for entry in later.order_by("number"):
        latest[entry.write] = entry
    for entry in found:
        known = latest.get(entry.write)
        entry.outcome = known.outcome if known else Outcome.UNKNOWN
        entry.record = entry.record or (known.record if known else "")
        if known:
            entry.status, entry.milliseconds, entry.words = known.status, known.milliseconds, known.words
    return found


def told(entries: Iterable[Entry], zone: str) -> list[dict[str, Any]]:
    """View models for the timeline."""
    return [
        {
            "number": entry.number,
            "when": when(entry.at, zone),
            "who": entry.username,
            "what": KINDS.get(entry.kind, entry.kind),
            "entity": entry.entity,
            "record": entry.record,
            "record_name": entry.record_name or entry.record,
            "organization": entry.organization,
            "organization_name": entry.organization_name or entry.organization,
            "outcome": entry.outcome,
            "outcome_label": Outcome(entry.outcome).label,
            "pill": PILLS[Outcome(entry.outcome)],
            "changes": [
                {"name": name, "before": _value(pair[0]), "after": _value(pair[1])}
                for name, pair in entry.changes.items()
            ],
            "reason": entry.reason,
            "words": entry.words,
            "method": entry.method,
            "path": entry.path,
            "status": entry.status or "",
            "milliseconds": entry.milliseconds,
            "request_id": entry.request_id,
            "can_be_taken_back": entry.outcome == Outcome.APPLIED and entry.kind == "update",
        }
        for entry in entries
    ]


def _value(value: Any) -> str:
    return label(None) if value is None else as_it_is(value)
