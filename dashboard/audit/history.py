"""Change history of a record: what was asked for here about it, in the words of its form."""

from collections.abc import Iterable
from typing import Any, Protocol
from urllib.parse import quote

from django.db.models import Q
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy

from dashboard.audit.models import Entry, Outcome, Phase
from dashboard.audit.outcomes import why_not_back, with_outcomes
from dashboard.web.converters import is_identifier
from dashboard.web.formatting import as_it_is, label, number, when

SHOWN = 20
LOOKED_AT = 500  # writes about one record, when it is asked who last set its fields
KINDS = {
    "create": gettext_lazy("added"),
    "update": gettext_lazy("changed"),
    "delete": gettext_lazy("deleted"),
    "apply-coupon": gettext_lazy("applied a coupon"),
    "clear-coupon": gettext_lazy("cleared a coupon"),
    "cancel": gettext_lazy("cancelled"),
    "clear": gettext_lazy("cleared"),
    "request": gettext_lazy("asked a second person about"),
    "approve": gettext_lazy("agreed about"),
    "decline": gettext_lazy("declined about"),
    "withdraw": gettext_lazy("withdrew a request about"),
    "request-expired": gettext_lazy("nobody decided in time about"),
    "request-void": gettext_lazy("a request is void about"),
    "logo": gettext_lazy("sent a logo"),
    "icon": gettext_lazy("sent an icon"),
    "note": gettext_lazy("wrote a note about"),
    "change-note": gettext_lazy("changed a note about"),
    "withdraw-note": gettext_lazy("withdrew a note about"),
    "follow-up": gettext_lazy("promised to follow up"),
    "follow-up-done": gettext_lazy("followed up"),
    "follow-up-reopened": gettext_lazy("opened the follow-up again of"),
    "follow-up-moved": gettext_lazy("moved the follow-up of"),
    "export": gettext_lazy("exported"),
    "enroll": gettext_lazy("enrolled"),
    "setup": gettext_lazy("began the set-up"),
    "pull": gettext_lazy("pulled bank data"),
    "revoke": gettext_lazy("revoked the consent"),
    "deactivate": gettext_lazy("deactivated"),
    "activate": gettext_lazy("activated"),
    "reset-password": gettext_lazy("made a one-time password"),
    "change-password": gettext_lazy("chose a new password"),
    "sign-in": gettext_lazy("signed in as"),
    "sign-in-failed": gettext_lazy("was refused to sign in as"),
    "sign-in-locked": gettext_lazy("was locked out as"),
    "sign-out": gettext_lazy("signed out as"),
    "end-sessions": gettext_lazy("ended sessions"),
}
PILLS = {
    Outcome.APPLIED: "good",
    Outcome.UNKNOWN: "attention",
    Outcome.CONFLICT: "attention",
    Outcome.REFUSED: "neutral",
    Outcome.NOT_SENT: "neutral",
    Outcome.NOT_APPLIED: "neutral",
}
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
    whose = Q(organization=organization) | (Q(organization="") if entity == "organizations" else Q())
    lines = Entry.objects.filter(whose, entity=entity).exclude(kind__in=APART)
    writes = lines.filter(record=record).values_list("write", flat=True).order_by("-number")
    known = list(dict.fromkeys(writes[: 3 * most]))
    return with_outcomes(Entry.objects.filter(phase=Phase.INTENT, write__in=known)[:most])


def of_organization(organization: str, most: int = 8) -> list[Entry]:
    """The latest that was asked for here about an organization."""
    intents = Entry.objects.filter(organization=organization, phase=Phase.INTENT).exclude(kind__in=APART)
    return with_outcomes(intents[:most])


def told(entries: Iterable[Entry], zone: str, form: FieldWords | None = None) -> list[dict[str, Any]]:
    """View models for the timeline. With a form over the record, fields and values go by the words it has."""
    return [{**_told(entry, zone), **_undoing(entry), "changes": _changes(entry, form)} for entry in entries]


def told_lines(entries: Iterable[Entry], zone: str) -> list[dict[str, Any]]:
    """The lines of one write: what was asked, and what was learnt of it when."""
    return [
        {
            "number": number(entry.number),
            "when": when(entry.at, zone),
            "exact": entry.at.isoformat(),
            "who": entry.username,
            "phase": Phase(entry.phase).label,
            "outcome_label": Outcome(entry.outcome).label if entry.outcome else "",
            "pill": PILLS[Outcome(entry.outcome)] if entry.outcome else "",
            "words": entry.words,
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
        "who": entry.username,
        "roles": entry.roles,
        "what": KINDS.get(entry.kind, entry.kind),
        "entity": entry.entity,
        "record": entry.record,
        "record_name": entry.record_name or entry.record,
        "record_url": record_url(entry.entity, entry.organization, entry.record) if entry.record else "",
        "organization": entry.organization,
        "organization_name": entry.organization_name or entry.organization,
        "organization_url": record_url("organizations", entry.organization, ""),
        "outcome": entry.outcome,
        "outcome_label": Outcome(entry.outcome).label,
        "pill": PILLS[Outcome(entry.outcome)],
        "reason": entry.reason,
        "words": entry.words,
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
