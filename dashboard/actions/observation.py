"""Observation: what there is to see before an action, read at the same time, and how two of them differ."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from dashboard.actions.kinds import AnyKind
from dashboard.audit.chain import as_kept
from dashboard.flowtly.resources.organizations import Organization
from dashboard.forms.saving import TIMESTAMPS
from dashboard.forms.tenant_check import NOTHING_TO_TYPE, Whose, check
from dashboard.upstream import connection
from dashboard.upstream.merge import same
from dashboard.upstream.parallel import Result, gather
from dashboard.web.formatting import as_it_is, label
from dashboard.web.request import StaffRequest


@dataclass(frozen=True)
class Look:
    """Each as it was read, or the error it ended in. Without a record and without an error there is no subscription
    that Flowtly calls the current one."""

    organization: Result[Organization]
    record: Result[
        Any
    ]  # what the action is about: a subscription; for clearing, the organization and what it has
    beside: dict[str, Result[Any]] = field(default_factory=dict)
    whose: Whose = NOTHING_TO_TYPE


def read(request: StaffRequest, kind: AnyKind, record_id: str = "", *, acting: bool = False) -> Look:
    """What is shown beside the record is read for the first page alone. The check of whose data it is runs last and
    so in this thread: its words are in the reader's language."""
    api, organization_id = request.flowtly, request.organization.id
    wanted = record_id or kind.record_id(connection.organization(api, organization_id))
    calls: dict[str, Callable[[], object]] = {
        "organization": lambda: connection.organization(api, organization_id, fresh=True)
    }
    if wanted:
        calls["record"] = lambda: kind.read(api, wanted)
    if wanted and not acting:
        calls |= {name: partial(call, wanted) for name, call in kind.beside(api).items()}
    if acting:
        calls["whose"] = lambda: check(request)
    found = gather(calls)
    organization, record = found.pop("organization"), found.pop("record", Result())
    whose: Whose = (found.pop("whose").value if acting else None) or NOTHING_TO_TYPE
    if not record_id and organization.value and (now := kind.record_id(organization.value)) != wanted:
        # It was another one when it was last read: what is shown has to be the one that will be meant.
        return read(request, kind, now, acting=acting) if now else Look(organization, Result(), {}, whose)
    return Look(organization, record, found, whose)


@dataclass(frozen=True)
class FieldChange:
    """A field before and after."""

    name: str
    before: str
    after: str
    differs: bool

    @property
    def counts(self) -> bool:
        """Whether it is another, and not only what changes with every save."""
        return self.differs and self.name not in TIMESTAMPS


def compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    """Field by field. A null may as well be absent."""
    after = as_kept(dict(after))
    names = [name for name in dict.fromkeys([*before, *after]) if not name.startswith("@")]
    pairs = [(name, before.get(name), after.get(name)) for name in names]
    return [FieldChange(name, _value(was), _value(now), not same(was, now)) for name, was, now in pairs]


def _value(value: object) -> str:
    return label(None) if value is None else as_it_is(value)
