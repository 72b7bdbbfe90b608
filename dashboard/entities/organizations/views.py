from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.entities.organizations import lookup, panels
from dashboard.entities.organizations.forms import TYPES, TYPES_LIST, OrganizationForm, types_in_use
from dashboard.flowtly.resources.organizations import Organization
from dashboard.forms import pages
from dashboard.forms.results import Saved
from dashboard.notes import panel
from dashboard.tables import table
from dashboard.upstream import list_cache
from dashboard.web import responses
from dashboard.web.converters import is_identifier
from dashboard.web.formatting import label, record_name
from dashboard.web.recent_organizations import lately
from dashboard.web.request import StaffRequest, kind_of, may, permission


def plan(request: StaffRequest) -> table.Plan:
    return table.Plan(
        part="organizations-list",
        columns=(
            table.Column(gettext_lazy("Name"), order="name"),
            table.Column(gettext_lazy("Id")),
            table.Column(gettext_lazy("Slug"), order="slug"),
            table.Column(gettext_lazy("Kind")),
            table.Column(gettext_lazy("Type"), order="type"),
            table.Column(gettext_lazy("Status"), order="status"),
        ),
        row=row_with(reverse("organizations:overview", kwargs={"org": "ID"})),
        search="name",
        search_label=gettext_lazy("Search by name, or a whole id or slug"),
        filters=(
            table.Filter("type", gettext_lazy("Type"), TYPES),
            table.Filter("status", gettext_lazy("Status"), ("active", "suspended")),
            table.Filter("demo", gettext_lazy("Demo"), ("true", "false")),
        ),
    )


@permission("view_organizations")
def index(request: StaffRequest) -> HttpResponse:
    shown = plan(request)
    found = lookup.read(request, shown)
    context = {
        "listing": found,
        "recent": lately(request.user),
        "new_url": reverse("organizations:new") if may(request, "change_organizations") else "",
    }
    return responses.page(
        request, "organizations/index.html", context, parts=[shown.part], status=found.status
    )


@permission("change_organizations", "change_organizations")
def new(request: StaffRequest) -> HttpResponse:
    form = OrganizationForm.of(request)
    if isinstance(saved := form.save(request.flowtly.organizations), Saved):
        list_cache.forget("")
        text = _("Added %(name)s.") % {"name": saved.record.name or form.cleaned_data["name"]}
        if is_identifier(saved.record.id):
            return pages.done(request, saved, text, "organizations:overview", org=saved.record.id)
        return pages.done(request, saved, text, "home")
    return pages.form_page(
        request,
        _("New organization"),
        form,
        "organizations/new.html",
        save_label=_("Add organization"),
        back_url=reverse("home"),
        types=[(value, label(value)) for value in types_in_use(request.flowtly)],
        types_list=TYPES_LIST,
    )


@permission("view_organizations")
def overview(request: StaffRequest) -> HttpResponse:
    asked = responses.part_asked(request, panels.PARTS)
    shown = panels.read(request, [asked] if asked else panels.PARTS)
    context = {"panels": shown}
    if not asked:
        context["notes"] = panel.read(request, "organizations", request.organization.id)
    return responses.page(request, "organizations/overview.html", context, parts=panels.PARTS)


def row_with(url: str) -> Callable[[Organization], dict[str, Any]]:
    def row(record: Organization) -> dict[str, Any]:
        kind, words = kind_of(record)
        return {
            "url": table.url_of(url, record.id),
            "name": record_name(record.name, record.id),
            "id": record.id or "—",
            "slug": label(record.slug),
            "kind": kind,
            "kind_label": words,
            "type": label(record.type),
            "status": label(record.status),
        }

    return row
