"""Preview of a batch: who each line is, what speaks against it, and whether anything would be sent. It asks Flowtly
itself and sends nothing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from django.utils.translation import ngettext

from dashboard.actions import transitions, warnings
from dashboard.actions.bulk import parse
from dashboard.actions.bulk.models import Batch, Skipped
from dashboard.actions.bulk.parse import Named
from dashboard.actions.kinds import APPLY_COUPON
from dashboard.actions.observation import Look
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

# What of an organization decides whether the action is meant for it as it stands.
WATCHED = [
    "id",
    "name",
    "slug",
    "status",
    "type",
    "demo",
    "productionLike",
    "manualBilling",
    "stripeCustomerId",
]


@dataclass
class PreviewLine:
    """A line of what was pasted, as the preview shows it. `skipped` is a word of `Skipped` or ""."""

    place: int
    typed: str
    organization: str = ""
    name: str = ""
    skipped: str = ""
    why: str = ""
    seen: str = ""
    warnings: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    twin: dict[str, str] = field(default_factory=dict)  # the same request of somebody
    candidates: Sequence[Named] = ()  # one of which a person has to choose
    ticked: bool = False

    @property
    def called(self) -> str:
        return parse.called(self.typed, self.organization)

    @property
    def can(self) -> bool:
        return not self.skipped


def read(request: StaffRequest, batch: Batch) -> list[PreviewLine]:
    rows = list(batch.rows.all())
    found = parse.read(request, [row.typed for row in rows])
    named = [one.chosen(row.organization) for row, one in zip(rows, found, strict=True)]
    tenants = {one.organization: one.tenant for one in named if one.organization}
    api = request.flowtly.live()
    looks = together(list(tenants), lambda organization: look(api, organization, tenants[organization]))
    preview = _Preview(request, batch, looks)
    return [preview.line(row.place, row.typed, one) for row, one in zip(rows, named, strict=True)]


def look(api: Flowtly, organization: str, tenant: str) -> Look:
    """The organization and its subscription as they are now. `tenant` is what the list says, for an API whose records
    do not say it."""
    record = None
    try:
        record = connection.organization(api, organization, fresh=True)
        current = APPLY_COUPON.record_id(record)
        if not current:
            return Look(Result(record), Result())
        if said := record.tenant(api.names) or tenant:
            api.connection.learnt.learn_tenant(organization, said)
        within = api.within(api.organizations.tenant(organization))
        return Look(Result(record), Result(APPLY_COUPON.read(within, current)))
    except errors.FlowtlyError as error:
        return Look(Result(record), Result(error=error)) if record else Look(Result(error=error), Result())


def digest(found: Look) -> str:
    """Tells whether anything that counts is another than it was."""
    organization, subscription = found.organization.value, found.record.value
    if organization is None or subscription is None:
        return ""
    counts = {name: organization.raw.get(name) for name in WATCHED}
    shown = {
        name: value
        for name, value in subscription.raw.items()
        if value is not None and not name.startswith("@") and name not in TIMESTAMPS
    }
    told = [counts, APPLY_COUPON.record_id(organization), shown]
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


class _Preview:
    """Says each line in words. What our own database knows is asked once for all of them."""

    def __init__(self, request: StaffRequest, batch: Batch, looks: Mapping[str, Look]) -> None:
        self.request, self.looks = request, looks
        self.before = warnings.last_applied(batch.code, looks)
        open_ = Open.objects.filter(entity=APPLY_COUPON.entity, organization__in=looks)
        same = transitions.undecided(kind=APPLY_COUPON.id, code=batch.code, organization__in=list(looks))
        self.twins = {act.organization: act for act in same}
        self.unresolved = set(open_.values_list("organization", "record"))
        self.seen: set[str] = set()

    def line(self, place: int, typed: str, named: Named) -> PreviewLine:
        line = PreviewLine(place, typed, named.organization, skipped=named.skipped)
        if not named.organization:
            line.why, line.candidates = _why(named.skipped, named.error), named.candidates
            return line
        found = self.looks[named.organization]
        if found.organization.value is not None:
            line.name = (found.organization.value.name or line.organization)[:255]
            line.facts = _facts(line, found.organization.value, found.record.value)
        line.skipped, error = self._skipped(named.organization, found)
        self.seen.add(named.organization)
        line.why = _why(line.skipped, error)
        if line.skipped == Skipped.TWIN:
            line.twin = transitions.told(self.twins[named.organization], self.request.user.time_zone)
        if line.can:
            earlier = self.before.get(named.organization)
            line.seen, line.warnings = digest(found), warnings.read(self.request, APPLY_COUPON, found)
            if earlier:
                line.warnings.append(warnings.applied_before(self.request.user.time_zone, earlier))
            line.ticked = not line.warnings  # what has a warning takes a person's word
        return line

    def _skipped(self, organization: str, found: Look) -> tuple[str, errors.FlowtlyError | None]:
        error = found.organization.error or found.record.error
        if organization in self.seen:
            return Skipped.TWICE, None
        if isinstance(found.organization.error, errors.NotFound):
            return Skipped.NOT_FOUND, None
        if error is not None:
            return Skipped.UNREADABLE, error
        if found.record.value is None:
            return Skipped.NO_SUBSCRIPTION, None
        if organization in self.twins:
            return Skipped.TWIN, None
        if (organization, found.record.value.id) in self.unresolved:
            return Skipped.UNSETTLED, None
        return "", None


def _facts(line: PreviewLine, whose: Organization, subscription: Subscription | None) -> dict[str, str]:
    kind, words = kind_of(whose)
    facts = {
        "url": OpenOrganization(line.organization, line.name, "", kind, words).url,
        "kind": kind,
        "kind_label": words,
        "status": label(whose.status) if label(whose.status) != words else "",
    }
    if subscription is not None:
        facts |= {
            "plan": label(subscription.type),
            "state": label(subscription.status),
            "pill": pill(subscription.status),
            "seats": _seats(subscription.seats),
        }
    return facts


def _seats(seats: int | None) -> str:
    if seats is None:
        return ""
    return (ngettext("%(n)s seat", "%(n)s seats", seats) % {"n": number(seats)}).replace(" ", "\u00a0")


def _why(skipped: str, error: errors.FlowtlyError | None) -> str:
    if not skipped:
        return ""
    words = str(Skipped(skipped).label)
    return f"{words}: {error_messages.reading(error).text}" if error else words
