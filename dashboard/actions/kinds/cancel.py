"""Cancel a subscription: done where its state has become cancelled, it is active no more, or it has come to say when it
ends."""

from django.utils.translation import gettext_lazy as _

from dashboard.actions.kinds.base import Raw
from dashboard.actions.kinds.subscription import CANCELLED, SubscriptionKind
from dashboard.actions.models import Act, KindName
from dashboard.audit.models import Outcome
from dashboard.flowtly import Flowtly
from dashboard.flowtly.resources.subscriptions import Ending, Subscription
from dashboard.upstream.merge import same


class Cancel(SubscriptionKind):
    id = KindName.CANCEL.value
    title = _("Cancel the subscription of %(name)s")
    sentence = _("The subscription %(plan)s (%(record)s) of %(name)s will be cancelled.")
    since = _("Flowtly does not say whether it ends at once or at the end of what is paid for.")
    button = _("Cancel the subscription of %(name)s")
    ask = _("Ask a second person to cancel the subscription of %(name)s")
    keep = _("Keep subscription")
    refused = _("Not cancelled: Flowtly refused")
    unknown = _("We do not know whether the subscription was cancelled")
    unseen = _("The subscription is shown as it was. Look at it again before you take it for cancelled.")
    by_hand = _("This organization is billed by hand: whoever writes its bills has to know.")
    types_slug = names_record = ends = True

    def call(self, api: Flowtly, act: Act) -> Subscription:
        return api.subscriptions.cancel(act.record)

    def can_show(self, raw: Raw) -> bool:
        """Where it is not cancelled already, and says what it is."""
        running = raw.get("active") is True or isinstance(raw.get("status"), str)
        return running and raw.get("status") not in CANCELLED and not Ending.read(raw).is_set

    def outcome(self, was: Raw, now: Raw, code: str) -> Outcome:
        if not self.can_show(was):
            return Outcome.UNKNOWN
        if now.get("status") in CANCELLED or (was.get("active") is True and now.get("active") is False):
            return Outcome.APPLIED
        if Ending.read(now).is_set:
            return Outcome.APPLIED
        unmoved = all(same(was.get(name), now.get(name)) for name in ("status", "active"))
        return Outcome.NOT_APPLIED if unmoved else Outcome.UNKNOWN

    def ending(self, now: Raw) -> Ending:
        return Ending() if now.get("status") in CANCELLED or now.get("active") is False else Ending.read(now)
