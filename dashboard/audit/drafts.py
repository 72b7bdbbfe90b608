"""What somebody had typed when their session or the token of their form had ended: kept a day, for them alone.

Whoever posts without a session is nobody, but the form's `operation` is signed and says for whom it was drawn. So
what was typed can be kept for that person, and is shown to nobody else.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from dashboard import problems
from dashboard.accounts.models import Person

from . import operations
from .models import Draft

MOST = 64 * 1024  # bytes
KEPT = timedelta(hours=24)
PARAMETER = "draft"
# Parts of names whose values are kept nowhere.
SECRET = ("password", "token", "secret", "csrf", "apikey", "api_key", "credential")


def keep(request: HttpRequest, secret: frozenset[str] = frozenset()) -> str:
    """Keeps what was posted; where it will be shown again, or "" if it is not one of our forms."""
    known = operations.read(request.POST.get("operation", ""))
    if known is None or known[2] != request.path:
        return ""
    operation, person, path = known
    data = QueryDict(mutable=True)
    for name, values in request.POST.lists():
        if name not in secret and not any(part in name.lower() for part in SECRET):
            data.setlist(name, values)
    text = data.urlencode()
    if len(text) > MOST or not Person.objects.filter(pk=person).exists():
        return ""
    Draft.objects.filter(at__lt=timezone.now() - KEPT).delete()
    Draft.objects.update_or_create(
        operation=operation, defaults={"person_id": person, "path": path, "data": text, "at": timezone.now()}
    )
    return f"{path}?{urlencode({PARAMETER: operation})}"


def asked(request: HttpRequest, record: Any, form: type[Any]) -> dict[str, Any]:
    """What the form is to be drawn with, where the URL names a draft of this person for this page."""
    draft = Draft.objects.filter(
        operation=request.GET.get(PARAMETER, ""),
        person_id=request.user.pk or 0,
        path=request.path,
        at__gte=timezone.now() - KEPT,
    ).first()
    if draft is None:
        return {}
    return {"typed": QueryDict(draft.data), "told": problems.kept_for_you()}


def done(operation: str) -> None:
    """It has been sent after all."""
    Draft.objects.filter(operation=operation).delete()
