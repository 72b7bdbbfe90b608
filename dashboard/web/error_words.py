"""Words for an error of the API: why a call was not sent, why a write was refused, what came of a read."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.flowtly import errors
from dashboard.web.formatting import span

# Of an address where signing in to Flowtly is not what is offered.
NO_SIGN_IN = {200, 404, 405}


def refused(error: errors.Answered) -> str:
    """Why a write was not accepted."""
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
            ) % {"words": said(error)}
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
    return _("Flowtly refused it and nothing was changed. It says: %(words)s") % {"words": said(error)}


def said(error: errors.FlowtlyError) -> str:
    """The API's own words."""
    return error.detail or error.title or (f"{error.status}" if error.status else _("no reason given"))


def unsent(error: errors.FlowtlyError) -> str:
    """Why a call never left."""
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


def unread(error: errors.FlowtlyError) -> tuple[str, str]:
    """A title and a text about a read that failed."""
    title = _("Flowtly could not be read")
    match error:
        case errors.BadIdentifier():
            return _("Not found"), _("This address names no record in Flowtly.")
        case errors.TenantUnknown():
            return title, str(error)
        case errors.SignInFailed() if error.status in NO_SIGN_IN:
            return _("Flowtly is not at this address"), _(
                "Flowtly has no sign-in there. Tell whoever runs the dashboard: check the settings FLOWTLY_BASE_URL, "
                "which may lack its path, and FLOWTLY_LOGIN_PATH."
            )
        case errors.NothingThere():
            return _("Flowtly is not at this address"), _(
                "Not even the list of organizations is there. Tell whoever runs the dashboard: check the setting "
                "FLOWTLY_BASE_URL, which may lack its path."
            )
        case errors.AnotherTenant():
            return _("Flowtly answers for another organization"), _(
                "This is about %(wanted)s, but Flowtly gives records of %(found)s. Tell whoever runs the dashboard: "
                "check the settings FLOWTLY_TENANT_HEADER and FLOWTLY_TENANT_FIELD."
            ) % {"wanted": error.wanted, "found": error.found}
        case errors.TenantUnproved() if error.reason is not None:
            return unread(error.reason)
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
            ) % {"words": said(error)}
        case errors.NotFound():
            return _("Not found"), _("Flowtly has no such record.")
        case errors.TooManyRequests():
            return _("Flowtly is busy"), _("Flowtly asks for a pause. Try again in a little while.")
        case errors.AnotherRecord():
            return title, _("Flowtly gave record %(found)s where %(wanted)s was asked for.") % {
                "found": error.found,
                "wanted": error.wanted,
            }
        case errors.Unreadable():
            return title, _("Flowtly's answer could not be read.")
        case errors.Answered():
            return title, _("Flowtly answered with an error (%(status)s): %(words)s") % {
                "status": error.status,
                "words": said(error),
            }
    return _("Flowtly did not answer"), _("Flowtly did not answer in time.")
