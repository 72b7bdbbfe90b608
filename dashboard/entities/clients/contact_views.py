"""The contacts of a client, one at a time."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from dashboard.entities.clients import choices, contacts
from dashboard.entities.clients.forms import OF_CLIENT, ContactForm, DeleteContactForm
from dashboard.flowtly import errors
from dashboard.flowtly.resources.clients import Client
from dashboard.flowtly.resources.contacts import Contact
from dashboard.forms import pages
from dashboard.forms.results import Saved
from dashboard.forms.signed_base import shown_record
from dashboard.upstream.parallel import gather
from dashboard.web.converters import is_identifier
from dashboard.web.formatting import label, other_fields, record_name
from dashboard.web.request import StaffRequest, link, may, permission


@permission("view_clients")
def show(request: StaffRequest, contact_id: str) -> HttpResponse:
    """Where the trail and its links lead: to the contact's page under its client."""
    contact = request.flowtly.contacts.get(contact_id)
    if contact.client is None or not is_identifier(contact.client.id):
        raise Http404
    url = link(request, "clients:contact", client_id=contact.client.id, contact_id=contact_id)
    query = request.GET.urlencode()
    return HttpResponseRedirect(f"{url}?{query}" if query else url)


@permission("change_clients", "change_clients")
def new(request: StaffRequest, client_id: str) -> HttpResponse:
    api = request.flowtly
    answers = gather(
        {"contacts": lambda: api.contacts.list(items=1), "client": lambda: api.clients.get(client_id)}
    )
    client: Client = answers["client"].get()
    if isinstance(answers["contacts"].error, contacts.ABSENT):
        text = _("Flowtly has no contacts that could be added here.")
        messages.info(request, text)
        return HttpResponseRedirect(link(request, "clients:edit", client_id=client_id))
    form = ContactForm.of(request, client=client)
    if isinstance(saved := form.save(contacts.ContactsOf(api, client)), Saved):
        name = saved.record.name or form.cleaned_data["name"]
        return _done(request, saved, _("Added contact %(name)s.") % {"name": name}, client_id)
    return _form_page(request, client, _("Add a contact"), form, save_label=_("Add contact"))


@permission("view_clients", "change_clients")
def edit(request: StaffRequest, client_id: str, contact_id: str) -> HttpResponse:
    client, contact = _shown_or_read(request, client_id, contact_id)
    form = ContactForm.over(request, request.flowtly.contacts, contact_id, read=contact, client=client)
    if may(request, "change_clients") and isinstance(saved := form.save(), Saved):
        name = record_name(saved.record.name or form.record.name, contact_id)
        return _done(request, saved, _("Saved contact %(name)s.") % {"name": name}, client_id)
    if contact is None:
        client, contact = _read(request, client_id, contact_id)
    title = record_name(contact.name, contact.id)
    if not may(request, "change_clients"):
        return _form_page(request, client, title, form, read_only=True, **_shown(contact))
    delete_url = link(request, "clients:delete-contact", client_id=client_id, contact_id=contact_id)
    return _form_page(
        request,
        client,
        title,
        form,
        save_label=_("Save contact"),
        delete_url=delete_url,
        **_shown(contact),
    )


@permission("change_clients", "change_clients")
def delete(request: StaffRequest, client_id: str, contact_id: str) -> HttpResponse:
    """Asks with the whole contact in sight, then takes it away."""
    client, contact = _shown_or_read(request, client_id, contact_id)
    form = DeleteContactForm.over(request, request.flowtly.contacts, contact_id, read=contact, client=client)
    try:
        saved = form.delete()
    except errors.NotFound:
        return _gone(request, client_id, form.record)
    if isinstance(saved, Saved):
        return _deleted(request, saved, client_id)
    shown: Contact = form.current()
    return pages.form_page(
        request,
        _("Delete this contact?"),
        form,
        "clients/contact_delete.html",
        name=record_name(shown.name, shown.id),
        client_name=record_name(client.name, client.id),
        back_url=link(request, "clients:edit", client_id=client_id),
        keep_url=link(request, "clients:contact", client_id=client_id, contact_id=contact_id),
        can_change=True,
        **_shown(shown),
    )


def _shown_or_read(request: StaffRequest, client_id: str, contact_id: str) -> tuple[Client, Contact | None]:
    """Client and contact; for a submit the client as the page named it, and the contact not read yet."""
    if (shown := shown_record(request, request.flowtly.contacts, contact_id)) is not None:
        return Client.read({"id": client_id, "name": shown.raw.get(OF_CLIENT)}), None
    return _read(request, client_id, contact_id)


def _read(request: StaffRequest, client_id: str, contact_id: str) -> tuple[Client, Contact]:
    """Both at once. A contact of another client is not found here."""
    api = request.flowtly
    answers = gather(
        {"client": lambda: api.clients.get(client_id), "contact": lambda: api.contacts.get(contact_id)}
    )
    client: Client = answers["client"].get()
    contact: Contact = answers["contact"].get()
    if not contacts.belongs(contact, client):
        raise Http404
    return client, contact


def _form_page(
    request: StaffRequest, client: Client, title: str, form: ContactForm, **context: object
) -> HttpResponse:
    types = choices.words(request.organization.id, "contactType")
    return pages.form_page(
        request,
        title,
        form,
        "clients/contact.html",
        client=client,
        client_name=record_name(client.name, client.id),
        back_url=link(request, "clients:edit", client_id=client.id),
        types=[(value, label(value)) for value in types],
        **context,
    )


def _shown(contact: Contact) -> dict[str, Any]:
    return {"record": contact, "facts": facts(contact), "other_fields": other_fields(contact)}


def facts(contact: Contact) -> list[dict[str, Any]]:
    names = ("name", "email", "type", "title", "position")
    labels = ContactForm.base_fields
    return [
        {"name": name, "label": labels[name].label, "value": label(contact.raw.get(name))} for name in names
    ]


def _done(request: StaffRequest, saved: Saved[Contact], text: str, client_id: str) -> HttpResponse:
    return pages.done(request, saved, text, "clients:edit", client_id=client_id)


def _deleted(request: StaffRequest, saved: Saved[Contact], client_id: str) -> HttpResponse:
    name = record_name(saved.record.name, saved.record.id)
    return _done(request, saved, _("Deleted contact %(name)s.") % {"name": name}, client_id)


def _gone(request: StaffRequest, client_id: str, contact: Contact) -> HttpResponse:
    """The contact is not there any more: another person has taken it away."""
    messages.info(
        request, _("Contact %(name)s was gone already.") % {"name": record_name(contact.name, contact.id)}
    )
    return _done(request, Saved(contact, "unchanged"), "", client_id)
