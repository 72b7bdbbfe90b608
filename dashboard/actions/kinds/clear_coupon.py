"""Clear the coupon of the current subscription: done where there was a discount and is none."""

from collections.abc import Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard.actions.kinds.base import Raw
from dashboard.actions.kinds.subscription import SubscriptionKind, discount
from dashboard.actions.models import Act, KindName
from dashboard.audit.models import Outcome
from dashboard.flowtly import Flowtly
from dashboard.flowtly.resources.subscriptions import Subscription
from dashboard.upstream.merge import same


class ClearCoupon(SubscriptionKind):
    id = KindName.CLEAR_COUPON.value
    title = _("Clear the coupon of %(name)s")
    sentence = _("Whatever coupon is on the subscription of %(name)s will be taken off.")
    since = _("It counts for future invoices only: nothing is refunded or charged again.")
    button = _("Clear the coupon of %(name)s")
    ask = _("Ask a second person to clear the coupon of %(name)s")
    keep = _("Keep the coupon")
    refused = _("Not cleared: Flowtly refused")
    unknown = _("We do not know whether the coupon was cleared")
    unseen = _("That is usual: Flowtly shows no discount. The next invoice will tell.")

    def call(self, api: Flowtly, act: Act) -> Subscription:
        return api.subscriptions.clear_coupon()

    def can_show(self, raw: Raw) -> bool:
        return bool(discount(raw))

    def outcome(self, was: Raw, now: Raw, code: str) -> Outcome:
        if not discount(was):
            return Outcome.UNKNOWN
        if not discount(now):
            return Outcome.APPLIED
        return Outcome.NOT_APPLIED if same(discount(was), discount(now)) else Outcome.UNKNOWN

    def discount_warnings(self, found: Subscription, zone: str) -> Iterator[str]:
        if not discount(found.raw):
            yield gettext("Flowtly shows no discount. There may be one all the same, or nothing to clear.")
