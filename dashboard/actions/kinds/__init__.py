"""Registry of the kinds of action, each in a module of its own."""

from typing import Any

from dashboard.actions.kinds.apply_coupon import ApplyCoupon
from dashboard.actions.kinds.base import Kind
from dashboard.actions.kinds.cancel import Cancel
from dashboard.actions.kinds.clear_coupon import ClearCoupon
from dashboard.actions.kinds.clear_organization import ClearOrganization

AnyKind = Kind[Any]

APPLY_COUPON = ApplyCoupon()
CLEAR_COUPON = ClearCoupon()
CANCEL = Cancel()
CLEAR_ORGANIZATION = ClearOrganization()
KINDS: dict[str, AnyKind] = {
    kind.id: kind for kind in (APPLY_COUPON, CLEAR_COUPON, CANCEL, CLEAR_ORGANIZATION)
}
