"""A coupon for several organizations: pasted, rehearsed, confirmed, and sent one after the other."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseLocation

from dashboard.actions import warnings
from dashboard.actions.bulk import rehearsal, run
from dashboard.actions.bulk.forms import BatchForm, ButtonForm, RehearsalForm
from dashboard.actions.bulk.models import Batch, Row, RowState, Skipped
from dashboard.actions.bulk.results import Results
from dashboard.actions.forms import CODES_LIST
from dashboard.actions.kinds import APPLY
from dashboard.actions.models import Reason
from dashboard.forms import pages
from dashboard.web import responses
from dashboard.web.formatting import number, when
from dashboard.web.request import StaffRequest, permission

CONFIRM_PART, PROGRESS_PART = "confirm-part", "progress-part"
FROM = "from"
SHOWN = 50


@permission("act_money")
def index(request: StaffRequest) -> HttpResponse:
    """One's own: what is waiting to be confirmed, what has stopped half-way, what is done."""
    over = Q(rows__state__in=[RowState.DONE, RowState.STOPPED, RowState.SENDING])
    found = Batch.objects.filter(person=request.user).annotate(
        tried=Count("rows", filter=over), wanted=Count("rows", filter=~Q(rows__state=RowState.SKIPPED))
    )
    rows = [_listed(request, batch) for batch in found[:SHOWN]]
    return responses.page(request, "batches/index.html", {"rows": rows, "new_url": reverse("batches:new")})


def _listed(request: StaffRequest, batch: Any) -> dict[str, Any]:
    if batch.confirmed_at is None:
        state, tone = _("not confirmed yet"), "attention"
    elif batch.tried < batch.wanted:
        state, tone = _("not all sent"), "attention"
    else:
        state, tone = _("done"), "good"
    return {
        "id": batch.pk,
        "url": reverse("batches:show", kwargs={"batch": batch.pk}),
        "code": batch.code,
        "when": when(batch.made_at, request.user.time_zone),
        "exact": batch.made_at.isoformat(),
        "reason": Reason(batch.reason).label,
        "count": f"{number(batch.tried)} / {number(batch.wanted)}",
        "state": state,
        "tone": tone,
    }


@permission("act_money", "act_money")
def new(request: StaffRequest) -> HttpResponse:
    form = BatchForm.of(request, _before(request))
    if form.ready():
        return _go(request, _url(_made(request, form)))
    context = {
        "title": _("A coupon for several organizations"),
        "form": form,
        "save_label": _("Rehearse it"),
        "back_url": reverse("batches:index"),
        "codes": warnings.codes_used(20),
        "codes_list": CODES_LIST,
    }
    return responses.page(request, "batches/new.html", context, parts=[pages.FORM_PART], status=form.status)


def _before(request: StaffRequest) -> dict[str, str]:
    """What one has typed before, where the address names it."""
    batch = Batch.objects.filter(pk=request.GET.get(FROM, ""), person=request.user).first()
    if batch is None:
        return {}
    typed = "\n".join(row.typed for row in batch.rows.all())
    return {"organizations": typed, "code": batch.code, "reason": batch.reason, "note": batch.note}


def _made(request: StaffRequest, form: BatchForm) -> Batch:
    """The batch that a valid form asks for: the same form again is the same one, with other words another."""
    typed = form.cleaned_data
    texts: list[str] = typed["organizations"]
    words = {name: typed[name] for name in ("code", "reason", "note")}
    identifier = uuid.uuid5(uuid.NAMESPACE_OID, f"{form.operation} {texts} {words}").hex
    with transaction.atomic():
        batch, first = Batch.objects.get_or_create(pk=identifier, defaults={"person": request.user, **words})
        if first:
            Row.objects.bulk_create(
                Row(batch=batch, place=at, typed=text) for at, text in enumerate(texts, 1)
            )
    return batch


@permission("act_money", "act_money")
def show(request: StaffRequest, batch: str) -> HttpResponse:
    """The rehearsal; once that is confirmed, how far it is, and what came of each."""
    one = _own(request, batch)
    if one.confirmed_at is None:
        return _rehearse(request, one)
    return _progress(request, one) if request.method == "GET" else _go(request, _url(one))


def _rehearse(request: StaffRequest, batch: Batch) -> HttpResponse:
    form = RehearsalForm.of(request)
    if request.method == "POST":
        if form.confirmed:
            _confirm(batch, form)
            if not request.htmx:
                run.go_on(request, batch, run.A_WHILE)
            return _go(request, _url(batch))
        if form.rehearsed and responses.part_asked(request, [CONFIRM_PART]):
            form.recount()
            context = {"form": form, **_to_confirm(request, batch, form)}
            return responses.page(request, "batches/rehearsal.html", context, parts=[CONFIRM_PART])
    lines = rehearsal.read(request, batch)
    if request.method == "POST" and form.rehearsed:
        for line in lines:
            line.ticked = line.can and line.place in form.ticked
    form.draw(lines)
    context = {
        "title": _("Coupon %(code)s for several organizations") % {"code": batch.code},
        "batch": batch,
        "reason": Reason(batch.reason).label,
        "form": form,
        "lines": lines,
        "alike": rehearsal.earlier_code(batch),
        "skipped": sum(not line.can for line in lines),
        "before": sum(line.before for line in lines),
        "warned": sum(bool(line.warnings) for line in lines),
        "sentence": APPLY.since,
        "back_url": reverse("batches:index"),
        "recounted": request.method == "POST",
        **_to_confirm(request, batch, form),
    }
    return responses.page(
        request, "batches/rehearsal.html", context, parts=[CONFIRM_PART], status=form.status
    )


def _to_confirm(request: StaffRequest, batch: Batch, form: RehearsalForm) -> dict[str, Any]:
    return {
        "batch": batch,
        "count": len(form.drawn),
        "change_url": f"{reverse('batches:new')}?{FROM}={batch.pk}",
        "left": run.left(request.user),
        "second": APPLY.needs_second,
    }


def _confirm(batch: Batch, form: RehearsalForm) -> None:
    """From now on it stands as it was shown. Once."""
    with transaction.atomic():
        if not Batch.objects.filter(pk=batch.pk, confirmed_at=None).update(confirmed_at=timezone.now()):
            return
        rows = {row.place: row for row in batch.rows.all()}
        for place, organization, name, seen, skipped in form.rehearsed:
            row = rows[place]
            row.organization, row.name, row.seen = organization, name, seen
            row.skipped = skipped or ("" if place in form.drawn else Skipped.UNTICKED)
            row.state = RowState.SKIPPED if row.skipped else RowState.READY
        Row.objects.bulk_update(rows.values(), ["organization", "name", "seen", "skipped", "state"])


def _progress(request: StaffRequest, batch: Batch, *, waits: bool = False) -> HttpResponse:
    batch.refresh_from_db()
    results = Results(request, batch)
    going_on = bool(results.unsent) and not batch.paused and run.lately(batch)
    context = {
        "title": _("Coupon %(code)s for several organizations") % {"code": batch.code},
        "batch": batch,
        "reason": Reason(batch.reason).label,
        "results": results,
        "going_on": going_on,
        # Another request is at it, of another window or one that was left.
        "delay": 2 if waits or results.under_way else 0,
        "button": ButtonForm(request, _url(batch, "next" if going_on else "resume")),
        "urls": {name: _url(batch, name) for name in ("show", "next", "pause", "resume")},
        "back_url": reverse("batches:index"),
        "new_url": reverse("batches:new"),
    }
    return responses.page(request, "batches/progress.html", context, parts=[PROGRESS_PART])


@permission("act_money", "act_money")
def send_next(request: StaffRequest, batch: str) -> HttpResponse:
    """Sends the next one; without scripts as many as go in a few seconds."""
    one, form = _own(request, batch), ButtonForm(request)
    free = True
    if form.ready() and form.first():
        free = run.go_on(request, one, 0.0 if request.htmx else run.A_WHILE)
    if responses.part_asked(request, [PROGRESS_PART]):
        return _progress(request, one, waits=not free)
    return _go(request, _url(one))


@permission("act_money", "act_money")
def pause(request: StaffRequest, batch: str) -> HttpResponse:
    one = _own(request, batch)
    if request.method == "POST":
        run.pause(one)
    return _go(request, _url(one))


@permission("act_money", "act_money")
def resume(request: StaffRequest, batch: str) -> HttpResponse:
    one, form = _own(request, batch), ButtonForm(request)
    if form.ready() and form.first():
        run.resume(one)
        run.go_on(request, one, run.A_WHILE)
    return _go(request, _url(one))


def _own(request: StaffRequest, batch: str) -> Batch:
    return get_object_or_404(Batch.objects.select_related("person"), pk=batch, person=request.user)


def _url(batch: Batch, name: str = "show") -> str:
    return reverse(f"batches:{name}", kwargs={"batch": batch.pk})


def _go(request: StaffRequest, url: str) -> HttpResponse:
    return HttpResponseLocation(url) if request.htmx else HttpResponseRedirect(url)
