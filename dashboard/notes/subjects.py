"""Subjects of notes: which records have notes, who may read them, and what a record is called."""

from collections.abc import Callable

from django.http import Http404, HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dashboard.web.formatting import label
from dashboard.web.request import StaffRequest, may

WRITE = "write_notes"


def _organization(request: StaffRequest, record: str) -> str:
    if record != request.organization.id:
        raise Http404
    return request.organization.name


def _client(request: StaffRequest, record: str) -> str:
    return request.flowtly.clients.get(record).name or record


def _subscription(request: StaffRequest, record: str) -> str:
    return label(request.flowtly.subscriptions.get(record).type or record)


NAMES: dict[str, Callable[[StaffRequest, str], str]] = {
    "organizations": _organization,
    "clients": _client,
    "subscriptions": _subscription,
}
WORDS: dict[str, str | Promise] = {
    "organizations": _("Organization"),
    "clients": _("Client"),
    "subscriptions": _("Subscription"),
}


def name(request: StaffRequest, entity: str, record: str) -> str:
    """What Flowtly calls it now. Nobody writes about a record that is not there, or another organization's."""
    if entity not in NAMES:
        raise Http404
    return NAMES[entity](request, record)


def readable(request: HttpRequest) -> list[str]:
    """The entities whose notes this person may read."""
    return [entity for entity in NAMES if may(request, f"view_{entity}")]
