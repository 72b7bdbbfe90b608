"""The list of clients: which columns it has, what it can be sifted by, and a search through the address that Flowtly
has for it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.entities.clients import choices
from dashboard.entities.clients.fields import currency, language_name
from dashboard.flowtly import errors
from dashboard.flowtly.resources.clients import Client, Clients
from dashboard.flowtly.resources.pagination import Every, Page
from dashboard.standards import countries
from dashboard.tables import filtering, table
from dashboard.web.formatting import label, number, pill, record_name
from dashboard.web.request import StaffRequest

PART = "clients-list"
COLUMNS = "columns"
# The API's name of a field → the column; "name" is always there, for it holds the link.
HEADS: dict[str, table.Column] = {
    "name": table.Column(gettext_lazy("Name"), order="name"),
    "id": table.Column(gettext_lazy("Id"), order="id"),
    "country": table.Column(gettext_lazy("Country"), order="country"),
    "tinType": table.Column(gettext_lazy("Kind of taxpayer"), order="tinType"),
    "tin": table.Column(gettext_lazy("Tax number"), order="tin"),
    "tinCountry": table.Column(gettext_lazy("Tax country"), order="tinCountry"),
    "vatNumber": table.Column(gettext_lazy("VAT number"), order="vatNumber"),
    "defaultTaxRate": table.Column(gettext_lazy("Tax rate"), order="defaultTaxRate"),
    "addressPostCode": table.Column(gettext_lazy("Post code"), order="addressPostCode"),
    "addressCity": table.Column(gettext_lazy("City"), order="addressCity"),
    "documentsLanguage": table.Column(gettext_lazy("Language"), order="documentsLanguage"),
    "currency": table.Column(gettext_lazy("Currency"), order="currency"),
    "dueDays": table.Column(gettext_lazy("Days to pay"), order="dueDays", numeric=True),
    "clientContacts": table.Column(gettext_lazy("Contacts"), numeric=True),
    "externalPaymentCustomerId": table.Column(gettext_lazy("Id at the payment provider")),
    "status": table.Column(gettext_lazy("Status"), order="status"),
}
USUAL = ("name", "country", "tin", "currency", "dueDays", "status")
CODES = {"id", "tin", "vatNumber", "externalPaymentCustomerId"}
# What Flowtly answers where there is no search, or none with a parameter of this name.
NO_SEARCH = (
    errors.NotFound,
    errors.MethodNotAllowed,
    errors.BadRequest,
    errors.Invalid,
    errors.BadIdentifier,
)


def columns_of(request: HttpRequest) -> tuple[str, ...]:
    """The columns asked for, in their usual order: `columns=tin,status`, or one parameter for each."""
    said = {name for value in request.GET.getlist(COLUMNS) for name in value.split(",")} & HEADS.keys()
    chosen = tuple(name for name in HEADS if name in said | {"name"})
    return chosen if said else USUAL


def plan_of(request: StaffRequest, url: str) -> table.Plan:
    chosen, whose = columns_of(request), request.organization.id

    def known(name: str) -> tuple[str, ...]:
        return choices.words(whose, name)

    made = row_with(url, chosen)

    def row(client: Client) -> dict[str, Any]:
        choices.learn(whose, [client])
        return made(client)

    return table.Plan(
        part=PART,
        columns=tuple(HEADS[name] for name in chosen),
        row=row,
        search="name",
        search_label=gettext_lazy("Search clients"),
        filters=(
            table.Filter("status", gettext_lazy("Status"), known("status")),
            table.Filter("country", gettext_lazy("Country"), known("country"), words=countries.name),
            table.Filter("tinType", gettext_lazy("Kind of taxpayer"), known("tinType")),
        ),
        carried={} if chosen == USUAL else {COLUMNS: ",".join(chosen)},
    )


def read(request: StaffRequest, plan: table.Plan) -> table.Listing:
    """The list asked for. A search goes through the address for it, if that can also do what else is asked; where
    there is no such search, names are looked through as in any other list."""
    clients, whose = request.flowtly.clients, request.organization.id
    found: table.Listing | None = None
    if request.GET.get("q", "").strip() and _others(request, plan) <= (
        clients.search_filters() or frozenset()
    ):
        searching = Searching(clients)
        found = table.read(request, searching, replace(plan, holds=filtering.mentions), whose)
        if searching.missing:
            found = None
    if found is None:
        found = table.read(request, clients, plan, whose)
        if found.q and not found.error:
            found.notes.append(table.note("info", _("Only names were searched.")))
    found.column_choices = [
        {"name": name, "label": head.label, "shown": head in plan.columns, "always": name == "name"}
        for name, head in HEADS.items()
    ]
    return found


def canonical(request: HttpRequest, plan: table.Plan) -> str:
    """The address of this list with its columns in one parameter, where a form has sent one for each; else ""."""
    if len(request.GET.getlist(COLUMNS)) < 2:
        return ""
    query = request.GET.copy()
    query.pop(COLUMNS)
    for name in [name for name, value in query.items() if not value]:
        query.pop(name)
    query.update(plan.carried)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _others(request: HttpRequest, plan: table.Plan) -> set[str]:
    """What is asked for besides the term."""
    names = [choice.name for choice in plan.filters] + [f"order[{column.order}]" for column in plan.columns]
    return {name for name in names if request.GET.get(name, "").strip()}


class Searching:
    """The clients as a list page reads them, with its term sent to the search."""

    path = f"{Clients.path}/search"

    def __init__(self, clients: Clients) -> None:
        self.clients = clients
        self.missing = False

    def filters(self) -> frozenset[str]:
        return (self.clients.search_filters() or frozenset()) | {"name"}

    def list(self, page: int, items: int, filters: Mapping[str, str]) -> Page[Client]:
        others = {name: value for name, value in filters.items() if name != "name"}
        try:
            return self.clients.search(filters["name"], page, items, others)
        except NO_SEARCH:
            self.missing = True
            raise

    def every(self, most: int) -> Every[Client]:
        return self.clients.every(most=most)


def row_with(url: str, chosen: tuple[str, ...]) -> Callable[[Client], dict[str, Any]]:
    """A row's view model. The URL is made once for the list and holds ID where the id belongs."""
    cannot_be_opened = _("(this id cannot be opened)")
    heads: list[tuple[str, str | Promise]] = [
        (name, str(HEADS[name].label)) for name in chosen if name != "name"
    ]

    def row(client: Client) -> dict[str, Any]:
        return {
            "url": table.url_of(url, client.id),
            "url_label": cannot_be_opened,
            "name": record_name(client.name, client.id),
            "cells": [{"label": head, **cell(client, name)} for name, head in heads],
        }

    return row


def cell(client: Client, name: str) -> dict[str, Any]:
    value = client.raw.get(name)
    if name == "status":
        return {"text": label(value), "pill": pill(value) or "neutral" if value else ""}
    if name == "id":
        return {"text": client.id or label(None), "code": bool(client.id)}
    if name == "clientContacts":
        known = client.client_contacts
        return {"text": label(None) if known is None else number(len(known)), "numeric": True}
    if name in choices.COUNTRIES:
        return {"text": countries.name(value)}
    if name == "currency":
        return {"text": currency(value) or label(None)}
    if name == "documentsLanguage":
        return {"text": language_name(value)}
    return {"text": label(value), "code": name in CODES and bool(value), "numeric": HEADS[name].numeric}
