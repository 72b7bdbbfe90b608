"""Run of a batch: one row after the other, by whoever asks for the next. There is nobody else who would.

    ready → sending → done (its action tells), stopped (nothing was sent), or ready again (it never left)

A row is claimed before anything is asked about it, and its action is claimed once more before it is sent. A row whose
process died stays claimed: it is shown as what its lines in the trail tell, and nobody sends it again by itself.
"""

import logging
import time
import uuid
from copy import copy

from django.conf import settings
from django.db.models import F
from django.http import QueryDict
from django.utils import timezone

from dashboard.accounts.models import Person
from dashboard.actions import observation, submit
from dashboard.actions.approvals import requests
from dashboard.actions.bulk import preview
from dashboard.actions.bulk.models import Batch, Row, RowState
from dashboard.actions.forms import ActForm
from dashboard.actions.kinds import APPLY_COUPON
from dashboard.actions.models import Act, State
from dashboard.audit.locks import Taken, saving
from dashboard.audit.models import Outcome
from dashboard.audit.trail import Trail
from dashboard.flowtly import errors
from dashboard.flowtly.resources.records import Record
from dashboard.flowtly.resources.subscriptions import Subscription
from dashboard.forms.tenant_check import Whose
from dashboard.upstream import connection, list_cache, tenant_check
from dashboard.web import error_messages
from dashboard.web.coded_text import coded
from dashboard.web.request import OpenOrganization, StaffRequest

log = logging.getLogger(__name__)

A_WHILE = 5.0  # seconds that one request goes on with further rows, where nobody's script asks for the next


class RowForm(ActForm):
    """The confirmation of a row: it was given for all of them at once."""

    def __init__(self, request: StaffRequest, record: Record | None, *, asked: Act, whose: Whose) -> None:
        super().__init__(request, record, asked=asked, whose=whose)
        self.operation = asked.id


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


def left(person: Person) -> int:
    """How many more this person may send in this hour; where a second person is asked, nothing is sent yet."""
    if APPLY_COUPON.needs_second:
        return int(settings.COUPONS_AT_ONCE)
    return max(0, int(settings.MONEY_ACTS_PER_HOUR) - submit.sent_within_an_hour(person.pk).count())


def _next(batch: Batch) -> Row | None:
    """The next row, claimed for whoever asks first. What was tried before comes last."""
    batch.refresh_from_db()
    if batch.paused or batch.confirmed_at is None:
        return None
    ready = batch.rows.filter(state=RowState.READY)
    row = ready.order_by(F("claimed_at").asc(nulls_first=True), "place").first()
    if row is None:
        return None
    if not left(batch.person):
        batch.pause(coded("list.hour", n=settings.MONEY_ACTS_PER_HOUR))
        return None
    if not ready.filter(pk=row.pk).update(state=RowState.SENDING, claimed_at=timezone.now(), words=""):
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
        batch.pause(coded("list.mistake"))


def within(request: StaffRequest, organization: str) -> StaffRequest:
    """The same request, as one of this organization's pages has it."""
    inner = copy(request)
    inner.POST = QueryDict()  # nothing of the list's own form
    record = connection.organization(request.flowtly, organization)
    inner.organization = OpenOrganization.of(record, organization)
    inner.trail = Trail(request.user)
    inner.trail.organization = inner.organization
    api = connection.flowtly(request.id, inner.trail)
    inner.flowtly = tenant_check.within(api, organization)
    return inner


def _try(request: StaffRequest, batch: Batch, row: Row) -> None:
    look = observation.read(request, APPLY_COUPON, acting=True)
    if words := _in_the_way(row, look):
        row.end(RowState.STOPPED, words=words)
        return
    look.organization.get()
    subscription: Subscription = look.record.get()
    act = _act_of(batch, row, subscription)
    form = RowForm(request, subscription, asked=act, whose=look.whose)
    (requests.ask if APPLY_COUPON.needs_second else submit.send)(request, act, form)
    list_cache.forget(row.organization)
    _conclude(batch, row, act, form)


def _in_the_way(row: Row, look: observation.Look) -> str:
    """What speaks against sending this one at all; "" if nothing does, or it cannot be told."""
    if look.whose.unsure:
        return look.whose.unsure.text if look.whose.other else ""
    if look.organization.error or look.record.error:
        return ""
    if preview.digest(look) != row.seen:
        return coded("list.changed")
    return coded("list.slug") if look.whose.word else ""


def _act_of(batch: Batch, row: Row, subscription: Subscription) -> Act:
    """The action of this row and this try; whoever makes it twice has the same one."""
    act, _new = Act.objects.get_or_create(
        pk=uuid.uuid5(uuid.NAMESPACE_OID, f"{batch.pk} {row.place} {row.tries}").hex,
        defaults={
            "kind": APPLY_COUPON.id,
            "person": batch.person,
            "organization": row.organization,
            "organization_name": row.name,
            "record": subscription.id[:200],
            "record_name": APPLY_COUPON.name_of(subscription)[:255],
            "code": batch.code,
            "reason": batch.reason,
            "note": batch.note,
        },
    )
    Row.objects.filter(pk=row.pk).update(act=act)
    return act


def _conclude(batch: Batch, row: Row, act: Act, form: RowForm) -> None:
    act.refresh_from_db()
    problem = form.problem.text if form.problem else ""
    if act.state == State.SENT and act.outcome == Outcome.NOT_SENT:
        _put_back(batch, row, act.words, tries=row.tries + 1)
    elif act.state != State.DRAFT:
        row.end(RowState.DONE)
    elif form.errors or (form.problem and form.problem.status == 409):
        row.end(RowState.STOPPED, words=" ".join(one["text"] for one in form.summary) or problem)
    else:
        _put_back(batch, row, problem)


def _put_back(batch: Batch, row: Row, words: str, **more: int) -> None:
    """It never left. What keeps one from leaving mostly keeps the next: somebody says when to go on."""
    row.end(RowState.READY, words=words, **more)
    batch.pause(words)
