"""What went wrong between us and Flowtly, said to the person who was waiting: what happened, what did not, and
what to do now."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.flowtly import errors
from dashboard.web.formatting import span


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
    title, text = _read_words(error)
    return Problem(title, text, _read_status(error), "", error.request_id, retry_url)


def writing(error: errors.FlowtlyError) -> Problem:
    """A write that was refused, or never left."""
    if not error.sent:
        text = _(
            "%(reason)s Flowtly was not asked to change anything. What you typed is still here: try again."
        )
        return Problem(
            _("Nothing was sent"), text % {"reason": _why_not_sent(error)}, 503, "not-sent", error.request_id
        )
    if isinstance(error, errors.Conflict):
        text = _("Flowtly says that this record cannot be changed as it is now: %(words)s")
        return Problem(
            _("Not saved: changed meanwhile"),
            text % {"words": _said(error)},
            409,
            "conflict",
            error.request_id,
        )
    if isinstance(error, errors.Answered) and not error.outcome_unknown:
        return Problem(_("Not saved"), _refused_words(error), 422, "refused", error.request_id)
    return unknown(error)


def unknown(error: errors.FlowtlyError, found: str = "") -> Problem:
    """The answer to a write was lost, and what was found on a second look is no answer either. It may still
    come about."""
    text = _(
        "%(reason)s %(found)s Do not send it again before that is settled. What you typed is still here."
    )
    found = found or _("The record could not be read again either.")
    return Problem(
        _("We do not know whether this was saved"),
        text % {"reason": _read_words(error)[1], "found": found},
        502,
        "unknown",
        error.request_id,
    )


def not_applied(error: errors.FlowtlyError) -> Problem:
    """Flowtly failed, said so in full, and the record was read again: it is as it was."""
    text = _(
        "%(reason)s We looked again: the record is as it was. What you typed is still here; you can try again."
    )
    return Problem(
        _("Not saved: Flowtly failed"),
        text % {"reason": _read_words(error)[1]},
        502,
        "not-applied",
        error.request_id,
    )


def before_writing(error: errors.FlowtlyError, back_url: str = "") -> Problem:
    """The record could not be read just before the write, so the write was not tried. `back_url`: where the form
    is, if it is not on the same page."""
    text = _("The record has to be read before it is changed, and that failed: %(reason)s")
    text %= {"reason": _read_words(error)[1]}
    if not back_url:
        text = f"{text} {_('What you typed is still here.')}"
    return Problem(_("Nothing was sent"), text, 503, "not-sent", error.request_id, back_url)


def clash(count: int) -> Problem:
    title = ngettext(
        "Not saved: somebody else changed %(n)d of these fields",
        "Not saved: somebody else changed %(n)d of these fields",
        count,
    )
    return Problem(
        title % {"n": count},
        _("Nothing was sent. Choose for each whose value it shall be, then save."),
        409,
        "conflict",
    )


def changed_meanwhile() -> Problem:
    return Problem(
        _("Nothing was sent: the record has changed"),
        _("It is not any more what you were shown. It is shown as it is now: look again before you go on."),
        409,
        "conflict",
    )


def blocked() -> Problem:
    """An earlier attempt at the same thing is not settled yet."""
    return Problem(
        _("Nothing was sent: an earlier attempt is not settled"),
        _("It is not known yet what became of it. Settle that first, so that nothing happens twice."),
        503,
        "not-sent",
    )


def taken() -> Problem:
    return Problem(
        _("Nothing was sent: somebody else is saving this record"),
        _("A colleague's save is still under way. Try again in a moment; what you typed is still here."),
        503,
        "not-sent",
    )


def our_database() -> Problem:
    return Problem(
        _("Nothing was sent: the dashboard could not put it on record"),
        _("Its own database does not answer. Nothing was changed; what you typed is still here."),
        503,
        "not-sent",
    )


def failed_here(request_id: str, *, sent: bool) -> Problem:
    """A mistake of our own. If anything had left by then, what became of it is not known."""
    if not sent:
        text = _("The fault is in the dashboard, and it has been logged. What you typed is still here.")
        return Problem(_("Nothing was sent"), text, 503, "not-sent", request_id)
    text = _(
        "The fault is in the dashboard, and it has been logged. It was sent by then: look at the record before "
        "you send it again. What you typed is still here."
    )
    return Problem(_("We do not know whether this was saved"), text, 502, "unknown", request_id)


def under_way(request_id: str) -> Problem:
    """The first submit of the same form has no result yet, or never will have."""
    return Problem(
        _("We do not know yet whether this was saved"),
        _(
            "This form was sent before, and that has brought no result so far. Look at the record before you "
            "send it again. What you typed is still here."
        ),
        502,
        "unknown",
        request_id,
    )


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


def _refused_words(error: errors.Answered) -> str:
    match error:
        case errors.Invalid() if error.violations:
            return ngettext(
                "Flowtly did not accept %(n)d value. It is named below; nothing was changed.",
                "Flowtly did not accept %(n)d values. They are named below; nothing was changed.",
                len(error.violations),
            ) % {"n": len(error.violations)}
        case errors.Unauthorized():
            return _(
                "Flowtly does not accept this dashboard's sign-in. Nothing was changed; tell whoever runs it."
            )
        case errors.Forbidden():
            return _(
                "Flowtly does not let this dashboard do that here. Nothing was changed. It says: %(words)s"
            ) % {"words": _said(error)}
        case errors.NotFound():
            return _("Flowtly has no such record any more. Nothing was changed.")
        case errors.TooManyRequests() if error.retry_after:
            return _(
                "Flowtly is being asked too much at the moment. Nothing was changed; it asks to wait %(span)s."
            ) % {"span": span(error.retry_after)}
        case errors.TooManyRequests():
            return _(
                "Flowtly is being asked too much at the moment. Nothing was changed; wait a little, try again."
            )
        case errors.TooLarge():
            return _("That is more than Flowtly takes at once. Nothing was changed.")
    return _("Flowtly refused it and nothing was changed. It says: %(words)s") % {"words": _said(error)}


def _said(error: errors.FlowtlyError) -> str:
    return error.detail or error.title or (f"{error.status}" if error.status else _("no reason given"))


def _why_not_sent(error: errors.FlowtlyError) -> str:
    match error:
        case errors.Busy():
            return _("Too many requests to Flowtly are under way already.")
        case errors.NotSignedIn():
            return _("Flowtly does not accept this dashboard's sign-in.")
        case errors.TenantUnknown() | errors.BadIdentifier():
            return str(error)
        case errors.OutOfTime():
            return _("There was not enough time left to wait for Flowtly's answer.")
    return _("Flowtly cannot be reached.")


def _read_words(error: errors.FlowtlyError) -> tuple[str, str]:
    title = _("Flowtly could not be read")
    match error:
        case errors.TenantUnknown() | errors.BadIdentifier():
            return title, str(error)
        case errors.NotSignedIn() | errors.Unauthorized():
            return _("Flowtly does not let us in"), _(
                "Flowtly does not accept this dashboard's sign-in. Whoever runs the dashboard can put that right."
            )
        case errors.Busy():
            return _("Flowtly is busy"), _(
                "Too many requests to Flowtly are under way already. Try again shortly."
            )
        case errors.GivenUp():
            text = _("Flowtly has not answered lately, so it is left alone for a moment. Try again shortly.")
            return _("Flowtly cannot be reached"), text
        case errors.NotSent():
            return _("Flowtly cannot be reached"), _(
                "Flowtly does not take the connection. Try again shortly."
            )
        case errors.Forbidden():
            return _("Flowtly refuses this"), _(
                "Flowtly does not let this dashboard read that: %(words)s"
            ) % {"words": _said(error)}
        case errors.NotFound():
            return _("Not found"), _("Flowtly has no such record.")
        case errors.TooManyRequests():
            return _("Flowtly is busy"), _("Flowtly asks for a pause. Try again in a little while.")
        case errors.Unreadable():
            return title, _("Flowtly's answer could not be read.")
        case errors.Answered():
            return title, _("Flowtly answered with an error (%(status)s): %(words)s") % {
                "status": error.status,
                "words": _said(error),
            }
    return _("Flowtly did not answer"), _("Flowtly did not answer in time.")


def _read_status(error: errors.FlowtlyError) -> int:
    if isinstance(error, errors.NotFound):
        return 404
    if isinstance(error, errors.NotSent | errors.TooManyRequests | errors.Unavailable):
        return 503
    return 502
