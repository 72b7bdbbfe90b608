"""The receipt of an act: who, when, what, why, what came of it, and before → after. As a page, and as text."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from dashboard.actions import panels, result
from dashboard.actions.kinds import KINDS
from dashboard.actions.models import Act, Kind, Reason, State
from dashboard.audit import unresolved
from dashboard.audit.models import Entry, Open, Outcome
from dashboard.flowtly import errors
from dashboard.flowtly.resources.organizations import Organization
from dashboard.flowtly.resources.subscriptions import Invoice
from dashboard.forms.saving import TIMESTAMPS
from dashboard.upstream.merge import same
from dashboard.upstream.parallel import Result
from dashboard.web.formatting import as_it_is, label, number, when
from dashboard.web.request import StaffRequest, link, may

LOOK = "look"
LONGEST = 30  # seconds from one look to the next
LOOKS = 13  # 2 + 4 + 8 + 16 + 9 × 30 seconds: five minutes
A_MONTH = timedelta(days=30)
PART = "outcome-part"


def receipt(request: StaffRequest, act: Act, said: Mapping[str, Any]) -> dict[str, Any]:
    facts = _facts(request, act, said)
    return {
        "facts": facts,
        "text": _as_text(said["title"], facts, changes(act), _moved(act)),
        "changes": changes(act),
        "moved": _moved(act),
        "reread": act.after is not None,
        "answer": json.dumps(act.answer, indent=2, ensure_ascii=False) if act.answer else "",
    }


def _facts(request: StaffRequest, act: Act, said: Mapping[str, Any]) -> list[dict[str, Any]]:
    zone, kind = request.user.time_zone, KINDS[act.kind]
    trail = link(request, "audit:write", write=act.write) if act.write and may(request, "view_audit") else ""
    facts = [
        _fact(_("Who"), act.person.username),
        _fact(_("When"), when(act.sent_at or act.asked_at or act.made_at, zone)),
        _fact(_("Organization"), act.organization_name, act.organization),
        _fact(_("What"), Kind(act.kind).label),
        _fact(_("Subscription"), act.record_name if act.record else _("none named by Flowtly"), act.record)
        if kind.entity == "subscriptions"
        else None,
        _fact(_("Coupon code"), "", act.code) if kind.has_code else None,
        _fact(_("Reason"), Reason(act.reason).label),
        _fact(_("Note"), act.note),
        _decided(act, zone),
        _left(act),
        _fact(_("Outcome"), said["word"]),
        _fact(_("Flowtly said"), act.words) if act.words and act.outcome == Outcome.REFUSED else None,
        _fact(_("Request"), "", _request_id(act)) if act.write else None,
        {**_fact(_("In the trail"), "", act.write), "url": trail} if act.write else None,
    ]
    return [fact for fact in facts if fact]


def _fact(name: str, value: object, code: str = "") -> dict[str, Any]:
    return {"label": name, "value": str(value), "code": code}


def _decided(act: Act, zone: str) -> dict[str, Any] | None:
    if act.decided_by is None:
        return None
    words = ", ".join(filter(None, [act.decided_by.username, when(act.decided_at, zone), act.decision]))
    return _fact(_("Second person"), words)


def _left(act: Act) -> dict[str, Any] | None:
    """What an organization still has, once it was cleared and counted again."""
    if KINDS[act.kind].entity != "organizations" or act.after is None:
        return None
    counts = panels.belongings(Organization(raw=act.after))
    return _fact(_("What is left"), ", ".join(f"{one['label']} {one['value']}" for one in counts))


def _request_id(act: Act) -> str:
    entry = Entry.objects.filter(write=act.write).first()
    return entry.request_id if entry else ""


def changes(act: Act) -> list[dict[str, str]]:
    """Field by field, but for what changes with every save."""
    return [change for change in _differences(act) if change["name"] not in TIMESTAMPS]


def _moved(act: Act) -> list[dict[str, str]]:
    """What changes with every save: no proof, and a hint where there is nothing else."""
    return [change for change in _differences(act) if change["name"] in TIMESTAMPS]


def _differences(act: Act) -> list[dict[str, str]]:
    if act.before is None or act.after is None:
        return []
    names = [name for name in dict.fromkeys([*act.before, *act.after]) if not name.startswith("@")]
    return [
        {"name": name, "before": _value(act.before.get(name)), "after": _value(act.after.get(name))}
        for name in names
        if not same(act.before.get(name), act.after.get(name))
    ]


def _value(value: Any) -> str:
    return label(None) if value is None else as_it_is(value)


def _as_text(
    title: str, facts: list[dict[str, Any]], changed: list[dict[str, str]], moved: list[dict[str, str]]
) -> str:
    lines = [title, ""]
    lines += [f"{fact['label']}: {' '.join(filter(None, [fact['value'], fact['code']]))}" for fact in facts]
    lines += [f"{change['name']}: {change['before']} → {change['after']}" for change in [*changed, *moved]]
    return "\n".join(lines)


# --- what came of it, in words ---


def said(request: StaffRequest, act: Act) -> dict[str, Any]:
    """The word for it, a title and a text, and how it is shown."""
    kind = KINDS[act.kind]
    if act.state != State.SENT:
        return _not_sent_yet(request, act)
    if result.under_way(act):
        text = _("Flowtly has not answered yet. This page can look again.")
        return _say("unknown", _("It is being sent just now"), text, _("under way"), tone="note note-error")
    word = str(Outcome(act.outcome).label)
    match act.outcome:
        case Outcome.APPLIED:
            return _applied(act) | {"word": word}
        case Outcome.UNKNOWN:
            text = act.words or _("Flowtly's answer was lost.")
            return _say("unknown", kind.say(kind.unknown, act), text, word, tone="note note-error")
        case Outcome.REFUSED:
            return _say("refused", kind.say(kind.refused, act), act.words, word, tone="note note-error")
        case Outcome.CONFLICT:
            title = _("Not done: it cannot be done as things are")
            return _say("conflict", title, act.words, word, tone="note note-error")
        case Outcome.NOT_APPLIED:
            text = _("It was not done. You can try again.")
            return _say("not-applied", _("Not done"), act.words or text, word, tone="note note-error")
    return _say("not-sent", _("Nothing was sent"), act.words, word, tone="note note-error")


def _applied(act: Act) -> dict[str, Any]:
    kind = KINDS[act.kind]
    title = kind.say(kind.done, act)
    if act.visible:
        return _say("applied", title, _("Flowtly's own record shows it: see before and after."), "")
    if act.visible is None:
        text = act.words or _("Flowtly accepted it. The record could not be read again to show it.")
        return _say("applied", title, text, "")
    title = _("Flowtly accepted it, and nothing visible changed")
    return _say("applied", title, str(kind.unseen), "", tone="note note-warning") | {"visible": False}


def _not_sent_yet(request: StaffRequest, act: Act) -> dict[str, Any]:
    until = when(act.expires_at, request.user.time_zone) if act.expires_at else ""
    texts = {
        State.WAITING: _("Nothing has been sent. It waits until %(until)s for somebody else to agree.")
        % {"until": until},
        State.DECLINED: _("Nothing was sent: somebody else declined it."),
        State.WITHDRAWN: _("Nothing was sent: who asked for it asks no more."),
        State.EXPIRED: _("Nothing was sent: nobody agreed in time."),
        State.VOID: _("Nothing was sent: the record has changed since it was asked for."),
    }
    title = _("Waits for a second person") if act.state == State.WAITING else _("Nothing was sent")
    return _say(
        "", title, texts.get(State(act.state), ""), str(State(act.state).label), tone="note note-warning"
    )


def _say(outcome: str, title: str, text: str, word: str, tone: str = "note note-success") -> dict[str, Any]:
    return {"outcome": outcome, "title": title, "text": text, "word": word, "tone": tone, "visible": True}


# --- looking again by itself ---


def looking(request: StaffRequest, act: Act, *, part: bool) -> dict[str, Any]:
    """Looks again where the outcome is not known, and says when the next look is. How often it has looked is a number
    in the query. Only scripts ask for the part alone: on a whole page a next look would promise what may not come."""
    if act.state != State.SENT or act.outcome not in result.WAITS:
        return {}
    lost = ""
    try:
        result.look_again(request, act)
    except errors.FlowtlyError as error:
        lost = str(error)
    if act.outcome not in result.WAITS:
        return {"settled": True}
    open_ = result.open_of(act)
    told = {"lost": lost, "look_url": request.path, **_doubt(request, open_)}
    if not (result.under_way(act) or result.can_tell(act)):
        return told | {"never": True}
    looks = _looks(request) if part else 0
    if looks >= LOOKS:
        return told | {"gave_up": True}
    next_url = f"{request.path}?{LOOK}={looks + 1}"
    return told | {"next_url": next_url, "delay": min(2 ** (looks + 1), LONGEST), "by_itself": part}


def _doubt(request: StaffRequest, open_: Open | None) -> dict[str, Any]:
    if open_ is None:
        return {}
    told = unresolved.told_one(request, open_)
    return {"doubts": [told], "may_settle": bool(told["settle_url"])}


def _looks(request: StaffRequest) -> int:
    given = request.GET.get(LOOK, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 0


# --- the day to look at it again ---


def next_invoice(found: Result[Any], today: date) -> tuple[date, str]:
    """When the next invoice is likely, and how that is known; else in a month."""
    days = _days(found.value.items if found.value else [])
    if len(days) > 1:
        apart = days[0] - days[1]
        likely = days[0] + apart
        if timedelta(0) < apart <= timedelta(days=400) and likely > today:
            text = _("The last two invoices are %(n)s days apart, so the next is likely on that day.")
            return likely, text % {"n": number(apart.days)}
    return today + A_MONTH, _("When the next invoice comes is not known: in a month, then.")


def _days(found: list[Invoice]) -> list[date]:
    days = {each.created.astimezone(UTC).date() for each in found if isinstance(each.created, datetime)}
    return sorted(days, reverse=True)
