"""Queue of requests for somebody: those that wait for them, their own, and those that were decided lately."""

from datetime import timedelta
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from dashboard.accounts.models import Person
from dashboard.actions import draft, sentence
from dashboard.actions.approvals import separation
from dashboard.actions.kinds import KINDS
from dashboard.actions.models import Act, State
from dashboard.web.formatting import when
from dashboard.web.request import StaffRequest, may

PERMISSIONS = ("act_money", "clear_organization")  # any of which leads to the requests
LATELY = timedelta(days=30)
MOST = 50
NAMED = 5
Row = dict[str, Any]


def for_me(request: StaffRequest) -> list[Row]:
    return _rows(request, waiting_for(request).order_by("expires_at"))


def mine(request: StaffRequest) -> list[Row]:
    waiting = _of_kinds_allowed(request).filter(state=State.WAITING, person=request.user.pk)
    return _rows(request, waiting.order_by("expires_at"))


def decided(request: StaffRequest) -> list[Row]:
    """What became of them, the latest first."""
    ended = _of_kinds_allowed(request).exclude(state__in=(State.WAITING, State.DRAFT))
    recent = ended.filter(decided_at__gt=timezone.now() - LATELY)
    return _rows(request, recent.order_by("-decided_at"))


def waiting_for(request: StaffRequest) -> QuerySet[Act]:
    """Those that wait for this person."""
    waiting = _of_kinds_allowed(request).filter(state=State.WAITING, expires_at__gt=timezone.now())
    return waiting.exclude(person=request.user.pk)


def _of_kinds_allowed(request: StaffRequest) -> QuerySet[Act]:
    """All that were ever asked for, of the kinds that this person may decide about."""
    kinds = [kind.id for kind in KINDS.values() if kind.allowed and may(request, kind.permission)]
    return Act.objects.filter(kind__in=kinds).exclude(asked_at=None)


def _rows(request: StaffRequest, found: QuerySet[Act]) -> list[Row]:
    return [row(act, request.user.time_zone) for act in found.select_related("person", "decided_by")[:MOST]]


def row(act: Act, zone: str) -> Row:
    kind, told = KINDS[act.kind], sentence.of_act(act, zone)
    times = {"asked": act.asked_at, "until": act.expires_at, "decided": act.decided_at}
    return {
        "id": act.pk,
        "url": draft.url(act, "proof") if act.state == State.SENT else draft.request_url(act),
        "what": kind.say(kind.title, act),
        "code": act.code,
        "organization": act.organization_name,
        "organization_id": act.organization,
        "who": str(act.person),
        "why": act.get_reason_display(),
        "note": act.note,
        "by": str(act.decided_by or ""),
        "decision": act.decision,
        **{name: when(at, zone) if at else "" for name, at in times.items()},
        **{f"{name}_exact": at.isoformat() if at else "" for name, at in times.items()},
        "sentence": told.text,
        "status": told.status,
        "state": told.label,
        "pill": told.tone,
    }


def who_could(act: Act) -> list[str]:
    """Some of those who may agree to it: all who may do it themselves, but for who asked and whom they had in hand."""
    found = Person.objects.with_perm(f"accounts.{KINDS[act.kind].permission}")
    others = found.filter(is_staff=True).exclude(pk=act.person_id).order_by("is_superuser", "username")
    able = (each.username for each in others if not separation.in_hand_of_asker(act, each))
    return list(islice(able, NAMED))
