"""Panels beside a client: checks, contacts and documents."""

from collections.abc import Callable, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.entities.clients import checks, choices, contacts, document_rows, duplicates
from dashboard.entities.clients.check import FAIL, PASS, UNRUN, Check
from dashboard.flowtly import Flowtly
from dashboard.flowtly.resources.clients import Client
from dashboard.flowtly.resources.contacts import Contact
from dashboard.upstream.parallel import Result
from dashboard.web import error_messages, panels
from dashboard.web.formatting import label, number, record_name
from dashboard.web.panels import Answers, Context, Panel, page_of
from dashboard.web.request import StaffRequest, link, may

PARTS = ("checks-panel", "contacts-panel", "documents-panel")
DOCUMENTS_SHOWN = 5
PILLS = {FAIL: "attention", UNRUN: "neutral", PASS: "good"}


NOTHING_KNOWN: Answers = MappingProxyType({})
# The fields of a client that a call of its panels is made by.
ASKED_BY = {
    "contacts": ("@id", "clientContacts"),
    "same_tin": ("tin", "tinCountry"),
    "same_name": ("name", "addressPostCode", "addressCountry", "country"),
    "documents": (),
}


def _calls(api: Flowtly, client: Client) -> dict[str, Callable[[], object]]:
    return {
        "contacts": partial(contacts.read, api, client),
        "same_tin": partial(duplicates.by_tin, api, client),
        "same_name": partial(duplicates.by_name, api, client),
        "documents": lambda: api.clients.documents(client.id, items=DOCUMENTS_SHOWN),
    }


class Ahead:
    """Calls of the panels that are made beside that for the client itself: by its id, and by what was last seen of it
    here. What the client then says otherwise is asked again."""

    def __init__(self, request: StaffRequest, client_id: str) -> None:
        seen = choices.last_seen(request.organization.id, client_id)
        self._by = seen or Client.read({"id": client_id})
        every = _calls(request.flowtly, self._by)
        self.calls = every if seen else {"documents": every["documents"]}

    def holds(self, client: Client, answers: Answers) -> Answers:
        """Those of the answers that are this client's as it is now."""
        before, now = self._by.raw, client.raw
        same = {
            name for name, by in ASKED_BY.items() if all(before.get(each) == now.get(each) for each in by)
        }
        return {name: answer for name, answer in answers.items() if name in same}


def read(
    request: StaffRequest, client: Client, parts: Sequence[str], known: Answers = NOTHING_KNOWN
) -> dict[str, Context]:
    every = {
        "checks-panel": Panel(
            gettext_lazy("Checks"), partial(_checks, client), ("contacts", "same_tin", "same_name")
        ),
        "contacts-panel": Panel(gettext_lazy("Contacts"), partial(_contacts, client), ("contacts",)),
        "documents-panel": Panel(gettext_lazy("Documents"), partial(_documents, client), ("documents",)),
    }
    return panels.read(request, every, parts, _calls(request.flowtly, client), known)


def _checks(client: Client, request: StaffRequest, answers: Answers) -> Context:
    known, tin, name = (answers[each] for each in ("contacts", "same_tin", "same_name"))
    found = [
        *checks.own(client),
        checks.contact(known.value, _why(known)),
        checks.same_tin(tin.value or duplicates.DuplicateSearch(why=_why(tin))),
        checks.same_name(name.value or duplicates.DuplicateSearch(why=_why(name))),
    ]
    counts = checks.counted(found)
    texts = _counted(counts)
    drawn: dict[str, list[Context]] = {state: [] for state in counts}
    for check in found:
        drawn[check.state].append(_check(request, check))
    return {
        "counts": [
            {"state": state, "pill": PILLS[state], "text": text}
            for state, text in texts.items()
            if drawn[state]
        ],
        "fails_text": texts[FAIL],
        "fails": drawn[FAIL],
        "unrun": drawn[UNRUN],
        "passes": drawn[PASS],
    }


def _why(answer: Result[Any]) -> str:
    return error_messages.reading(answer.error).text if answer.error else ""


def _counted(counts: dict[str, int]) -> dict[str, str]:
    texts = {
        FAIL: ngettext("%(n)s to look at", "%(n)s to look at", counts[FAIL]),
        UNRUN: ngettext("%(n)s could not run", "%(n)s could not run", counts[UNRUN]),
        PASS: ngettext("%(n)s passed", "%(n)s passed", counts[PASS]),
    }
    return {state: text % {"n": number(counts[state])} for state, text in texts.items()}


def _check(request: StaffRequest, check: Check) -> Context:
    others = [
        {
            "url": page_of(request, "clients:edit", client_id=other.id),
            "name": record_name(other.name, other.id),
            "id": other.id,
        }
        for other in check.others
    ]
    anchor = f"#id_{check.field}" if check.field else "#contacts-panel"
    return {"name": check.name, "words": check.words, "anchor": anchor, "others": others}


def _contacts(client: Client, request: StaffRequest, answers: Answers) -> Context:
    found: contacts.ClientContacts = answers["contacts"].get()
    types = (one.type for one in found.contacts)
    choices.note(request.organization.id, "contactType", types)
    notes = []
    if not found.collection:
        notes.append(_("Flowtly has no contacts that could be changed here, so they are only shown."))
    if not found.whole:
        notes.append(_("Flowtly did not tell of all contacts: these are those it did."))
    changing = found.collection and may(request, "change_clients")
    return {
        "rows": [_contact(request, client, one, linked=found.collection) for one in found.contacts],
        "notes": notes,
        "new_url": link(request, "clients:new-contact", client_id=client.id) if changing else "",
    }


def _contact(request: StaffRequest, client: Client, contact: Contact, *, linked: bool) -> dict[str, str]:
    ids = {"client_id": client.id, "contact_id": contact.id}
    return {
        "url": page_of(request, "clients:contact", **ids) if linked else "",
        "name": record_name(contact.name, contact.email or contact.id),
        "email": contact.email or "",
        "mailto": contact.email or "" if checks.is_email(contact.email) else "",
        "title": contact.title or "",
        "type": label(contact.type) if contact.type else "",
    }


def _documents(client: Client, request: StaffRequest, answers: Answers) -> Context:
    page = answers["documents"].get()
    shown = [document_rows.view_model(one, request.user.time_zone) for one in page.items[:DOCUMENTS_SHOWN]]
    total = page.total if page.total is not None else len(page.items)
    return {
        "rows": shown,
        "more": max(0, total - len(shown)),
        "url": link(request, "clients:documents", client_id=client.id),
    }
