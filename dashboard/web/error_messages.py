"""Error messages for the person who was waiting: what did not happen, what was not changed, and what to do now."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.flowtly import errors
from dashboard.storage.database import Trouble
from dashboard.upstream import outage
from dashboard.web import error_words

# What became of a write → the status of the page that says so.
STATUS = {"not-sent": 503, "refused": 422, "conflict": 409, "not-applied": 502, "unknown": 502}


@dataclass(frozen=True)
class Problem:
    """`outcome` is the word for what became of a write, "" for a read; `status` is the page's own."""

    title: str
    text: str
    status: int
    outcome: str = ""
    request_id: str = ""
    retry_url: str = ""


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
        text = _(
            "%(reason)s Flowtly was not asked to change anything. What you typed is still here: try again."
        ) % {"reason": error_words.unsent(error)}
        return _write("not-sent", _("Nothing was sent"), text, error.request_id)
    if isinstance(error, errors.Conflict):
        text = _("Flowtly says that this record cannot be changed as it is now: %(words)s")
        text %= {"words": error_words.said(error)}
        return _write("conflict", _("Not saved: changed meanwhile"), text, error.request_id)
    if isinstance(error, errors.Answered) and not error.outcome_unknown:
        return _write("refused", _("Not saved"), error_words.refused(error), error.request_id)
    return unknown(error)


def unknown(error: errors.FlowtlyError, found: str = "") -> Problem:
    """The answer to a write was lost, and what was found on a second look is no answer either. It may still
    come about."""
    text = _(
        "%(reason)s %(found)s Do not send it again before that is settled. What you typed is still here."
    ) % {
        "reason": error_words.unread(error)[1],
        "found": found or _("The record could not be read again either."),
    }
    return _write("unknown", _("We do not know whether this was saved"), text, error.request_id)


def not_applied(error: errors.FlowtlyError) -> Problem:
    """Flowtly failed, said so in full, and the record was read again: it is as it was."""
    text = _(
        "%(reason)s We looked again: the record is as it was. What you typed is still here; you can try again."
    ) % {"reason": error_words.unread(error)[1]}
    return _write("not-applied", _("Not saved: Flowtly failed"), text, error.request_id)


def before_writing(error: errors.FlowtlyError, back_url: str = "") -> Problem:
    """The record could not be read just before the write, so the write was not tried. `back_url`: where the form
    is, if it is not on the same page."""
    text = _("The record has to be read before it is changed, and that failed: %(reason)s")
    text %= {"reason": error_words.unread(error)[1]}
    if not back_url:
        text = f"{text} {_('What you typed is still here.')}"
    return _write("not-sent", _("Nothing was sent"), text, error.request_id, back_url)


def another_organization(error: errors.AnotherTenant) -> Problem:
    """The tenant header has no effect, or another than we think: nothing was sent to whoever it means."""
    text = _(
        "This page is about %(wanted)s, but Flowtly gives records of %(found)s. Nothing can be saved until this is "
        "put right. Tell whoever runs the dashboard: check the settings FLOWTLY_TENANT_HEADER and "
        "FLOWTLY_TENANT_FIELD. What you typed is still here."
    ) % {"wanted": error.wanted, "found": error.found}
    title = _("Nothing was sent: Flowtly answers for another organization")
    return _write("not-sent", title, text, error.request_id)


def clash(count: int) -> Problem:
    title = ngettext(
        "Not saved: somebody else changed %(n)d of these fields",
        "Not saved: somebody else changed %(n)d of these fields",
        count,
    ) % {"n": count}
    return _write(
        "conflict", title, _("Nothing was sent. Choose for each whose value it shall be, then save.")
    )


def changed_meanwhile() -> Problem:
    text = _("It is not any more what you were shown. It is shown as it is now: look again before you go on.")
    return _write("conflict", _("Nothing was sent: the record has changed"), text)


def blocked() -> Problem:
    """An earlier attempt at the same thing is not settled yet."""
    text = _("It is not known yet what became of it. Settle that first, so that nothing happens twice.")
    return _write("not-sent", _("Nothing was sent: an earlier attempt is not settled"), text)


def taken() -> Problem:
    text = _("A colleague's save is still under way. Try again in a moment; what you typed is still here.")
    return _write("not-sent", _("Nothing was sent: somebody else is saving this record"), text)


def our_database() -> Problem:
    text = _("Its own database does not answer. Nothing was changed; what you typed is still here.")
    return _write("not-sent", _("Nothing was sent: the dashboard could not put it on record"), text)


def server_error(trouble: Trouble | None) -> Problem:
    """A page that could not be made: by a mistake, or because something of our own is away."""
    if trouble is None:
        text = _(
            "The fault is in the dashboard, not in what you did, and it has been logged. If you were saving, open the "
            "record and look before you save again."
        )
        return Problem(_("The dashboard failed to make this page"), text, 500)
    title, text = {
        Trouble.BUSY: (
            _("The dashboard is busy"),
            _(
                "Its database is still writing for another task. Wait a few seconds, then try again. If you were "
                "saving, open the record and check it before you save again."
            ),
        ),
        Trouble.FULL: (
            _("The dashboard cannot store anything"),
            _(
                "The disk of its database is full. Tell whoever runs the dashboard. If you were saving, open the "
                "record and check it before you save again."
            ),
        ),
        Trouble.AWAY: (
            _("The dashboard's database cannot be used"),
            _(
                "It does not answer, or it cannot be written. Tell whoever runs the dashboard. If you were saving, "
                "open the record and check it before you save again."
            ),
        ),
        Trouble.CACHE: (
            _("The dashboard's cache does not answer"),
            _("It is needed to sign in. Tell whoever runs the dashboard."),
        ),
    }[trouble]
    return Problem(title, text, 503)


def too_many() -> Problem:
    return Problem(_("Too many attempts"), _("Nothing was done. Wait a minute, then try again."), 429)


def failed_here(request_id: str, *, sent: bool) -> Problem:
    """A mistake of our own. If anything had left by then, what became of it is not known."""
    if not sent:
        text = _("The fault is in the dashboard, and it has been logged. What you typed is still here.")
        return _write("not-sent", _("Nothing was sent"), text, request_id)
    text = _(
        "The fault is in the dashboard, and it has been logged. It was sent by then: look at the record before "
        "you send it again. What you typed is still here."
    )
    return _write("unknown", _("We do not know whether this was saved"), text, request_id)


def under_way(request_id: str) -> Problem:
    """The first submit of the same form has no result yet, or never will have."""
    text = _(
        "This form was sent before, and that has brought no result so far. Look at the record before you "
        "send it again. What you typed is still here."
    )
    return _write("unknown", _("We do not know yet whether this was saved"), text, request_id)


def sent_before() -> Problem:
    return Problem(
        _("Nothing was sent: this form was sent before, with other values"),
        _("Here it is anew, over the record as it is, with what you typed. Check it and save it again."),
        422,
    )


def form_too_old() -> Problem:
    return Problem(
        _("Nothing was sent: this form was too old or not complete"),
        _("Here it is anew, with what you typed. Check it and save it again."),
        422,
    )


def kept_for_you(*, sent_before: bool, incomplete: bool) -> Problem:
    """A form that came without a session, or with a token gone stale, or whose record could not be read: in any
    case before anything was sent."""
    text = _(
        "Your sign-in had ended or changed, or the record could not be read. What you typed is here again: "
        "check it and save it."
    )
    if sent_before:
        text = _("The same form had been sent once before. Look at the record before you save this again.")
    if incomplete:
        text = f"{text} {_('Secrets and files were not kept: enter them anew.')}"
    return Problem(_("Not saved yet: nothing was sent"), text, 200)


def as_data(problem: Problem) -> dict[str, Any]:
    return asdict(problem)


def of_data(data: dict[str, Any]) -> Problem:
    return Problem(**data)


def _write(outcome: str, title: str, text: str, request_id: str = "", back_url: str = "") -> Problem:
    return Problem(title, text, STATUS[outcome], outcome, request_id, back_url)


def _read_status(error: errors.FlowtlyError) -> int:
    if isinstance(error, errors.NotFound | errors.BadIdentifier):
        return 404
    return 503 if isinstance(error, errors.NotSent | errors.TooManyRequests | errors.Unavailable) else 502
