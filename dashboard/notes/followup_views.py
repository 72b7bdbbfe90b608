from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard.forms import pages
from dashboard.notes import followup_list, followups, panel, subjects
from dashboard.notes.forms import MoveForm
from dashboard.notes.models import FollowUp
from dashboard.web import responses
from dashboard.web.request import StaffRequest, next_url, permission

PART = "followups-list"


@permission("view_organizations")
def index(request: StaffRequest) -> HttpResponse:
    """What was promised, and by when."""
    asked = followup_list.Asked.of(request)
    context = {
        "listing": followup_list.read(request, asked),
        "asked": asked,
        "states": followup_list.choices(followup_list.STATES, asked.state),
        "whose": followup_list.choices(followup_list.WHOSE, asked.whose),
        "here": request.get_full_path(),
        "everybody_url": followup_list.Asked("open", "everybody", "", 1).query(),
    }
    return responses.page(request, "notes/followups.html", context, parts=[PART])


@permission(subjects.WRITE, subjects.WRITE)
def edit(request: StaffRequest, follow_up_id: int) -> HttpResponse:
    """Its day, moved."""
    one = _one(request, follow_up_id)
    form = MoveForm.of(request, {"due": one.due})
    if form.ready():
        if _moved(request, form, one):
            messages.success(request, _("Moved the follow-up."), "outcome-applied")
        else:
            messages.info(request, _("Nothing was changed."), "outcome-unchanged")
        return responses.go_to(request, reverse("followups:index"))
    (told,) = panel.promises(request, [one])
    context = {
        "title": _("Follow-up about %(name)s") % {"name": told["record"]},
        "one": told,
        "form": form,
        "save_label": _("Move follow-up"),
        "back_url": reverse("followups:index"),
    }
    return responses.page(request, "notes/move.html", context, parts=[pages.FORM_PART], status=form.status)


@permission(subjects.WRITE, subjects.WRITE)
def done(request: StaffRequest, follow_up_id: int) -> HttpResponse:
    words = _("Done: the follow-up about %(name)s."), _("The follow-up about %(name)s was done already.")
    return _act(request, follow_up_id, followups.finish, *words)


@permission(subjects.WRITE, subjects.WRITE)
def reopen(request: StaffRequest, follow_up_id: int) -> HttpResponse:
    words = (
        _("Opened the follow-up about %(name)s again."),
        _("The follow-up about %(name)s was open already."),
    )
    return _act(request, follow_up_id, followups.reopen, *words)


def _act(
    request: StaffRequest, pk: int, act: Callable[[StaffRequest, int], bool], said: str, already: str
) -> HttpResponse:
    one = _one(request, pk)
    if request.method == "POST":
        about = {"name": one.record_name or one.record}
        if act(request, pk):
            messages.success(request, said % about, "outcome-applied")
        else:
            messages.info(request, already % about, "outcome-unchanged")
    return responses.go_to(
        request, next_url(request, request.POST.get("next", ""), reverse("followups:index"))
    )


def _moved(request: StaffRequest, form: MoveForm, one: FollowUp) -> bool:
    if form.first():
        return bool(
            form.concluded({"moved": followups.move(request, one.pk, form.cleaned_data["due"])})["moved"]
        )
    return bool(form.result_of_the_first().get("moved"))


def _one(request: StaffRequest, pk: int) -> FollowUp:
    found = FollowUp.objects.select_related("person", "done_by", "note")
    return get_object_or_404(found, pk=pk, entity__in=subjects.readable(request))
