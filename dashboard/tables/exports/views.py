"""Every list as a file."""

from django.http import Http404, HttpResponse, StreamingHttpResponse

from dashboard.tables.exports import lines
from dashboard.tables.exports.sources import OF_ALL, OF_ORGANIZATION, Source
from dashboard.web import responses
from dashboard.web.request import StaffRequest, may, permission


@permission("export")
def export(request: StaffRequest, entity: str) -> HttpResponse | StreamingHttpResponse:
    """A list of the organization that is open."""
    return _export(request, entity, OF_ORGANIZATION)


@permission("export")
def export_all(request: StaffRequest, entity: str) -> HttpResponse | StreamingHttpResponse:
    """A list that belongs to no organization."""
    return _export(request, entity, OF_ALL)


def _export(
    request: StaffRequest, entity: str, sources: dict[str, Source]
) -> HttpResponse | StreamingHttpResponse:
    source = sources.get(entity)
    if source is None:
        raise Http404
    if not may(request, source.view):
        return responses.forbidden(request, source.view)
    request.flowtly = request.flowtly.live()
    return lines.export(request, source.records(request), source.plan(request), entity)
