"""Every list as a file. Which lists there are, and what each shows, its own package says."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse

from dashboard import listing, pages
from dashboard.addresses import views as addresses
from dashboard.flowtly import Flowtly
from dashboard.http import StaffRequest, may, permission
from dashboard.locations import views as locations
from dashboard.organizations import views as organizations

from . import lines

# Entity → what its list offers, and the client's resource behind it.
Source = tuple[Callable[[StaffRequest], listing.Plan], Callable[[Flowtly], Any]]
OF_ORGANIZATION: dict[str, Source] = {
    "addresses": (addresses.plan, lambda api: api.addresses),
    "locations": (locations.plan, lambda api: api.locations),
}
OF_ALL: dict[str, Source] = {"organizations": (organizations.plan, lambda api: api.organizations)}


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
    if entity not in sources:
        raise Http404
    if not may(request, f"view_{entity}"):
        return pages.forbidden(request, f"view_{entity}")
    plan, resource = sources[entity]
    return lines.export(request, resource(request.flowtly), plan(request), entity)
