"""Change history of a record: what was asked for here about it, in the words of its form."""

from collections.abc import Iterable
from typing import Any, Protocol
from urllib.parse import quote

from django.db.models import Q
from django.urls import Resolver404, resolve

from dashboard.audit import finding
from dashboard.audit.models import Entry, Known, Outcome, Phase
from dashboard.audit.outcomes import why_not_back, with_outcomes
from dashboard.audit.sentences import KINDS, STATUSES, context, of_entries, person_of, reason
from dashboard.web.coded_text import drawn
from dashboard.web.converters import is_identifier
from dashboard.web.formatting import as_it_is, label, number, when

SHOWN = 20
LOOKED_AT = 500  # writes about one record, when it is asked who last set its fields
# Notes and promises have a place of their own on a record's page, and change nothing of the record.
APART = tuple(kind for kind in KINDS if "note" in kind or "follow-up" in kind)
# What can be undone although it is no change of fields: by another page of the record.
UNDONE_BY = {("addresses", "create"): "delete/"}


class FieldWords(Protocol):
    """A form over the record, as far as its history asks it: for the words of a field and of a value."""

    fields: dict[str, Any]

    def label_of(self, name: str) -> str: ...
    def words(self, name: str, value: object) -> str: ...


def of_record(organization: str, entity: str, record: str, most: int = SHOWN) -> list[Entry]:
    """The intents about a record, latest first, and each one's latest outcome as `outcome`. A creation is found
    by the id it was given, which only its outcome knows."""
    # An organization is added before there is one to be in.
    writes: dict[str, int] = {}
    for whose in [organization, ""] if entity == "organizations" and organization else [organization]:
        lines = Entry.objects.filter(organization=whose, entity=entity, record=record).exclude(kind__in=APART)
        writes |= lines.order_by("-number").values_list("write", "number")[: 3 * most]
    known = Known.objects.filter(write__in=list(writes)).values_list("number", flat=True)
    return with_outcomes(finding.entries(sorted(known, reverse=True)[:most]))


def of_organization(organization: str, most: int = 8) -> list[Entry]:
    """The latest that was asked for here about an organization. It was added before there was one to be in."""
    added = {"organization": "", "entity": "organizations"}
    either = [
        {"organization": organization},
        {**added, "record": organization},
        {**added, "found": organization},
    ]
    found = finding.find(either, Q(), Q(), ~Q(kind__in=APART), most)
    return with_outcomes(finding.entries(found.numbers))


def told(entries: Iterable[Entry], zone: str, form: FieldWords | None = None) -> list[dict[str, Any]]:
    """View models for the timeline. With a form over the record, fields and values go by the words it has."""
    found = list(entries)
    sentences = of_entries(found, zone)
    return [
        {
            **_told(entry, zone),
            **context(sentences[entry.write]),
            **_undoing(entry),
            "changes": _changes(entry, form),
        }
        for entry in found
    ]


def told_lines(entries: Iterable[Entry], zone: str) -> list[dict[str, Any]]:
    """The lines of one write: what was asked, and what was learnt of it when."""
    return [
        {
            "number": number(entry.number),
            "when": when(entry.at, zone),
            "exact": entry.at.isoformat(),
            "who": person_of(entry),
            "phase": Phase(entry.phase).label,
            "label": STATUSES[entry.outcome].label if entry.outcome else "",
            "pill": STATUSES[entry.outcome].tone if entry.outcome else "",
            "words": drawn(entry.words),
            "mac": entry.mac,
        }
        for entry in entries
    ]


def record_url(entity: str, organization: str, record: str, page: str = "") -> str:
    """The page of a record: at the same place for every entity; "" where it has none."""
    if not is_identifier(organization):
        return ""
    end = "" if entity == "organizations" and record in {"", organization} else f"{entity}/{quote(record)}/"
    url = f"/o/{organization}/{end}{page}"
    try:
        found = resolve(url)
    except Resolver404:
        return ""
    named = not end or (is_identifier(record) and record in found.kwargs.values())
    return url if named and found.namespace == entity else ""


def _undoing(entry: Entry) -> dict[str, Any]:
    """Whether it can be taken back and how; `undo_url` is the page of the record where that starts."""
    page = UNDONE_BY.get((entry.entity, entry.kind)) if entry.outcome == Outcome.APPLIED else None
    url = record_url(entry.entity, entry.organization, entry.record, page or "")
    if page and url:
        return {"can_be_taken_back": True, "undo_url": url, "why_not_back": ""}
    why = why_not_back(entry)
    undo_url = f"{url}?revert={entry.write}" if url and not why else ""
    return {"can_be_taken_back": not why, "undo_url": undo_url, "why_not_back": why}


def _told(entry: Entry, zone: str) -> dict[str, Any]:
    return {
        "number": entry.number,
        "write": entry.write,
        "write_url": f"/audit/{entry.write}/",
        "when": when(entry.at, zone),
        "exact": entry.at.isoformat(),
        "who": person_of(entry),
        "username": entry.username,
        "roles": entry.roles,
        "entity": entry.entity,
        "record": entry.record,
        "record_name": entry.record_name or entry.record,
        "record_url": record_url(entry.entity, entry.organization, entry.record) if entry.record else "",
        "organization": entry.organization,
        "organization_name": entry.organization_name or entry.organization,
        "organization_url": record_url("organizations", entry.organization, ""),
        "outcome": entry.outcome,
        "reason": reason(entry.reason),
        "words": drawn(entry.words),
        "method": entry.method,
        "path": entry.path,
        "status": entry.status or "",
        "milliseconds": "" if entry.milliseconds is None else number(entry.milliseconds),
        "request_id": entry.request_id,
        "operation": entry.operation,
    }


def _changes(entry: Entry, form: FieldWords | None) -> list[dict[str, str]]:
    return [_change(name, before, after, form) for name, (before, after) in entry.changes.items()]


def _change(name: str, before: object, after: object, form: FieldWords | None) -> dict[str, str]:
    if form is None or name not in form.fields:
        return {"name": name, "before": _value(before), "after": _value(after)}
    return {
        "name": form.label_of(name),
        "before": form.words(name, before),
        "after": form.words(name, after),
    }


def _value(value: object) -> str:
    return label(None) if value is None else as_it_is(value)
