"""One's own page: who one is here, the time zone, the password, and where one is signed in."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.accounts import changes, passwords, sessions, user_agents
from dashboard.accounts.access_changes import by_a_page
from dashboard.accounts.forms import PasswordForm, TimeZoneForm
from dashboard.accounts.models import Person
from dashboard.accounts.roles import roles_of
from dashboard.forms import pages
from dashboard.web import responses
from dashboard.web.formatting import label, when
from dashboard.web.request import StaffRequest, staff


@staff(post=True)
def index(request: StaffRequest) -> HttpResponse:
    me = request.user
    form = TimeZoneForm.of(request, {"time_zone": me.time_zone})
    if form.ready():
        Person.objects.filter(pk=me.pk).update(time_zone=form.cleaned_data["time_zone"])
        messages.success(request, _("Saved your time zone."), "outcome-applied")
        return responses.go_to(request, reverse("me:index"))
    here = request.session.session_key
    context = {
        "title": _("Your account"),
        "form": form,
        "save_label": _("Save time zone"),
        "facts": [
            {"label": _("Name"), "value": str(me)},
            {"label": _("User name"), "value": me.username},
            {"label": _("E-mail"), "value": label(me.email)},
            {"label": _("Roles"), "value": ", ".join(str(role) for role in roles_of(me)) or _("None yet")},
        ],
        "sessions": [_told(row, here, me.time_zone) for row in sessions.of(me)],
        "end_others_url": reverse("me:end-others"),
    }
    return responses.page(request, "account/me.html", context, parts=[pages.FORM_PART], status=form.status)


@staff(post=True)
def password(request: StaffRequest) -> HttpResponse:
    form = PasswordForm.of(request)
    if form.ready():
        if not form.first():
            form.result_of_the_first()
            return responses.go_to(request, _next(request))
        if _change(request, form):
            messages.success(request, _("Your password is changed. You are signed out everywhere else."))
            return responses.go_to(request, _next(request))
        form.add_error("current_password", _("It has been changed meanwhile, so nothing was done."))
    context = {
        "title": _("Choose your own password")
        if request.user.must_change_password
        else _("Change your password"),
        "form": form,
        "save_label": _("Change password"),
        "back_url": "" if request.user.must_change_password else reverse("me:index"),
    }
    return responses.page(
        request, "account/password.html", context, parts=[pages.FORM_PART], status=form.status
    )


@staff(post=True)
def keys(request: StaffRequest) -> HttpResponse:
    """Turns the keys on or off, for this person everywhere."""
    if request.method == "POST" and request.POST.get("keys") in {"on", "off"}:
        on = request.POST["keys"] == "on"
        Person.objects.filter(pk=request.user.pk).update(keys=on)
        messages.success(request, _("The keys are on.") if on else _("The keys are off."), "outcome-applied")
    return HttpResponseRedirect(reverse("me:index"))


@staff(post=True)
def end_one(request: StaffRequest, session_id: int) -> HttpResponse:
    if request.method == "POST":
        others = sessions.others(request)
        ended = _on_record(request, sessions.end(others.filter(pk=session_id)))
        messages.success(
            request, _("That session is ended.") if ended else _("That session was over already.")
        )
    return HttpResponseRedirect(reverse("me:index"))


@staff(post=True)
def end_others(request: StaffRequest) -> HttpResponse:
    if request.method == "POST":
        ended = _on_record(request, sessions.end(sessions.others(request)))
        words = ngettext("%(n)d other session is ended.", "%(n)d other sessions are ended.", ended)
        messages.success(request, words % {"n": ended} if ended else _("You are signed in nowhere else."))
    return HttpResponseRedirect(reverse("me:index"))


def _change(request: StaffRequest, form: PasswordForm) -> bool:
    """False if somebody has given them another password since this one was checked."""
    with transaction.atomic(), by_a_page():
        me = Person.objects.select_for_update(no_key=True).get(pk=request.user.pk)
        if me.password != request.user.password:
            return False
        passwords.give(me, form.cleaned_data["new_password"], one_time=False)
        changes.on_record(request, "change-password", me)
    request.user = me
    sessions.go_on_with(request, me)
    form.concluded({})
    return True


def _on_record(request: StaffRequest, ended: int) -> int:
    if ended:
        changes.on_record(request, "end-sessions", request.user)
    return ended


def _next(request: StaffRequest) -> str:
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("me:index")


def _told(row: UserSession, here: str | None, zone: str) -> dict[str, object]:
    return {
        "browser": user_agents.in_words(row.user_agent),
        "agent": row.user_agent,
        "address": row.ip,
        "since": when(row.created_at, zone),
        "used": when(row.last_seen_at, zone),
        "this": row.session_key == here,
        "end_url": reverse("me:end-one", args=[row.pk]),
    }
