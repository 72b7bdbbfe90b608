"""Submit an action: to the right organization, once, on record before it leaves, and with what came of it kept."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from dashboard.accounts.models import Person
from dashboard.actions import evidence, problems
from dashboard.actions.forms import ActForm
from dashboard.actions.models import Act, State
from dashboard.actions.transitions import move, said_on
from dashboard.audit.models import Operation, Outcome
from dashboard.flowtly import errors
from dashboard.flowtly.resources.records import Record
from dashboard.forms import saving
from dashboard.forms.results import Saved, Seen
from dashboard.web.coded_text import coded, kept
from dashboard.web.request import StaffRequest

AN_HOUR = timedelta(hours=1)


def send(
    request: StaffRequest, act: Act, form: ActForm, agreed: Callable[[], bool] | None = None
) -> Saved[Any] | None:
    """Sends it, if `form` was posted and everything about it is as it was shown. None: the form says why not.

    Whatever form sends it and however often, it is sent once: who comes second is told what the first was told.
    `request` is of the action's organization. `agreed` puts a second person's word on record, right before the call
    and after every check; where policy wants one, nothing is sent without it. False: somebody else has decided.
    """
    if not form.ready():
        return None
    if agreed is None and form.kind.needs_second:
        form.stop(problems.needs_second())
        return None
    if form.record is not None and saving.has_changed(form.base, form.record):
        form.show_changed(form.record)
        return None
    with said_on(form):
        if not _within_limit(act, begins=agreed is None):
            form.stop(problems.too_many())
    if form.problem is not None:
        return None
    if agreed is not None and not agreed():
        Act.objects.filter(pk=act.pk).exclude(state=State.SENT).update(sent_at=None)
        return None
    submission = Submission(request, act, form)
    read = submission.read if form.record is not None else None
    result = form.act(act.kind, submission.call, submission.look, read=read, watched=form.kind.watch)
    saved = result if isinstance(result, Saved) else None
    submission.keep(saved)
    return saved


class Submission:
    """The one call of an action, and what it showed. Only who has claimed the action makes it."""

    def __init__(self, request: StaffRequest, act: Act, form: ActForm) -> None:
        self.request, self.asked, self.form = request, act, form
        self.before: Record | None = None
        self.last: Record | None = None  # as it was read last
        self.answer: dict[str, Any] | None = None
        self.made = False

    def read(self) -> Record:
        self.last = self.form.kind.read(self.request.flowtly, self.form.record.id)
        self.before = self.before or self.last
        return self.last

    def call(self) -> Record:
        self.made = True
        try:
            answer = self.form.kind.call(self.request.flowtly, self.asked)
        except errors.FlowtlyError as error:
            self.answer = _refusal(error)
            raise
        self.answer = dict(answer.raw)
        return answer

    def look(self) -> Seen:
        if self.before is None:
            return Seen(Outcome.UNKNOWN)
        api, record_id = self.request.flowtly, self.form.record.id
        found, self.last = self.form.kind.look(api, record_id, self.before.raw, self.asked.code)
        return Seen(found, self.last)

    def keep(self, saved: Saved[Any] | None) -> None:
        """What came of it, for the receipt. What is known already is not made unknown by who came second."""
        if saved is None and not Operation.objects.filter(pk=self.asked.pk).exists():
            # Our own database failed before it was claimed: it may be tried again.
            undecided = Act.objects.filter(pk=self.asked.pk, state=State.SENT, decided_by=None)
            undecided.update(state=State.DRAFT, sent_at=None)
            return
        after = self.last if self.made and self.last is not self.before else None
        fields: dict[str, Any] = {"state": State.SENT, **self._outcome(saved)}
        if self.made:
            fields["write"] = self.request.trail.last
        if self.made or self.before is not None:
            fields["answer"] = self.answer
            fields["before"] = dict(self.before.raw) if self.before is not None else None
            fields["after"] = dict(after.raw) if after is not None else None
            fields["visible"] = self._visible(fields) if saved is not None else None
        unknown = Q(outcome="") | Q(outcome=Outcome.UNKNOWN)
        Act.objects.filter(unknown, pk=self.asked.pk).update(**fields)
        self.asked.refresh_from_db()

    def _visible(self, fields: Mapping[str, Any]) -> bool | None:
        """Whether anything that came back shows it; None where nothing did."""
        for name, value in fields.items():
            setattr(self.asked, name, value)
        found = evidence.read(self.asked)
        return found.shown if found.told else None

    def _outcome(self, saved: Saved[Any] | None) -> dict[str, str]:
        if saved is not None:
            return {"outcome": saved.outcome, "words": ""}
        problem = self.form.problem
        words = problem.text if problem else ""
        if self.answer and self.answer.get("violations"):
            words = coded("flowtly-said", words="\n".join(one["text"] for one in self.form.summary))
        outcome = problem.outcome if problem and problem.outcome else Outcome.UNKNOWN
        return {"outcome": outcome, "words": kept(words)}


def _refusal(error: errors.FlowtlyError) -> dict[str, Any] | None:
    """What the server said, for the receipt; None where it said nothing."""
    said = {
        "status": error.status,
        "detail": error.detail,
        "violations": [{"propertyPath": each.path, "message": each.message} for each in error.violations],
    }
    return {name: value for name, value in said.items() if value} or None


def _within_limit(act: Act, *, begins: bool) -> bool:
    """Counts this one among those of the last hour, if there is room for it. One after the other, so that two at
    once do not both take the last place. One that no second person decides about is under way from here on."""
    now = timezone.now()
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=act.person_id)
        others = sent_within_an_hour(act.person_id).exclude(pk=act.pk)
        if others.count() >= settings.MONEY_ACTS_PER_HOUR:
            return False
        Act.objects.filter(pk=act.pk, sent_at=None).update(sent_at=now)
        if begins:
            move(act, State.DRAFT, {"state": State.SENT, "sent_at": now})
    return True


def sent_within_an_hour(person_id: int) -> QuerySet[Act]:
    """What somebody has sent lately. What never left takes up no place."""
    lately = Act.objects.filter(person=person_id, sent_at__gt=timezone.now() - AN_HOUR)
    return lately.exclude(outcome=Outcome.NOT_SENT)
