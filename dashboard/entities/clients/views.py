from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from dashboard.entities.clients import choices, document_rows, panels, searching
from dashboard.entities.clients.forms import GROUPS, ClientForm, words
from dashboard.flowtly.resources.clients import Client
from dashboard.forms import pages
from dashboard.forms.results import Saved
from dashboard.forms.signed_base import shown_record
from dashboard.notes import panel
from dashboard.upstream.parallel import gather
from dashboard.web import error_messages, responses
from dashboard.web.converters import is_identifier
from dashboard.web.formatting import label, number, other_fields, pill, record_name
from dashboard.web.panels import Answers
from dashboard.web.request import StaffRequest, link, may, permission


@permission("view_clients")
def index(request: StaffRequest) -> HttpResponse:
    plan = searching.plan_of(request, link(request, "clients:edit", client_id="ID"))
    canonical = searching.canonical(request, plan)
    if canonical and not request.htmx:
        return HttpResponseRedirect(canonical)
    found = searching.read(request, plan)
    context = {
        "listing": found,
        "can_change": may(request, "change_clients"),
        "new_url": link(request, "clients:new"),
        "first_url": found.clear_url,
    }
    answer = responses.page(request, "clients/index.html", context, parts=[plan.part], status=found.status)
    if canonical and "HX-Retarget" not in answer.headers:
        answer.headers["HX-Push-Url"] = canonical
    return answer


@permission("change_clients", "change_clients")
def new(request: StaffRequest) -> HttpResponse:
    _none, around, _beside = choices.read(request)
    form = ClientForm.of(request, around=around)
    if isinstance(saved := form.save(request.flowtly.clients), Saved):
        name = saved.record.name or form.cleaned_data["name"]
        text = _("Added %(name)s.") % {"name": name}
        if is_identifier(saved.record.id):
            return pages.done(request, saved, text, "clients:edit", client_id=saved.record.id)
        return pages.done(request, saved, text, "clients:index")
    return pages.form_page(
        request,
        _("Add a client"),
        form,
        "clients/edit.html",
        save_label=_("Add client"),
        back_url=link(request, "clients:index"),
    )


@permission("view_clients", "change_clients")
def edit(request: StaffRequest, client_id: str) -> HttpResponse:
    """The form, or facts for who may only look, and panels that are each drawn from calls of their own."""
    if part := responses.part_asked(request, panels.PARTS):
        client = request.flowtly.clients.get(client_id)
        drawn = {"panels": panels.read(request, client, [part])}
        return responses.page(request, "clients/edit.html", drawn, parts=panels.PARTS)
    if not may(request, "change_clients"):
        return _read_only(request, client_id)
    shown = shown_record(request, request.flowtly.clients, client_id)
    ahead = panels.Ahead(request, client_id)
    read, around, beside = choices.read(request, *(("",) if shown else (client_id, ahead.calls)))
    form = ClientForm.over(request, request.flowtly.clients, client_id, read=read, around=around)
    if isinstance(saved := form.save(), Saved):
        name = record_name(saved.record.name or form.record.name, client_id)
        return pages.done(
            request, saved, _("Saved %(name)s.") % {"name": name}, "clients:edit", client_id=client_id
        )
    now = form.current()
    return _form_page(request, now, form, ahead.holds(now, beside), save_label=_("Save client"))


def _read_only(request: StaffRequest, client_id: str) -> HttpResponse:
    ahead = panels.Ahead(request, client_id)
    answers = gather({**ahead.calls, "client": lambda: request.flowtly.clients.get(client_id)})
    client: Client = answers.pop("client").get()
    choices.learn(request.organization.id, [client])
    known, form = ahead.holds(client, answers), ClientForm(request, client)
    return _form_page(request, client, form, known, read_only=True, groups=facts(client))


def _form_page(
    request: StaffRequest,
    client: Client,
    form: ClientForm,
    known: Answers = panels.NOTHING_KNOWN,
    **context: object,
) -> HttpResponse:
    wanted = () if responses.part_asked(request, [pages.FORM_PART]) else panels.PARTS
    return pages.form_page(
        request,
        record_name(client.name, client.id),
        form,
        "clients/edit.html",
        record=client,
        status_label=label(client.status) if client.status else "",
        status_pill=pill(client.status),
        back_url=link(request, "clients:index"),
        documents_url=link(request, "clients:documents", client_id=client.id or "-"),
        other_fields=other_fields(client),
        panels=panels.read(request, client, wanted, known),
        notes=panel.read(request, "clients", client.id or "-"),
        **context,
    )


@permission("view_clients")
def documents(request: StaffRequest, client_id: str) -> HttpResponse:
    said = request.GET.get("page", "")
    page = int(said) if said.isascii() and said.isdigit() and 0 < len(said) < 9 else 1
    api = request.flowtly
    answers = gather(
        {
            "client": lambda: api.clients.get(client_id),
            "documents": lambda: api.clients.documents(client_id, page),
        }
    )
    client: Client = answers["client"].get()
    found, error = answers["documents"].value, answers["documents"].error
    problem = error_messages.reading(error, request.get_full_path()) if error else None
    zone, shown = request.user.time_zone, found.items if found else []
    context = {
        "title": _("Documents of %(name)s") % {"name": record_name(client.name, client.id)},
        "record": client,
        "back_url": link(request, "clients:edit", client_id=client_id),
        "problem": problem,
        "documents": [document_rows.view_model(one, zone) for one in shown],
        "count": number(found.total) if found and found.total is not None else "",
        "previous_url": f"?page={page - 1}" if page > 1 else "",
        "next_url": f"?page={page + 1}" if found and shown and found.has_more else "",
    }
    return responses.page(
        request,
        "clients/documents.html",
        context,
        parts=["documents"],
        status=problem.status if problem else 200,
    )


def facts(client: Client) -> list[dict[str, Any]]:
    return [{"title": title, "facts": [_fact(client, name) for name in names]} for title, names in GROUPS]


def _fact(client: Client, name: str) -> dict[str, Any]:
    value = words(name, client.raw.get(name))
    return {"id": f"id_{name}", "name": name, "label": ClientForm.base_fields[name].label, "value": value}
