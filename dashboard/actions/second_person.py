"""Asking a second person, where policy says so. Nothing is sent: the act waits, with the record as it was seen, until
somebody else decides, its time is over, or the record is another one."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.actions.forms import ActForm, reason_of
from dashboard.actions.kinds import KINDS
from dashboard.actions.models import Act, State
from dashboard.audit.chain import as_kept
from dashboard.audit.trail import put_on_record
from dashboard.forms.saving import TIMESTAMPS
from dashboard.upstream.merge import same
from dashboard.web import error_messages
from dashboard.web.formatting import as_it_is, label
from dashboard.web.request import StaffRequest

log = logging.getLogger(__name__)


def ask(request: StaffRequest, act: Act, form: ActForm) -> bool:
    """Whether it waits now. The confirmation is held to the same rules as if it were sent."""
    if not form.ready():
        return False
    now = timezone.now()
    waiting = {
        "state": State.WAITING,
        "asked_at": now,
        "expires_at": now + timedelta(hours=settings.SECOND_PERSON_HOURS),
        "seen": as_kept(dict(form.record.raw)) if form.record is not None else {},
    }
    try:
        _to(act, State.DRAFT, waiting, request, "request", reason_of(act))
    except DatabaseError:
        log.exception("A request for a second person could not be kept.")
        form.stop(error_messages.our_database())
        return False
    return True


def expire_due() -> int:
    """Ends what has waited too long. By whoever looks at it, and by `reconcile`."""
    due = Act.objects.filter(state=State.WAITING, expires_at__lte=timezone.now())
    words = _("Nobody decided in time.")
    ended = {"state": State.EXPIRED, "decided_at": timezone.now()}
    return sum(_to(act, State.WAITING, ended, None, "request-expired", words=words) for act in due)


def void(act: Act, changed: list[dict[str, Any]]) -> bool:
    """Ends one whose record has changed since it was asked for: nobody can agree to it any more."""
    told = "; ".join(f"{one['name']}: {one['before']} → {one['after']}" for one in changed)
    ended = {"state": State.VOID, "decided_at": timezone.now(), "decision": told}
    return _to(act, State.WAITING, ended, None, "request-void", words=told)


def decided(act: Act, state: State, request: StaffRequest, what: str, decision: str, **more: Any) -> bool:
    """Ends the waiting by somebody's word, if nothing else has ended it before: of all who decide, one does."""
    word = {"state": state, "decided_by": request.user, "decided_at": timezone.now(), "decision": decision}
    return _to(act, State.WAITING, {**word, **more}, request, what, decision)


def _to(
    act: Act,
    before: State,
    fields: Mapping[str, Any],
    request: StaffRequest | None,
    what: str,
    reason: str = "",
    words: str = "",
) -> bool:
    """From one state into another, and on record, both or neither; False if it is in that state no more."""
    kind = KINDS[act.kind]
    with transaction.atomic():
        found = Act.objects.filter(pk=act.pk, state=before)
        if before == State.WAITING and fields["state"] != State.EXPIRED:
            found = found.filter(expires_at__gt=timezone.now())
        moved = found.update(**fields)
        if moved:
            put_on_record(
                request,
                kind.entity,
                what,
                " ".join(filter(None, [kind.say(kind.sentence, act), words])),
                record=act.record or act.kind,
                record_name=act.record_name,
                reason=reason,
                organization=(act.organization, act.organization_name),
            )
    act.refresh_from_db()
    return bool(moved)


# --- the record, as it was and as it is ---


def differences(seen: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is another one now, field by field, but for what changes with every save. A null may as well be absent."""
    return [one for one in compared(seen, now) if one["differs"]]


def compared(seen: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every field as it was when it was asked for, and as it is now."""
    now = as_kept(dict(now))
    names = [name for name in dict.fromkeys([*seen, *now]) if not name.startswith("@")]
    return [
        {
            "name": name,
            "before": _value(seen.get(name)),
            "after": _value(now.get(name)),
            "differs": name not in TIMESTAMPS and not same(seen.get(name), now.get(name)),
        }
        for name in names
    ]


def _value(value: Any) -> str:
    return label(None) if value is None else as_it_is(value)
