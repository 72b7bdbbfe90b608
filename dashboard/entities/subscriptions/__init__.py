"""Subscriptions: what an organization has of Flowtly, and pays for."""

from django.utils.translation import gettext_lazy as _

from dashboard.entity import Entity, MenuGroup, Pages, Search

ENTITIES = (
    Entity(
        name="subscriptions",
        one=_("Subscription"),
        many=_("Subscriptions"),
        path="/subscriptions",
        resource="subscriptions",
        as_sent="dashboard.entities.subscriptions.choices.AsSent",
        urls="dashboard.entities.subscriptions.urls",
        pages=Pages(
            list="subscriptions:index",
            new="subscriptions:new",
            show="subscriptions:show",
            argument="subscription_id",
        ),
        icon="credit-card",
        key="s",
        group=MenuGroup.BILLING,
        sections=("acts",),
        area="billing",
        changing=_("Creating subscriptions"),
        search=Search(
            by=("id", "words"), title="dashboard.entities.subscriptions.presentation.title", rank=4
        ),
        plan="dashboard.entities.subscriptions.exports.plan",
        noted=True,
        endpoints=(
            ("GET", "/subscriptions/{id}/invoices", "subscriptions:show"),
            ("GET", "/subscriptions/catalog", "subscriptions:catalog"),
            ("POST", "/subscriptions/apply-coupon", "acts:apply-coupon"),
            ("POST", "/subscriptions/clear-coupon", "acts:clear-coupon"),
            ("POST", "/subscriptions/{id}/cancel", "acts:cancel"),
        ),
    ),
)
