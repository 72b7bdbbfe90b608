"""Pending content: what was chosen and not yet sent. In the database any process has it, and a session that ends
loses none."""

import secrets
from datetime import timedelta

from django.utils import timezone

from dashboard.entities.profile.models import Chosen
from dashboard.web.request import StaffRequest

KEPT = timedelta(hours=24)  # as long as a form may be sent
MOST_OF_A_PERSON = 12


def keep(request: StaffRequest, path: str, content: bytes) -> str:
    """Key of the content from now on, for this person and this path."""
    key, now = secrets.token_hex(16), timezone.now()
    Chosen.objects.filter(at__lt=now - KEPT).delete()
    Chosen.objects.create(key=key, person=request.user, path=path, content=content, at=now)
    mine = Chosen.objects.filter(person=request.user).order_by("-at").values_list("key", flat=True)
    Chosen.objects.filter(key__in=list(mine[MOST_OF_A_PERSON:])).delete()
    return key


def find(request: StaffRequest, path: str, key: str) -> bytes | None:
    """None where it is not there any more, or is somebody else's, or was chosen on another page."""
    found = Chosen.objects.filter(
        key=key, person_id=request.user.pk, path=path, at__gte=timezone.now() - KEPT
    ).first()
    return bytes(found.content) if found else None
