"""Asking a second person, where policy says so. Nothing is sent: the act waits, with the record as it was seen."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from dashboard.audit.chain import as_kept
from dashboard.http import StaffRequest

from .forms import ActForm
from .models import Act, State


def ask(request: StaffRequest, act: Act, form: ActForm) -> bool:
    """Whether it waits now. The confirmation is held to the same rules as if it were sent."""
    if not form.ready():
        return False
    now = timezone.now()
    Act.objects.filter(pk=act.pk, state=State.DRAFT).update(
        state=State.WAITING,
        asked_at=now,
        expires_at=now + timedelta(hours=settings.SECOND_PERSON_HOURS),
        seen=as_kept(dict(form.record.raw)) if form.record is not None else {},
    )
    act.refresh_from_db()
    return True
