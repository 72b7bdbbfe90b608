"""Clearing an organization: looked at, given a reason and confirmed like an act on money, and always sent by somebody
else than who asked for it."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from dashboard.actions import draft as drafting
from dashboard.actions import observation as looking
from dashboard.actions import panels, views
from dashboard.actions import warnings as warning
from dashboard.actions.forms import ReasonForm
from dashboard.actions.kinds import CLEAR
from dashboard.actions.models import Act
from dashboard.audit import unresolved as doubts
from dashboard.web import responses as pages
from dashboard.web.request import StaffRequest, link, permission

MAY = "clear_organization"


@permission(MAY, MAY)
def start(request: StaffRequest) -> HttpResponse:
    """What there is to destroy, and why it shall be."""
    if not CLEAR.allowed:
        raise Http404
    again = drafting.again(request, CLEAR)
    again.pop("before", None)
    form = ReasonForm.of(request, kind=CLEAR, **again)
    if form.ready():
        return views.go(request, drafting.url(drafting.made(request, form), "confirm"))
    look = looking.read(request, CLEAR)
    found = look.subscription.value
    if look.subscription.error or found is None:
        raise look.subscription.error or Http404
    named = Act(organization=request.organization.id, organization_name=request.organization.name)
    context = {
        "title": CLEAR.say(CLEAR.title, named),
        "form": form,
        "save_label": _("Go on"),
        "back_url": link(request, "profile:index"),
        "warnings": warning.of(request, CLEAR, look),
        "sentence": CLEAR.say(CLEAR.sentence, named),
        "since": CLEAR.since,
        "facts": panels.belongings(found),
        "doubts": doubts.told(request, CLEAR.entity, request.organization.id),
    }
    return pages.page(request, "clearing/start.html", context, parts=[pages.FORM_PART], status=form.status)


@permission(MAY, MAY)
def confirm(request: StaffRequest, operation: str) -> HttpResponse:
    return views.confirm(request, CLEAR.id, operation)


@permission(MAY, MAY)
def show_proof(request: StaffRequest, operation: str) -> HttpResponse:
    return views.show_proof(request, CLEAR.id, operation)
