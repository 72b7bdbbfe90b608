"""Which requests there are for somebody: those that wait for them, their own, and those that were decided lately."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.accounts.models import Person
from dashboard.actions import draft
from dashboard.actions.kinds import KINDS
from dashboard.actions.models import Act, Reason, State
from dashboard.audit.models import Outcome
from dashboard.web.formatting import when
from dashboard.web.request import may

PERMISSIONS = ("act_money", "clear_organization")  # any of which leads to the requests
LATELY = timedelta(days=30)
MOST = 50
NAMED = 5
PILLS = {
    State.WAITING: "attention",
    State.DECLINED: "danger",
    State.WITHDRAWN: "neutral",
    State.EXPIRED: "neutral",
    State.VOID: "neutral",
}


def those_of(request: HttpRequest) -> QuerySet[Act]:
    """All that were ever asked for, of the kinds that this person may decide about."""
    kinds = [kind.id for kind in KINDS.values() if kind.allowed and may(request, kind.permission)]
    return Act.objects.filter(kind__in=kinds).exclude(asked_at=None)


def count(request: HttpRequest) -> int:
    """How many wait for this person."""
    return _for(request).count()


def _for(request: HttpRequest) -> QuerySet[Act]:
    open_ = those_of(request).filter(state=State.WAITING, expires_at__gt=timezone.now())
    return open_.exclude(person=request.user.pk)


def for_me(request: Any) -> list[dict[str, Any]]:
    return _rows(request, _for(request).order_by("expires_at"))


def mine(request: Any) -> list[dict[str, Any]]:
    open_ = those_of(request).filter(state=State.WAITING, person=request.user.pk)
    return _rows(request, open_.order_by("expires_at"))


def decided(request: Any) -> list[dict[str, Any]]:
    """What became of them, the latest first."""
    ended = those_of(request).exclude(state__in=(State.WAITING, State.DRAFT))
    recent = ended.filter(Q(decided_at__gt=timezone.now() - LATELY)).order_by("-decided_at")
    return _rows(request, recent)


def _rows(request: Any, found: QuerySet[Act]) -> list[dict[str, Any]]:
    return [row(act, request.user.time_zone) for act in found.select_related("person", "decided_by")[:MOST]]


def row(act: Act, zone: str) -> dict[str, Any]:
    kind, by = KINDS[act.kind], act.decided_by
    return {
        "id": act.pk,
        "url": draft.url(act, "proof") if act.state == State.SENT else draft.request_url(act),
        "what": kind.say(kind.title, act),
        "code": act.code,
        "organization": act.organization_name,
        "organization_id": act.organization,
        "who": act.person.username,
        "asked": when(act.asked_at, zone),
        "asked_exact": act.asked_at.isoformat() if act.asked_at else "",
        "why": Reason(act.reason).label,
        "note": act.note,
        "until": when(act.expires_at, zone),
        "until_exact": act.expires_at.isoformat() if act.expires_at else "",
        "by": by.username if by else "",
        "decided": when(act.decided_at, zone) if act.decided_at else "",
        "decided_exact": act.decided_at.isoformat() if act.decided_at else "",
        "decision": act.decision,
        **_state(act),
    }


def _state(act: Act) -> dict[str, Any]:
    if act.state != State.SENT:
        return {"state": State(act.state).label, "pill": PILLS.get(State(act.state), "neutral")}
    applied = act.outcome == Outcome.APPLIED
    word = Outcome(act.outcome).label if act.outcome else _("being sent")
    return {
        "state": _("agreed: %(outcome)s") % {"outcome": word},
        "pill": "good" if applied else "attention",
    }


def who_could(act: Act) -> list[str]:
    """Some of those who may agree to it: all who may do it themselves, but for who asked."""
    found = Person.objects.with_perm(f"accounts.{KINDS[act.kind].permission}")
    others = found.filter(is_staff=True).exclude(pk=act.person_id).order_by("is_superuser", "username")
    return list(others.values_list("username", flat=True)[:NAMED])
