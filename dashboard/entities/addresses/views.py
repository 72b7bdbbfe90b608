from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.entities.addresses import advice, choices
from dashboard.entities.addresses.forms import TYPES_LIST, AddressForm
from dashboard.flowtly import errors
from dashboard.flowtly.resources.addresses import Address
from dashboard.forms import pages
from dashboard.forms.confirm import DeleteForm
from dashboard.forms.results import Saved
from dashboard.forms.signed_base import shown_record
from dashboard.standards import countries
from dashboard.tables import table
from dashboard.web import responses
from dashboard.web.formatting import label, other_fields, record_name
from dashboard.web.request import StaffRequest, link, may, permission


def plan(request: StaffRequest) -> table.Plan:
    return table.Plan(
        part="addresses-list",
        columns=(
            table.Column(gettext_lazy("Name"), order="name"),
            table.Column(gettext_lazy("Type"), order="type"),
            table.Column(gettext_lazy("Street"), order="street"),
            table.Column(gettext_lazy("Post code"), order="postCode"),
            table.Column(gettext_lazy("City"), order="city"),
            table.Column(gettext_lazy("Country")),
            table.Column(gettext_lazy("Tax number")),
        ),
        row=row_with(link(request, "addresses:edit", address_id="ID")),
        search="name",
        search_label=gettext_lazy("Search by name"),
        filters=(table.Filter("type", gettext_lazy("Type"), choices.TYPES),),
    )


@permission("view_addresses")
def index(request: StaffRequest) -> HttpResponse:
    shown = plan(request)
    found = table.read(request, request.flowtly.addresses, shown, request.organization.id)
    context = {
        "listing": found,
        "can_change": may(request, "change_addresses"),
        "new_url": link(request, "addresses:new"),
    }
    return responses.page(request, "addresses/index.html", context, parts=[shown.part], status=found.status)


@permission("change_addresses", "change_addresses")
def new(request: StaffRequest) -> HttpResponse:
    _none, around = choices.read(request)
    form = AddressForm.of(request, around=around)
    if isinstance(saved := form.save(request.flowtly.addresses), Saved):
        added = Address.read({**form.fields_to_create(), **saved.record.raw})
        return _done(request, saved, added, _("Added %(name)s.") % {"name": added.name})
    return pages.form_page(
        request,
        _("Add an address"),
        form,
        "addresses/edit.html",
        save_label=_("Add address"),
        back_url=link(request, "addresses:index"),
        types=_types(around.types),
        types_list=TYPES_LIST,
    )


@permission("view_addresses", "change_addresses")
def edit(request: StaffRequest, address_id: str) -> HttpResponse:
    if not may(request, "change_addresses"):
        return _read_only(request, request.flowtly.addresses.get(address_id))
    shown = shown_record(request, request.flowtly.addresses, address_id)
    address, around = choices.read(request, "" if shown else address_id)
    form = AddressForm.over(request, request.flowtly.addresses, address_id, read=address, around=around)
    if isinstance(saved := form.save(), Saved):
        name = record_name(saved.record.name or form.record.name, address_id)
        return _done(request, saved, saved.record, _("Saved %(name)s.") % {"name": name})
    address = form.current()
    return pages.form_page(
        request,
        record_name(address.name, address.id),
        form,
        "addresses/edit.html",
        save_label=_("Save address"),
        delete_url=link(request, "addresses:delete", address_id=address_id),
        types=_types(around.types),
        types_list=TYPES_LIST,
        advice=advice.checks(address),
        **_shown(request, address),
    )


@permission("change_addresses", "change_addresses")
def delete(request: StaffRequest, address_id: str) -> HttpResponse:
    """Asks with the whole address in sight, then takes it away."""
    form = DeleteForm.over(request, request.flowtly.addresses, address_id)
    try:
        saved = form.delete()
    except errors.NotFound:
        return _gone(request, form.record)
    if isinstance(saved, Saved):
        return _deleted(request, saved)
    shown: Address = form.current()
    return pages.form_page(
        request,
        _("Delete this address?"),
        form,
        "addresses/delete.html",
        name=record_name(shown.name, shown.id),
        keep_url=link(request, "addresses:edit", address_id=address_id),
        **_shown(request, shown),
    )


def _read_only(request: StaffRequest, address: Address) -> HttpResponse:
    form = AddressForm(request, address)
    title = record_name(address.name, address.id)
    return pages.form_page(
        request,
        title,
        form,
        "addresses/edit.html",
        read_only=True,
        advice=advice.checks(address),
        **_shown(request, address),
    )


def _shown(request: StaffRequest, address: Address) -> dict[str, Any]:
    return {
        "back_url": link(request, "addresses:index"),
        "record": address,
        "type_label": label(address.type) if address.type else "",
        "facts": facts(address),
        "other_fields": other_fields(address),
    }


def _done(request: StaffRequest, saved: Saved[Address], address: Address, text: str) -> HttpResponse:
    answer = pages.done(request, saved, text, "addresses:index")
    for doubt in advice.doubts(address) if saved.outcome == "applied" else []:
        messages.info(request, _("%(doubt)s It was saved as it is.") % {"doubt": doubt})
    return answer


def _deleted(request: StaffRequest, saved: Saved[Address]) -> HttpResponse:
    name = record_name(saved.record.name, saved.record.id)
    return pages.done(request, saved, _("Deleted address %(name)s.") % {"name": name}, "addresses:index")


def _gone(request: StaffRequest, address: Address) -> HttpResponse:
    """The address is not there any more: another person has taken it away."""
    messages.info(
        request, _("Address %(name)s was gone already.") % {"name": record_name(address.name, address.id)}
    )
    return pages.done(request, Saved(address, "unchanged"), "", "addresses:index")


def row_with(url: str) -> Callable[[Address], dict[str, Any]]:
    """A row's view model. The URL is made once for the list and holds ID where the id belongs."""
    worth_checking, cannot_be_opened = _("worth checking"), _("(this id cannot be opened)")

    def row(address: Address) -> dict[str, Any]:
        doubtful = advice.tax_number(address).outcome == "doubtful"
        return {
            "url": table.url_of(url, address.id),
            "url_label": cannot_be_opened,
            "name": record_name(address.name, address.id),
            "type": label(address.type),
            "street": label(address.street),
            "post_code": label(address.post_code),
            "city": label(address.city),
            "country": countries.name(address.country),
            "tin": label(address.tin),
            "tin_word": worth_checking if doubtful else "",
        }

    return row


def facts(address: Address) -> list[dict[str, str]]:
    return [
        {"name": "type", "label": _("Type"), "value": label(address.type)},
        {"name": "name", "label": _("Name"), "value": record_name(address.name)},
        {"name": "street", "label": _("Street and number"), "value": label(address.street)},
        {"name": "postCode", "label": _("Post code"), "value": label(address.post_code)},
        {"name": "city", "label": _("City"), "value": label(address.city)},
        {"name": "country", "label": _("Country"), "value": countries.name(address.country)},
        {"name": "email", "label": _("E-mail"), "value": label(address.email)},
        {"name": "tin", "label": _("Tax number"), "value": label(address.tin)},
        {"name": "tinCountry", "label": _("Tax country"), "value": countries.name(address.tin_country)},
    ]


def _types(types: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(each, label(each)) for each in types]
