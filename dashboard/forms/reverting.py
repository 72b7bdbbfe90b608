"""Taking back a change made here: the record's ordinary form, with the old values of what is still as it was left.

Opening the link sends nothing. The form is saved like any other, so what others change meanwhile is seen, and the
trail gets a line of its own.
"""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from dashboard.audit import outcomes
from dashboard.audit.models import Entry, Phase
from dashboard.audit.trail import MASK
from dashboard.upstream.merge import same_meaning
from dashboard.web import error_messages
from dashboard.web.formatting import when
from dashboard.web.request import StaffRequest, may, to_change

PARAMETER = "revert"


def asked(request: StaffRequest, record: Any, form: type[Any]) -> dict[str, Any]:
    """What the form is to be drawn with, where the URL names a write about this record."""
    write = request.GET.get(PARAMETER, "")
    if not write or record is None:
        return {}
    shown = form(request, record)
    entry = _entry(shown, write, record.id)
    if entry is None or not may(request, to_change(shown.entity)):
        return {}
    if why := outcomes.why_not_back(entry):
        return {"problem": error_messages.Problem(_("Not taken back"), why, 200)}
    ours = {
        name: before
        for name, (before, after) in entry.changes.items()
        if name in shown.fields and MASK not in (before, after) and same_meaning(record.raw.get(name), after)
    }
    others = [name for name, pair in entry.changes.items()
              if name not in ours and not same_meaning(record.raw.get(name), pair[0])]  # fmt: skip
    told = _told(request, entry, _labels(shown, ours), _labels(shown, others))
    return {"typed": _typed(request, record, form, ours), "problem": told} if ours else {"problem": told}


def _entry(shown: Any, write: str, record: str) -> Entry | None:
    """The intent, if it is about this record and nothing else."""
    intent = Entry.objects.filter(
        write=write, phase=Phase.INTENT, entity=shown.entity, organization=shown.organization_id
    )
    found = outcomes.with_outcomes(intent)
    return found[0] if found and found[0].record == record else None


def _typed(request: HttpRequest, record: Any, form: type[Any], old: dict[str, Any]) -> QueryDict:
    """What a browser would send for the old values: as a form over the record as it was would show them."""
    then = form(request, type(record).read({**record.raw, **old}))
    typed = QueryDict(mutable=True)
    for name in old:
        shown = then._shown[name]
        # Nothing ticked is nothing sent: the form's own mark says that it was there.
        typed.setlist(name if shown else f"{name}.present", shown or ["1"])
    return typed


def _told(request: StaffRequest, entry: Entry, ours: str, others: str) -> error_messages.Problem:
    done = {"who": entry.username, "when": when(entry.at, request.user.time_zone)}
    parts = []
    if ours:
        title = _("Nothing is sent yet: the form shows the values from before")
        parts.append(
            _("What %(who)s changed on %(when)s is put back: %(fields)s. Check it and save.")
            % {**done, "fields": ours}
        )
    else:
        title = _("Nothing is left to take back")
        parts.append(_("What %(who)s changed on %(when)s does not stand any more.") % done)
    if others:
        parts.append(_("Changed since, and left alone: %(fields)s.") % {"fields": others})
    return error_messages.Problem(title, " ".join(parts), 200)


def _labels(shown: Any, names: Iterable[str]) -> str:
    return ", ".join(str(shown[name].label) if name in shown.fields else name for name in names)
