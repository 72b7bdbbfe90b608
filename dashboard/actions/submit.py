"""Sending an act: to the right organization, once, on record before it leaves, and with what came of it kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.accounts.models import Person
from dashboard.actions import outcome
from dashboard.actions.forms import ActForm
from dashboard.actions.kinds import KINDS
from dashboard.actions.models import Act, State
from dashboard.audit.models import Operation, Outcome
from dashboard.flowtly import errors
from dashboard.flowtly.resources.records import Record
from dashboard.forms import saving
from dashboard.forms.results import Saved, Seen
from dashboard.web import error_messages
from dashboard.web.request import StaffRequest

AN_HOUR = timedelta(hours=1)


def send(
    request: StaffRequest, act: Act, form: ActForm, agreed: Callable[[], bool] | None = None
) -> Saved[Any] | None:
    """Sends it, if `form` was posted and everything about it is as it was shown. None: the form says why not.

    Whatever form sends it and however often, it is sent once: who comes second is told what the first was told.
    `request` is of the act's organization. `agreed` puts a second person's word on record, right before the call
    and after every check; where policy wants one, nothing is sent without it. False: somebody else has decided.
    """
    if not form.ready():
        return None
    if agreed is None and KINDS[act.kind].needs_second:
        form.stop(needs_second())
        return None
    if form.record is not None and saving.has_changed(form.base, form.record):
        form.show_changed(form.record)
        return None
    if not _within_limit(act):
        form.stop(too_many())
        return None
    if agreed is not None and not agreed():
        Act.objects.filter(pk=act.pk).exclude(state=State.SENT).update(sent_at=None)
        return None
    attempt = _Attempt(request, act, form)
    read = attempt.read if form.record is not None else None
    result = form.act(act.kind, attempt.call, attempt.look, read=read, watched=outcome.watched)
    saved = result if isinstance(result, Saved) else None
    _keep(act, form, saved, attempt)
    return saved


class _Attempt:
    """The one call of an act, and what it showed. Only who has claimed the act makes it."""

    def __init__(self, request: StaffRequest, act: Act, form: ActForm) -> None:
        self.request, self.asked, self.form = request, act, form
        self.kind = KINDS[act.kind]
        self.before: Any = None
        self.last: Any = None  # as it was read last
        self.answer: dict[str, Any] | None = None
        self.made = False

    def read(self) -> Any:
        self.last = self.kind.read(self.request.flowtly, self.form.record.id)
        self.before = self.before or self.last
        return self.last

    def call(self) -> Any:
        Act.objects.filter(pk=self.asked.pk).update(state=State.SENT, sent_at=timezone.now())
        self.made = True
        try:
            answer = self.kind.call(self.request.flowtly, self.asked)
        except errors.FlowtlyError as error:
            self.answer = refusal(error)
            raise
        self.answer = dict(answer.raw) if isinstance(answer, Record) else None
        return answer

    def look(self) -> Seen:
        if self.before is None:
            return Seen(Outcome.UNKNOWN)
        before, now = self.before, self.read()
        return Seen(self.kind.told(before.raw, now.raw, self.asked.code), now)


def refusal(error: errors.FlowtlyError) -> dict[str, Any] | None:
    """What the server said, for the receipt; None where it said nothing."""
    said = {
        "status": error.status,
        "detail": error.detail,
        "violations": [{"propertyPath": each.path, "message": each.message} for each in error.violations],
    }
    kept = {name: value for name, value in said.items() if value}
    return kept or None


def _within_limit(act: Act) -> bool:
    """Counts this one among those of the last hour, if there is room for it. One after the other, so that two at
    once do not both take the last place."""
    now = timezone.now()
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=act.person_id)
        others = of_the_hour(act.person_id).exclude(pk=act.pk)
        if others.count() >= settings.MONEY_ACTS_PER_HOUR:
            return False
        Act.objects.filter(pk=act.pk, sent_at=None).update(sent_at=now)
    return True


def of_the_hour(person_id: int) -> QuerySet[Act]:
    """What somebody has sent in the last hour. What never left takes up no place."""
    lately = Act.objects.filter(person=person_id, sent_at__gt=timezone.now() - AN_HOUR)
    return lately.exclude(outcome=Outcome.NOT_SENT)


def too_many() -> error_messages.Problem:
    text = _("%(n)d of them may be sent by one person in an hour. Nothing is lost: send this one later.")
    title = _("Nothing was sent: that is enough for one hour")
    return error_messages.Problem(title, text % {"n": settings.MONEY_ACTS_PER_HOUR}, 429, "not-sent")


def needs_second() -> error_messages.Problem:
    text = _("Another person has to agree first: ask for that.")
    return error_messages.Problem(_("Nothing was sent: this takes two people"), text, 403, "not-sent")


def _keep(act: Act, form: ActForm, saved: Saved[Any] | None, attempt: _Attempt) -> None:
    """What came of it, for the receipt. What is known already is not made unknown by who came second."""
    if saved is None and not Operation.objects.filter(pk=act.pk).exists():
        return  # our own database failed before it was claimed: it may be tried again
    kept: dict[str, Any] = {"state": State.SENT, **_outcome(form, saved)}
    if attempt.made:
        kept["write"] = form.request.trail.last
    if attempt.made or attempt.before is not None:
        kept["answer"] = attempt.answer
        kept["before"] = dict(attempt.before.raw) if attempt.before is not None else None
        kept["after"] = _after(attempt, saved)
    Act.objects.filter(Q(outcome="") | Q(outcome=Outcome.UNKNOWN), pk=act.pk).update(**kept)
    act.refresh_from_db()


def _after(attempt: _Attempt, saved: Saved[Any] | None) -> dict[str, Any] | None:
    if saved is not None:
        return dict(saved.after) if saved.after is not None else None
    seen_since = attempt.made and attempt.last is not attempt.before and attempt.last is not None
    return dict(attempt.last.raw) if seen_since else None


def _outcome(form: ActForm, saved: Saved[Any] | None) -> dict[str, Any]:
    if saved is not None:
        visible = saved.visible if saved.after is not None else None
        return {"outcome": saved.outcome, "visible": visible, "words": ""}
    problem = form.problem
    outcome = problem.outcome if problem and problem.outcome else Outcome.UNKNOWN
    return {"outcome": outcome, "words": _words(form)}


def _words(form: ActForm) -> str:
    said = [one["text"] for one in form.summary]
    return "\n".join(said or ([form.problem.text] if form.problem else []))
