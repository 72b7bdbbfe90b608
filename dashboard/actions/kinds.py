"""The acts there are: what each needs, says, sends, and by what it is seen to be done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dashboard.actions import inventory, outcome
from dashboard.actions.models import Act
from dashboard.actions.models import Kind as Name
from dashboard.audit.models import Outcome
from dashboard.flowtly import Flowtly
from dashboard.flowtly.resources.organizations import Organization
from dashboard.flowtly.resources.subscriptions import Subscription, Subscriptions

Words = str | Promise
Raw = Mapping[str, Any]


def current(organization: Organization) -> str:
    """The id of the subscription that an act without an id is about; "" where none is named."""
    named = organization.current_subscription
    return named.id if named and named.id not in Subscriptions.literals else ""


def subscription(api: Flowtly, identifier: str) -> Subscription:
    return api.subscriptions.get(identifier)


@dataclass(frozen=True)
class Kind:
    """`words` with %(name)s, %(id)s, %(code)s, %(record)s and %(plan)s in them are filled in by `say`. `call` sends
    it. `tells` says whether a record could show that it was done, and `told` whether it does: before, now, code."""

    id: str
    permission: str
    entity: str
    title: Words
    sentence: Words
    since: Words
    button: Words
    ask: Words
    keep: Words
    done: Words
    refused: Words
    unknown: Words
    unseen: Words  # where it was accepted and nothing of it shows
    call: Callable[[Flowtly, Act], Any]
    tells: Callable[[Raw], bool]
    told: Callable[[Raw, Raw, str], Outcome]
    page: str  # the name of the URL of its first page
    # The record it is about: which one where its path names none, and that one by its id.
    meant: Callable[[Organization], str] = current
    read: Callable[[Flowtly, str], Any] = subscription
    has_code: bool = False
    types_slug: bool = False  # always, not only where nothing else says whose it is
    names_record: bool = False  # its path has the record's id
    ends: bool = False  # it cannot be taken back

    def say(self, words: Words, act: Act) -> str:
        said = str(words) % {
            "name": act.organization_name,
            "id": act.organization,
            "code": act.code,
            "record": act.record,
            "plan": act.record_name or act.record,
        }
        return said.removesuffix(".") if said.endswith("..") else said  # a name may end with a dot of its own

    @property
    def allowed(self) -> bool:
        """Whether there is such an act here at all."""
        return self.id != Name.CLEAR or settings.ALLOW_ORGANIZATION_CLEAR

    @property
    def needs_second(self) -> bool:
        """Whether it waits for somebody else to agree."""
        return self.id == Name.CLEAR or self.id in settings.SECOND_PERSON_FOR


APPLY = Kind(
    id=Name.APPLY_COUPON.value,
    permission="act_money",
    entity="subscriptions",
    title=_("Apply a coupon to %(name)s"),
    sentence=_("Coupon %(code)s will be applied to the subscription of %(name)s."),
    since=_("It counts for future invoices only: what has been invoiced stays as it is."),
    button=_("Apply %(code)s to %(name)s"),
    ask=_("Ask a second person to apply %(code)s to %(name)s"),
    keep=_("Do not apply it"),
    done=_("Coupon %(code)s was applied to the subscription of %(name)s"),
    refused=_("Not applied: Flowtly refused %(code)s"),
    unknown=_("We do not know whether %(code)s was applied"),
    unseen=_("That is usual: Flowtly shows no discount. The next invoice will tell."),
    call=lambda api, act: api.subscriptions.apply_coupon(act.code),
    tells=outcome.may_show,
    told=outcome.applied,
    page="acts:apply-coupon",
    has_code=True,
)
CLEAR_COUPON = Kind(
    id=Name.CLEAR_COUPON.value,
    permission="act_money",
    entity="subscriptions",
    title=_("Clear the coupon of %(name)s"),
    sentence=_("Whatever coupon is on the subscription of %(name)s will be taken off."),
    since=_("It counts for future invoices only: nothing is refunded or charged again."),
    button=_("Clear the coupon of %(name)s"),
    ask=_("Ask a second person to clear the coupon of %(name)s"),
    keep=_("Keep the coupon"),
    done=_("The coupon of %(name)s was cleared"),
    refused=_("Not cleared: Flowtly refused"),
    unknown=_("We do not know whether the coupon was cleared"),
    unseen=_("That is usual: Flowtly shows no discount. The next invoice will tell."),
    call=lambda api, act: api.subscriptions.clear_coupon(),
    tells=outcome.shows_a_discount,
    told=outcome.cleared,
    page="acts:clear-coupon",
)
CANCEL = Kind(
    id=Name.CANCEL.value,
    permission="act_money",
    entity="subscriptions",
    title=_("Cancel the subscription of %(name)s"),
    sentence=_("The subscription %(plan)s (%(record)s) of %(name)s will be cancelled."),
    since=_("Flowtly does not say whether it ends at once or at the end of what is paid for."),
    button=_("Cancel the subscription of %(name)s"),
    ask=_("Ask a second person to cancel the subscription of %(name)s"),
    keep=_("Keep subscription"),
    done=_("The subscription %(record)s of %(name)s was cancelled"),
    refused=_("Not cancelled: Flowtly refused"),
    unknown=_("We do not know whether the subscription was cancelled"),
    unseen=_("The subscription is shown as it was. Look at it again before you take it for cancelled."),
    call=lambda api, act: api.subscriptions.cancel(act.record),
    tells=outcome.tells_cancelling,
    told=outcome.cancelled,
    page="acts:cancel",
    types_slug=True,
    names_record=True,
    ends=True,
)

CLEAR = Kind(
    id=Name.CLEAR.value,
    permission="clear_organization",
    entity="organizations",
    title=_("Clear %(name)s"),
    sentence=_("What %(name)s has at Flowtly will be destroyed."),
    since=_("Nothing brings it back. Flowtly does not say what goes and what stays: see what there is now."),
    button=_("Clear %(name)s and destroy its data"),
    ask=_("Ask a second person to clear %(name)s"),
    keep=_("Keep its data"),
    done=_("%(name)s was cleared"),
    refused=_("Not cleared: Flowtly refused"),
    unseen=_(
        "What can be counted is as it was. Look at the organization again before you take it for cleared."
    ),
    unknown=_("We do not know whether %(name)s was cleared"),
    call=lambda api, act: api.organizations.clear(),
    tells=outcome.has_something,
    told=outcome.emptied,
    page="clearing:clear",
    meant=lambda organization: organization.id,
    read=inventory.organization,
    types_slug=True,
    ends=True,
)

KINDS: dict[str, Kind] = {kind.id: kind for kind in (APPLY, CLEAR_COUPON, CANCEL, CLEAR)}
