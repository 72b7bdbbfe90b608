"""Clearing an organization: looked at, given a reason and confirmed like an act on money, and always sent by somebody
else than who asked for it."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from dashboard.actions import draft, observation, panels, views, warnings
from dashboard.actions.forms import ReasonForm
from dashboard.actions.kinds import CLEAR
from dashboard.actions.models import Act
from dashboard.audit import unresolved
from dashboard.forms import pages
from dashboard.web import responses
from dashboard.web.request import StaffRequest, link, permission

MAY = "clear_organization"


@permission(MAY, MAY)
def start(request: StaffRequest) -> HttpResponse:
    """What there is to destroy, and why it shall be."""
    if not CLEAR.allowed:
        raise Http404
    again = draft.again(request, CLEAR)
    again.pop("before", None)
    form = ReasonForm.of(request, kind=CLEAR, **again)
    if form.ready():
        return views.go(request, draft.url(draft.made(request, form), "confirm"))
    look = observation.read(request, CLEAR)
    found = look.subscription.value
    if look.subscription.error or found is None:
        raise look.subscription.error or Http404
    named = Act(organization=request.organization.id, organization_name=request.organization.name)
    context = {
        "title": CLEAR.say(CLEAR.title, named),
        "form": form,
        "save_label": _("Go on"),
        "back_url": link(request, "profile:index"),
        "warnings": warnings.of(request, CLEAR, look),
        "sentence": CLEAR.say(CLEAR.sentence, named),
        "since": CLEAR.since,
        "facts": panels.belongings(found),
        "doubts": unresolved.told(request, CLEAR.entity, request.organization.id),
    }
    return responses.page(
        request, "clearing/start.html", context, parts=[pages.FORM_PART], status=form.status
    )


@permission(MAY, MAY)
def confirm(request: StaffRequest, operation: str) -> HttpResponse:
    return views.confirm(request, CLEAR.id, operation)


@permission(MAY, MAY)
def show_proof(request: StaffRequest, operation: str) -> HttpResponse:
    return views.show_proof(request, CLEAR.id, operation)
