"""Error messages for the person who was waiting: what did not happen, what was not changed, and what to do now."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from dashboard.flowtly import errors
from dashboard.storage.database import Trouble
from dashboard.upstream import outage
from dashboard.web import error_words
from dashboard.web.coded_text import TEXTS, coded, drawn, kept

# What became of a write → the status of the page that says so.
STATUS = {"not-sent": 503, "refused": 422, "conflict": 409, "not-applied": 502, "unknown": 502}

NOTHING_SENT = _("Nothing was sent")
NOT_KNOWN = _("We do not know whether this was saved")
# Code → text; the title of the same has ".title" after it.
TEXTS |= {
    # Of the API.
    "not-sent.title": NOTHING_SENT,
    "not-sent": _(
        "%(reason)s Flowtly was not asked to change anything. What you typed is still here: try again."
    ),
    "not-allowed.title": _("Not done: Flowtly does not allow it in the current state"),
    "not-allowed": _("Flowtly says that this record cannot be changed as it is now: %(words)s"),
    "refused.title": _("Not saved"),
    "not-taken": _("Flowtly does not take this value: %(words)s"),
    "unknown.title": NOT_KNOWN,
    "unknown": _("%(reason)s %(found)s Do not send it again before that is settled. What you typed is still here."),
    "found.nothing-read": _("The record could not be read again either."),
    "found.now": _("We looked again. It now shows: %(values)s. Flowtly may still be at work."),
    "found.not-yet": _("We looked again and nothing of it shows, but Flowtly may still be at work."),
    "found.no-answer": _("We looked again, and what is there now does not tell."),
    "not-applied.title": _("Not saved: Flowtly failed"),
    "not-applied": _(
        "%(reason)s We looked again: the record is as it was. What you typed is still here; you can try again."
    ),
    "before-writing.title": NOTHING_SENT,
    "before-writing": _("The record has to be read before it is changed, and that failed: %(reason)s"),
    "before-writing-here.title": NOTHING_SENT,
    "before-writing-here": _(
        "The record has to be read before it is changed, and that failed: %(reason)s What you typed is still here."
    ),
    "another-organization.title": _("Nothing was sent: Flowtly answers for another organization"),
    "another-organization": _(
        "This page is about %(wanted)s, but Flowtly gives records of %(found)s. Nothing can be saved until this is "
        "put right. Tell whoever runs the dashboard: check the settings FLOWTLY_TENANT_HEADER and "
        "FLOWTLY_TENANT_FIELD. What you typed is still here."
    ),
    # Our own, before anything is sent.
    "clash.title": ngettext_lazy(
        "Not saved: somebody else changed %(n)d of these fields",
        "Not saved: somebody else changed %(n)d of these fields",
        "n",
    ),
    "clash": _("Nothing was sent. Choose for each whose value it shall be, then save."),
    "changed.title": _("Nothing was sent: the record has changed"),
    "changed": _("It is not any more what you were shown. It is shown as it is now: look again before you go on."),
    "blocked.title": _("Nothing was sent: an earlier attempt is not settled"),
    "blocked": _("It is not known yet what became of it. Settle that first, so that nothing happens twice."),
    "taken.title": _("Nothing was sent: somebody else is saving this record"),
    "taken": _("A colleague's save is still under way. Try again in a moment; what you typed is still here."),
    "our-database.title": _("Nothing was sent: the dashboard could not put it on record"),
    "our-database": _("Its own database does not answer. Nothing was changed; what you typed is still here."),
    "failed-here.title": NOTHING_SENT,
    "failed-here": _("The fault is in the dashboard, and it has been logged. What you typed is still here."),
    "failed-here-sent.title": NOT_KNOWN,
    "failed-here-sent": _(
        "The fault is in the dashboard, and it has been logged. It was sent by then: look at the record before "
        "you send it again. What you typed is still here."
    ),
    "under-way.title": _("We do not know yet whether this was saved"),
    "under-way": _(
        "This form was sent before, and that has brought no result so far. Look at the record before you "
        "send it again. What you typed is still here."
    ),
    "sent-before.title": _("Nothing was sent: this form was sent before, with other values"),
    "sent-before": _("Here it is anew, over the record as it is, with what you typed. Check it and save it again."),
    "form-too-old.title": _("Nothing was sent: this form was too old or not complete"),
    "form-too-old": _("Here it is anew, with what you typed. Check it and save it again."),
    "kept.title": _("Not saved yet: nothing was sent"),
    "kept": _(
        "Your sign-in had ended or changed, or the record could not be read. What you typed is here again: "
        "check it and save it."
    ),
    "kept-sent": _("The same form had been sent once before. Look at the record before you save this again."),
    "kept-in-part": _("%(kept)s Secrets and files were not kept. Enter them again."),
    # A page that could not be made: by a mistake, or by the value of `Trouble`.
    "mistake.title": _("The dashboard failed to make this page"),
    "mistake": _(
        "The fault is in the dashboard, not in what you did, and it has been logged. If you were saving, open the "
        "record and look before you save again."
    ),
    "busy.title": _("The dashboard is busy"),
    "busy": _(
        "Its database is still writing for another task. Wait a few seconds, then try again. If you were "
        "saving, open the record and check it before you save again."
    ),
    "full.title": _("The dashboard cannot store anything"),
    "full": _(
        "The disk of its database is full. Tell whoever runs the dashboard. If you were saving, open the "
        "record and check it before you save again."
    ),
    "away.title": _("The dashboard's database cannot be used"),
    "away": _(
        "It does not answer, or it cannot be written. Tell whoever runs the dashboard. If you were saving, "
        "open the record and check it before you save again."
    ),
    "cache.title": _("The dashboard's cache does not answer"),
    "cache": _("It is needed to sign in. Tell whoever runs the dashboard."),
    "too-many.title": _("Too many attempts"),
    "too-many": _("Nothing was done. Wait a minute, then try again."),
}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """`outcome` is the word for what became of a write, "" for a read; `status` is the page's own."""

    title: str
    text: str
    status: int
    outcome: str = ""
    request_id: str = ""
    retry_url: str = ""

    def as_data(self) -> dict[str, Any]:
        return asdict(replace(self, title=kept(self.title), text=kept(self.text)))

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> Self:
        return cls(**{**data, "title": drawn(data["title"]), "text": drawn(data["text"])})


def problem(code: str, status: int, outcome: str = "", **values: Any) -> Problem:
    return Problem(coded(f"{code}.title"), coded(code, **values), status, outcome)


def reading(error: errors.FlowtlyError, retry_url: str = "") -> Problem:
    """A read that failed. Whatever it was, nothing has been changed."""
    if isinstance(error, errors.NotFound | errors.Unreadable) and outage.misplaced():
        error = errors.NothingThere(request_id=error.request_id)
    title, text = error_words.unread(error)
    return Problem(title, text, _read_status(error), "", error.request_id, retry_url)


def writing(error: errors.FlowtlyError) -> Problem:
    """A write that was refused, or never left."""
    if isinstance(error, errors.AnotherTenant):
        return another_organization(error)
    if isinstance(error, errors.TenantUnproved):
        return before_writing(error.reason or error)
    if not error.sent:
        return _write("not-sent", "not-sent", error.request_id, reason=error_words.unsent(error))
    if isinstance(error, errors.Conflict):
        return _write("conflict", "not-allowed", error.request_id, words=error_words.said(error))
    if isinstance(error, errors.Answered) and not error.outcome_unknown:
        title, text = coded("refused.title"), error_words.refused(error)
        return Problem(title, text, STATUS["refused"], "refused", error.request_id)
    return unknown(error)


def unknown(error: errors.FlowtlyError, found: str = "") -> Problem:
    """The answer to a write was lost, and what was found on a second look is no answer either. It may still
    come about."""
    reason, found = error_words.unread(error)[1], found or coded("found.nothing-read")
    return _write("unknown", "unknown", error.request_id, reason=reason, found=found)


def not_applied(error: errors.FlowtlyError) -> Problem:
    """Flowtly failed, said so in full, and the record was read again: it is as it was."""
    return _write("not-applied", "not-applied", error.request_id, reason=error_words.unread(error)[1])


def before_writing(error: errors.FlowtlyError, back_url: str = "") -> Problem:
    """The record could not be read just before the write, so the write was not tried. `back_url`: where the form
    is, if it is not on the same page."""
    code = "before-writing" if back_url else "before-writing-here"
    told = _write("not-sent", code, error.request_id, reason=error_words.unread(error)[1])
    return replace(told, retry_url=back_url)


def another_organization(error: errors.AnotherTenant) -> Problem:
    """The tenant header has no effect, or another than we think: nothing was sent to whoever it means."""
    values = {"wanted": error.wanted, "found": error.found}
    return _write("not-sent", "another-organization", error.request_id, **values)


def clash(count: int) -> Problem:
    text = coded("clash")
    return Problem(coded("clash.title", n=count), text, STATUS["conflict"], "conflict")


def changed_meanwhile() -> Problem:
    return _write("conflict", "changed")


def blocked() -> Problem:
    """An earlier attempt at the same thing is not settled yet."""
    return _write("not-sent", "blocked")


def taken() -> Problem:
    return _write("not-sent", "taken")


def our_database() -> Problem:
    return _write("not-sent", "our-database")


def server_error(trouble: Trouble | None) -> Problem:
    """A page that could not be made: by a mistake, or because something of our own is away."""
    return problem("mistake", 500) if trouble is None else problem(trouble.value, 503)


def too_many() -> Problem:
    return problem("too-many", 429)


def failed_here(request_id: str, *, sent: bool) -> Problem:
    """A mistake of our own. If anything had left by then, what became of it is not known."""
    if not sent:
        return _write("not-sent", "failed-here", request_id)
    return _write("unknown", "failed-here-sent", request_id)


def under_way(request_id: str) -> Problem:
    """The first submit of the same form has no result yet, or never will have."""
    return _write("unknown", "under-way", request_id)


def sent_before() -> Problem:
    return problem("sent-before", 422)


def form_too_old() -> Problem:
    return problem("form-too-old", 422)


def kept_for_you(*, sent_before: bool, incomplete: bool) -> Problem:
    """A form that came without a session, or with a token gone stale, or whose record could not be read: in any
    case before anything was sent."""
    text = coded("kept-sent" if sent_before else "kept")
    if incomplete:
        text = coded("kept-in-part", kept=text)
    return Problem(coded("kept.title"), text, 200)


def _write(outcome: str, code: str, request_id: str = "", **values: Any) -> Problem:
    return replace(problem(code, STATUS[outcome], outcome, **values), request_id=request_id)


def _read_status(error: errors.FlowtlyError) -> int:
    if isinstance(error, errors.NotFound | errors.BadIdentifier):
        return 404
    return 503 if isinstance(error, errors.NotSent | errors.TooManyRequests | errors.Unavailable) else 502
