"""Audit trail: every write's intent before it is sent, in a transaction of its own, and its outcome after.

The client calls a `Trail` for each write (`Flowtly(on_write=…)`), so nothing can be written past it. If the
intent cannot be kept, the exception stops the call and nothing is sent.
"""

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import DatabaseError, transaction
from django.utils import timezone

from dashboard.accounts.models import Person
from dashboard.accounts.roles import role_names
from dashboard.audit import chain
from dashboard.audit.models import Entry, Open, Outcome, Phase
from dashboard.flowtly.writes import Write

log = logging.getLogger(__name__)

MASK = "•••"
# What each later line of a write repeats from its intent.
SAME = ("roles", "operation", "organization", "organization_name", "entity", "kind", "record_name",
        "method", "path", "request_id")  # fmt: skip
ITSELF = "–"  # in the place of a user name, where nobody did it


class Organization(Protocol):
    """The organization that a page is about."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


class Request(Protocol):
    """A request of somebody who is signed in."""

    id: str
    user: Person
    method: str | None
    path: str


@dataclass
class About:
    """What the next write is about, as whoever asks for it knows it."""

    entity: str
    kind: str  # update, create, delete, or the name of an act
    record: str = ""
    record_name: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    operation: str = ""
    twins: list[str] = field(default_factory=list)
    watched: Mapping[str, Any] = field(default_factory=dict)  # what will tell of an act, as it was before
    secret: frozenset[str] = frozenset()  # fields whose values are not kept


class Trail:
    """The trail of one request: who asks, and about whose data."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.organization: Organization | None = None
        self.about: About | None = None
        self.last = ""  # the id of the last write
        self._asked: Entry | None = None  # its intent

    def __call__(self, write: Write) -> None:
        if write.phase == "intent":
            self._intent(write)
            return
        try:
            self._outcome(write)
        except DatabaseError:
            # The call has been made and its result is in hand; the row in Open stays, to be settled later.
            log.exception("The outcome of write %s could not be kept.", write.id)

    def _intent(self, write: Write) -> None:
        about = self.about or About(write.path.split("/")[1], write.method.lower())
        body = write.body or {}
        line = self._line(write, about)
        with transaction.atomic(durable=True):
            intent = chain.add(**line, phase=Phase.INTENT)
            Open.objects.create(
                write=write.id,
                at=timezone.now(),
                person=self.person,
                tenant=write.tenant or "",
                **chain.as_kept(self._whose(about)),
                sent=chain.as_kept({k: value for k, value in body.items() if k not in about.secret}),
                twins=about.twins,
                before=chain.as_kept(dict(about.watched)),
            )
        self.last, self._asked = write.id, intent

    def _line(self, write: Write, about: About) -> dict[str, Any]:
        return {
            **self._whose(about),
            **_by(self.person),
            "write": write.id,
            "operation": about.operation,
            "changes": _changes(write.body or {}, about),
            "reason": about.reason,
            "method": write.method,
            "path": write.path[:300],
            "request_id": write.request_id,
        }

    def _whose(self, about: About) -> dict[str, str]:
        whose, name = (self.organization.id, self.organization.name) if self.organization else ("", "")
        return {
            "organization": whose,
            "organization_name": name[:255],
            "entity": about.entity,
            "kind": about.kind,
            "record": about.record,
            "record_name": about.record_name[:255],
        }

    def _outcome(self, write: Write) -> None:
        outcome = Outcome.CONFLICT if write.status == 409 else Outcome(write.result or Outcome.APPLIED)
        # A complete 5xx is no promise that nothing was kept: whoever asked will look.
        doubtful = write.status is not None and write.status >= 500
        with transaction.atomic():
            followed(
                write.id,
                Phase.OUTCOME,
                Outcome.UNKNOWN if doubtful else outcome,
                status=write.status,
                milliseconds=round(write.duration * 1000) if write.duration is not None else None,
                words=write.error,
                record=_record_of(write),
                intent=self._asked if write.id == self.last else None,
            )


def put_on_record(
    request: Request | None,
    entity: str,
    kind: str,
    words: str = "",
    *,
    record: str = "",
    record_name: str = "",
    reason: str = "",
    operation: str = "",
    changes: Mapping[str, list[Any]] | None = None,
    organization: tuple[str, str] | None = None,
    outcome: Outcome = Outcome.APPLIED,
) -> None:
    """Something that was done here and asked nothing of Flowtly but reading, such as an export. `organization` is
    the id and the name of the one it is about, where the page is not of that one. Without a request it is what the
    dashboard did by itself: a request for a second person that ran out of time. `words` is a code or data, and no
    sentence: readers of another language read their own."""
    here = getattr(request, "organization", None)
    whose, name = organization or ((here.id, here.name) if here else ("", ""))
    who: dict[str, object] = {"username": ITSELF, "method": "", "path": "", "request_id": ""}
    if request is not None:
        call = {"method": request.method, "path": request.path[:300], "request_id": request.id}
        who = {**_by(request.user), **call}
    line: dict[str, Any] = {
        "write": uuid.uuid4().hex,
        "organization": whose,
        "organization_name": name[:255],
        "entity": entity,
        "kind": kind,
        "record": record,
        "record_name": record_name[:255],
        "reason": reason,
        "operation": operation,
        "words": words,
        **who,
    }
    with transaction.atomic():
        chain.add(**line, phase=Phase.INTENT, changes=dict(changes or {}))
        chain.add(**line, phase=Phase.OUTCOME, outcome=outcome)


def followed(
    write: str,
    phase: Phase,
    outcome: Outcome,
    *,
    record: str = "",
    words: str = "",
    status: int | None = None,
    milliseconds: int | None = None,
    person: Person | None = None,
    intent: Entry | None = None,
) -> Entry:
    """Adds what is known now of a write that is on record; a write whose outcome is known is open no more. `record` is
    the one that Flowtly's answer is about: that of a creation, or another than the one that was meant."""
    intent = intent or Entry.objects.filter(write=write, phase=Phase.INTENT).latest("number")
    entry = chain.add(
        write=write,
        phase=phase,
        outcome=outcome,
        person_id=person.pk if person else intent.person_id,
        username=person.username if person else intent.username,
        record=record or intent.record,
        **{name: getattr(intent, name) for name in SAME},
        words=words,
        status=status,
        milliseconds=milliseconds,
    )
    if outcome == Outcome.UNKNOWN:
        Open.objects.filter(write=write).update(answered=True)
    else:
        Open.objects.filter(write=write).delete()
    return entry


def _by(person: Person) -> dict[str, object]:
    roles = ", ".join(role_names(person))[:200]
    return {"person": person, "username": person.username, "roles": roles}


def _changes(body: Mapping[str, Any], about: About) -> dict[str, list[Any]]:
    return {
        name: [MASK, MASK] if name in about.secret else [about.before.get(name), value]
        for name, value in body.items()
    }


def _record_of(write: Write) -> str:
    """The id of the record that the answer is about."""
    answer = write.answer if isinstance(write.answer, dict) else {}
    value = answer.get("id")
    return str(value)[:200] if isinstance(value, str | int) and not isinstance(value, bool) else ""
