"""What went wrong between us and Flowtly, said to the person who was waiting: what happened, what did not, and
what to do now."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.flowtly import errors


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
    """A write that failed, which is three different things: it never left, it was refused, or nobody knows."""
    if not error.sent:
        title = _("Nothing was sent")
        text = _(
            "%(reason)s Flowtly was not asked to change anything. What you typed is still here: try again."
        )
        return Problem(title, text % {"reason": _why_not_sent(error)}, 503, "not-sent", error.request_id)
    if error.outcome_unknown or not isinstance(error, errors.Answered):
        title = _("We do not know whether this was saved")
        text = _(
            "%(reason)s It may have acted all the same. Open the record in another tab and look at what it holds "
            "before you save again. What you typed is still here."
        )
        return Problem(title, text % {"reason": _read_words(error)[1]}, 502, "unknown", error.request_id)
    if isinstance(error, errors.Conflict):
        text = _("Somebody else changed this record meanwhile. Flowtly says: %(words)s")
        return Problem(
            _("Not saved: changed meanwhile"),
            text % {"words": _said(error)},
            409,
            "conflict",
            error.request_id,
        )
    if isinstance(error, errors.ServerError):
        # A complete answer that says "I failed" is not yet a promise that nothing was kept.
        title = _("We do not know whether this was saved")
        text = _("Flowtly answered that it failed (%(status)s). Look at the record before you save again.")
        return Problem(title, text % {"status": error.status}, 502, "unknown", error.request_id)
    return Problem(_("Not saved"), _refused_words(error), 422, "refused", error.request_id)


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
