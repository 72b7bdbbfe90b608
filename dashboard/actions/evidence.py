"""Evidence of an action that Flowtly accepted: which record its answer names, and what that says of it, from when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.actions.kinds import KINDS
from dashboard.actions.models import Act
from dashboard.actions.observation import compared
from dashboard.audit.models import Outcome
from dashboard.flowtly.resources.subscriptions import Ending

NO_END = Ending()


@dataclass(frozen=True)
class Evidence:
    """`shown` is whether the record says that it is done; `changed`, where it does not, whether anything else of it is
    another. `ending` is set where it is done from a later day on."""

    record: str  # the record it was done to, as far as that is known
    told: bool = True  # whether anything of it came back
    elsewhere: bool = False  # it is not the one that was meant
    shown: bool = False
    changed: bool = False
    ending: Ending = NO_END


def read(act: Act) -> Evidence:
    """What was kept of the answer and of the record, read again. The answer counts where that was not possible."""
    kind = KINDS[act.kind]
    answered = kind.record_in(act.answer or {})
    if answered and act.record and answered != act.record:
        return Evidence(answered, elsewhere=True)
    record = act.record or answered
    now: Mapping[str, Any] | None = act.after if act.after is not None else act.answer if answered else None
    if act.before is None or now is None:
        return Evidence(record, told=False, shown=bool(act.visible))
    shown = kind.outcome(act.before, now, act.code) == Outcome.APPLIED
    changed = not shown and any(one.counts for one in compared(act.before, now))
    ending = kind.ending(now) if shown else NO_END
    return Evidence(record, shown=shown, changed=changed, ending=ending)
