"""Status card of an integration: its state, and looking again by itself until that has settled.

The page asks again after 2, 4, 8 … seconds, at most 30 in between and about five minutes in all. How often it has
looked is a number in the query, so the server decides and keeps nothing.
"""

from typing import Any
from urllib.parse import urlsplit

from django.utils.functional import Promise

from dashboard.entities.integrations import connection_state, labels
from dashboard.entities.integrations.providers import SERVICES, Integration
from dashboard.flowtly.resources.integrations import Status
from dashboard.upstream.parallel import Result
from dashboard.web import error_messages
from dashboard.web.formatting import when
from dashboard.web.request import StaffRequest, link

LOOK = "look"
LONGEST = 30  # seconds from one look to the next
LOOKS = 13  # 2 + 4 + 8 + 16 + 9 × 30 seconds: five minutes


def view_model(
    request: StaffRequest,
    integration: Integration,
    answer: Result[Status],
    *,
    again: bool,
    acts: bool = False,
) -> dict[str, Any]:
    """`again` where the card alone was asked for, `acts` where this person may do something about it."""
    looks = _looks(request) if again else 0
    card = {
        "id": integration.card,
        "name": integration.name,
        "about": integration.about,
        "url": link(request, integration.page),
        "look_url": request.path,
        # Only scripts ask for a card alone: on a whole page it would promise what may not come.
        "by_itself": again,
    }
    if answer.error:
        problem = error_messages.reading(answer.error, request.path)
        return card | ({"lost": problem, **_next(request, looks)} if looks else {"error": problem})
    now = connection_state.read(answer.value.raw if answer.value else {})
    card |= _state(request, integration, now, acts)
    return card | (_next(request, looks) if now.waits else {"announce": looks})


def _state(
    request: StaffRequest, integration: Integration, now: connection_state.ConnectionState, acts: bool
) -> dict[str, Any]:
    zone, ids = request.user.time_zone, _ids(request, integration)
    return {
        "state": now,
        "words": labels.state_text(now),
        "pill": labels.state_pill(now),
        "since": when(now.since, zone) if now.since else "",
        "exact": now.since.isoformat() if now.since else "",
        "means": labels.MEANS.get(now.phase, ""),
        "failed": now.phase == connection_state.FAILED,
        "facts": labels.facts(now, zone, ids),
        "others": labels.other_fields(now, zone, ids),
        "link": now.link if acts else "",
        "link_host": urlsplit(now.link).hostname if now.link else "",
        "link_hidden": bool(now.link) and not acts,
    }


def _ids(request: StaffRequest, integration: Integration) -> dict[str, str | Promise]:
    service = SERVICES.get(integration.id)
    if service is None:
        return {}
    return dict(zip(request.flowtly.names.enroll_fields, (service.tenant, service.client), strict=True))


def _looks(request: StaffRequest) -> int:
    given = request.GET.get(LOOK, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 0


def _next(request: StaffRequest, looks: int) -> dict[str, Any]:
    if looks >= LOOKS:
        return {"gave_up": True}
    return {"next_url": f"{request.path}?{LOOK}={looks + 1}", "delay": min(2 ** (looks + 1), LONGEST)}
