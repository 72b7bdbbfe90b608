"""A URLconf with an act whose path has no id: whatever it adds goes to whoever the tenant header means."""

from django import forms
from django.http import HttpResponse
from django.urls import include, path

from dashboard import urls
from dashboard.forms import pages
from dashboard.forms.confirm import ConfirmForm
from dashboard.forms.results import Saved
from dashboard.forms.tenant_check import WhoseForm
from dashboard.web.request import StaffRequest, permission


class AddForm(WhoseForm):
    name = forms.CharField()


class OverARecord(WhoseForm, ConfirmForm):
    """Drawn from a record, as clearing and cancelling are."""


@permission("change_locations", "change_locations")
def add(request: StaffRequest) -> HttpResponse:
    form = AddForm.of(request)
    if isinstance(saved := form.save(request.flowtly.locations), Saved):
        return pages.done(request, saved, "Added.", "locations:index")
    return pages.form_page(request, "Add", form)


@permission("change_addresses", "change_addresses")
def remove(request: StaffRequest) -> HttpResponse:
    address = request.flowtly.addresses.list().items[0]
    form = OverARecord.over(request, request.flowtly.addresses, address.id, read=address)
    if isinstance(saved := form.delete(), Saved):
        return pages.done(request, saved, "Removed.", "locations:index")
    return pages.form_page(request, "Remove", form)


acts = ([path("add/", add, name="add"), path("remove/", remove, name="remove")], "acts")
urlpatterns = [*urls.urlpatterns, path("o/<id:org>/acts/", include(acts))]
