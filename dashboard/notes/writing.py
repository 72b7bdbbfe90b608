"""Notes written, changed and withdrawn: each once, and with its line in the trail."""

from django.db import transaction
from django.utils import timezone

from dashboard.audit.trail import put_on_record
from dashboard.notes import followups
from dashboard.notes.forms import ChangeNoteForm, NoteForm
from dashboard.notes.models import Note
from dashboard.web import error_messages
from dashboard.web.request import StaffRequest


def write(request: StaffRequest, form: NoteForm, entity: str, record: str, name: str) -> Note | None:
    """The note that this form has made, by this submit or by an earlier one. None: the form was sent before, with
    another text."""
    said = form.cleaned_data
    with transaction.atomic():
        if form.first():
            note = Note.objects.create(
                organization=request.organization.id,
                organization_name=request.organization.name[:255],
                entity=entity,
                record=record,
                record_name=name[:255],
                text=said["text"],
                person=request.user,
            )
            _put_on_record(request, "note", note, [None, note.text])
            if said["due"]:
                about = {"entity": entity, "record": record, "record_name": name, "text": note.text}
                followups.promise(request, **about, due=said["due"], note=note)
            form.concluded({"note": note.pk})
            return note
    return _made_before(form)


def _made_before(form: NoteForm) -> Note | None:
    note = Note.objects.filter(pk=form.result_of_the_first().get("note", 0)).first()
    if note and note.text == form.cleaned_data["text"]:
        return note
    form.problem = error_messages.sent_before()
    return None


def change(request: StaffRequest, form: ChangeNoteForm, note: Note) -> bool:
    """False if the text is what it was."""
    text = form.cleaned_data["text"]
    with transaction.atomic():
        if form.first():
            theirs = Note.objects.filter(pk=note.pk, withdrawn_at=None).exclude(text=text)
            changed = bool(theirs.update(text=text, changed_at=timezone.now()))
            if changed:
                _put_on_record(request, "change-note", note, [note.text, text])
                note.follow_ups.filter(done_at=None).update(text=text)
            form.concluded({"changed": changed})
            return changed
    return bool(form.result_of_the_first().get("changed"))


def withdraw(request: StaffRequest, note: Note) -> bool:
    """It stays where it was, without its words; those are in the trail."""
    with transaction.atomic():
        if not Note.objects.filter(pk=note.pk, withdrawn_at=None).update(withdrawn_at=timezone.now()):
            return False
        note.follow_ups.update(text="")
        _put_on_record(request, "withdraw-note", note, [note.text, None])
    return True


def _put_on_record(request: StaffRequest, kind: str, note: Note, text: list[str | None]) -> None:
    put_on_record(
        request, note.entity, kind, record=note.record, record_name=note.record_name, changes={"text": text}
    )
