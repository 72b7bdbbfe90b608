"""Meetings of an organization, and the employees who have them."""

from django.utils.translation import gettext_lazy as _

from dashboard.entity import Entity, MenuGroup, Pages, Search

ENTITIES = (
    Entity(
        name="meetings",
        one=_("Meeting"),
        many=_("Meetings"),
        path="/meetings",
        resource="meetings",
        as_sent="dashboard.entities.meetings.date_times.OneSpelling",
        urls="dashboard.entities.meetings.urls",
        pages=Pages(list="meetings:index", new="meetings:new", edit="meetings:edit", argument="meeting_id"),
        icon="calendar",
        key="m",
        group=MenuGroup.PLACES,
        area="meetings",
        changing=_("Changing meetings"),
        search=Search(by=("id",), title="dashboard.entities.meetings.finder.title"),
        plan="dashboard.entities.meetings.exports.plan",
        rows="dashboard.entities.meetings.exports.rows",
        clearing="emptied",
    ),
    # They have no page but the list of their meetings.
    Entity(
        name="employees",
        one=_("Employee"),
        many=_("Employees"),
        path="/employees",
        resource="employees",
        pages=Pages(list="meetings:index", query="employee"),
        permission="meetings",
        search=Search(
            by=("email",), title="label", finder="dashboard.entities.meetings.finder.employees", optional=True
        ),
        published=False,
    ),
)
