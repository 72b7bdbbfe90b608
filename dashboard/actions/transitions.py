"""Transitions of an action from one state into another.

Of requests for the same action only one may wait, be under way or have an unknown outcome. A look beforehand would be a
race: a unique constraint of the table keeps the second one out, and the move is the attempt.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import Error as DatabaseError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.actions import draft, outcome
from dashboard.actions.kinds import KINDS
from dashboard.actions.models import REPEATED, Act, State
from dashboard.audit import chain
from dashboard.audit.models import Entry
from dashboard.audit.trail import put_on_record
from dashboard.forms.record import FlowtlyForm
from dashboard.web.coded_text import CodedText, coded
from dashboard.web.error_messages import Problem, our_database
from dashboard.web.request import StaffRequest

log = logging.getLogger(__name__)

UNDECIDED = Q(state=State.WAITING) | Q(state=State.SENT, outcome__in=outcome.NOT_KNOWN)


class Twin(Exception):  # noqa: N818 - what happened, not a mistake
    """Another request for the same action, which has to end first."""

    def __init__(self, act: Act) -> None:
        self.act = act


def move(act: Act, before: State, fields: Mapping[str, object]) -> bool:
    """From one state into another; False if it is in that state no more. Raises Twin."""
    for last in (False, True):
        try:
            with transaction.atomic():
                found = Act.objects.filter(pk=act.pk, state=before)
                if before == State.WAITING and fields["state"] != State.EXPIRED:
                    found = found.filter(expires_at__gt=timezone.now())
                moved = bool(found.update(**fields))
                # One whose outcome is not known was under way before, so it is seen here or has stood in the way.
                if moved and fields["state"] in (State.WAITING, State.SENT) and (other := twin(act)):
                    raise Twin(other)
                return moved
        except IntegrityError:
            if other := twin(act):
                raise Twin(other) from None
            if last:
                raise
    raise AssertionError


def move_on_record(
    act: Act,
    before: State,
    fields: Mapping[str, object],
    request: StaffRequest | None,
    what: str,
    *,
    reason: str = "",
    changes: Mapping[str, list[str]] | None = None,
) -> bool:
    """The same with its line in the trail, both or neither."""
    with transaction.atomic():
        moved = move(act, before, fields)
        if moved:
            _put_on_record(act, request, what, reason, changes or {})
    act.refresh_from_db()
    return moved


def _put_on_record(
    act: Act, request: StaffRequest | None, what: str, reason: str, changes: Mapping[str, list[str]]
) -> None:
    put_on_record(
        request,
        KINDS[act.kind].entity,
        what,
        act.kind,
        operation=act.pk,
        changes={**({"code": ["", act.code]} if act.code else {}), **changes},
        record=act.record or act.kind,
        record_name=act.record_name,
        reason=reason,
        organization=(act.organization, act.organization_name),
    )


def expire_due() -> int:
    """Ends what has waited too long. By whoever looks at it, and by `reconcile`."""
    due = Act.objects.filter(state=State.WAITING, expires_at__lte=timezone.now())
    ended = {"state": State.EXPIRED, "decided_at": timezone.now()}
    return sum(move_on_record(act, State.WAITING, ended, None, "request-expired") for act in due)


# --- twins ---


def record_repeated() -> int:
    """Puts on record which requests a migration has made void: it could not add to a sealed log. Each once, by
    `reconcile`."""
    void = Act.objects.filter(state=State.VOID, words=REPEATED)
    with transaction.atomic():
        chain.queue()
        told = Entry.objects.filter(kind="request-expired", operation__in=[act.pk for act in void])
        lacking = void.exclude(pk__in=list(told.values_list("operation", flat=True)))
        for act in lacking:
            _put_on_record(act, None, "request-expired", REPEATED, {})
    return len(lacking)


def twin(act: Act) -> Act | None:
    """The other request for the same action, as the constraint has it, that has not ended by now."""
    same = {"code": act.code} if KINDS[act.kind].has_code else {"record": act.record}
    found = undecided(kind=act.kind, organization=act.organization, **same)
    return next((each for each in found if each.pk != act.pk), None)


def undecided(**same: object) -> Iterator[Act]:
    """Those of one kind that wait, are under way or have an unknown outcome."""
    expire_due()
    found = Act.objects.filter(UNDECIDED, **same).select_related("person").order_by("made_at")
    for act in found:
        if act.state == State.WAITING or outcome.read(act).outcome in outcome.NOT_KNOWN:
            yield act


def told(act: Act, zone: str) -> dict[str, str]:
    """A twin in words, with the page that it is on."""
    text = _text(act, zone)
    if act.state == State.WAITING:
        return {"text": text, "url": draft.request_url(act), "label": _("Open request")}
    return {"text": text, "url": draft.url(act, "proof"), "label": _("View receipt")}


@contextmanager
def said_on(form: FlowtlyForm) -> Iterator[None]:
    """What keeps an action from moving is what its form says: a twin of it, or our own database."""
    try:
        yield
    except Twin as twin:
        text = _text(twin.act, form.request.user.time_zone)
        form.stop(Problem(coded("twin.title"), text, 409, "not-sent"))
    except DatabaseError:
        log.exception("An action could not be kept.")
        form.stop(our_database())


def _text(act: Act, zone: str) -> CodedText:
    state = "waiting" if act.state == State.WAITING else "sending" if outcome.under_way(act) else "unknown"
    at = act.sent_at or act.asked_at or act.made_at
    return coded(f"twin.{state}", person=str(act.person), when=at.isoformat(), zone=zone)
