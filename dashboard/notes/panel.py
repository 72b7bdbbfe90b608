"""Notes panel: the notes about a record, for its page and for their own."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.audit.history import record_url
from dashboard.notes import followups, subjects
from dashboard.notes.models import FollowUp, Note
from dashboard.web.formatting import day, number, when
from dashboard.web.request import StaffRequest, link, may

PART = "notes-panel"
SHOWN = 5
LONGEST = 120  # signs of what was promised, in a row


def read(request: StaffRequest, entity: str, record: str, most: int | None = SHOWN) -> dict[str, Any]:
    """None of it asks Flowtly. `most` None: all there are."""
    about = Note.objects.filter(organization=request.organization.id, entity=entity, record=record)
    found = list(about.select_related("person")[: most + 1 if most else None])
    more = bool(most and len(found) > most)
    writer, here = may(request, subjects.WRITE), record_url(entity, request.organization.id, record)
    every = link(request, "followups:index") + f"?whose=everybody&organization={request.organization.id}"
    notes, promises = [_told(request, note) for note in found[:most]], _promises(request, entity, record)
    for note in notes:
        note["promises"] = [one for one in promises if one["note"] == note["id"]]
    shown = {note["id"] for note in notes}
    return {
        "url": link(request, "notes:about", entity=entity, record=record),
        "notes": notes,
        "more": _more(about.count()) if more else "",
        "promises": [
            {**one, "here": one["record_url"] == here} for one in promises if one["note"] not in shown
        ],
        "every_promise_url": every,
        "may_write": writer,
    }


def _more(count: int) -> str:
    return ngettext("All %(n)s note", "All %(n)s notes", count) % {"n": number(count)}


def _told(request: HttpRequest, note: Note) -> dict[str, Any]:
    zone = request.user.time_zone  # type: ignore[union-attr]
    own = note.person_id == request.user.pk and not note.withdrawn_at and may(request, subjects.WRITE)
    if note.withdrawn_at:
        later = _("withdrawn %(when)s") % {"when": when(note.withdrawn_at, zone)}
    else:
        later = _("changed %(when)s") % {"when": when(note.changed_at, zone)} if note.changed_at else ""
    return {
        "id": note.pk,
        "who": str(note.person),
        "when": when(note.at, zone),
        "exact": note.at.isoformat(),
        "later": later,
        "withdrawn": bool(note.withdrawn_at),
        "text": "" if note.withdrawn_at else note.text,
        "edit_url": reverse("notes:edit", kwargs={"org": note.organization, "note_id": note.pk})
        if own
        else "",
    }


def _promises(request: StaffRequest, entity: str, record: str) -> list[dict[str, Any]]:
    """What is still to be done about a record; on an organization's own page, about anything of it."""
    about = Q(organization=request.organization.id)
    if entity != "organizations":
        about &= Q(entity=entity, record=record)
    found = FollowUp.objects.filter(about, entity__in=subjects.readable(request), done_at=None)
    return list(promises(request, found.select_related("person", "note")[:SHOWN]))


def promises(request: StaffRequest, found: Iterable[FollowUp]) -> Iterator[dict[str, Any]]:
    """View models, on whichever page."""
    today, zone, writer = followups.today(request.user), request.user.time_zone, may(request, subjects.WRITE)
    overdue, due_today, no_name = _("overdue"), _("today"), _("(no name)")
    withdrawn = _("(the note was withdrawn)")
    page = reverse("followups:edit", kwargs={"follow_up_id": 0})
    for one in found:
        url = page.replace("/0/", f"/{one.pk}/")
        yield {
            "id": one.pk,
            "due": day(one.due),
            "exact": one.due.isoformat(),
            "state": overdue
            if one.overdue(today)
            else due_today
            if one.due == today and not one.done_at
            else "",
            "late": one.overdue(today),
            "text": _short(one.text) or withdrawn,
            "text_url": one.note.url if one.note else one.url,
            "record": one.record_name or one.record or no_name,
            "record_url": one.url,
            "entity": subjects.label(one.entity),
            "organization": one.organization_name,
            "organization_url": record_url("organizations", one.organization, ""),
            "note": one.note_id,
            "who": str(one.person),
            "done": _("%(when)s by %(who)s") % {"when": when(one.done_at, zone), "who": one.done_by}
            if one.done_at
            else "",
            "done_url": f"{url}done/" if writer and not one.done_at else "",
            "reopen_url": f"{url}reopen/" if writer and one.done_at else "",
            "move_url": url if writer and not one.done_at else "",
        }


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
