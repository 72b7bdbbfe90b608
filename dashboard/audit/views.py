from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.audit import history, open_writes, outcomes, reading, reconciling, unresolved
from dashboard.audit.models import Open, Outcome
from dashboard.audit.sentences import KINDS, STATUSES
from dashboard.flowtly import errors
from dashboard.web import error_messages, responses
from dashboard.web.formatting import number
from dashboard.web.request import StaffRequest, link, may, next_url, permission, staff, to_change

DECISIONS = {"applied": Outcome.APPLIED, "not-applied": Outcome.NOT_APPLIED}
OUTCOMES = {each.value: STATUSES[each.value].label for each in Outcome}
PART = "audit-list"


@permission("view_audit")
def index(request: StaffRequest) -> HttpResponse:
    """What was asked of Flowtly here, as far as this person may see it."""
    asked = reading.Asked.of(request.GET)
    found = reading.read(request.user, asked)
    context = {
        "listing": _listing(request, asked, found),
        "rows": history.told(found.entries, request.user.time_zone),
        "fields": asked.filters,
        "since": asked.filters.get("from", ""),
        "people": reading.people(request.user),
        "kinds": _choices({kind: each.label for kind, each in KINDS.items()}, asked.filters.get("kind", "")),
        "outcomes": _choices(OUTCOMES, asked.filters.get("outcome", "")),
        "sees_all": request.user.is_superuser,
        "sees_money": may(request, "act_money"),
    }
    return responses.page(request, "audit/index.html", context, parts=[PART])


@permission("view_audit")
def write(request: StaffRequest, write: str) -> HttpResponse:
    """One write whole, from what was asked to what is known of it."""
    intent = reading.visible(request.user).filter(write=write).first()
    if intent is None:
        raise Http404
    zone = request.user.time_zone
    open_ = Open.objects.filter(pk=write).first()
    (told,) = history.told(outcomes.with_outcomes([intent]), zone)
    context = {
        "one": told,
        "lines": history.told_lines(reading.lines(write), zone),
        "doubts": [unresolved.told_one(request, open_)] if open_ else [],
        "can_change": may(request, to_change(intent.entity)),
        "back_url": link(request, "audit:index"),
    }
    return responses.page(request, "audit/write.html", context)


@staff(post=True)
def settle(request: StaffRequest, write: str) -> HttpResponse:
    """Ends a doubt about a write: by looking again, or by the word of somebody who may change such records."""
    if request.method != "POST":
        raise Http404
    organization = request.organization.id if hasattr(request, "organization") else ""
    open_ = Open.objects.filter(pk=write, organization=organization).first()
    if open_ is None:
        messages.info(request, _("There is nothing to settle here, or not any more."))
        return HttpResponseRedirect(_back(request))
    if not may(request, to_change(open_.entity)):
        return responses.forbidden(request, to_change(open_.entity))
    decision = request.POST.get("decision", "")
    if open_writes.under_way(open_):
        messages.warning(request, _("It is still being saved. Look again in a moment."), "outcome-unknown")
    elif decision in DECISIONS:
        open_writes.settle(write, DECISIONS[decision], "said-by-person", request.user)
        _say(request, DECISIONS[decision])
    else:
        _look(request, open_)
    if open_.kind == "delete" and not Open.objects.filter(pk=write).exists():
        return HttpResponseRedirect(_beside(request, open_))
    return HttpResponseRedirect(_back(request))


def _listing(request: StaffRequest, asked: reading.Asked, found: reading.Found) -> dict[str, Any]:
    """What the shared parts of a list page draw: chips, notes, the way on."""
    labels = {
        "person": _("Who"),
        "organization": _("Organization"),
        "record": _("Record"),
        "kind": _("What"),
        "outcome": _("Outcome"),
        "from": _("From"),
        "to": _("Until"),
    }
    words = {
        **{name: str(each.label) for name, each in KINDS.items()},
        **{n: str(w) for n, w in OUTCOMES.items()},
    }
    size = len(found.entries)
    shown = ngettext("%(n)s action on this page", "%(n)s actions on this page", size) % {"n": number(size)}
    return {
        "part": PART,
        "base_url": request.path,
        "clear_url": request.path,
        "chips": reading.chips(asked, request.path, labels, words),
        "notes": reading.notes(asked, found),
        "range_text": shown,
        "previous_url": asked.query(after=found.newer) if found.newer else "",
        "next_url": asked.query(before=found.older) if found.older else "",
        "beyond": bool(asked.before or asked.after) and not found.looked_to,
        "looked_on": bool(found.looked_to),
    }


def _choices(words: Mapping[str, Any], now: str) -> list[dict[str, Any]]:
    known = dict(words) if not now or now in words else {**words, now: now}
    return [{"value": value, "label": text, "selected": value == now} for value, text in known.items()]


def _look(request: StaffRequest, open_: Open) -> None:
    if not reconciling.can_look(open_):
        messages.warning(
            request, _("The record cannot tell. Find out in Flowtly itself, then say what you saw.")
        )
        return
    try:
        _say(request, reconciling.look(request.flowtly, open_))
    except errors.FlowtlyError as error:
        problem = error_messages.reading(error)
        messages.error(request, f"{problem.title}: {problem.text}", "outcome-unknown")


def _say(request: HttpRequest, outcome: Outcome) -> None:
    words = {
        Outcome.APPLIED: _("Settled: it was done."),
        Outcome.NOT_APPLIED: _("Settled: it was not done. You can try again."),
        Outcome.UNKNOWN: _(
            "It does not show: it may still come, or the record was changed since. Look again in a minute."
        ),
    }
    level = messages.WARNING if outcome == Outcome.UNKNOWN else messages.SUCCESS
    messages.add_message(request, level, words[outcome], f"outcome-{outcome.value}")


def _beside(request: HttpRequest, open_: Open) -> str:
    """Where the record was, for it may be there no more."""
    try:
        return link(request, f"{open_.entity}:index")
    except NoReverseMatch:
        return _back(request)


def _back(request: HttpRequest) -> str:
    home = link(request, "organizations:overview" if hasattr(request, "organization") else "home")
    return next_url(request, request.POST.get("next", ""), home)
