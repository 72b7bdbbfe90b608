"""Outcome of an action that was sent: as the trail has it, and, while that does not know, by looking again."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from dashboard.actions.kinds import KINDS
from dashboard.actions.models import Act, State
from dashboard.audit import open_writes, outcomes, reconciling
from dashboard.audit.chain import as_kept
from dashboard.audit.models import Entry, Known, Open, Outcome
from dashboard.storage.database import spare
from dashboard.web.request import StaffRequest

NOT_KNOWN = ("", Outcome.UNKNOWN)


def under_way(act: Act) -> bool:
    """Whether whoever sent it may still be waiting for the answer."""
    if act.outcome or act.sent_at is None:
        return False
    return timezone.now() - act.sent_at < timedelta(seconds=settings.PAGE_WRITE_TIMEOUT)


def unresolved_write(act: Act) -> Open | None:
    """The write of it that nobody has settled yet."""
    return Open.objects.filter(pk=act.write).first() if act.write else None


def read(act: Act) -> Act:
    """Takes over what the trail has learnt since: by a command, by a person, or that nothing ever left."""
    if act.state != State.SENT or act.outcome not in NOT_KNOWN or under_way(act):
        return act
    numbers = Known.objects.filter(operation=act.pk, kind=act.kind).values_list("number", flat=True)
    intent = Entry.objects.filter(number__in=list(numbers)).first()
    if intent is None:
        return act if act.outcome else _learn(act, outcome=Outcome.NOT_SENT, words="never-left")
    (told,) = outcomes.with_outcomes([intent])
    if told.outcome == act.outcome and act.write:
        return act
    words = told.words if told.outcome != Outcome.UNKNOWN else act.words
    return _learn(act, outcome=told.outcome, words=words, write=intent.write)


def look_again(request: StaffRequest, act: Act) -> Act:
    """Reads the record once more, if it could tell. FlowtlyError if it cannot be read."""
    open_ = unresolved_write(act)
    if open_ is not None and not open_writes.under_way(open_) and reconciling.can_look(open_):
        outcome = reconciling.look(request.flowtly, open_)
        if outcome == Outcome.UNKNOWN:
            return act
        if outcome == Outcome.APPLIED:
            after = KINDS[act.kind].read(request.flowtly, act.record).raw
            _learn(act, visible=True, after=as_kept(dict(after)))
    return read(act)


def _learn(act: Act, **fields: object) -> Act:
    with spare("What became of an action"):
        Act.objects.filter(pk=act.pk, outcome__in=NOT_KNOWN).update(**fields)
        act.refresh_from_db()
        return act
    for name, value in fields.items():
        setattr(act, name, value)
    return act


def can_tell(act: Act) -> bool:
    """Whether looking again may ever answer it."""
    open_ = unresolved_write(act)
    return open_ is not None and reconciling.can_look(open_)
