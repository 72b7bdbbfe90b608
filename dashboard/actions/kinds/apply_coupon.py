"""Apply a coupon to the current subscription: done where a discount comes to name the code."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard.actions.kinds.base import Raw
from dashboard.actions.kinds.subscription import SubscriptionKind, discount, shows_discounts
from dashboard.actions.models import Act, KindName
from dashboard.audit.models import Outcome
from dashboard.entities.subscriptions import presentation
from dashboard.flowtly import Flowtly
from dashboard.flowtly.resources.subscriptions import Subscription
from dashboard.standards.foreign_text import joined
from dashboard.upstream.merge import same


class ApplyCoupon(SubscriptionKind):
    id = KindName.APPLY_COUPON.value
    title = _("Apply a coupon to %(name)s")
    sentence = _("Coupon %(code)s will be applied to the subscription of %(name)s.")
    since = _("It counts for future invoices only: what has been invoiced stays as it is.")
    button = _("Apply %(code)s to %(name)s")
    ask = _("Ask a second person to apply %(code)s to %(name)s")
    keep = _("Do not apply it")
    refused = _("Not applied: Flowtly refused %(code)s")
    unknown = _("We do not know whether %(code)s was applied")
    unseen = _("That is usual: Flowtly shows no discount. The next invoice will tell.")
    has_code = True

    def call(self, api: Flowtly, act: Act) -> Subscription:
        return api.subscriptions.apply_coupon(act.code)

    def can_show(self, raw: Raw) -> bool:
        """A discount may come to show on a record that never had one."""
        return True

    def outcome(self, was: Raw, now: Raw, code: str) -> Outcome:
        if not same(discount(was), discount(now)):
            return Outcome.APPLIED if code in _texts(discount(now)) else Outcome.UNKNOWN
        unmoved = shows_discounts(was) and code not in _texts(discount(was))
        return Outcome.NOT_APPLIED if unmoved else Outcome.UNKNOWN

    def discount_warnings(self, found: Subscription, zone: str) -> Iterator[str]:
        if discount(found.raw):
            things = [each for fact in presentation.discounts(found, zone) for each in fact["things"]]
            names = joined(joined([each.name, each.detail], " ") for each in things)
            text = gettext(
                "There is a discount already: %(discount)s. Flowtly does not say whether the new one replaces it."
            )
            yield text % {"discount": names}


def _texts(value: object) -> Iterator[str]:
    """Every text in it, and the last part of every address."""
    if isinstance(value, str):
        yield value
        yield value.rpartition("/")[2]
    elif isinstance(value, Mapping | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(each)
