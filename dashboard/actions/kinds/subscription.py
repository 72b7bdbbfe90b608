"""Kinds about a subscription: what is read of it, what speaks against acting on it, and whether it shows a discount.

No discount is part of the published record.
"""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.actions.kinds.base import Fact, Kind, Raw, Words
from dashboard.audit.models import Outcome
from dashboard.entities.subscriptions import presentation
from dashboard.entities.subscriptions.presentation import DISCOUNTS
from dashboard.flowtly import Flowtly
from dashboard.flowtly.resources.organizations import Organization
from dashboard.flowtly.resources.subscriptions import Ending, Subscription
from dashboard.upstream.parallel import Result
from dashboard.web.formatting import label, number, pill
from dashboard.web.panels import fact

FEW = 5  # invoices
CANCELLED = {"cancelled", "canceled"}
UNPAID = {"past_due", "unpaid"}


class SubscriptionKind(Kind[Subscription]):
    permission = "act_money"
    entity = "subscriptions"
    namespace = "acts"
    # The first two show that it was read at all.
    watched: tuple[str, ...] = ("status", "active", *DISCOUNTS, *Ending.expected())
    by_hand: Words = gettext_lazy("This organization is billed by hand: its bills know no coupons.")

    def record_id(self, organization: Organization) -> str:
        named = organization.current_subscription
        return named.id if named else ""

    def read(self, api: Flowtly, record_id: str) -> Subscription:
        return api.subscriptions.get(record_id)

    def beside(self, api: Flowtly) -> dict[str, Callable[[str], object]]:
        return {
            "invoices": lambda record_id: api.subscriptions.invoices(record_id, 1, FEW),
            "catalog": lambda record_id: api.subscriptions.catalog(items=100).items,
        }

    def record_in(self, answer: Raw) -> str:
        return Subscription.read(answer).id

    def look(self, api: Flowtly, record_id: str, was: Raw, code: str) -> tuple[Outcome, Subscription]:
        """A call without an id may have been about another subscription: that this one is as it was says nothing where
        there are others."""
        outcome, now = super().look(api, record_id, was, code)
        if outcome == Outcome.NOT_APPLIED and not self.names_record:
            others = [each for each in api.subscriptions.list(items=100).items if each.id != record_id]
            if any(each.status not in CANCELLED for each in others):
                outcome = Outcome.UNKNOWN
        return outcome, now

    def name_of(self, record: Subscription) -> str:
        return label(record.type) if record.type else ""

    def facts(self, record: Subscription, zone: str) -> list[Fact]:
        return [
            fact(_("Subscription"), record.id, code=True),
            fact(_("Plan"), record.type),
            fact(_("Seats"), number(record.seats)),
            fact(_("Status"), record.status, pill=pill(record.status)),
            *presentation.ending(record, zone),
            *presentation.discounts(record, zone),
        ]

    def warnings(
        self, organization: Organization | None, record: Result[Subscription], zone: str
    ) -> Iterator[str]:
        if organization is None:
            yield _("The organization could not be read, so what speaks against it is not known.")
        else:
            yield from self._of_organization(organization)
        if record.value is not None:
            yield from self._of_subscription(record.value, zone)
            yield from self.discount_warnings(record.value, zone)
        elif record.error is None:
            yield _("Flowtly names no current subscription. The act goes to whatever it takes for that.")

    def _of_organization(self, found: Organization) -> Iterator[str]:
        if found.manual_billing:
            yield str(self.by_hand)
        elif not found.stripe_customer_id:
            yield _("Flowtly names no Stripe customer for this organization: there may be nobody to charge.")
        if found.status and found.status != "active":
            text = _("The organization is not active: Flowtly says “%(status)s”.")
            yield text % {"status": label(found.status)}
        if silent := _silent(found.raw, "status", "manualBilling"):
            yield _("Flowtly does not say: %(fields)s.") % {"fields": silent}

    def _of_subscription(self, found: Subscription, zone: str) -> Iterator[str]:
        if found.active is False or found.status in {*CANCELLED, *UNPAID}:
            text = _("The subscription is not in good standing: Flowtly says “%(status)s”.")
            yield text % {"status": label(found.status)}
        elif ending := presentation.ending(found, zone):
            yield _("The subscription is already cancelled. It ends: %(day)s.") % {"day": ending[0]["value"]}
        if silent := _silent(found.raw, "status", "active"):
            yield _("Flowtly does not say of the subscription: %(fields)s.") % {"fields": silent}

    def discount_warnings(self, found: Subscription, zone: str) -> Iterator[str]:
        yield from ()


def _silent(raw: Raw, *names: str) -> str:
    return ", ".join(name for name in names if raw.get(name) is None)


def shows_discounts(raw: Raw) -> bool:
    """Whether this API says anything of discounts. A field that is left out may be null, or not there at all."""
    return any(name in raw for name in DISCOUNTS)


def discount(raw: Raw) -> dict[str, object]:
    """What is shown under the likely names; empty where nothing is."""
    return {name: raw[name] for name in DISCOUNTS if raw.get(name) not in (None, "", [], {})}
