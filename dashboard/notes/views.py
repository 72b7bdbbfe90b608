from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from dashboard.audit.history import record_url
from dashboard.entity import get
from dashboard.forms import pages
from dashboard.notes import panel, subjects, writing
from dashboard.notes.forms import ChangeNoteForm, NoteForm
from dashboard.notes.models import Note
from dashboard.web import responses
from dashboard.web.request import StaffRequest, link, may, permission

CLOSED = "closed"  # asks for the panel without its form


@permission("view_organizations", subjects.WRITE)
def about(request: StaffRequest, entity: str, record: str) -> HttpResponse:
    """All notes about a record, and a place to write one. On the record's page it is drawn inside the panel."""
    found = get(entity)
    if found and found.noted and not may(request, found.view_permission):
        return responses.forbidden(request, found.view_permission)
    name = subjects.name(request, entity, record)
    form = NoteForm.of(request)
    back = record_url(entity, request.organization.id, record)
    if form.ready() and writing.write(request, form, entity, record, name):
        text = _("Wrote a note about %(name)s.") % {"name": name}
        if responses.part_asked(request, [panel.PART]):
            return _drawn(request, entity, record, name, told=text)
        messages.success(request, text, "outcome-applied")
        return responses.go_to(request, f"{back}#{panel.PART}")
    return _drawn(request, entity, record, name, form=None if CLOSED in request.GET else form)


def _drawn(
    request: StaffRequest, entity: str, record: str, name: str, form: NoteForm | None = None, told: str = ""
) -> HttpResponse:
    within = responses.part_asked(request, [panel.PART])
    if form and within and not form.is_bound:
        form.fields["text"].widget.attrs["autofocus"] = True
    context = {
        "told": told,
        "title": _("Notes about %(name)s") % {"name": name},
        "notes": panel.read(request, entity, record, panel.SHOWN if within else None),
        "form": form if may(request, subjects.WRITE) else None,
        "within": within,
        "entity_label": subjects.label(entity),
        "record": record,
        "back_url": record_url(entity, request.organization.id, record),
    }
    return responses.page(
        request, "notes/about.html", context, parts=[panel.PART], status=form.status if form else 200
    )


@permission(subjects.WRITE, subjects.WRITE)
def edit(request: StaffRequest, note_id: int) -> HttpResponse:
    note = _note(request, note_id)
    back = record_url(note.entity, note.organization, note.record)
    if why := _why_not(request, note):
        messages.warning(request, why)
        return responses.go_to(request, back)
    form = ChangeNoteForm.of(request, {"text": note.text})
    if form.ready():
        if writing.change(request, form, note):
            messages.success(request, _("Saved the note."), "outcome-applied")
        else:
            messages.info(request, _("Nothing was changed."), "outcome-unchanged")
        return responses.go_to(request, f"{back}#{panel.PART}")
    context = {
        "title": _("Note about %(name)s") % {"name": note.record_name},
        "form": form,
        "save_label": _("Save note"),
        "back_url": back,
        "withdraw_url": link(request, "notes:withdraw", note_id=str(note_id)),
    }
    return responses.page(request, "notes/edit.html", context, parts=[pages.FORM_PART], status=form.status)


@permission(subjects.WRITE, subjects.WRITE)
def withdraw(request: StaffRequest, note_id: int) -> HttpResponse:
    note = _note(request, note_id)
    if request.method != "POST":
        return HttpResponseRedirect(link(request, "notes:edit", note_id=str(note_id)))
    if why := _why_not(request, note):
        messages.warning(request, why)
    elif writing.withdraw(request, note):
        messages.success(request, _("Withdrew the note."), "outcome-applied")
    return responses.go_to(request, f"{record_url(note.entity, note.organization, note.record)}#{panel.PART}")


def _note(request: StaffRequest, note_id: int) -> Note:
    note = get_object_or_404(Note, pk=note_id, organization=request.organization.id)
    if note.entity not in subjects.readable(request):
        raise Http404
    return note


def _why_not(request: StaffRequest, note: Note) -> str:
    if note.person != request.user:
        return _("Only who wrote a note can change or withdraw it: %(who)s.") % {"who": note.person}
    return _("This note has been withdrawn.") if note.withdrawn_at else ""
