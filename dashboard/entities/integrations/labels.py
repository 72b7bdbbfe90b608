"""Labels for the state of an integration and for what it says of itself."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.entities.integrations import connection_state
from dashboard.entities.integrations.connection_state import ConnectionState
from dashboard.web.formatting import LABELS, as_it_is, label, pill, when

MOMENTS = {
    "connected_at": gettext_lazy("Connected"),
    "enrolled_at": gettext_lazy("Enrolled"),
    "consent_expires_at": gettext_lazy("Consent ends"),
    "expires_at": gettext_lazy("Ends"),
    "valid_until": gettext_lazy("Valid until"),
    "last_pull_at": gettext_lazy("Last pull"),
    "last_sync_at": gettext_lazy("Last synchronized"),
    "updated_at": gettext_lazy("Changed"),
    "created_at": gettext_lazy("Created"),
}
PILLS = {
    connection_state.CONNECTED: "good",
    connection_state.WAITING: "attention",
    connection_state.FAILED: "danger",
    connection_state.OFF: "neutral",
    connection_state.UNKNOWN: "neutral",
}
MEANS = {
    connection_state.WAITING: gettext_lazy("Flowtly is at work on it."),
    connection_state.FAILED: gettext_lazy("Flowtly could not connect it."),
}


def state_text(state: ConnectionState) -> str:
    """The state in words; one that nobody knows, as it came."""
    if not state.code:
        return _("Flowtly does not say")
    return label(state.code) if state.code in LABELS else state.as_it_came


def state_pill(state: ConnectionState) -> str:
    known = pill(state.code)
    return known if known not in {"", "neutral"} else PILLS[state.phase]


def facts(state: ConnectionState, zone: str, ids: Mapping[str, str | Promise]) -> list[dict[str, str]]:
    """What is known by name: when what happened, and the ids it was enrolled with. `ids` are the API's names of
    them and how they are called here."""
    found = [
        {"label": str(ids[name]), "value": as_it_is(value), "code": "1"}
        for name, value in state.rest.items()
        if name in ids and value
    ]
    found += [_moment(_known(name), at, zone) for name, at in state.moments.items() if _known(name)]
    if state.next_pull:
        found.append(_moment(_("Next pull"), state.next_pull, zone))
    if state.pulls_left is not None:
        found.append({"label": _("Pulls left"), "value": str(state.pulls_left)})
    return found


def other_fields(state: ConnectionState, zone: str, ids: Mapping[str, str | Promise]) -> list[dict[str, str]]:
    """All that `facts` leaves out."""
    moments = {name: when(at, zone) for name, at in state.moments.items() if not _known(name)}
    rest = {
        name: label(None) if value is None else as_it_is(value)
        for name, value in state.rest.items()
        if not (name in ids and value)
    }
    return [{"name": name, "value": value} for name, value in (moments | rest).items()]


def _known(name: str) -> str:
    return str(MOMENTS.get(connection_state.spelt(name.rpartition(".")[2]), ""))


def _moment(name: str, at: datetime, zone: str) -> dict[str, str]:
    return {"label": name, "value": when(at, zone), "exact": at.isoformat()}
