"""What speaks against an act, said before it: what Flowtly says of the organization, what it does not say, and what
was done here before."""

import unicodedata
from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from dashboard.actions import outcome
from dashboard.actions.kinds import Kind
from dashboard.actions.models import Act
from dashboard.actions.models import Kind as Name
from dashboard.actions.observation import Look
from dashboard.audit.models import Outcome
from dashboard.entities.subscriptions import presentation
from dashboard.flowtly.resources.organizations import Organization
from dashboard.flowtly.resources.subscriptions import Subscription
from dashboard.web.formatting import label, when
from dashboard.web.request import StaffRequest, kind_of

MOST_CODES = 500
DONE = (Outcome.APPLIED, Outcome.UNKNOWN)
# Signs that one eye takes for another.
_ALIKE = str.maketrans({"o": "0", "i": "1", "l": "1", "|": "1", "-": None, "_": None, " ": None})


def of(request: StaffRequest, kind: Kind, look: Look, act: Act | None = None) -> list[str]:
    if kind.entity == "organizations":
        return list(_of_clearing(look))
    return [*_of_organization(kind, look), *_of_subscription(request, kind, look), *_of_code(request, act)]


def _of_organization(kind: Kind, look: Look) -> Iterator[str]:
    found = look.organization.value
    if found is None:
        yield _("The organization could not be read, so what speaks against it is not known.")
        return
    yield from _billing(kind, found)
    if found.status and found.status != "active":
        yield _("The organization is not active: Flowtly says “%(status)s”.") % {
            "status": label(found.status)
        }
    silent = [name for name in ("status", "manualBilling") if found.raw.get(name) is None]
    if silent:
        yield _("Flowtly does not say: %(fields)s.") % {"fields": ", ".join(silent)}


def _of_clearing(look: Look) -> Iterator[str]:
    found = look.organization.value
    if found is None:
        yield _("The organization could not be read, so what speaks against it is not known.")
    elif kind_of(found)[0] != "demo":
        yield _("This is no demo: real people may be working with what will be destroyed.")


def _billing(kind: Kind, found: Organization) -> Iterator[str]:
    if found.manual_billing and kind.ends:
        yield _("This organization is billed by hand: whoever writes its bills has to know.")
    elif found.manual_billing:
        yield _("This organization is billed by hand: its bills know no coupons.")
    elif not found.stripe_customer_id:
        yield _("Flowtly names no Stripe customer for this organization: there may be nobody to charge.")


def _of_subscription(request: StaffRequest, kind: Kind, look: Look) -> Iterator[str]:
    found = look.subscription.value
    if found is None:
        if look.subscription.error is None:
            yield _("Flowtly names no current subscription. The act goes to whatever it takes for that.")
        return
    if found.active is False or found.status in outcome.CANCELLED:
        yield _("The subscription is not active: Flowtly says “%(status)s”.") % {
            "status": label(found.status)
        }
    silent = [name for name in ("status", "active") if found.raw.get(name) is None]
    if silent:
        text = _("Flowtly does not say of the subscription: %(fields)s.")
        yield text % {"fields": ", ".join(silent)}
    yield from _discount(request, kind, found)


def _discount(request: StaffRequest, kind: Kind, found: Subscription) -> Iterator[str]:
    shown = outcome.shows_a_discount(found.raw)
    if kind.id == Name.CLEAR_COUPON and not shown:
        yield _("Flowtly shows no discount. There may be one all the same, or nothing to clear.")
    if kind.id == Name.APPLY_COUPON and shown:
        things = [
            thing
            for fact in presentation.discounts(found, request.user.time_zone)
            for thing in fact["things"]
        ]
        names = ", ".join(" ".join(filter(None, [thing.name, thing.detail])) for thing in things)
        text = _(
            "There is a discount already: %(discount)s. Flowtly does not say whether the new one replaces it."
        )
        yield text % {"discount": names}


# --- the code ---


def _of_code(request: StaffRequest, act: Act | None) -> Iterator[str]:
    if act is None or not act.code:
        return
    before = last_applied(act.code, [act.organization], but=act.pk)
    if act.organization in before:
        yield said_before(request, before[act.organization])
    if other := look_alike(act.code, codes_used()):
        text = _("%(code)s looks like %(other)s, which was used here before. Is it meant to be another one?")
        yield text % {"code": act.code, "other": other}


def last_applied(code: str, organizations: Collection[str], but: str = "") -> dict[str, Act]:
    """The last time that each of them was given this code here."""
    found = Act.objects.filter(kind=Name.APPLY_COUPON, outcome__in=DONE, code=code)
    found = found.filter(organization__in=organizations).exclude(pk=but).select_related("person")
    return {act.organization: act for act in found.order_by("sent_at")}


def said_before(request: StaffRequest, before: Act) -> str:
    text = _("%(who)s applied %(code)s to this organization before, on %(when)s (%(outcome)s).")
    return text % {
        "who": before.person.username,
        "code": before.code,
        "when": when(before.sent_at, request.user.time_zone),
        "outcome": Outcome(before.outcome).label,
    }


def codes_used(most: int = MOST_CODES) -> list[str]:
    """Those that were applied here, by anybody to anybody, the latest first."""
    found = Act.objects.filter(kind=Name.APPLY_COUPON, outcome=Outcome.APPLIED).order_by("-sent_at")
    return list(dict.fromkeys(found.values_list("code", flat=True)[: 2 * most]))[:most]


def look_alike(code: str, others: list[str]) -> str:
    """The first of the others that one may take it for."""
    if code in others:
        return ""
    return next((other for other in others if skeleton(other) == skeleton(code)), "")


def skeleton(code: str) -> str:
    """The code without what the eye overlooks: capitals, O and 0, I, l and 1, spaces and hyphens."""
    return unicodedata.normalize("NFKC", code).casefold().translate(_ALIKE)
