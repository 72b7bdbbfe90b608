"""Finding things: a page that needs no scripts, and the part of it that the palette shows."""

from django.http import HttpResponse, HttpResponseRedirect

from dashboard.search.results import find
from dashboard.web import responses
from dashboard.web.request import StaffRequest, staff

PART = "find-results"


@staff()
def index(request: StaffRequest) -> HttpResponse:
    """What was surely meant is opened at once; while somebody is typing it is only offered."""
    typing = bool(responses.part_asked(request, [PART]))
    found = find(request, typing=typing)
    if found.straight and not typing:
        return HttpResponseRedirect(found.straight)
    return responses.page(request, "finding/index.html", {"found": found, "palette": typing}, parts=[PART])
