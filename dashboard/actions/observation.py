"""Look: what there is to see before an act, read at the same time; and afterwards, whether it was done."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dashboard.actions.kinds import KINDS, Kind
from dashboard.actions.kinds import current as current
from dashboard.audit import reconciling
from dashboard.audit.models import Open, Outcome
from dashboard.flowtly import Flowtly
from dashboard.flowtly.resources.organizations import Organization
from dashboard.forms.tenant_check import NOTHING_TO_TYPE, Whose, check
from dashboard.upstream import connection
from dashboard.upstream.parallel import Result, gather
from dashboard.web.request import StaffRequest

FEW = 5


@dataclass(frozen=True)
class Look:
    """Each as it was read, or the error it ended in. Without a subscription and without an error there is none
    that Flowtly calls the current one."""

    organization: Result[Organization]
    subscription: Result[Any]  # or what else the act is about: for clearing, the organization and what it has
    more: dict[str, Result[Any]] = field(default_factory=dict)
    whose: Whose = NOTHING_TO_TYPE


def read(
    request: StaffRequest,
    kind: Kind,
    subscription_id: str = "",
    more: dict[str, Callable[[str], Any]] | None = None,
    *,
    acting: bool = False,
) -> Look:
    """`more` are calls about the same subscription. The check of whose data it is runs last and so in this thread:
    its words are in the reader's language."""
    api, organization_id = request.flowtly, request.organization.id
    wanted = subscription_id or kind.meant(connection.organization(api, organization_id))
    calls: dict[str, Callable[[], Any]] = {
        "organization": lambda: connection.organization(api, organization_id, fresh=True)
    }
    if wanted:
        calls["subscription"] = lambda: kind.read(api, wanted)
        calls |= {name: _with(call, wanted) for name, call in (more or {}).items()}
    if acting:
        calls["whose"] = lambda: check(request)
    found = gather(calls)
    organization, subscription = found.pop("organization"), found.pop("subscription", Result())
    confirmed: Whose = (found.pop("whose").value if acting else None) or Whose()
    if not subscription_id and organization.value and (now := kind.meant(organization.value)) != wanted:
        # It was another one when it was last read: what is shown has to be the one that will be meant.
        return (
            read(request, kind, now, more, acting=acting)
            if now
            else Look(organization, Result(), {}, confirmed)
        )
    return Look(organization, subscription, found, confirmed)


def _with(call: Callable[[str], Any], subscription_id: str) -> Callable[[], Any]:
    return lambda: call(subscription_id)


# --- afterwards ---


def looked_for(kind: Kind) -> reconciling.Act:
    """How a doubt about such an act is settled: by `reconcile`, by somebody's "Look again", or by its own page."""

    def tells(open_: Open) -> bool:
        return bool(open_.before and open_.record and kind.tells(open_.before))

    def look(api: Flowtly, open_: Open) -> Outcome:
        now = kind.read(api, open_.record)
        return kind.told(open_.before, now.raw, _code(api, open_))

    return reconciling.Act(tells, look)


def _code(api: Flowtly, open_: Open) -> str:
    return str(open_.sent.get(api.names.coupon_field, ""))


def teach() -> None:
    """Tells whoever settles doubts how these are settled."""
    for kind in KINDS.values():
        reconciling.ACTS[kind.entity, kind.id] = looked_for(kind)
