"""Words for an error of the API: why a call was not sent, why a write was refused, what came of a read."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from dashboard.flowtly import errors
from dashboard.web.coded_text import TEXTS, CodedText, coded

# Of an address where signing in to Flowtly is not what is offered.
NO_SIGN_IN = {200, 404, 405}

TEXTS |= {
    # A write that was refused.
    "refused.values": ngettext_lazy(
        "Flowtly did not accept %(n)d value. It is named below; nothing was changed.",
        "Flowtly did not accept %(n)d values. They are named below; nothing was changed.",
        "n",
    ),
    "refused.sign-in": _(
        "Flowtly does not accept this dashboard's sign-in. Nothing was changed; tell whoever runs it."
    ),
    "refused.forbidden": _(
        "Flowtly does not let this dashboard do that here. Nothing was changed. It says: %(words)s"
    ),
    "refused.gone": _("Flowtly has no such record any more. Nothing was changed."),
    "refused.wait": _(
        "Flowtly is being asked too much at the moment. Nothing was changed; it asks to wait %(span)s."
    ),
    "refused.pause": _(
        "Flowtly is being asked too much at the moment. Nothing was changed; wait a little, try again."
    ),
    "refused.size": _("That is more than Flowtly takes at once. Nothing was changed."),
    "refused.said": _("Flowtly refused it and nothing was changed. It says: %(words)s"),
    "no-reason": _("no reason given (%(status)s)"),
    # A call that never left.
    "unsent.busy": _("Too many requests to Flowtly are under way already."),
    "unsent.kind": _("This part of Flowtly has not answered lately, so it is left alone for a moment."),
    "unsent.sign-in": _("Flowtly does not accept this dashboard's sign-in."),
    "unsent.identifier": _("This ID cannot be used in an address of Flowtly."),
    "unsent.time": _("There was not enough time left to wait for Flowtly's answer."),
    "unsent.away": _("Flowtly cannot be reached."),
    "no-tenant": _(
        "Flowtly names no tenant for this organization. The setting FLOWTLY_TENANT_FIELD says which field holds it."
    ),
    # A read that failed.
    "unread.title": _("Flowtly could not be read"),
    "unread.identifier.title": _("Not found"),
    "unread.identifier": _("This address names no record in Flowtly."),
    "unread.address.title": _("Flowtly is not at this address"),
    "unread.address.sign-in": _(
        "Flowtly has no sign-in there. Tell whoever runs the dashboard: check the settings FLOWTLY_BASE_URL, "
        "which may lack its path, and FLOWTLY_LOGIN_PATH."
    ),
    "unread.address": _(
        "Not even the list of organizations is there. Tell whoever runs the dashboard: check the setting "
        "FLOWTLY_BASE_URL, which may lack its path."
    ),
    "unread.tenant.title": _("Flowtly answers for another organization"),
    "unread.tenant": _(
        "This is about %(wanted)s, but Flowtly gives records of %(found)s. Tell whoever runs the dashboard: "
        "check the settings FLOWTLY_TENANT_HEADER and FLOWTLY_TENANT_FIELD."
    ),
    "unread.sign-in.title": _("Flowtly does not let us in"),
    "unread.sign-in": _(
        "Flowtly does not accept this dashboard's sign-in. Whoever runs the dashboard can put that right."
    ),
    "unread.busy.title": _("Flowtly is busy"),
    "unread.busy": _("Too many requests to Flowtly are under way already. Try again shortly."),
    "unread.kind": _(
        "This part of Flowtly has not answered lately, so it is left alone for a moment. Try again shortly."
    ),
    "unread.away.title": _("Flowtly cannot be reached"),
    "unread.given-up": _(
        "Flowtly has not answered lately, so it is left alone for a moment. Try again shortly."
    ),
    "unread.away": _("Flowtly does not take the connection. Try again shortly."),
    "unread.forbidden.title": _("Flowtly refuses this"),
    "unread.forbidden": _("Flowtly does not let this dashboard read that: %(words)s"),
    "unread.gone": _("Flowtly has no such record."),
    "unread.pause": _("Flowtly asks for a pause. Try again in a little while."),
    "unread.another": _("Flowtly gave record %(found)s where %(wanted)s was asked for."),
    "unread.garbled": _("Flowtly's answer could not be read."),
    "unread.answered": _("Flowtly answered with an error (%(status)s): %(words)s"),
    "unread.silent.title": _("Flowtly did not answer"),
    "unread.silent": _("Flowtly did not answer in time."),
}


def refused(error: errors.Answered) -> CodedText:
    """Why a write was not accepted."""
    match error:
        case errors.Invalid() if error.violations:
            return coded("refused.values", n=len(error.violations))
        case errors.Unauthorized():
            return coded("refused.sign-in")
        case errors.Forbidden():
            return coded("refused.forbidden", words=said(error))
        case errors.NotFound():
            return coded("refused.gone")
        case errors.TooManyRequests() if error.retry_after:
            return coded("refused.wait", span=error.retry_after)
        case errors.TooManyRequests():
            return coded("refused.pause")
        case errors.TooLarge():
            return coded("refused.size")
    return coded("refused.said", words=said(error))


def said(error: errors.FlowtlyError) -> str:
    """The API's own words."""
    return error.detail or coded("no-reason", status=error.status or 0)


def unsent(error: errors.FlowtlyError) -> CodedText:
    """Why a call never left."""
    match error:
        case errors.Busy():
            return coded("unsent.busy")
        case errors.KindGivenUp():
            return coded("unsent.kind")
        case errors.NotSignedIn():
            return coded("unsent.sign-in")
        case errors.TenantUnknown():
            return coded("no-tenant")
        case errors.BadIdentifier():
            return coded("unsent.identifier")
        case errors.OutOfTime():
            return coded("unsent.time")
    return coded("unsent.away")


def unread(error: errors.FlowtlyError) -> tuple[CodedText, CodedText]:
    """A title and a text about a read that failed."""
    title = coded("unread.title")
    match error:
        case errors.BadIdentifier():
            return coded("unread.identifier.title"), coded("unread.identifier")
        case errors.TenantUnknown():
            return title, coded("no-tenant")
        case errors.SignInFailed() if error.status in NO_SIGN_IN:
            return coded("unread.address.title"), coded("unread.address.sign-in")
        case errors.NothingThere():
            return coded("unread.address.title"), coded("unread.address")
        case errors.AnotherTenant():
            text = coded("unread.tenant", wanted=error.wanted, found=error.found)
            return coded("unread.tenant.title"), text
        case errors.TenantUnproved() if error.reason is not None:
            return unread(error.reason)
        case errors.NotSignedIn() | errors.Unauthorized():
            return coded("unread.sign-in.title"), coded("unread.sign-in")
        case errors.Busy():
            return coded("unread.busy.title"), coded("unread.busy")
        case errors.GivenUp():
            return coded("unread.away.title"), coded("unread.given-up")
        case errors.KindGivenUp():
            return coded("unread.busy.title"), coded("unread.kind")
        case errors.NotSent():
            return coded("unread.away.title"), coded("unread.away")
        case errors.Forbidden():
            return coded("unread.forbidden.title"), coded("unread.forbidden", words=said(error))
        case errors.NotFound():
            return coded("unread.identifier.title"), coded("unread.gone")
        case errors.TooManyRequests():
            return coded("unread.busy.title"), coded("unread.pause")
        case errors.AnotherRecord():
            return title, coded("unread.another", found=error.found, wanted=error.wanted)
        case errors.Unreadable():
            return title, coded("unread.garbled")
        case errors.Answered():
            return title, coded("unread.answered", status=error.status, words=said(error))
    return coded("unread.silent.title"), coded("unread.silent")
