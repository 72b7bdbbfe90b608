"""Panels of /status/. Each is read by itself and fails by itself."""

import time
import tomllib
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection as database
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.actions.models import Act, State
from dashboard.audit import open_writes
from dashboard.audit.models import Open, Operation
from dashboard.flowtly import errors
from dashboard.flowtly.client import page_deadline
from dashboard.status import calls, comparison
from dashboard.upstream import connection
from dashboard.web import error_messages, formatting
from dashboard.web.formatting import number, when
from dashboard.web.request import StaffRequest, may

Panel = dict[str, Any]

PROBE = 1.5  # seconds: how long a page waits to learn whether Flowtly answers
PROBE_KEPT = 5.0  # so that many who watch do not ask more often than one
OPEN_COUNTED = 200
LATELY = 60  # seconds: for so long what a process said of itself is true of now

_probed: tuple[float, Any, Panel] | None = None


def alone(draw: Callable[[StaffRequest], Panel], request: StaffRequest) -> Panel:
    """Panel drawn by itself, or that our own database does not give it."""
    try:
        return draw(request)
    except DatabaseError:
        return {"failed": _("The dashboard's own database does not give this just now.")}
    except ImportError:
        return {"failed": comparison.without_contract()}


# --- whether Flowtly answers ---


def reach(request: StaffRequest, *, by_itself: bool = False) -> Panel:
    """Probe: one cheap call, with little time. A page that looks again by itself is content with one a moment ago."""
    global _probed
    used = connection.connection()
    if by_itself and _probed and _probed[1] is used and time.monotonic() - _probed[0] < PROBE_KEPT:
        return _probed[2]
    panel = {**_reach(request), "at": when(timezone.now(), request.user.time_zone)}
    _probed = time.monotonic(), used, panel
    return panel


def _reach(request: StaffRequest) -> Panel:
    place = urlsplit(connection.address())
    panel: Panel = {
        "api": _("the embedded sandbox") if settings.SANDBOX else place.netloc,
        "address": f"{place.netloc}{place.path}",
    }
    started = time.monotonic()
    try:
        with page_deadline(PROBE):
            # Not `request.flowtly`: that may answer with what was read before.
            connection.flowtly(request.id).organizations.list(items=1)
    except errors.FlowtlyError as error:
        said = error_messages.reading(error)
        panel |= {"state": "down", "pill": "danger", "words": said.title}
        return panel | {"text": said.text, "why": str(error)}
    took = 1000 * (time.monotonic() - started)
    return panel | {"state": "up", "pill": "good", "words": _("Flowtly answers"), "took": milliseconds(took)}


# --- how calls went ---


def figures(request: StaffRequest) -> Panel:
    heard_of = calls.processes()
    return {
        "groups": [
            {
                "kind": group.kind,
                "calls": number(len(group.recent)),
                "median": milliseconds(group.median),
                "p95": milliseconds(group.p95),
                "in_flight": number(group.in_flight),
                "busy": number(group.busy),
                "failed": number(group.failed),
            }
            for group in calls.groups(heard_of)
        ],
        "most": number(connection.connection().limits.in_flight),
        "processes": [_process(request, calls.heard(process)) for process in heard_of],
    }


def _process(request: StaffRequest, heard: calls.Heard) -> dict[str, Any]:
    return {
        "name": heard.name,
        "heard": ago(heard.at),
        "token": _token(heard),
        "exact": heard.token_until.isoformat() if heard.token_until else "",
        **_state(heard),
    }


def _state(heard: calls.Heard) -> dict[str, Any]:
    """What is long past says nothing of now: the process may be idle, or gone."""
    if (timezone.now() - heard.at).total_seconds() > LATELY:
        return {"pill": "neutral", "state": _("silent since then")}
    if heard.left_alone:
        return {"pill": "danger", "state": _("leaves Flowtly alone for a while")}
    if heard.resting:
        return {"pill": "danger", "state": _("sign-in refused")}
    return {"pill": "good", "state": _("asks Flowtly")}


def _token(heard: calls.Heard) -> str:
    until = _("expires in %(span)s") % {"span": span(heard.token_until)} if heard.token_until else ""
    if heard.token_until and heard.token_until < timezone.now():
        until = _("expired")
    if heard.token == "long-lived":  # noqa: S105 - what sort of token, not a token
        return f"{_('long-lived token')}, {until}" if until else _("long-lived token")
    if heard.token_since is None:
        return _("none yet")
    return ", ".join(filter(None, [_("%(span)s old") % {"span": span(heard.token_since)}, until]))


# --- ourselves ---


def ours(request: StaffRequest) -> Panel:
    unknown = [each for each in Open.objects.all()[:OPEN_COUNTED] if not open_writes.under_way(each)]
    waiting = Operation.objects.filter(result=None).count()
    asked = Act.objects.filter(state=State.WAITING).count()
    trail = f"{reverse('audit:index')}?outcome=unknown" if may(request, "view_audit") else ""
    return {
        "counts": [
            {"value": number(len(unknown)), "label": _("writes with an unknown outcome"), "url": trail},
            {"value": number(waiting), "label": _("operations without a result"), "url": ""},
            {
                "value": number(asked),
                "label": _("waiting for a second person"),
                "url": reverse("approvals:index"),
            },
        ],
        "facts": _versions() if request.user.is_superuser else [],
    }


def _versions() -> list[tuple[str, str]]:
    """For superusers: they would tell anybody else which faults to try."""
    return [
        (_("Version"), version()),
        (_("Database"), f"{database.display_name} {'.'.join(map(str, database.get_database_version()))}"),
        (_("Django"), django.get_version()),
    ]


@cache
def version() -> str:
    try:
        return str(tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"])
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        return _("unknown")


# --- words for times ---


def milliseconds(value: float | None) -> str:
    return "—" if value is None else _("%(n)s ms") % {"n": number(round(value))}


def ago(moment: datetime) -> str:
    return _("%(span)s ago") % {"span": span(moment)}


def span(moment: datetime) -> str:
    return formatting.span(abs((timezone.now() - moment).total_seconds()))
