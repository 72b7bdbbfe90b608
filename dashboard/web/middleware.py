"""What stands around every view: an id for the request, the headers of the answer, who may come in, and
which organization at Flowtly the request is about."""

import re
import secrets
from collections.abc import Callable
from contextlib import nullcontext

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import patch_vary_headers

from dashboard.audit.trail import Trail
from dashboard.flowtly import errors
from dashboard.flowtly.client import page_deadline
from dashboard.upstream import connection, list_cache, offline, outage, tenant_check
from dashboard.web import drafts, logs, responses
from dashboard.web.client_address import from_trusted_proxy
from dashboard.web.recent_organizations import opened
from dashboard.web.request import OpenOrganization, StaffRequest, asked_ahead, by_hand, may, rule_of

GetResponse = Callable[[HttpRequest], HttpResponse]

VIEW_ORGANIZATIONS = "view_organizations"
POLICY = "; ".join(
    f"{directive} {sources}"
    for directive, sources in {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-src": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }.items()
)


class RequestId:
    """An id that the person can quote, the log carries and Flowtly is told. It is ours or a trusted proxy's: one that
    anybody could choose would mix their requests with another's in the log."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "") if from_trusted_proxy(request) else ""
        request.id = given if re.fullmatch(r"[A-Za-z0-9-]{8,64}", given) else secrets.token_hex(8)  # type: ignore[attr-defined]
        # Not taken back at the end: Django logs an answer after the last middleware has returned it.
        logs.request_id.set(request.id)  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        return response


class Headers:
    """What every answer says to the browser, errors and static files included; only a page has cameras to forbid."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault(
                "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"
            )
            response.headers.setdefault("Cache-Control", "no-store")
            patch_vary_headers(response, ["Cookie", "HX-Request", "HX-Target"])
        return response


class StaffOnly:
    """Holds every view to the rule it declares; a view that declares none is closed to everybody."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        rule = rule_of(view)
        if rule is None:
            return responses.forbidden(request, "")
        if not rule.public and not request.user.is_authenticated:
            return _to_sign_in(request)
        codename = rule.codename(request.method or "")
        if codename is None:
            return HttpResponseNotAllowed(
                ["GET", "HEAD", "POST"] if rule.change is not None else ["GET", "HEAD"]
            )
        if codename and not may(request, codename):
            return responses.forbidden(request, codename)
        return None


class AskedAhead:
    """A page asked for ahead of a click leaves no trace: the messages wait for one that is opened, and only pages over
    records are given, which write nothing down by themselves. Elsewhere a GET may move something on, such as a request
    that has expired."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        waiting = messages.get_messages(request)
        if asked_ahead(request) and isinstance(waiting, BaseStorage):
            waiting.used = waiting.added_new = False
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        if asked_ahead(request) and not view.__module__.startswith("dashboard.entities."):
            return HttpResponse(status=204)
        return None


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in and from there to where it was, a form with what was typed. A script asks with the page still
    before it: it is told with a 401 and decides; htmx by itself would go there."""
    scripted = bool(getattr(request, "htmx", None))
    back = drafts.keep(request) if request.method == "POST" else ""
    if request.method == "POST" and not back and not scripted and drafts.typed(request):
        return responses.not_kept(request)
    if not back:
        back = drafts.page_of(request) if scripted or request.method == "POST" else request.get_full_path()
    answer = redirect_to_login(back)
    return responses.told_to_scripts(answer["Location"], 401) if scripted else answer


class FlowtlyOfTheRequest:
    """`request.flowtly` and `request.organization`, both from the path and from nowhere else, so that two tabs
    cannot mix; a deadline over all the calls of the page; and a page for what they could not do."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        seconds = settings.PAGE_WRITE_TIMEOUT if request.method == "POST" else settings.PAGE_READ_TIMEOUT
        reserve = settings.PAGE_REREAD_TIMEOUT if request.method == "POST" else 0.0
        page = request.id if asked_ahead(request) else ""  # type: ignore[attr-defined]
        kept = offline.by(request, connection.identity(), outage.alive, page)
        learnt = connection.memory.shared() if request.user.is_authenticated else nullcontext()
        with page_deadline(seconds, reserve), outage.watched(), kept, learnt:
            response = self.get_response(request)
            if request.method == "POST":
                list_cache.forget(getattr(getattr(request, "organization", None), "id", ""))
        return response

    def process_view(
        self, request: StaffRequest, view: object, args: object, kwargs: dict[str, str]
    ) -> HttpResponse | None:
        request.trail = Trail(request.user)
        request.flowtly = connection.flowtly(request.id, request.trail, offline.of_the_page())
        organization_id = kwargs.pop("org", None)
        if organization_id is None:
            return None
        if not may(request, VIEW_ORGANIZATIONS):  # not even what it is called
            return responses.forbidden(request, VIEW_ORGANIZATIONS)
        try:
            record = connection.organization(request.flowtly, organization_id)
            request.flowtly = tenant_check.within(request.flowtly, organization_id)
        except errors.FlowtlyError as error:
            return responses.failure(request, error)
        request.organization = request.trail.organization = OpenOrganization.of(record, organization_id)
        if by_hand(request):
            opened(request.user, request.organization)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, errors.FlowtlyError):
            return responses.failure(request, exception)
        return None
