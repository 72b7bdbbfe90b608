from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.entities.locations import hours
from dashboard.entities.locations.forms import LocationForm
from dashboard.flowtly.resources.locations import Location
from dashboard.forms import pages
from dashboard.forms.results import Saved
from dashboard.tables import table
from dashboard.web import responses
from dashboard.web.formatting import other_fields, record_name
from dashboard.web.request import StaffRequest, link, may, permission


def plan(request: StaffRequest) -> table.Plan:
    return table.Plan(
        part="locations-list",
        columns=(
            table.Column(gettext_lazy("Name"), order="name"),
            table.Column(gettext_lazy("Id"), order="id"),
            table.Column(gettext_lazy("Opening hours"), order="officeOpenHour"),
        ),
        row=row_with(link(request, "locations:edit", location_id="ID")),
        search="name",
        search_label=gettext_lazy("Search by name"),
    )


@permission("view_locations")
def index(request: StaffRequest) -> HttpResponse:
    shown = plan(request)
    found = table.read(request, request.flowtly.locations, shown, request.organization.id)
    context = {
        "listing": found,
        "can_change": may(request, "change_locations"),
        "new_url": link(request, "locations:new"),
    }
    return responses.page(request, "locations/index.html", context, parts=[shown.part], status=found.status)


@permission("change_locations", "change_locations")
def new(request: StaffRequest) -> HttpResponse:
    form = LocationForm.of(request)
    if isinstance(saved := form.save(request.flowtly.locations), Saved):
        name = saved.record.name or form.cleaned_data["name"]
        return pages.done(request, saved, _("Added %(name)s.") % {"name": name}, "locations:index")
    return pages.form_page(
        request,
        _("Add a location"),
        form,
        "locations/edit.html",
        save_label=_("Add location"),
        back_url=link(request, "locations:index"),
    )


@permission("view_locations", "change_locations")
def edit(request: StaffRequest, location_id: str) -> HttpResponse:
    form = LocationForm.over(request, request.flowtly.locations, location_id)
    if isinstance(saved := form.save(), Saved):
        name = record_name(saved.record.name or form.record.name, location_id)
        return pages.done(request, saved, _("Saved %(name)s.") % {"name": name}, "locations:index")
    location: Location = form.current()
    return pages.form_page(
        request,
        record_name(location.name, location.id),
        form,
        "locations/edit.html",
        save_label=_("Save location"),
        back_url=link(request, "locations:index"),
        record=location,
        read_only=not may(request, "change_locations"),
        facts=facts(location),
        bar=hours.bar(location.office_open_hour, location.office_close_hour),
        hours_text=hours.text(location.office_open_hour, location.office_close_hour),
        other_fields=other_fields(location),
    )


def row_with(url: str) -> Callable[[Location], dict[str, Any]]:
    """A row's view model. The URL is made once for the list and holds ID where the id belongs."""

    def row(location: Location) -> dict[str, Any]:
        return {
            "url": table.url_of(url, location.id),
            "url_label": _("(this id cannot be opened)"),
            "id": location.id or "—",
            "name": record_name(location.name, location.id),
            "hours_text": hours.text(location.office_open_hour, location.office_close_hour),
            "bar": hours.bar(location.office_open_hour, location.office_close_hour),
        }

    return row


def facts(location: Location) -> list[dict[str, str]]:
    return [
        {"name": "name", "label": _("Name"), "value": record_name(location.name)},
        {"name": "officeOpenHour", "label": _("Opens at"), "value": hours.clock(location.office_open_hour)},
        {
            "name": "officeCloseHour",
            "label": _("Closes at"),
            "value": hours.clock(location.office_close_hour),
        },
    ]
