"""The people who use this dashboard: who they are, what they may do, and ending it. For superusers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.accounts import changes, people_list, sessions, user_agents
from dashboard.accounts.access_changes import ENTITY
from dashboard.accounts.forms import NewPersonForm, OwnRecordForm, PersonForm
from dashboard.accounts.models import Person
from dashboard.audit import history
from dashboard.forms import pages
from dashboard.forms.once import OnceForm
from dashboard.tables import table
from dashboard.web import responses
from dashboard.web.formatting import when
from dashboard.web.request import StaffRequest, permission

MANAGE = "manage_people"


@dataclass(frozen=True)
class Act:
    """What a superuser does to somebody, after a page that asks."""

    title: str | Promise
    text: str | Promise
    button: str | Promise
    done: str | Promise
    do: Callable[[StaffRequest, int], object]


ACTS = {
    "deactivate": Act(
        gettext_lazy("Deactivate %(name)s?"),
        gettext_lazy(
            "They are signed out everywhere at once and cannot sign in again. What they did stays on record."
        ),
        gettext_lazy("Deactivate %(name)s"),
        gettext_lazy("%(name)s is deactivated and signed out everywhere."),
        changes.deactivate,
    ),
    "activate": Act(
        gettext_lazy("Activate %(name)s again?"),
        gettext_lazy("They can sign in with the password they had, and have the roles they have."),
        gettext_lazy("Activate %(name)s"),
        gettext_lazy("%(name)s is active again."),
        changes.activate,
    ),
    "end-sessions": Act(
        gettext_lazy("Sign %(name)s out everywhere?"),
        gettext_lazy("Each of their sessions ends at its next page. They can sign in again at once."),
        gettext_lazy("Sign %(name)s out"),
        gettext_lazy("%(name)s is signed out everywhere."),
        changes.end_sessions,
    ),
}
RESET_PASSWORD = Act(
    gettext_lazy("Give %(name)s a one-time password?"),
    gettext_lazy(
        "Their password stops working and they are signed out everywhere. You are shown a one-time password, "
        "once, to hand over."
    ),
    gettext_lazy("Make a one-time password"),
    gettext_lazy("%(name)s has a one-time password"),
    changes.reset_password,
)


@permission(MANAGE)
def index(request: StaffRequest) -> HttpResponse:
    plan = people_list.plan(request.user.time_zone)
    context = {
        "listing": table.read(request, people_list.Everybody(), plan),
        "new_url": reverse("people:new"),
    }
    return responses.page(request, "people/index.html", context, parts=[plan.part])


@permission(MANAGE, MANAGE)
def new(request: StaffRequest) -> HttpResponse:
    form = NewPersonForm.of(request)
    if form.ready():
        if not form.first():
            return _told_before(request, form.result_of_the_first())
        try:
            person, password = changes.add(request, form.cleaned_data)
        except changes.Refused as refused:
            form.refuse(refused)
        else:
            form.concluded({"person": person.pk})
            return _handed_over(request, person, password, _("%(name)s has been added") % {"name": person})
    context = {
        "title": _("Add a person"),
        "form": form,
        "save_label": _("Add person"),
        "back_url": reverse("people:index"),
    }
    return responses.page(request, "people/person.html", context, parts=[pages.FORM_PART], status=form.status)


@permission(MANAGE, MANAGE)
def edit(request: StaffRequest, person_id: int) -> HttpResponse:
    person = get_object_or_404(Person, pk=person_id)
    form = (OwnRecordForm if person == request.user else PersonForm).of(request, changes.values(person))
    if form.ready():
        try:
            if form.first():
                changed = changes.change(request, person_id, form.base, form.mine())
                form.concluded({"changed": changed})
            else:
                changed = form.result_of_the_first().get("changed", True)
        except changes.Refused as refused:
            form.refuse(refused)
        else:
            return _saved(request, person_id, changed)
    return _person_page(request, person, form)


@permission(MANAGE, MANAGE)
def act(request: StaffRequest, person_id: int, name: str) -> HttpResponse:
    """Asked for on a page of its own; done once, and again does no harm."""
    person, asked = get_object_or_404(Person, pk=person_id), ACTS[name]
    form = OnceForm.of(request)
    problem = ""
    if form.ready():
        try:
            asked.do(request, person_id)
        except changes.Refused as refused:
            problem = str(refused)
        else:
            messages.success(request, str(asked.done) % {"name": person}, "outcome-applied")
            return HttpResponseRedirect(reverse("people:edit", args=[person_id]))
    return _confirm_page(request, person, form, asked, problem)


@permission(MANAGE, MANAGE)
def reset_password(request: StaffRequest, person_id: int) -> HttpResponse:
    """The answer to the POST is the one place where the one-time password is ever shown."""
    person = get_object_or_404(Person, pk=person_id)
    form = OnceForm.of(request)
    problem = ""
    if form.ready():
        if not form.first():
            return _told_before(request, form.result_of_the_first())
        try:
            person, password = changes.reset_password(request, person_id)
        except changes.Refused as refused:
            problem = str(refused)
        else:
            form.concluded({"person": person_id})
            return _handed_over(request, person, password, str(RESET_PASSWORD.done) % {"name": person})
    return _confirm_page(request, person, form, RESET_PASSWORD, problem)


def _confirm_page(
    request: HttpRequest, person: Person, form: OnceForm, asked: Act, problem: str
) -> HttpResponse:
    name = {"name": person}
    context = {
        "person": person,
        "form": form,
        "title": str(asked.title) % name,
        "text": asked.text,
        "button": str(asked.button) % name,
        "problem": {"title": _("Nothing was changed"), "text": problem} if problem else form.problem,
        "back_url": reverse("people:edit", args=[person.pk]),
    }
    return responses.page(request, "people/confirm.html", context, status=409 if problem else form.status)


def _handed_over(request: HttpRequest, person: Person, password: str, title: str) -> HttpResponse:
    context = {
        "title": title,
        "person": person,
        "one_time": password,
        "person_url": reverse("people:edit", args=[person.pk]),
        "new_url": reverse("people:new"),
    }
    return responses.page(request, "people/one_time.html", context, parts=[pages.FORM_PART])


def _told_before(request: HttpRequest, result: dict[str, Any]) -> HttpResponse:
    """The same form a second time. What its first answer showed is shown to nobody again."""
    text = _(
        "This form has been sent before and was done once. If the one-time password was not shown to you, "
        "make another one."
    )
    messages.warning(request, text)
    person = result.get("person")
    url = reverse("people:edit", args=[person]) if person else reverse("people:index")
    return responses.go_to(request, url)


def _saved(request: HttpRequest, person_id: int, changed: bool) -> HttpResponse:
    if changed:
        messages.success(request, _("Saved."), "outcome-applied")
    else:
        messages.info(request, _("Nothing was changed, so nothing was saved."), "outcome-unchanged")
    return responses.go_to(request, reverse("people:edit", args=[person_id]))


def _person_page(request: StaffRequest, person: Person, form: PersonForm) -> HttpResponse:
    zone, here = request.user.time_zone, list(sessions.of(person))
    words, pill = people_list.STATES[people_list.state(person)]
    context = {
        "title": str(person),
        "person": person,
        "form": form,
        "save_label": _("Save person"),
        "back_url": reverse("people:index"),
        "oneself": person == request.user,
        "state": words,
        "pill": pill,
        "facts": [
            {"label": _("User name"), "value": person.username},
            {"label": _("Added"), "value": when(person.date_joined, zone)},
            {
                "label": _("Last sign-in"),
                "value": when(person.last_login, zone) if person.last_login else _("Never"),
            },
            {"label": _("Signed in now"), "value": _signed_in(here)},
        ],
        "history": history.told(history.of_record("", ENTITY, str(person.pk)), zone, form),
    }
    return responses.page(request, "people/person.html", context, parts=[pages.FORM_PART], status=form.status)


def _signed_in(rows: list[Any]) -> str:
    if not rows:
        return _("nowhere")
    places = ngettext("%(n)d place: %(browsers)s", "%(n)d places: %(browsers)s", len(rows))
    named = dict.fromkeys(user_agents.in_words(row.user_agent) for row in rows)
    return places % {"n": len(rows), "browsers": ", ".join(named)}
