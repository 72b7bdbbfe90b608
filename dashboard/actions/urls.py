"""URLs below an organization's subscriptions. They come before those, so that `coupon` is never taken for an id."""

from django.urls import URLPattern, path

from dashboard.actions import views
from dashboard.actions.kinds import APPLY_COUPON, CANCEL, CLEAR_COUPON, AnyKind
from dashboard.web.request import permission

app_name = "acts"


def steps(where: str, kind: AnyKind) -> list[URLPattern]:
    """Every kind goes through the same three pages, by its own permission."""
    allowed = permission(kind.permission, kind.permission)
    given = {"kind": kind.id}
    return [
        path(where, allowed(views.start), given, name=kind.id),
        path(f"{where}<slug:operation>/confirm/", allowed(views.confirm), given, name=f"{kind.id}-confirm"),
        path(f"{where}<slug:operation>/proof/", allowed(views.show_proof), given, name=f"{kind.id}-proof"),
    ]


urlpatterns = [
    *steps("coupon/apply/", APPLY_COUPON),
    *steps("coupon/clear/", CLEAR_COUPON),
    *steps("<id:subscription_id>/cancel/", CANCEL),
]
