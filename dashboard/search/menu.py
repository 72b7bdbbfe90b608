"""Pages of the menu as hits, and the organizations that were opened lately."""

from django.utils.translation import gettext as _

from dashboard.search.hits import Group, Hit
from dashboard.tables import filtering
from dashboard.web import navigation
from dashboard.web.recent_organizations import lately
from dashboard.web.request import StaffRequest, link, may

FEW = 5  # of a group are shown while somebody is typing


def pages(request: StaffRequest, term: str) -> Group:
    """What the menu leads to, by the words of it."""
    here = getattr(request, "organization", None)
    items = [(group.label, item) for group in navigation.menu(request) for item in group.items]
    keys = request.user.keys
    hits = [
        Hit(
            item.label,
            item.url(here.url if here else ""),
            label,
            keys=f"g {item.key}" if item.key and keys else "",
        )
        for label, item in items
        if all(filtering.contains(f"{item.label} {label}", word) for word in term.split())
    ]
    own = _("Your account")
    if filtering.contains(own, term):
        hits.append(Hit(own, link(request, "me:index")))
    return Group(_("Pages"), hits)


def recent(request: StaffRequest) -> Group:
    if not may(request, "view_organizations"):
        return Group("", [])
    hits = [Hit(one["name"], one["url"], one["kind_label"], one["kind"]) for one in lately(request.user)]
    return Group(_("Recently opened"), hits[:FEW])
