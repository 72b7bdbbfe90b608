"""The panels beside a client: each drawn from calls of its own, so that what fails stays in its place."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.entities.clients import checks, choices, contacts, document_rows, duplicates
from dashboard.flowtly import errors
from dashboard.flowtly.resources.clients import Client
from dashboard.flowtly.resources.contacts import Contact
from dashboard.upstream.parallel import Result, gather
from dashboard.web import error_messages
from dashboard.web.converters import is_identifier
from dashboard.web.formatting import NOTHING, label, number
from dashboard.web.request import StaffRequest, link, may

Answers = dict[str, Result[Any]]
Panel = dict[str, Any]

# Part of the page → the answers it is drawn from.
NEEDS: dict[str, tuple[str, ...]] = {
    "checks-panel": ("contacts", "same_tin", "same_name"),
    "contacts-panel": ("contacts",),
    "documents-panel": ("documents",),
}
PARTS = tuple(NEEDS)
DOCUMENTS_SHOWN = 5
WORDS = {checks.FAIL: "attention", checks.UNRUN: "neutral", checks.PASS: "good"}


def read(request: StaffRequest, client: Client, parts: Sequence[str]) -> dict[str, Panel]:
    """The panels asked for. All their calls are made at the same time, and each once."""
    calls = _calls(request, client)
    wanted = dict.fromkeys(name for part in parts for name in NEEDS[part])
    answers = gather({name: calls[name] for name in wanted}) if wanted else {}
    return {
        part.removesuffix("-panel"): {"id": part, **_DRAW[part](request, client, answers)} for part in parts
    }


def _calls(request: StaffRequest, client: Client) -> dict[str, Callable[[], Any]]:
    api = request.flowtly
    return {
        "contacts": partial(contacts.of, api, client),
        "same_tin": partial(duplicates.by_tin, api, client),
        "same_name": partial(duplicates.by_name, api, client),
        "documents": lambda: api.clients.documents(client.id, items=DOCUMENTS_SHOWN),
    }


def _checks(request: StaffRequest, client: Client, answers: Answers) -> Panel:
    known = answers["contacts"]
    why = error_messages.reading(known.error).text if known.error else ""
    found = [
        *checks.of(client),
        checks.contact(known.value, why),
        checks.same_tin(answers["same_tin"].value or duplicates.Looked(why=_why(answers["same_tin"]))),
        checks.same_name(answers["same_name"].value or duplicates.Looked(why=_why(answers["same_name"]))),
    ]
    told = [_told(request, check) for check in found]
    counts = checks.counted(found)
    return {
        "title": _("Checks"),
        "counts": [
            {"state": state, "pill": WORDS[state], "text": text}
            for state, text in _counted(counts).items()
            if counts[state]
        ],
        "fails_text": _counted(counts)[checks.FAIL],
        "fails": [one for one in told if one["state"] == checks.FAIL],
        "unrun": [one for one in told if one["state"] == checks.UNRUN],
        "passes": [one for one in told if one["state"] == checks.PASS],
    }


def _counted(counts: dict[str, int]) -> dict[str, str]:
    texts = {
        checks.FAIL: ngettext("%(n)s to look at", "%(n)s to look at", counts[checks.FAIL]),
        checks.UNRUN: ngettext("%(n)s could not run", "%(n)s could not run", counts[checks.UNRUN]),
        checks.PASS: ngettext("%(n)s passed", "%(n)s passed", counts[checks.PASS]),
    }
    return {state: text % {"n": number(counts[state])} for state, text in texts.items()}


def _told(request: StaffRequest, check: checks.Check) -> dict[str, Any]:
    return {
        "name": check.name,
        "state": check.state,
        "words": check.words,
        "anchor": f"#id_{check.field}" if check.field else "#contacts-panel",
        "others": [_other(request, other) for other in check.others],
    }


def _other(request: StaffRequest, client: Client) -> dict[str, str]:
    url = link(request, "clients:edit", client_id=client.id) if is_identifier(client.id) else ""
    return {"url": url, "name": client.name or client.id, "id": client.id}


def _why(answer: Result[Any]) -> str:
    return error_messages.reading(answer.error).text if answer.error else ""


def _contacts(request: StaffRequest, client: Client, answers: Answers) -> Panel:
    panel: Panel = {"title": _("Contacts")}
    answer = answers["contacts"]
    if answer.error:
        return panel | {"error": _problem(request, answer.error)}
    found: contacts.Found = answer.value  # type: ignore[assignment]
    choices.note(
        request.flowtly, request.organization.id, "contactType", (one.type for one in found.contacts)
    )
    changing = found.collection and may(request, "change_clients")
    notes = []
    if not found.collection:
        notes.append(_("Flowtly has no contacts that could be changed here, so they are only shown."))
    if not found.whole:
        notes.append(_("Flowtly did not tell of all contacts: these are those it did."))
    return panel | {
        "rows": [_contact(request, client, one, linked=found.collection) for one in found.contacts],
        "notes": notes,
        "new_url": link(request, "clients:new-contact", client_id=client.id) if changing else "",
    }


def _contact(request: StaffRequest, client: Client, contact: Contact, *, linked: bool) -> dict[str, str]:
    url = ""
    if linked and is_identifier(contact.id) and is_identifier(client.id):
        url = link(request, "clients:contact", client_id=client.id, contact_id=contact.id)
    return {
        "url": url,
        "name": contact.name or contact.email or contact.id or NOTHING,
        "email": contact.email or "",
        "mailto": contact.email or "" if checks.is_email(contact.email) else "",
        "title": contact.title or "",
        "type": label(contact.type) if contact.type else "",
    }


def _documents(request: StaffRequest, client: Client, answers: Answers) -> Panel:
    url = link(request, "clients:documents", client_id=client.id)
    panel: Panel = {"title": _("Documents"), "url": url}
    answer = answers["documents"]
    if answer.error:
        return panel | {"error": _problem(request, answer.error)}
    page = answer.value
    shown = [document_rows.told(one, request.user.time_zone) for one in page.items[:DOCUMENTS_SHOWN]]  # type: ignore[union-attr]
    total = page.total if page.total is not None else len(page.items)  # type: ignore[union-attr]
    return panel | {"rows": shown, "more": max(0, total - len(shown))}


def _problem(request: StaffRequest, error: errors.FlowtlyError) -> error_messages.Problem:
    return error_messages.reading(error, request.path)


_DRAW: dict[str, Callable[[StaffRequest, Client, Answers], Panel]] = {
    "checks-panel": _checks,
    "contacts-panel": _contacts,
    "documents-panel": _documents,
}
