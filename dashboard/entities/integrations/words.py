"""How the state of an integration is said."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.entities.integrations import state
from dashboard.entities.integrations.state import State
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
    state.CONNECTED: "good",
    state.WAITING: "attention",
    state.FAILED: "danger",
    state.OFF: "neutral",
    state.UNKNOWN: "neutral",
}
MEANS = {
    state.WAITING: gettext_lazy("Flowtly is at work on it."),
    state.FAILED: gettext_lazy("Flowtly could not connect it."),
}


def of(shown: State) -> str:
    """The state in words; one that nobody knows, as it came."""
    if not shown.code:
        return _("Flowtly does not say")
    return label(shown.code) if shown.code in LABELS else shown.as_it_came


def pill_of(shown: State) -> str:
    said = pill(shown.code)
    return said if said != "neutral" and said else PILLS[shown.phase]


def facts(shown: State, zone: str, ids: dict[str, Any]) -> list[dict[str, str]]:
    """What is known by name: when what happened, and the ids it was enrolled with. `ids` are the API's names of
    them and how they are called here."""
    moments = [_moment(known(name), at, zone) for name, at in shown.moments.items() if known(name)]
    named = [
        {"label": str(ids[n]), "value": as_it_is(v), "code": "1"}
        for n, v in shown.rest.items()
        if n in ids and v
    ]
    next_pull = [_moment(_("Next pull"), shown.next_pull, zone)] if shown.next_pull else []
    left = [] if shown.pulls_left is None else [{"label": _("Pulls left"), "value": str(shown.pulls_left)}]
    return [*named, *moments, *next_pull, *left]


def others(shown: State, zone: str, ids: dict[str, Any]) -> list[dict[str, str]]:
    moments = [
        {"name": name, "value": when(at, zone)} for name, at in shown.moments.items() if not known(name)
    ]
    rest = [{"name": n, "value": label(None) if v is None else as_it_is(v)} for n, v in shown.rest.items()
            if not (n in ids and v)]  # fmt: skip
    return [*moments, *rest]


def known(name: str) -> str:
    return str(MOMENTS.get(state.spelt(name.rpartition(".")[2]), ""))


def _moment(name: str, at: Any, zone: str) -> dict[str, str]:
    return {"label": name, "value": when(at, zone), "exact": at.isoformat()}
