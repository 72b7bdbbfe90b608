"""Coupon for several organizations: pasted, previewed, confirmed, and sent one after the other."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.actions import warnings
from dashboard.actions.bulk import preview, run
from dashboard.actions.bulk.forms import CONFIRM, BatchForm, ButtonForm, PreviewForm
from dashboard.actions.bulk.models import Batch, RowState
from dashboard.actions.bulk.results import Results
from dashboard.actions.forms import CODES_LIST
from dashboard.actions.kinds import APPLY_COUPON
from dashboard.actions.models import State
from dashboard.actions.views import go
from dashboard.audit.models import Outcome
from dashboard.forms import pages
from dashboard.web import responses
from dashboard.web.formatting import number, when
from dashboard.web.request import StaffRequest, permission

PREVIEW_PART, CONFIRM_PART, PROGRESS_PART = "preview-part", "confirm-part", "progress-part"
FROM = "from"
SHOWN = 50


@permission("act_money")
def index(request: StaffRequest) -> HttpResponse:
    """One's own: what is waiting to be confirmed, what has stopped half-way, what is done."""
    over = Q(rows__state__in=[RowState.DONE, RowState.STOPPED, RowState.SENDING])
    accepted = Q(rows__act__outcome=Outcome.APPLIED)
    found = Batch.objects.filter(person=request.user).annotate(
        tried=Count("rows", filter=over),
        wanted=Count("rows", filter=~Q(rows__state=RowState.SKIPPED)),
        waiting=Count("rows", filter=Q(rows__act__state=State.WAITING)),
        accepted=Count("rows", filter=accepted),
        shown=Count("rows", filter=accepted & Q(rows__act__visible=True)),
    )
    rows = [_row(batch, request.user.time_zone) for batch in found.order_by("-made_at", "-pk")[:SHOWN]]
    return responses.page(request, "batches/index.html", {"rows": rows, "new_url": reverse("batches:new")})


def _row(batch: Any, zone: str) -> dict[str, Any]:
    state, tone = _state(batch)
    return {
        "id": batch.pk,
        "url": _url(batch),
        "code": batch.code,
        "when": when(batch.made_at, zone),
        "exact": batch.made_at.isoformat(),
        "reason": batch.get_reason_display(),
        "count": f"{number(batch.tried)} / {number(batch.wanted)}",
        "state": state,
        "tone": tone,
    }


def _state(batch: Any) -> tuple[str, str]:
    """Green is for a list whose coupons all show."""
    if batch.confirmed_at is None:
        return _("Not confirmed"), "attention"
    if batch.tried < batch.wanted:
        return _("Not all sent"), "attention"
    if batch.waiting:
        text = ngettext("%(n)s waiting for approval", "%(n)s waiting for approval", batch.waiting)
        return text % {"n": number(batch.waiting)}, "attention"
    if not batch.wanted:
        return _("Nothing sent"), "neutral"
    if missing := batch.wanted - batch.accepted:
        text = ngettext("%(n)s not applied", "%(n)s not applied", missing)
        return text % {"n": number(missing)}, "danger"
    return (_("Done"), "good") if batch.shown == batch.wanted else (_("Accepted"), "attention")


@permission("act_money", "act_money")
def new(request: StaffRequest) -> HttpResponse:
    form = BatchForm.of(request, _typed_before(request))
    if form.ready():
        return go(request, _url(form.batch()))
    context = {
        "title": _("A coupon for several organizations"),
        "form": form,
        "save_label": _("Rehearse it"),
        "back_url": reverse("batches:index"),
        "codes": warnings.codes_used(20),
        "codes_list": CODES_LIST,
    }
    parts = [pages.FORM_PART]
    return responses.page(request, "batches/new.html", context, parts=parts, status=form.status)


def _typed_before(request: StaffRequest) -> dict[str, str]:
    """What one has typed before, where the address names it."""
    batch = Batch.objects.filter(pk=request.GET.get(FROM, ""), person=request.user).first()
    if batch is None:
        return {}
    typed = "\n".join(row.typed for row in batch.rows.all())
    return {"organizations": typed, "code": batch.code, "reason": batch.reason, "note": batch.note}


@permission("act_money", "act_money")
def show(request: StaffRequest, batch: str) -> HttpResponse:
    """The preview; once that is confirmed, how far it is, and what came of each."""
    one = _own(request, batch)
    if one.confirmed_at is None:
        return _preview(request, one)
    return _progress(request, one) if request.method == "GET" else go(request, _url(one))


def _preview(request: StaffRequest, batch: Batch) -> HttpResponse:
    form = PreviewForm.of(request)
    if form.confirmed:
        form.confirm(batch)
        if not request.htmx:
            run.go_on(request, batch, run.A_WHILE)
        return go(request, _url(batch))
    again, chosen = request.method == "POST" and bool(form.previewed), form.chosen
    if again and responses.part_asked(request, [CONFIRM_PART]):
        form.recount()
        pending = bool(chosen) and CONFIRM in request.POST
        context = {"form": form, "pending": pending, **_to_confirm(request, batch, form)}
        return responses.page(request, "batches/rehearsal.html", context, parts=[CONFIRM_PART])
    if chosen:
        form.choose(batch)
    lines = preview.read(request, batch)
    if again:
        for line in lines:
            line.ticked = line.ticked if line.place in chosen else line.can and line.place in form.ticked
    form.draw(lines)
    context = {
        "title": _("Coupon %(code)s for several organizations") % {"code": batch.code},
        "reason": batch.get_reason_display(),
        "form": form,
        "lines": lines,
        "alike": next(warnings.of_alike(batch.code), ""),
        "skipped": sum(not line.can for line in lines),
        "warned": sum(bool(line.warnings) for line in lines),
        "sentence": APPLY_COUPON.since,
        "back_url": reverse("batches:index"),
        "recounted": request.method == "POST",
        **_to_confirm(request, batch, form),
    }
    parts = [PREVIEW_PART, CONFIRM_PART]
    return responses.page(request, "batches/rehearsal.html", context, parts=parts, status=form.status)


def _to_confirm(request: StaffRequest, batch: Batch, form: PreviewForm) -> dict[str, Any]:
    return {
        "batch": batch,
        "count": len(form.drawn),
        "change_url": f"{reverse('batches:new')}?{FROM}={batch.pk}",
        "left": run.left(request.user),
        "second": APPLY_COUPON.needs_second,
    }


def _progress(request: StaffRequest, batch: Batch, *, waits: bool = False) -> HttpResponse:
    batch.refresh_from_db()
    results = Results(request, batch)
    going_on = bool(results.unsent) and not batch.paused and batch.lately
    context = {
        "title": _("Coupon %(code)s for several organizations") % {"code": batch.code},
        "batch": batch,
        "reason": batch.get_reason_display(),
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
    return go(request, _url(one))


@permission("act_money", "act_money")
def pause(request: StaffRequest, batch: str) -> HttpResponse:
    one = _own(request, batch)
    if request.method == "POST":
        one.pause()
    return go(request, _url(one))


@permission("act_money", "act_money")
def resume(request: StaffRequest, batch: str) -> HttpResponse:
    one, form = _own(request, batch), ButtonForm(request)
    if form.ready() and form.first():
        one.resume()
        run.go_on(request, one, run.A_WHILE)
    return go(request, _url(one))


def _own(request: StaffRequest, batch: str) -> Batch:
    return get_object_or_404(Batch.objects.select_related("person"), pk=batch, person=request.user)


def _url(batch: Batch, name: str = "show") -> str:
    return reverse(f"batches:{name}", kwargs={"batch": batch.pk})
