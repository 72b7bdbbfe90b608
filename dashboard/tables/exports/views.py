"""Every list as a file."""

from django.http import Http404, HttpResponse, StreamingHttpResponse

from dashboard.entity import call, get
from dashboard.tables.exports import lines
from dashboard.web import responses
from dashboard.web.request import StaffRequest, may, permission


@permission("export")
def export(request: StaffRequest, entity: str) -> HttpResponse | StreamingHttpResponse:
    """A list of the organization that is open, or one that belongs to none."""
    found = get(entity)
    if found is None or not found.plan or found.of_organization != hasattr(request, "organization"):
        raise Http404
    if not may(request, found.view_permission):
        return responses.forbidden(request, found.view_permission)
    request.flowtly = request.flowtly.live()
    rows = call(found.rows, request) if found.rows else found.of(request.flowtly)
    return lines.export(request, rows, call(found.plan, request), entity)
