"""The pages that belong to no entity."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

from dashboard.accounts.roles import table
from dashboard.upstream import offline
from dashboard.web import responses
from dashboard.web.navigation import THEMES, keys
from dashboard.web.request import StaffRequest, next_url, public, staff

A_YEAR = 365 * 24 * 3600


@staff()
def help_page(request: StaffRequest) -> HttpResponse:
    return responses.page(request, "help.html", {"roles": table(), "keys": keys(request)})


@staff()
def opened(request: StaffRequest) -> HttpResponse:
    """A page that was asked for ahead has been opened: the organization and the use of the session are noted as with
    any request, and what was read for that page is kept."""
    offline.opened(str(request.user.pk), request.GET.get("page", ""))
    return HttpResponse(status=204)


@public
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the system has it; a cookie, so that the first byte of a page is already right."""
    response = HttpResponseRedirect(next_url(request, request.POST.get("next", ""), "/"))
    if (chosen := request.POST.get("theme", "")) in THEMES:
        response.set_cookie(
            "theme", chosen, max_age=A_YEAR, samesite="Lax", httponly=True, secure=settings.TLS
        )
    return response


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers. It asks neither the database nor Flowtly."""
    return JsonResponse({"status": "ok"})
