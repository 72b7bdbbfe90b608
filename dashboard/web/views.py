"""The pages that belong to no entity."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

from dashboard.accounts.roles import table
from dashboard.web import responses
from dashboard.web.navigation import THEMES, keys
from dashboard.web.request import StaffRequest, next_url, public, staff

A_YEAR = 365 * 24 * 3600


@staff()
def help_page(request: StaffRequest) -> HttpResponse:
    return responses.page(request, "help.html", {"roles": table(), "keys": keys(request)})


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
