"""Receipt of an action: who, when, what, why, what came of it, and before → after. As a page, and as text."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dashboard.actions import evidence, outcome, sentence
from dashboard.actions.kinds import KINDS
from dashboard.actions.models import Act, State
from dashboard.actions.observation import FieldChange, compared
from dashboard.audit import unresolved
from dashboard.audit.models import Entry, Outcome
from dashboard.flowtly import errors
from dashboard.flowtly.resources.organizations import Organization
from dashboard.standards.foreign_text import joined
from dashboard.storage.database import spare
from dashboard.web.coded_text import drawn
from dashboard.web.formatting import when
from dashboard.web.panels import page_of
from dashboard.web.request import StaffRequest, link, may

LOOK = "look"
LONGEST = 30  # seconds from one look to the next
LOOKS = 13  # 2 + 4 + 8 + 16 + 9 × 30 seconds: five minutes
PART = "outcome-part"


def read(request: StaffRequest, act: Act, said: "Said") -> dict[str, Any]:
    facts = _facts(request, act, said.word)
    reread = act.before is not None and act.after is not None
    fields = compared(act.before or {}, act.after or {}) if reread else []
    differing = [one for one in fields if one.differs]
    changes = [one for one in differing if one.counts]
    # What changes with every save is no proof, and a hint where there is nothing else.
    moved = [one for one in differing if not one.counts]
    return {
        "facts": facts,
        "text": _as_text(said.title, facts, [*changes, *moved]),
        "changes": changes,
        "moved": moved,
        "reread": act.after is not None,
        "answer": json.dumps(act.answer, indent=2, ensure_ascii=False) if act.answer else "",
    }


def _facts(request: StaffRequest, act: Act, word: str) -> list[dict[str, str]]:
    zone, kind = request.user.time_zone, KINDS[act.kind]
    facts = [
        _fact(_("Who"), str(act.person)),
        _fact(_("When"), when(act.sent_at or act.asked_at or act.made_at, zone)),
        _fact(_("Organization"), act.organization_name, act.organization),
        _fact(_("What"), act.get_kind_display()),
    ]
    if kind.entity == "subscriptions":
        name = act.record_name if act.record else _("none named by Flowtly")
        facts.append(_fact(_("Subscription"), name, act.record))
        answered = evidence.read(act) if act.outcome == Outcome.APPLIED else None
        if answered and answered.record != act.record:
            facts.append(
                _fact(_("Subscription in Flowtly's answer"), "", answered.record) | _page(request, answered)
            )
    if kind.has_code:
        facts.append(_fact(_("Coupon code"), "", act.code))
    facts += [_fact(_("Reason"), act.get_reason_display()), _fact(_("Note"), act.note)]
    if act.decided_by is not None:
        second = [str(act.decided_by), when(act.decided_at, zone), act.decision]
        facts.append(_fact(_("Second person"), joined(second)))
    if kind.entity == "organizations" and act.after is not None:
        counts = kind.facts(Organization(raw=act.after), zone)
        left = ", ".join(f"{one['label']} {one['value']}" for one in counts)
        facts.append(_fact(_("What is left"), left))
    facts.append(_fact(_("Outcome"), word))
    if act.words and act.outcome == Outcome.REFUSED:
        facts.append(_fact(_("Flowtly said"), drawn(act.words)))
    if act.write:
        entry = Entry.objects.filter(write=act.write).first()
        trail = link(request, "audit:write", write=act.write) if may(request, "view_audit") else ""
        facts.append(_fact(_("Request"), "", entry.request_id if entry else ""))
        facts.append(_fact(_("In the trail"), "", act.write) | {"url": trail})
    return facts


def _page(request: StaffRequest, found: evidence.Evidence) -> dict[str, str]:
    return {"url": page_of(request, "subscriptions:show", subscription_id=found.record)}


def _fact(name: str, value: str, code: str = "") -> dict[str, str]:
    return {"label": name, "value": value, "code": code}


def _as_text(title: str, facts: list[dict[str, str]], changes: list[FieldChange]) -> str:
    lines = [title, ""]
    lines += [f"{fact['label']}: {joined([fact['value'], fact['code']], ' ')}" for fact in facts]
    lines += [joined([change.name, joined([change.before, change.after], " → ")], ": ") for change in changes]
    return "\n".join(lines)


# --- what came of it, in words ---


NOTES = {"good": "note note-success", "attention": "note note-warning"}


@dataclass(frozen=True)
class Said:
    outcome: str
    title: str
    text: str
    word: str
    tone: str
    visible: bool = True

    @property
    def done(self) -> bool:
        return self.outcome == Outcome.APPLIED and self.visible


def said(request: StaffRequest, act: Act) -> Said:
    """What came of it, and how that is shown."""
    told = sentence.of_act(act, request.user.time_zone)
    sent = act.state == State.SENT
    known = (act.outcome or Outcome.UNKNOWN.value) if sent else ""
    tone = NOTES.get(told.tone, "note note-error" if sent else "note note-warning")
    text = _text(request, act, told.status)
    return Said(known, told.text, text, told.label, tone, visible=told.status not in sentence.UNSEEN)


def _text(request: StaffRequest, act: Act, status: str) -> str:
    """What there is to say beside its sentence."""
    if status == "waiting":
        until = when(act.expires_at, request.user.time_zone)
        return _("Nothing was sent. The request waits for another person until %(until)s.") % {"until": until}
    texts = {
        "applied": _("The record in Flowtly shows it: see before and after."),
        "later": _("Until then the subscription stays as it is: see before and after."),
        "nothing-shows": str(KINDS[act.kind].unseen),
        "elsewhere": _("Check both subscriptions: the one in the answer, and the one that was meant."),
        "sending": _("Flowtly has not answered yet. This page can check again."),
        "unknown": _("Flowtly's answer was lost."),
        "not-applied": _("You can try again."),
    }
    return drawn(act.words) if act.state == State.SENT and act.words else texts.get(status, "")


# --- looking again by itself ---


def look_again(request: StaffRequest, act: Act, *, part: bool) -> dict[str, Any]:
    """Looks again where the outcome is not known, and says when the next look is. How often it has looked is a number
    in the query. Only scripts ask for the part alone: on a whole page a next look would promise what may not come."""
    if act.state != State.SENT or act.outcome not in outcome.NOT_KNOWN:
        return {}
    lost = ""
    try:
        with spare("What became of an action"):
            outcome.look_again(request, act)
    except errors.FlowtlyError as error:
        lost = str(error)
    if act.outcome not in outcome.NOT_KNOWN:
        return {"settled": True}
    told = {"lost": lost, "look_url": request.path, **_unresolved(request, act)}
    if not (outcome.under_way(act) or outcome.can_tell(act)):
        return told | {"never": True}
    looks = _looks(request) if part else 0
    if looks >= LOOKS:
        return told | {"gave_up": True}
    next_url = f"{request.path}?{LOOK}={looks + 1}"
    return told | {"next_url": next_url, "delay": min(2 ** (looks + 1), LONGEST), "by_itself": part}


def _unresolved(request: StaffRequest, act: Act) -> dict[str, Any]:
    open_ = outcome.unresolved_write(act)
    if open_ is None:
        return {}
    told = unresolved.told_one(request, open_)
    return {"doubts": [told], "may_settle": bool(told["settle_url"])}


def _looks(request: StaffRequest) -> int:
    given = request.GET.get(LOOK, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 0
