"""Sentences of outcomes, with their colours: the one table that every page tells them from.

What was done is told as done, and everything else as an attempt and what it came to, so that no pill has to correct a
sentence. What is stored is a code with its values; lines that were sealed as sentences are shown as they were written.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dashboard.audit.models import Entry, Outcome
from dashboard.entity import get
from dashboard.web.formatting import label

Words = str | Promise
Values = Mapping[str, str]


class Status(NamedTuple):
    """What something came to: its pill, the colour of that, and the clause that follows the attempt."""

    label: Words
    tone: str
    clause: Words = ""


STATUSES = {
    "applied": Status(lazy("Done"), "good"),
    "recorded": Status(lazy("Recorded"), "neutral"),
    # Accepted by Flowtly.
    "later": Status(lazy("Ends later"), "good", lazy("it ends on %(day)s")),
    "later-unsaid": Status(lazy("Ends later"), "good", lazy("it ends at the end of the paid period")),
    "nothing-shows": Status(
        lazy("Not visible"), "attention", lazy("Flowtly accepted the request, but no change is visible")
    ),
    "shows-otherwise": Status(
        lazy("Not visible"),
        "attention",
        lazy("Flowtly accepted the request, but the record does not show it"),
    ),
    "not-read": Status(
        lazy("Not visible"),
        "attention",
        lazy("Flowtly accepted the request, but the record could not be read again"),
    ),
    "elsewhere": Status(
        lazy("Wrong record"), "danger", lazy("Flowtly accepted it for another subscription: %(other)s")
    ),
    # Known not to be done, or not known.
    "refused": Status(lazy("Refused"), "danger", lazy("Flowtly refused it")),
    "conflict": Status(lazy("Conflict"), "danger", lazy("Flowtly does not allow it in the current state")),
    "not-sent": Status(lazy("Not sent"), "neutral", lazy("nothing was sent")),
    "not-applied": Status(lazy("Failed"), "neutral", lazy("Flowtly failed and changed nothing")),
    "unknown": Status(lazy("Unknown"), "doubt", lazy("the outcome is not known")),
    # Not ended, or ended before it was sent.
    "draft": Status(lazy("Draft"), "neutral", lazy("it is not confirmed yet")),
    "waiting": Status(lazy("Waiting for approval"), "attention", lazy("it is still waiting for approval")),
    "sending": Status(lazy("Being sent"), "attention", lazy("it is being sent")),
    "declined": Status(lazy("Declined"), "neutral", lazy("%(decider)s declined it")),
    "withdrawn": Status(lazy("Withdrawn"), "neutral", lazy("the request was withdrawn")),
    "expired": Status(lazy("Expired"), "neutral", lazy("the request expired")),
    "void": Status(lazy("Expired"), "neutral", lazy("the request expired: the record changed since")),
    "repeated": Status(lazy("Expired"), "neutral", lazy("the same request was made again later")),
    "skipped": Status(lazy("Left out"), "neutral", lazy("it was left out")),
}


class Kind(NamedTuple):
    """Something that is on record: what a filter calls it, its sentence where it was done, and its attempt."""

    label: Words
    done: Words
    tried: Words = ""  # "" for what is only recorded here, and so cannot fail


KINDS = {
    "create": Kind(
        lazy("Add"), lazy("%(person)s added %(record)s"), lazy("%(person)s tried to add %(record)s")
    ),
    "update": Kind(
        lazy("Change"), lazy("%(person)s changed %(record)s"), lazy("%(person)s tried to change %(record)s")
    ),
    "delete": Kind(
        lazy("Delete"), lazy("%(person)s deleted %(record)s"), lazy("%(person)s tried to delete %(record)s")
    ),
    "apply-coupon": Kind(
        lazy("Apply coupon"),
        lazy("%(person)s applied %(code)s to %(organization)s"),
        lazy("%(person)s tried to apply %(code)s to %(organization)s"),
    ),
    "clear-coupon": Kind(
        lazy("Remove coupon"),
        lazy("%(person)s removed the coupon of %(organization)s"),
        lazy("%(person)s tried to remove the coupon of %(organization)s"),
    ),
    "cancel": Kind(
        lazy("Cancel subscription"),
        lazy("%(person)s cancelled the subscription of %(organization)s"),
        lazy("%(person)s tried to cancel the subscription of %(organization)s"),
    ),
    "clear": Kind(
        lazy("Erase data"),
        lazy("%(person)s erased the data of %(organization)s"),
        lazy("%(person)s tried to erase the data of %(organization)s"),
    ),
    "request": Kind(lazy("Request approval"), lazy("%(person)s requested approval: %(request)s")),
    "approve": Kind(lazy("Approve"), lazy("%(person)s approved a request: %(request)s")),
    "decline": Kind(lazy("Decline"), lazy("%(person)s declined a request: %(request)s")),
    "withdraw": Kind(lazy("Withdraw request"), lazy("%(person)s withdrew a request: %(request)s")),
    "request-expired": Kind(lazy("Request expired"), lazy("A request expired: %(request)s")),
    "request-void": Kind(
        lazy("Request expired: record changed"),
        lazy("A request expired because the record changed: %(request)s"),
    ),
    "logo": Kind(
        lazy("Send logo"),
        lazy("%(person)s sent a logo for %(organization)s"),
        lazy("%(person)s tried to send a logo for %(organization)s"),
    ),
    "icon": Kind(
        lazy("Send icon"),
        lazy("%(person)s sent an icon for %(organization)s"),
        lazy("%(person)s tried to send an icon for %(organization)s"),
    ),
    "note": Kind(lazy("Write note"), lazy("%(person)s wrote a note about %(record)s")),
    "change-note": Kind(lazy("Change note"), lazy("%(person)s changed a note about %(record)s")),
    "withdraw-note": Kind(lazy("Withdraw note"), lazy("%(person)s withdrew a note about %(record)s")),
    "follow-up": Kind(lazy("Add follow-up"), lazy("%(person)s added a follow-up about %(record)s")),
    "follow-up-done": Kind(lazy("Close follow-up"), lazy("%(person)s closed a follow-up about %(record)s")),
    "follow-up-reopened": Kind(
        lazy("Reopen follow-up"), lazy("%(person)s reopened a follow-up about %(record)s")
    ),
    "follow-up-moved": Kind(lazy("Move follow-up"), lazy("%(person)s moved a follow-up about %(record)s")),
    "export": Kind(lazy("Export"), lazy("%(person)s exported a list: %(records)s")),
    "enroll": Kind(
        lazy("Enrol"), lazy("%(person)s enrolled %(record)s"), lazy("%(person)s tried to enrol %(record)s")
    ),
    "setup": Kind(
        lazy("Set up"),
        lazy("%(person)s began to set up %(record)s"),
        lazy("%(person)s tried to set up %(record)s"),
    ),
    "pull": Kind(
        lazy("Fetch bank data"),
        lazy("%(person)s fetched bank data of %(organization)s"),
        lazy("%(person)s tried to fetch bank data of %(organization)s"),
    ),
    "revoke": Kind(
        lazy("Revoke consent"),
        lazy("%(person)s revoked the bank consent of %(organization)s"),
        lazy("%(person)s tried to revoke the bank consent of %(organization)s"),
    ),
    "deactivate": Kind(lazy("Deactivate"), lazy("%(person)s deactivated %(record)s")),
    "activate": Kind(lazy("Reactivate"), lazy("%(person)s reactivated %(record)s")),
    "reset-password": Kind(
        lazy("Reset password"), lazy("%(person)s made a one-time password for %(record)s")
    ),
    "set-password": Kind(
        lazy("Set password"), lazy("The password of %(record)s was changed at the command line")
    ),
    "change-password": Kind(lazy("Change password"), lazy("%(person)s chose a new password: %(record)s")),
    "sign-in": Kind(lazy("Sign in"), lazy("%(person)s signed in")),
    "sign-in-failed": Kind(lazy("Sign-in refused"), lazy("A sign-in was refused: %(record)s")),
    "sign-in-locked": Kind(lazy("Sign-in locked"), lazy("Sign-ins were locked for a while: %(record)s")),
    "sign-out": Kind(lazy("Sign out"), lazy("%(person)s signed out")),
    "end-sessions": Kind(lazy("End sessions"), lazy("%(person)s ended the sessions of %(record)s")),
}
OTHER = lazy("%(person)s: %(kind)s, %(record)s")
# What is asked for, as a request for approval names it.
REQUESTS = {
    "apply-coupon": lazy("apply %(code)s to %(organization)s"),
    "clear-coupon": lazy("remove the coupon of %(organization)s"),
    "cancel": lazy("cancel the subscription of %(organization)s"),
    "clear": lazy("erase the data of %(organization)s"),
}
# How an outcome came to be known, by its code.
WORDS = {
    "seen-on-re-read": lazy("The record, read again, shows it."),
    "not-seen-on-re-read": lazy("Flowtly failed, and the record, read again, does not show it."),
    "seen-later": lazy("A later check found it on the record."),
    "not-seen-later": lazy("A minute later the record did not show it."),
    "said-by-person": lazy("A person checked it in Flowtly."),
    "never-left": lazy("Nothing was sent."),
}
# The reasons that somebody can choose, by their code. Whoever asks for one puts them here when the dashboard starts.
REASONS: dict[str, Words] = {}
OF_TEAM = lazy("Team member")
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
    words = KINDS.get(kind) or Kind(kind, OTHER, OTHER)
    values = {"kind": kind, **values}
    status = status if words.tried else "recorded"
    clause, tone = STATUSES[status].clause, STATUSES[status].tone
    attempt = words.tried if clause and tone != "good" else words.done
    text = str(attempt) % values
    if clause:
        text = _("%(attempt)s: %(outcome)s") % {"attempt": text, "outcome": str(clause) % values}
    return Sentence(status, text, "" if "%(record)s" in str(words.done) else values["record"])


def of_entries(entries: Collection[Entry], zone: str) -> dict[str, Sentence]:
    """By write. Their outcomes have to be known."""
    found = {entry.write: of_entry(entry) for entry in entries}
    for known in KNOWN_BY:
        found |= known(entries, zone)
    return found


def words(code: str) -> str:
    return str(WORDS.get(code, code))


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
        return text
    if not isinstance(kept, dict) or kept.get("reason") not in REASONS:
        return text
    values = {**kept, "reason": str(REASONS[kept["reason"]])}
    if "approved" not in kept:
        return _("%(reason)s: %(note)s") % values
    if kept.get("decision"):
        return (
            _(
                "%(reason)s: %(note)s (requested by %(asked)s, approved by %(approved)s with the words: %(decision)s)"
            )
            % values
        )
    return _("%(reason)s: %(note)s (requested by %(asked)s, approved by %(approved)s)") % values


def person_of(entry: Entry) -> str:
    """The full name of whoever did it."""
    return str(entry.person) if entry.person else entry.username


def _record(kind: str, name: str) -> str:
    return _("%(name)s (%(kind)s)") % {"name": name, "kind": kind} if name else kind


def context(told: Sentence) -> dict[str, Any]:
    """For a template: the sentence, and its pill."""
    said = {"sentence": told.text, "about": told.about, "status": told.status}
    return {**said, "pill": told.tone, "label": told.label, "receipt_url": told.url}
