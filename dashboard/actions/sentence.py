"""Sentence of an action: which row of the table of outcomes it has come to, on whatever page it is told."""

from collections.abc import Collection
from dataclasses import replace

from dashboard.actions import draft, evidence, outcome
from dashboard.actions.kinds import KINDS
from dashboard.actions.models import REPEATED, Act, State
from dashboard.audit import sentences
from dashboard.audit.models import Entry, Outcome
from dashboard.audit.sentences import Sentence
from dashboard.entities.subscriptions.money import day

REQUESTS = ("request", "approve", "decline", "withdraw", "request-expired", "request-void")
ENDED = {"declined", "withdrawn", "expired", "void", "repeated"}  # without being sent
# It is known that nothing was done.
NOTHING_DONE = {"refused", "conflict", "changed", "not-applied", "not-sent", *ENDED}
# Accepted by Flowtly, without its record showing it.
UNSEEN = {"nothing-shows", "shows-otherwise", "not-read", "elsewhere"}


def of_act(act: Act, zone: str) -> Sentence:
    told = sentences.sentence(act.kind, status(act), _values(act, zone))
    url = draft.url(act, "proof") if act.state == State.SENT else draft.request_url(act)
    return replace(told, url=url)


def status(act: Act) -> str:
    """Its row in the table."""
    if act.state != State.SENT:
        return "repeated" if act.state == State.VOID and act.words == REPEATED else str(act.state)
    if outcome.under_way(act):
        return "sending"
    if act.outcome == Outcome.CONFLICT and not act.write:
        return "changed"  # seen by us, before anything was sent
    return _accepted(act) if act.outcome == Outcome.APPLIED else act.outcome or Outcome.UNKNOWN.value


def _accepted(act: Act) -> str:
    found = evidence.read(act)
    if found.shown and found.ending.is_set:
        return "later" if found.ending.day else "later-unsaid"
    if found.shown or act.words:  # somebody, or a later look, has settled it
        return "applied"
    if found.elsewhere:
        return "elsewhere"
    if not found.told:
        return "not-read"
    return "shows-otherwise" if found.changed else "nothing-shows"


def _values(act: Act, zone: str) -> dict[str, str]:
    found = evidence.read(act)
    return {
        "person": str(act.person),
        "organization": act.organization_name or act.organization,
        "record": act.record_name or act.record,
        "code": act.code,
        "decider": str(act.decided_by or ""),
        "other": found.record,
        "day": day(found.ending.day, zone)["text"] if found.ending.day else "",
    }


def of_entries(entries: Collection[Entry], zone: str) -> dict[str, Sentence]:
    """What the actions know of their lines in the trail: whether it showed, and where the receipt is."""
    about = [entry for entry in entries if entry.operation and entry.kind in {*KINDS, *REQUESTS}]
    if not about:
        return {}
    people = ("person", "decided_by")
    acts = Act.objects.select_related(*people).in_bulk([entry.operation for entry in about])
    found = {}
    for entry in about:
        if act := acts.get(entry.operation):
            if entry.kind == act.kind:
                found[entry.write] = of_act(outcome.read(act), zone)
            else:
                found[entry.write] = replace(sentences.of_entry(entry), url=draft.request_url(act))
    return found
