"""Below an organization's subscriptions. They come before those, so that `coupon` is never taken for an id."""

from django.urls import path

from dashboard.actions import views
from dashboard.actions.kinds import APPLY, CANCEL, CLEAR_COUPON

app_name = "acts"

STEPS = (
    ("coupon/apply/", APPLY),
    ("coupon/clear/", CLEAR_COUPON),
    ("<id:subscription_id>/cancel/", CANCEL),
)
urlpatterns = [
    pattern
    for where, kind in STEPS
    for pattern in (
        path(where, views.start, {"kind": kind.id}, name=kind.id),
        path(
            f"{where}<slug:operation>/confirm/", views.confirm, {"kind": kind.id}, name=f"{kind.id}-confirm"
        ),
        path(f"{where}<slug:operation>/proof/", views.show_proof, {"kind": kind.id}, name=f"{kind.id}-proof"),
    )
]
