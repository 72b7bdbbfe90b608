"""How a view answers: a page or the part of it that was asked for, a form, a message and the next page, or a
page for what Flowtly could not do."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import get_template, render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseLocation

from dashboard.flowtly import errors
from dashboard.storage.database import trouble
from dashboard.web import away, drafts, error_messages, permission_messages
from dashboard.web.request import link


def part_asked(request: HttpRequest, parts: Sequence[str]) -> str:
    """The part of the page that htmx wants, if the view offers it; else "" and it gets the whole page."""
    htmx = getattr(request, "htmx", None)
    if htmx and not htmx.history_restore_request and htmx.target in parts:
        return str(htmx.target)
    return ""


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    parts: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    part = part_asked(request, parts)
    response = render(request, f"{template}#{part}" if part else template, dict(context), status=status)
    if part and away.told(request).since:
        response.write(render_to_string("_away_beside.html", request=request))
    return response if part else whole(request, response)


def whole(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A whole page for somebody who asked for a part of one: htmx is told where it belongs."""
    htmx = getattr(request, "htmx", None)
    if htmx and not htmx.history_restore_request:
        response.headers["HX-Retarget"] = response.headers["HX-Reselect"] = "#main"
        response.headers["HX-Reswap"] = "outerHTML"
    return response


def failure(request: HttpRequest, error: errors.FlowtlyError) -> HttpResponse:
    """A page whose main record could not be had. Never a 500 of our own."""
    if isinstance(error, errors.AnotherRecord) and (own := _own_url(request, error)):
        return HttpResponseRedirect(own, preserve_request=request.method == "POST")
    problem = _posted_in_vain(request, error) if request.method == "POST" else None
    problem = problem or error_messages.reading(
        error, request.get_full_path() if request.method == "GET" else ""
    )
    inside = hasattr(request, "organization")
    context = {
        "problem": problem,
        "back_url": link(request, "organizations:overview" if inside else "home"),
        "back_label": _("Back to the overview") if inside else _("All organizations"),
    }
    template = "404.html" if problem.status == 404 else "flowtly_error.html"
    return whole(request, render(request, template, context, status=problem.status))


def _own_url(request: HttpRequest, error: errors.AnotherRecord) -> str:
    """The address of the record that Flowtly gave, where this page was asked for by another id: one record has one
    page and one history."""
    match, organization = request.resolver_match, getattr(request, "organization", None)
    if match is None:
        return ""
    # The organization of a view is taken out of what its URL names.
    asked = {"org": organization.id if organization else error.wanted, **match.kwargs}
    if error.wanted not in asked.values():
        return ""
    own = {name: error.found if value == error.wanted else value for name, value in asked.items()}
    try:
        url = reverse(match.view_name, kwargs=own)
    except NoReverseMatch:
        return ""
    query = request.META.get("QUERY_STRING", "")
    return f"{url}?{query}" if query else url


def _posted_in_vain(request: HttpRequest, error: errors.FlowtlyError) -> error_messages.Problem | None:
    """A form whose record could not be read, before anything was sent: the way back to it, with what was typed."""
    trail = getattr(request, "trail", None)
    if isinstance(error, errors.NotFound) or trail is None:
        return None
    if trail.last:
        return error_messages.unknown(error)
    try:
        back = drafts.keep(request)
    except DatabaseError:
        back = ""
    return error_messages.before_writing(error, back)


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect. A script that follows one by itself would put the page in the place of a part: htmx is told."""
    return HttpResponseLocation(url) if getattr(request, "htmx", None) else HttpResponseRedirect(url)


def forbidden(request: HttpRequest, codename: str) -> HttpResponse:
    context = {"why_not": permission_messages.needs(codename) if codename else ""}
    return whole(request, render(request, "403.html", context, status=403))


def server_error(request: HttpRequest) -> HttpResponse:
    """A mistake of our own, or a database or cache that is away. Drawn without either: the usual page around it asks
    who is signed in."""
    problem = error_messages.server_error(trouble(sys.exc_info()[1]))
    text = get_template("500.html").render({"problem": problem})
    response = whole(request, HttpResponse(text, status=problem.status))
    if problem.status == 503:
        response.headers["Retry-After"] = "5"
    return response


def too_many(request: HttpRequest) -> HttpResponse:
    """Somebody asks too often."""
    text = get_template("500.html").render({"problem": error_messages.too_many()})
    return whole(request, HttpResponse(text, status=429, headers={"Retry-After": "60"}))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A token gone stale, mostly because its person has signed in anew. Nothing has been done; one of our forms is
    drawn again with what was typed."""
    back = drafts.keep(request)
    if getattr(request, "htmx", None):
        return told_to_scripts(back or drafts.page_of(request), 403)
    if back:
        return HttpResponseRedirect(back)
    known = settings.CSRF_COOKIE_NAME in request.COOKIES
    if known and request.resolver_match and request.resolver_match.view_name == settings.LOGIN_URL:
        if not request.user.is_authenticated:
            messages.info(request, _("That sign-in form had gone stale. Please sign in here."))
        return redirect_to_login(request.POST.get("next", ""))
    return not_kept(request)


def not_kept(request: HttpRequest) -> HttpResponse:
    """Nothing was sent, and the form cannot be drawn again: what to do, and what was typed, to copy it."""
    context = {"typed": drafts.typed(request), "form_url": drafts.page_of(request)}
    return render(request, "403_csrf.html", context, status=403)


def told_to_scripts(url: str, status: int) -> HttpResponse:
    """Refused before anything was done, and where to go on: see app.js."""
    return HttpResponse(status=status, headers={"HX-Redirect": url})
