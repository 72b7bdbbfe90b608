"""Trail entries with what became of them: an intent is one line, its outcome another, and only both tell."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from dashboard.audit.models import Entry, Outcome, Phase
from dashboard.audit.trail import MASK


def with_outcomes(intents: Iterable[Entry]) -> list[Entry]:
    found = list(intents)
    later = Entry.objects.filter(write__in=[entry.write for entry in found]).exclude(phase=Phase.INTENT)
    latest: dict[str, Entry] = {}
    for entry in later.order_by("number"):
        before = latest.get(entry.write)
        if before:  # what was found out later tells no status and no time: the answer did
            entry.status = entry.status or before.status
            entry.milliseconds = entry.milliseconds or before.milliseconds
            entry.record = entry.record or before.record
        latest[entry.write] = entry
    for entry in found:
        known = latest.get(entry.write)
        entry.outcome = known.outcome if known else Outcome.UNKNOWN
        entry.record = entry.record or (known.record if known else "")
        if known:
            entry.status, entry.milliseconds, entry.words = known.status, known.milliseconds, known.words
    return found


def why_not_back(entry: Entry) -> str:
    """Why a write cannot be taken back by its record's form; "" if it can. Wants the outcome to be known."""
    if entry.outcome == Outcome.UNKNOWN:
        return _("It is not known yet whether this was done, so it cannot be taken back.")
    if entry.outcome != Outcome.APPLIED:
        return _("Nothing to take back: it was not done.")
    if entry.kind != "update":
        return _("This cannot be taken back: only changes of fields can.")
    if all(MASK in pair for pair in entry.changes.values()):
        return _("This cannot be taken back: the values were secret, so they were not kept.")
    return ""
