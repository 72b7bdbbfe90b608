"""The rehearsal: who each line is, what speaks against it, and whether anything would be sent. It asks Flowtly itself
and sends nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.utils.translation import ngettext

from dashboard.actions import warnings
from dashboard.actions.bulk import parse
from dashboard.actions.bulk.models import Batch, Skipped
from dashboard.actions.bulk.parse import Named
from dashboard.actions.kinds import APPLY
from dashboard.actions.observation import Look, current
from dashboard.audit.models import Open
from dashboard.flowtly import Flowtly, errors
from dashboard.flowtly.resources.organizations import Organization
from dashboard.flowtly.resources.subscriptions import Subscription
from dashboard.forms.saving import TIMESTAMPS
from dashboard.upstream import connection
from dashboard.upstream.limited_parallel import together
from dashboard.upstream.parallel import Result
from dashboard.web import error_messages
from dashboard.web.formatting import label, number, pill
from dashboard.web.request import OpenOrganization, StaffRequest, kind_of

# What of an organization decides whether the act is meant for it as it stands.
WATCHED = (
    "id",
    "name",
    "slug",
    "status",
    "type",
    "demo",
    "productionLike",
    "manualBilling",
    "stripeCustomerId",
)


@dataclass
class Line:
    """A line of what was pasted, as the rehearsal shows it. `skipped` is a word of `Skipped` or ""."""

    place: int
    typed: str
    organization: str = ""
    name: str = ""
    skipped: str = ""
    why: str = ""
    seen: str = ""
    warnings: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    ticked: bool = False
    before: bool = False  # they were given this code here before

    @property
    def called(self) -> str:
        """What it was called by, where that says more than its id."""
        return self.typed if self.typed != self.organization and "/" not in self.typed else ""

    @property
    def can(self) -> bool:
        return not self.skipped


def read(request: StaffRequest, batch: Batch) -> list[Line]:
    rows = list(batch.rows.all())
    named = parse.read(request, [row.typed for row in rows])
    lines = [Line(row.place, row.typed, one.organization) for row, one in zip(rows, named, strict=True)]
    tenants = {one.organization: one.tenant for one in named if one.organization}
    api = request.flowtly.live()
    looks = together(list(tenants), lambda organization: look(api, organization, tenants[organization]))
    told = _Told(request, batch, looks)
    before: set[str] = set()
    for line, one in zip(lines, named, strict=True):
        told.tell(line, one, twice=line.organization in before)
        before.add(line.organization)
    return lines


def look(api: Flowtly, organization: str, tenant: str) -> Look:
    """The organization and its subscription as they are now. `tenant` is what the list says, for an API whose records
    do not say it."""
    try:
        record = connection.organization(api, organization, fresh=True)
    except errors.FlowtlyError as error:
        return Look(Result(error=error), Result())
    if not current(record):
        return Look(Result(record), Result())
    if said := record.tenant(api.names) or tenant:
        api.connection.learnt.learn_tenant(organization, said)
    try:
        within = api.within(api.organizations.tenant(organization))
        return Look(Result(record), Result(within.subscriptions.get(current(record))))
    except errors.FlowtlyError as error:
        return Look(Result(record), Result(error=error))


def digest(found: Look) -> str:
    """Tells whether anything that counts is another than it was."""
    organization, subscription = found.organization.value, found.subscription.value
    if organization is None or subscription is None:
        return ""
    counts = {name: organization.raw.get(name) for name in WATCHED}
    told = [counts, current(organization), _counting(subscription.raw)]
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _counting(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in raw.items() if v is not None and not k.startswith("@") and k not in TIMESTAMPS}


class _Told:
    """Says each line in words. What our own database knows is asked once for all of them."""

    def __init__(self, request: StaffRequest, batch: Batch, looks: Mapping[str, Look]) -> None:
        self.request, self.looks = request, looks
        self.before = warnings.last_applied(batch.code, looks)
        doubts = Open.objects.filter(entity=APPLY.entity, organization__in=looks)
        self.doubtful = set(doubts.values_list("organization", "record"))

    def tell(self, line: Line, named: Named, *, twice: bool) -> None:
        if not named.organization:
            line.skipped, line.why = named.skipped, _why(named.skipped, named.error)
            return
        found = self.looks[named.organization]
        if found.organization.value is not None:
            self._facts(line, found.organization.value, found.subscription.value)
        line.skipped, error = (Skipped.TWICE, None) if twice else self._skipped(named.organization, found)
        line.why = _why(line.skipped, error)
        if line.can:
            earlier = self.before.get(named.organization)
            line.seen, line.ticked, line.before = digest(found), earlier is None, earlier is not None
            line.warnings = warnings.of(self.request, APPLY, found)
            line.warnings += [warnings.said_before(self.request, earlier)] if earlier else []

    def _skipped(self, organization: str, found: Look) -> tuple[str, errors.FlowtlyError | None]:
        error = found.organization.error or found.subscription.error
        if isinstance(found.organization.error, errors.NotFound):
            return Skipped.NOT_FOUND, None
        if error is not None:
            return Skipped.UNREADABLE, error
        if found.subscription.value is None:
            return Skipped.NO_SUBSCRIPTION, None
        if (organization, found.subscription.value.id) in self.doubtful:
            return Skipped.UNSETTLED, None
        return "", None

    def _facts(self, line: Line, whose: Organization, subscription: Subscription | None) -> None:
        kind, words = kind_of(whose)
        line.name = (whose.name or line.organization)[:255]
        line.facts = {
            "url": OpenOrganization(line.organization, line.name, "", kind, words).url,
            "kind": kind,
            "kind_label": words,
            "status": label(whose.status) if label(whose.status) != words else "",
        }
        if subscription is not None:
            line.facts |= {
                "plan": label(subscription.type),
                "state": label(subscription.status),
                "pill": pill(subscription.status),
                "seats": _seats(subscription.seats),
            }


def _seats(seats: int | None) -> str:
    if seats is None:
        return ""
    return (ngettext("%(n)s seat", "%(n)s seats", seats) % {"n": number(seats)}).replace(" ", "\u00a0")


def _why(skipped: str, error: errors.FlowtlyError | None) -> str:
    if not skipped:
        return ""
    words = str(Skipped(skipped).label)
    return f"{words}: {error_messages.reading(error).text}" if error else words


def earlier_code(batch: Batch) -> str:
    """A code that was used here and that one may take this one for."""
    return warnings.look_alike(batch.code, warnings.codes_used())
