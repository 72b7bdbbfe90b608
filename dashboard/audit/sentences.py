"""Sentences of outcomes, with their colours: the one table that every page tells them from.

What was done is told as done, and everything else as an attempt and what it came to, so that no pill has to correct a
sentence. What is stored is a code with its values; lines that were sealed as sentences are shown as they were written.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard.audit.models import Entry, Outcome
from dashboard.entity import get
from dashboard.web.coded_text import TEXTS, drawn
from dashboard.web.formatting import label

Words = str | Promise
Values = Mapping[str, str]


class Status(NamedTuple):
    """What something came to: its pill, the colour of that, and the clause that follows the attempt."""

    label: Words
    tone: str
    clause: Words = ""


STATUSES = {
    "applied": Status(_("Done"), "good"),
    "recorded": Status(_("Recorded"), "neutral"),
    # Accepted by Flowtly.
    "later": Status(_("Ends later"), "good", _("it ends on %(day)s")),
    "later-unsaid": Status(_("Ends later"), "good", _("it ends at the end of the paid period")),
    "nothing-shows": Status(
        _("Not visible"), "attention", _("Flowtly accepted the request, but no change is visible")
    ),
    "shows-otherwise": Status(
        _("Not visible"),
        "attention",
        _("Flowtly accepted the request, but the record does not show it"),
    ),
    "not-read": Status(
        _("Not visible"),
        "attention",
        _("Flowtly accepted the request, but the record could not be read again"),
    ),
    "elsewhere": Status(
        _("Wrong record"), "danger", _("Flowtly accepted it for another subscription: %(other)s")
    ),
    # Known not to be done, or not known.
    "refused": Status(_("Refused"), "danger", _("Flowtly refused it")),
    "conflict": Status(_("Conflict"), "danger", _("Flowtly does not allow it in the current state")),
    "changed": Status(_("Conflict"), "danger", _("someone else had changed the record")),
    "not-sent": Status(_("Not sent"), "neutral", _("nothing was sent")),
    "not-applied": Status(_("Failed"), "neutral", _("Flowtly failed and changed nothing")),
    "unknown": Status(_("Unknown"), "doubt", _("the outcome is not known")),
    # Not ended, or ended before it was sent.
    "draft": Status(_("Draft"), "neutral", _("it is not confirmed yet")),
    "waiting": Status(_("Waiting for approval"), "attention", _("it is still waiting for approval")),
    "sending": Status(_("Being sent"), "attention", _("it is being sent")),
    "declined": Status(_("Declined"), "neutral", _("%(decider)s declined it")),
    "withdrawn": Status(_("Withdrawn"), "neutral", _("the request was withdrawn")),
    "expired": Status(_("Expired"), "neutral", _("the request expired")),
    "void": Status(_("Expired"), "neutral", _("the request expired: the record changed since")),
    "repeated": Status(_("Expired"), "neutral", _("the same request was made again later")),
    "skipped": Status(_("Left out"), "neutral", _("it was left out")),
}


class Phrases(NamedTuple):
    """Something that is on record: what a filter calls it, its sentence where it was done, and its attempt."""

    label: Words
    done: Words
    tried: Words = ""  # "" for what is only recorded here, and so cannot fail


KINDS = {
    "create": Phrases(_("Add"), _("%(person)s added %(record)s"), _("%(person)s tried to add %(record)s")),
    "update": Phrases(
        _("Change"), _("%(person)s changed %(record)s"), _("%(person)s tried to change %(record)s")
    ),
    "delete": Phrases(
        _("Delete"), _("%(person)s deleted %(record)s"), _("%(person)s tried to delete %(record)s")
    ),
    "apply-coupon": Phrases(
        _("Apply coupon"),
        _("%(person)s applied %(code)s to %(organization)s"),
        _("%(person)s tried to apply %(code)s to %(organization)s"),
    ),
    "clear-coupon": Phrases(
        _("Remove coupon"),
        _("%(person)s removed the coupon of %(organization)s"),
        _("%(person)s tried to remove the coupon of %(organization)s"),
    ),
    "cancel": Phrases(
        _("Cancel subscription"),
        _("%(person)s cancelled the subscription of %(organization)s"),
        _("%(person)s tried to cancel the subscription of %(organization)s"),
    ),
    "clear": Phrases(
        _("Erase data"),
        _("%(person)s erased the data of %(organization)s"),
        _("%(person)s tried to erase the data of %(organization)s"),
    ),
    "request": Phrases(_("Request approval"), _("%(person)s requested approval: %(request)s")),
    "approve": Phrases(_("Approve"), _("%(person)s approved a request: %(request)s")),
    "decline": Phrases(_("Decline"), _("%(person)s declined a request: %(request)s")),
    "withdraw": Phrases(_("Withdraw request"), _("%(person)s withdrew a request: %(request)s")),
    "request-expired": Phrases(_("Request expired"), _("A request expired: %(request)s")),
    "request-void": Phrases(
        _("Request expired: record changed"),
        _("A request expired because the record changed: %(request)s"),
    ),
    "logo": Phrases(
        _("Send logo"),
        _("%(person)s sent a logo for %(organization)s"),
        _("%(person)s tried to send a logo for %(organization)s"),
    ),
    "icon": Phrases(
        _("Send icon"),
        _("%(person)s sent an icon for %(organization)s"),
        _("%(person)s tried to send an icon for %(organization)s"),
    ),
    "note": Phrases(_("Write note"), _("%(person)s wrote a note about %(record)s")),
    "change-note": Phrases(_("Change note"), _("%(person)s changed a note about %(record)s")),
    "withdraw-note": Phrases(_("Withdraw note"), _("%(person)s withdrew a note about %(record)s")),
    "follow-up": Phrases(_("Add follow-up"), _("%(person)s added a follow-up about %(record)s")),
    "follow-up-done": Phrases(_("Close follow-up"), _("%(person)s closed a follow-up about %(record)s")),
    "follow-up-reopened": Phrases(
        _("Reopen follow-up"), _("%(person)s reopened a follow-up about %(record)s")
    ),
    "follow-up-moved": Phrases(_("Move follow-up"), _("%(person)s moved a follow-up about %(record)s")),
    "export": Phrases(_("Export"), _("%(person)s exported a list: %(records)s")),
    "enroll": Phrases(
        _("Enrol"), _("%(person)s enrolled %(record)s"), _("%(person)s tried to enrol %(record)s")
    ),
    "setup": Phrases(
        _("Set up"),
        _("%(person)s began to set up %(record)s"),
        _("%(person)s tried to set up %(record)s"),
    ),
    "pull": Phrases(
        _("Fetch bank data"),
        _("%(person)s fetched bank data of %(organization)s"),
        _("%(person)s tried to fetch bank data of %(organization)s"),
    ),
    "revoke": Phrases(
        _("Revoke consent"),
        _("%(person)s revoked the bank consent of %(organization)s"),
        _("%(person)s tried to revoke the bank consent of %(organization)s"),
    ),
    "deactivate": Phrases(_("Deactivate"), _("%(person)s deactivated %(record)s")),
    "activate": Phrases(_("Reactivate"), _("%(person)s reactivated %(record)s")),
    "reset-password": Phrases(_("Reset password"), _("%(person)s made a one-time password for %(record)s")),
    "set-password": Phrases(
        _("Set password"), _("The password of %(record)s was changed at the command line")
    ),
    "change-password": Phrases(_("Change password"), _("%(person)s chose a new password: %(record)s")),
    "sign-in": Phrases(_("Sign in"), _("%(person)s signed in")),
    "sign-in-failed": Phrases(_("Sign-in refused"), _("A sign-in was refused: %(record)s")),
    "sign-in-locked": Phrases(_("Sign-in locked"), _("Sign-ins were locked for a while: %(record)s")),
    "sign-out": Phrases(_("Sign out"), _("%(person)s signed out")),
    "end-sessions": Phrases(_("End sessions"), _("%(person)s ended the sessions of %(record)s")),
}
OTHER = _("%(person)s: %(kind)s, %(record)s")
# What is asked for, as a request for approval names it.
REQUESTS = {
    "apply-coupon": _("apply %(code)s to %(organization)s"),
    "clear-coupon": _("remove the coupon of %(organization)s"),
    "cancel": _("cancel the subscription of %(organization)s"),
    "clear": _("erase the data of %(organization)s"),
}
# How an outcome came to be known, by its code.
TEXTS |= {
    "seen-on-re-read": _("The record, read again, shows it."),
    "not-seen-on-re-read": _("Flowtly failed, and the record, read again, does not show it."),
    "seen-later": _("A later check found it on the record."),
    "not-seen-later": _("A minute later the record did not show it."),
    "said-by-person": _("A person checked it in Flowtly."),
    "never-left": _("Nothing was sent."),
}
# The reasons that somebody can choose, by their code. Whoever asks for one puts them here when the dashboard starts.
REASONS: dict[str, Words] = {}
OF_TEAM = _("Team member")
TEAM = "people"  # the entity of those who work here: Flowtly has no part in it


@dataclass(frozen=True)
class Sentence:
    """What is told of one line of the trail, or of one action. `status` is its row in the table."""

    status: str
    text: str
    about: str = ""  # the record, where the sentence does not name it
    url: str = ""  # of its receipt

    @property
    def label(self) -> str:
        return str(STATUSES[self.status].label)

    @property
    def tone(self) -> str:
        return STATUSES[self.status].tone


# What knows more of some lines than they say themselves: put here, when the dashboard starts, by whoever has it.
KNOWN_BY: list[Callable[[Collection[Entry], str], Mapping[str, Sentence]]] = []


def sentence(kind: str, status: str, values: Values) -> Sentence:
    words = KINDS.get(kind) or Phrases(kind, OTHER, OTHER)
    values = {"kind": kind, **values}
    status = status if words.tried else "recorded"
    clause, tone = STATUSES[status].clause, STATUSES[status].tone
    attempt = words.tried if clause and tone != "good" else words.done
    text = str(attempt) % values
    if clause:
        text = gettext("%(attempt)s: %(outcome)s") % {"attempt": text, "outcome": str(clause) % values}
    return Sentence(status, text, "" if "%(record)s" in str(words.done) else values["record"])


def of_entries(entries: Collection[Entry], zone: str) -> dict[str, Sentence]:
    """By write. Their outcomes have to be known."""
    found = {entry.write: of_entry(entry) for entry in entries}
    for known in KNOWN_BY:
        found |= known(entries, zone)
    return found


def of_entry(entry: Entry) -> Sentence:
    status = "recorded" if entry.entity == TEAM else entry.outcome or Outcome.UNKNOWN.value
    return sentence(entry.kind, status, _values(entry))


def _values(entry: Entry) -> dict[str, str]:
    found = get(entry.entity)
    organization = entry.organization_name or entry.organization or label(None)
    asked = {"organization": organization, "code": _code(entry)}
    return {
        "person": person_of(entry),
        "record": _record(
            str(found.one if found else OF_TEAM if entry.entity == TEAM else entry.entity),
            entry.record_name or entry.record,
        ),
        "records": str(found.many if found else entry.entity),
        "request": str(REQUESTS[entry.words]) % asked if entry.words in REQUESTS else entry.words,
        **asked,
    }


def _code(entry: Entry) -> str:
    """The coupon code that was sent, or asked for: the only field of either."""
    sent = [pair[1] for pair in entry.changes.values() if isinstance(pair, list) and len(pair) == 2]
    return next((text for text in sent if isinstance(text, str)), "") or label(None)


def reason(text: str) -> str:
    """Why it was done, as a form of this dashboard kept it: the code of a reason, a note, and who agreed."""
    try:
        kept = json.loads(text)
    except ValueError:
        return drawn(text)
    if not isinstance(kept, dict) or kept.get("reason") not in REASONS:
        return text
    values = {**kept, "reason": str(REASONS[kept["reason"]])}
    if "approved" not in kept:
        return gettext("%(reason)s: %(note)s") % values
    if kept.get("decision"):
        return (
            gettext(
                "%(reason)s: %(note)s (requested by %(asked)s, approved by %(approved)s with the words: %(decision)s)"
            )
            % values
        )
    return gettext("%(reason)s: %(note)s (requested by %(asked)s, approved by %(approved)s)") % values


def person_of(entry: Entry) -> str:
    """The full name of whoever did it."""
    return str(entry.person) if entry.person else entry.username


def _record(kind: str, name: str) -> str:
    return gettext("%(name)s (%(kind)s)") % {"name": name, "kind": kind} if name else kind


def context(told: Sentence) -> dict[str, Any]:
    """For a template: the sentence, and its pill."""
    said = {"sentence": told.text, "about": told.about, "status": told.status}
    return {**said, "pill": told.tone, "label": told.label, "receipt_url": told.url}
