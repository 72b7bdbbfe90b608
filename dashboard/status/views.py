from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard.status import comparison, drift_panels, panels, snapshots
from dashboard.status.models import Met, Reads
from dashboard.web import responses
from dashboard.web.request import StaffRequest, may, permission

# No role holds it: superusers alone.
TO_CHANGE = "manage_status"
NOW = "status-now"
EVERY = 15  # seconds between two looks of a page by itself


@permission("", TO_CHANGE)
def index(request: StaffRequest) -> HttpResponse:
    if request.method == "POST":
        return _changed(request)
    was = request.GET.get("was", "")
    reach = panels.reach(request, by_itself=bool(was))
    snapshots.keep()  # after the call, so that this page knows of it
    context = {
        "reach": reach,
        "announce": was in ("up", "down") and was != reach["state"],
        "figures": panels.alone(panels.figures, request),
        "ours": panels.alone(panels.ours, request),
        "every": EVERY,
        "url": reverse("status:index"),
    }
    if not responses.part_asked(request, [NOW]):
        context |= {
            "met": panels.alone(drift_panels.met, request),
            "description": panels.alone(drift_panels.description, request),
            "may_change": may(request, TO_CHANGE),
        }
    return responses.page(request, "status/index.html", context, parts=[NOW])


def _changed(request: StaffRequest) -> HttpResponse:
    forget = request.POST.get("forget", "")
    if "compare" in request.POST:
        _compare(request)
    elif forget == "all":
        Met.objects.all().delete()
        Reads.objects.all().delete()
        messages.success(request, _("Forgotten. What is met again will be listed again."))
    elif forget.isdecimal():
        Met.objects.filter(pk=forget[:18]).delete()
        messages.success(request, _("Forgotten. If it is met again, it will be listed again."))
    return HttpResponseRedirect(reverse("status:index"))


def _compare(request: StaffRequest) -> None:
    try:
        result = comparison.compare()
    except ImportError:
        messages.error(request, comparison.without_contract())
        return
    if comparison.keep(result, request.user.username):
        messages.info(request, f"{comparison.heading(result)[1]}. {comparison.summary(result)}")
    else:
        messages.error(
            request, _("The result could not be kept: the dashboard's own database did not take it.")
        )
