"""Draft of an action, from its reason to its confirmation: made once, seen by who made it, and begun again where it
failed. And the addresses of its pages."""

import uuid

from django.db.models import Q
from django.http import Http404, QueryDict
from django.urls import reverse

from dashboard.actions import problems
from dashboard.actions.forms import ReasonForm
from dashboard.actions.kinds import KINDS, AnyKind
from dashboard.actions.models import Act, State
from dashboard.flowtly.resources.records import Record
from dashboard.storage.database import spare
from dashboard.web import drafts
from dashboard.web.request import StaffRequest

FROM = "from"  # the action that another one begins as


def reason_form(request: StaffRequest, kind: AnyKind) -> ReasonForm:
    """The form for the reason. It begins with what was typed for an action of one's own, or for one that all could
    see since a second person was asked about it, where the address names that; with what was wrong with its code."""
    own_or_asked = Q(person=request.user.pk) | Q(asked_at__isnull=False)
    same = {"kind": kind.id, "organization": request.organization.id}
    before = Act.objects.filter(own_or_asked, pk=request.GET.get(FROM, ""), **same).first()
    if before is None or request.method == "POST":
        return ReasonForm.of(request, kind=kind)
    typed = QueryDict(mutable=True)
    typed.update({"code": before.code, "reason": before.reason, "note": before.note})
    form = ReasonForm.of(request, kind=kind, typed=typed, problem=problems.another_attempt())
    if kind.has_code and (words := _code_refused(before, request.flowtly.names.coupon_field)):
        form.add_error("code", words)
    return form


def _code_refused(act: Act, coupon_field: str) -> str:
    """The server's words on the code, if it refused that."""
    violations = (act.answer or {}).get("violations", []) if act.outcome == "refused" else []
    return " ".join(each["message"] for each in violations if each.get("propertyPath") == coupon_field)


def made(request: StaffRequest, form: ReasonForm, record_id: str = "") -> Act:
    """The action that a valid form asks for. The same form again is the same one; the same form with other words in it
    is another, so that a page that stands open to be confirmed never comes to send anything but what it shows."""
    kind, typed = form.kind, form.cleaned_data
    words = {"code": typed.get("code", ""), "reason": typed["reason"], "note": typed["note"]}
    fields = {
        "kind": kind.id,
        "person": request.user,
        "organization": request.organization.id,
        "organization_name": request.organization.name[:255],
        "record": record_id[:200],  # else it is noted when it is confirmed
        **words,
    }
    identifier = uuid.uuid5(uuid.NAMESPACE_OID, f"{form.operation} {words}").hex
    act, _new = Act.objects.get_or_create(pk=identifier, defaults=fields)
    drafts.done(request, form.operation)
    return act


def find(request: StaffRequest, kind: AnyKind, operation: str, record_id: str, *, own: bool = False) -> Act:
    """An action of this organization and this kind, about this record where the address names one. A draft is
    nobody's but its own person's."""
    found = Act.objects.filter(pk=operation, kind=kind.id, organization=request.organization.id)
    if kind.names_record:
        found = found.filter(record=record_id)
    act = found.select_related("person", "decided_by").first()
    if act is None or ((own or act.state == State.DRAFT) and act.person_id != request.user.pk):
        raise Http404
    return act


def complete(act: Act, record: Record | None) -> None:
    """Notes what is known by the time it is confirmed: which record it is about, and how that is called."""
    if act.state != State.DRAFT or record is None or not record.id:
        return
    kind = KINDS[act.kind]
    known = {
        "record": act.record if kind.names_record else record.id[:200],
        "record_name": kind.name_of(record)[:255],
    }
    if (act.record, act.record_name) != tuple(known.values()):
        act.record, act.record_name = known.values()
        with spare("What an action is about"):
            Act.objects.filter(pk=act.pk, state=State.DRAFT).update(**known)


# --- addresses ---


def url(act: Act, step: str = "") -> str:
    """Of its first page, or of "confirm" or "proof"."""
    kind = KINDS[act.kind]
    name, kwargs = f"{kind.namespace}:{kind.id}", {"org": act.organization}
    if kind.names_record:
        kwargs["subscription_id"] = act.record
    if step:
        name, kwargs["operation"] = f"{name}-{step}", act.pk
    return reverse(name, kwargs=kwargs)


def request_url(act: Act) -> str:
    """Where it waits for a second person, or did; "" where nobody was asked."""
    if act.asked_at is None:
        return ""
    return reverse("approvals:show", kwargs={"org": act.organization, "operation": act.pk})


def again_url(act: Act) -> str:
    return f"{url(act)}?{FROM}={act.pk}"
