from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from dashboard import pages, problems
from dashboard.flowtly import errors
from dashboard.http import StaffRequest, link, may, staff

from . import doubts, settling
from .models import Open, Outcome

DECISIONS = {"applied": Outcome.APPLIED, "not-applied": Outcome.NOT_APPLIED}


@staff(post=True)
def settle(request: StaffRequest, write: str) -> HttpResponse:
    """Ends a doubt about a write: by looking again, or by the word of somebody who may change such records."""
    open_ = Open.objects.filter(pk=write, organization=request.organization.id).first()
    if request.method != "POST":
        raise Http404
    if open_ is None:
        messages.info(request, _("That is settled already."))
        return HttpResponseRedirect(_back(request))
    if not may(request, f"change_{open_.entity}"):
        return pages.forbidden(request, f"change_{open_.entity}")
    decision = request.POST.get("decision", "")
    if decision in DECISIONS:
        doubts.settle(write, DECISIONS[decision], _("said by a person who looked"), request.user)
        _say(request, DECISIONS[decision])
    else:
        _look(request, open_)
    return HttpResponseRedirect(_back(request))


def _look(request: StaffRequest, open_: Open) -> None:
    try:
        _say(request, settling.look(request.flowtly, open_))
    except errors.FlowtlyError as error:
        problem = problems.reading(error)
        messages.error(request, f"{problem.title}: {problem.text}", "outcome-unknown")


def _say(request: HttpRequest, outcome: Outcome) -> None:
    words = {
        Outcome.APPLIED: _("Settled: it was done."),
        Outcome.NOT_APPLIED: _("Settled: it was not done. You can try again."),
        Outcome.UNKNOWN: _("It still does not show, and it may still come. Look again in a minute."),
    }
    level = messages.WARNING if outcome == Outcome.UNKNOWN else messages.SUCCESS
    messages.add_message(request, level, words[outcome], f"outcome-{outcome.value}")


def _back(request: HttpRequest) -> str:
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if safe else link(request, "organizations:overview")
