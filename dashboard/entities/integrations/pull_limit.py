"""How often the bank has been asked lately, as far as that is known."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.audit import history
from dashboard.audit.models import Outcome
from dashboard.entities.integrations.connection_state import ConnectionState
from dashboard.entities.integrations.providers import KONTOMATIK
from dashboard.web.formatting import when
from dashboard.web.request import StaffRequest

DAY = timedelta(hours=24)
A_DAY = 4


def lately(organization: str) -> list[Any]:
    """Moments of pulls that were asked for here in the last 24 hours and taken, latest first."""
    entries = history.of_record(organization, "integrations", KONTOMATIK.id)
    since = timezone.now() - DAY
    return [e.at for e in entries if e.kind == "pull" and e.outcome == Outcome.APPLIED and e.at >= since]


def notes(request: StaffRequest, now: ConnectionState | None) -> list[str]:
    """Reasons why the next one may be refused. Only Flowtly can tell, so nobody is kept from trying."""
    zone, found = request.user.time_zone, []
    made = lately(request.organization.id)
    if now and now.next_pull:
        text = _("Flowtly says that the next pull is possible on %(when)s.")
        found.append(text % {"when": when(now.next_pull, zone)})
    elif now and now.pulls_left == 0:
        found.append(_("Flowtly says that no pull is left for now."))
    elif len(made) >= A_DAY:
        text = _("The next one may be refused until %(when)s, 24 hours after the fourth last.")
        found.append(text % {"when": when(made[A_DAY - 1] + DAY, zone)})
    return found


def facts(request: StaffRequest, now: ConnectionState | None) -> list[dict[str, str]]:
    made = len(lately(request.organization.id))
    count = ngettext("%(n)s pull", "%(n)s pulls", made) % {"n": made}
    last = when(now.last_pull, request.user.time_zone) if now and now.last_pull else _("Flowtly does not say")
    return [
        {"label": _("Last pull"), "value": last},
        {"label": _("Asked for here in 24 hours"), "value": count},
    ]
