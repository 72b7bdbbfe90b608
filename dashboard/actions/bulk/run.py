"""Sending a batch: one row after the other, by whoever asks for the next. There is nobody else who would.

    ready → sending → done (its act tells), stopped (nothing was sent), or ready again (it never left)

A row is claimed before anything is asked about it, and its act is claimed once more before it is sent. A row whose
process died stays claimed: it is shown as what its lines in the trail tell, and nobody sends it again by itself.
"""

import logging
import time
import uuid
from copy import copy
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Max
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.actions import observation, second_person, submit
from dashboard.actions.bulk import rehearsal
from dashboard.actions.bulk.models import Batch, Row, RowState
from dashboard.actions.forms import ActForm
from dashboard.actions.kinds import APPLY
from dashboard.actions.models import Act, State
from dashboard.audit.locks import Taken, saving
from dashboard.audit.models import Outcome
from dashboard.audit.trail import Trail
from dashboard.flowtly import errors
from dashboard.tables import table
from dashboard.upstream import connection
from dashboard.web import error_messages
from dashboard.web.formatting import label
from dashboard.web.request import OpenOrganization, StaffRequest

log = logging.getLogger(__name__)

A_WHILE = 5.0  # seconds that one request goes on with further rows, where nobody's script asks for the next
LATELY = timedelta(minutes=2)


class RowForm(ActForm):
    """The confirmation of a row: it was given for all of them at once."""

    def _recognize(self, data: QueryDict) -> None:
        self.operation = self.asked.id


def go_on(request: StaffRequest, batch: Batch, seconds: float = 0.0) -> bool:
    """Sends the next row, and more while there are `seconds` left. False: another request is at it just now."""
    ends = time.monotonic() + seconds
    try:
        with saving(f"batches/{batch.pk}", 0.0):
            while row := _next(batch):
                _send(request, batch, row)
                if time.monotonic() > ends:
                    break
    except Taken:
        return False
    return True


def left(person: Any) -> int:
    """How many more this person may send in this hour; where a second person is asked, nothing is sent yet."""
    if APPLY.needs_second:
        return int(settings.COUPONS_AT_ONCE)
    sent = submit.of_the_hour(person.pk)
    return max(0, int(settings.MONEY_ACTS_PER_HOUR) - sent.count())


def stale(row: Row) -> bool:
    """Whether whoever claimed it cannot be at it any more."""
    longest = timedelta(seconds=settings.PAGE_WRITE_TIMEOUT)
    return (
        row.state == RowState.SENDING
        and row.claimed_at is not None
        and timezone.now() - row.claimed_at > longest
    )


def lately(batch: Batch) -> bool:
    """Whether somebody still has its page open, as far as that can be told. Whoever opens it later says so first:
    nothing is sent because a page was looked at."""
    claimed = batch.rows.aggregate(last=Max("claimed_at"))["last"]
    last = max(filter(None, [batch.confirmed_at, claimed, batch.resumed_at]), default=None)
    return last is not None and timezone.now() - last < LATELY


def _next(batch: Batch) -> Row | None:
    """The next row, claimed for whoever asks first. What was tried before comes last."""
    batch.refresh_from_db()
    if batch.paused or batch.confirmed_at is None:
        return None
    order = F("claimed_at").asc(nulls_first=True)
    row = batch.rows.filter(state=RowState.READY).order_by(order, "place").first()
    if row is None:
        return None
    if not left(batch.person):
        text = _("%(n)d of these may be sent by one person in an hour. The rest stays as it is: go on later.")
        pause(batch, text % {"n": settings.MONEY_ACTS_PER_HOUR})
        return None
    now = timezone.now()
    if not Row.objects.filter(pk=row.pk, state=RowState.READY).update(
        state=RowState.SENDING, claimed_at=now, words=""
    ):
        return None
    row.refresh_from_db()
    return row


def _send(request: StaffRequest, batch: Batch, row: Row) -> None:
    try:
        _try(within(request, row.organization), batch, row)
    except errors.FlowtlyError as error:
        _put_back(batch, row, error_messages.before_writing(error, "/").text)
    except Exception:
        # It stays claimed: what its lines in the trail tell is all that is known of it.
        log.exception("A row of a batch ended in a mistake of our own.")
        pause(batch, _("The fault is in the dashboard, and it has been logged."))


def within(request: StaffRequest, organization: str) -> StaffRequest:
    """The same request, as one of this organization's pages has it."""
    inner: Any = copy(request)
    inner.POST = QueryDict()
    record = connection.organization(request.flowtly, organization)
    inner.organization = OpenOrganization.of(record, organization)
    inner.trail = Trail(request.user)
    inner.trail.organization = inner.organization
    api = connection.flowtly(request.id, inner.trail)
    inner.flowtly = api.within(request.flowtly.organizations.tenant(organization))
    return inner  # type: ignore[no-any-return]


def _try(request: StaffRequest, batch: Batch, row: Row) -> None:
    look = observation.read(request, APPLY, acting=True)
    if words := _in_the_way(row, look):
        _stop(row, words)
        return
    if error := look.organization.error or look.subscription.error:
        raise error
    if look.whose.unsure:
        _put_back(batch, row, look.whose.unsure.text)
        return
    act = _act_of(batch, row, look)
    form = RowForm(request, look.subscription.value, asked=act, whose=look.whose)
    (second_person.ask if APPLY.needs_second else submit.send)(request, act, form)
    table.forget(row.organization)
    _conclude(batch, row, act, form)


def _in_the_way(row: Row, look: observation.Look) -> str:
    """What speaks against sending this one at all; "" if nothing does, or it cannot be told."""
    if look.whose.unsure:
        return look.whose.unsure.text if look.whose.other else ""
    if look.organization.error or look.subscription.error:
        return ""
    if rehearsal.digest(look) != row.seen:
        return _("It is not any more what the rehearsal showed. Look at it again.")
    if look.whose.word:
        return _(
            "Nothing that Flowtly gives names this organization, so its slug has to be typed. Apply it by itself."
        )
    return ""


def _act_of(batch: Batch, row: Row, look: observation.Look) -> Act:
    """The act of this row and this try; whoever makes it twice has the same one."""
    subscription: Any = look.subscription.value
    act, _new = Act.objects.get_or_create(
        pk=uuid.uuid5(uuid.NAMESPACE_OID, f"{batch.pk} {row.place} {row.tries}").hex,
        defaults={
            "kind": APPLY.id,
            "person": batch.person,
            "organization": row.organization,
            "organization_name": row.name,
            "record": subscription.id[:200],
            "record_name": label(subscription.type)[:255] if subscription.type else "",
            "code": batch.code,
            "reason": batch.reason,
            "note": batch.note,
        },
    )
    Row.objects.filter(pk=row.pk).update(act=act)
    return act


def _conclude(batch: Batch, row: Row, act: Act, form: RowForm) -> None:
    act.refresh_from_db()
    if act.state == State.SENT and act.outcome == Outcome.NOT_SENT:
        _put_back(batch, row, act.words, tries=row.tries + 1)
    elif act.state != State.DRAFT:
        Row.objects.filter(pk=row.pk, state=RowState.SENDING).update(state=RowState.DONE)
    elif form.errors or (form.problem and form.problem.status == 409):
        said = [one["text"] for one in form.summary]
        _stop(row, " ".join(said or [form.problem.text if form.problem else ""]))
    else:
        _put_back(batch, row, form.problem.text if form.problem else "")


def _stop(row: Row, words: str) -> None:
    """Nothing is sent for this one; the others go on."""
    Row.objects.filter(pk=row.pk, state=RowState.SENDING).update(state=RowState.STOPPED, words=words)


def _put_back(batch: Batch, row: Row, words: str, **more: Any) -> None:
    """It never left. What keeps one from leaving mostly keeps the next: somebody says when to go on."""
    Row.objects.filter(pk=row.pk, state=RowState.SENDING).update(state=RowState.READY, words=words, **more)
    pause(batch, words)


def pause(batch: Batch, words: str = "") -> None:
    Batch.objects.filter(pk=batch.pk).update(paused=True, words=words)


def resume(batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(paused=False, words="", resumed_at=timezone.now())
