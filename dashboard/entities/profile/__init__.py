"""Profile of an organization: its pictures and its mail footer. Part of `organizations`."""

from django.utils.translation import gettext_lazy as _

from dashboard.entity import Entity, MenuGroup, Pages

ENTITIES = (
    Entity(
        name="profile",
        one=_("Profile"),
        many=_("Profile"),
        path="/organizations/mail-footer",
        resource="mail_footers",
        urls="dashboard.entities.profile.urls",
        pages=Pages(list="profile:index"),
        icon="flag",
        key="p",
        group=MenuGroup.ORGANIZATION,
        sections=("clearing",),
        permission="organizations",
        published=False,
        endpoints=(
            ("POST", "/organizations/icon", "profile:picture"),
            ("POST", "/organizations/logo", "profile:picture"),
            ("GET", "/organizations/mail-footer", "profile:mail-footer"),
            ("PATCH", "/organizations/mail-footer", "profile:mail-footer"),
        ),
    ),
)
