"""What somebody had typed when their session or the token of their form had ended: kept a day, for them alone.

Whoever posts without a session is nobody, but the form's `operation` is signed and says for whom it was drawn. So
what was typed can be kept for that person, and is shown to nobody else. Without such a signature nothing is
kept, and one signature keeps one row: the table cannot be filled from outside.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from dashboard.accounts.models import Person
from dashboard.audit import operations
from dashboard.audit.models import Draft, Operation
from dashboard.web import error_messages

MOST = 64 * 1024  # bytes
MOST_OF_A_PERSON = 50
KEPT = timedelta(hours=24)
# A form that has stood open over a long weekend is too old to be sent as it is, and not too old to be kept.
OLDEST_FORM = timedelta(days=14)
PARAMETER = "draft"
UNKEPT = "unkept"  # what a form calls its secret fields by, and a draft what it lacks
SIGNED = ("operation", "base")
# Parts of names whose values are kept nowhere.
SECRET = ("password", "token", "secret", "csrf", "apikey", "api_key", "credential")


def keep(request: HttpRequest) -> str:
    """Keeps what was posted; where it will be shown again, or "" if it is not one of our forms, or too long."""
    if (known := _whose(request)) is None:
        return ""
    operation, person = known
    text = _kept(request).urlencode()
    if len(text) > MOST:
        return ""
    now = timezone.now()
    Draft.objects.filter(at__lt=now - KEPT).delete()
    Draft.objects.update_or_create(
        operation=operation, defaults={"person_id": person, "path": request.path, "data": text, "at": now}
    )
    older = Draft.objects.filter(person_id=person).exclude(operation=operation)
    # A form that was itself drawn from a draft takes its place.
    older.filter(operation=request.GET.get(PARAMETER, "")).delete()
    beyond = older.order_by("-at").values_list("operation", flat=True)[MOST_OF_A_PERSON - 1 :]
    Draft.objects.filter(operation__in=list(beyond)).delete()
    return f"{request.path}?{urlencode({PARAMETER: operation})}"


def asked(request: HttpRequest) -> dict[str, Any]:
    """What the form is to be drawn with, where the URL names a draft of this person for this page."""
    draft = Draft.objects.filter(
        operation=request.GET.get(PARAMETER, ""),
        person_id=request.user.pk or 0,
        path=request.path,
        at__gte=timezone.now() - KEPT,
    ).first()
    if draft is None:
        return {}
    typed = QueryDict(draft.data)
    told = error_messages.kept_for_you(
        sent_before=Operation.objects.filter(pk=draft.operation).exists(), incomplete=UNKEPT in typed
    )
    return {"typed": typed, "problem": told}


def done(request: HttpRequest, operation: str) -> None:
    """It has been sent after all: from the page it was typed in, or from the one it was shown on again."""
    sent = [operation, request.GET.get(PARAMETER, "")]
    kept = Draft.objects.filter(operation__in=sent, person_id=request.user.pk or 0)
    if kept.exists():  # it seldom is, and to look is no write
        kept.delete()


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was posted with one of our forms, for a page on which it can be copied."""
    data = _kept(request) if _whose(request) else QueryDict()
    return [
        (name, value)
        for name, values in data.lists()
        if name not in {*SIGNED, UNKEPT}
        for value in values
        if value
    ]


def page_of(request: HttpRequest) -> str:
    """The page that a request was made from. The address of an act alone may be nothing to look at."""
    htmx = getattr(request, "htmx", None)
    if htmx and htmx.current_url_abs_path:
        return str(htmx.current_url_abs_path)
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        page = urlsplit(referer)
        return f"{page.path}?{page.query}" if page.query else page.path or "/"
    return request.get_full_path()


def _whose(request: HttpRequest) -> tuple[str, int] | None:
    """The operation of the form that was posted, and the person it was drawn for."""
    try:
        operation, person, path = signing.loads(
            request.POST.get("operation", ""), salt=operations.SALT, max_age=OLDEST_FORM
        )
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if path != request.path or not Person.objects.filter(pk=person).exists():
        return None
    return operation, person


def _kept(request: HttpRequest) -> QueryDict:
    """What was posted, without secrets and files. The signed `base` among it says what the form was drawn from."""
    data = QueryDict(mutable=True)
    secret = {*request.POST.getlist(UNKEPT), *(name for name in request.POST if _is_secret(name))}
    for name, values in request.POST.lists():
        if name not in {*secret, UNKEPT}:
            data.setlist(name, values)
    unkept = sorted({name for name in secret if request.POST.get(name)} - {"csrfmiddlewaretoken"})
    if unkept or request.FILES:
        data.setlist(UNKEPT, [*unkept, *request.FILES])
    return data


def _is_secret(name: str) -> bool:
    return any(part in name.lower() for part in SECRET)
