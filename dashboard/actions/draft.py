"""An act from its reason to its confirmation: made once, seen by who made it, and begun again where it failed."""

import uuid
from typing import Any

from django.db.models import Q
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard.actions.forms import ReasonForm
from dashboard.actions.kinds import KINDS, Kind
from dashboard.actions.models import Act, State
from dashboard.flowtly import errors
from dashboard.upstream import connection
from dashboard.web import drafts, error_messages
from dashboard.web.formatting import label
from dashboard.web.request import StaffRequest

FROM = "from"  # the act that another one begins as


def made(request: StaffRequest, form: ReasonForm, subscription_id: str = "") -> Act:
    """The act that a valid form asks for. The same form again is the same act; the same form with other words in it
    is another, so that a page that stands open to be confirmed never comes to send anything but what it shows."""
    kind, typed = form.kind, form.cleaned_data
    words = {"code": typed.get("code", ""), "reason": typed["reason"], "note": typed["note"]}
    fields = {
        "kind": kind.id,
        "person": request.user,
        "organization": request.organization.id,
        "organization_name": request.organization.name[:255],
        "record": (subscription_id or _meant(request, kind))[:200],
        **words,
    }
    act, _new = Act.objects.get_or_create(pk=form.operation, defaults=fields)
    if any(getattr(act, name) != value for name, value in words.items()):
        other = uuid.uuid5(uuid.NAMESPACE_OID, f"{form.operation} {form.digest}").hex
        act, _new = Act.objects.get_or_create(pk=other, defaults=fields)
    drafts.done(request, form.operation)
    return act


def _meant(request: StaffRequest, kind: Kind) -> str:
    try:
        return kind.meant(connection.organization(request.flowtly, request.organization.id))
    except errors.FlowtlyError:
        return ""


def of(request: StaffRequest, kind: Kind, operation: str, subscription_id: str) -> Act:
    """An act of this organization and this kind, about this subscription where the address names one."""
    found = Act.objects.filter(pk=operation, kind=kind.id, organization=request.organization.id)
    if kind.names_record:
        found = found.filter(record=subscription_id)
    act = found.select_related("person", "decided_by").first()
    if act is None:
        raise Http404
    return act


def own(request: StaffRequest, kind: Kind, operation: str, subscription_id: str) -> Act:
    act = of(request, kind, operation, subscription_id)
    if act.person_id != request.user.pk:
        raise Http404
    return act


def completed(act: Act, subscription: Any) -> Act:
    """What is known by the time it is confirmed: which subscription it is about, and how that is called."""
    if act.state == State.DRAFT and subscription is not None and subscription.id:
        kind = KINDS[act.kind]
        plan = label(subscription.type) if subscription.type else ""
        name = plan if kind.entity == "subscriptions" else act.organization_name
        record = act.record if kind.names_record else subscription.id[:200]
        if (act.record, act.record_name) != (record, name[:255]):
            act.record, act.record_name = record, name[:255]
            Act.objects.filter(pk=act.pk, state=State.DRAFT).update(
                record=record, record_name=act.record_name
            )
    return act


def again(request: StaffRequest, kind: Kind) -> dict[str, Any]:
    """What the form begins with where the address names an act of one's own, or one that all could see since a
    second person was asked about it; and what was wrong with that one."""
    own_or_asked = Q(person=request.user.pk) | Q(asked_at__isnull=False)
    found = Act.objects.filter(
        own_or_asked,
        pk=request.GET.get(FROM, ""),
        kind=kind.id,
        organization=request.organization.id,
    ).first()
    if found is None or request.method == "POST":
        return {}
    typed = QueryDict(mutable=True)
    typed.update({"code": found.code, "reason": found.reason, "note": found.note})
    text = _("It begins with what was typed before. Nothing is sent until you have confirmed it.")
    return {
        "typed": typed,
        "problem": error_messages.Problem(_("Another attempt"), text, 200),
        "before": found,
    }


def wrong_before(act: Act | None, coupon_field: str) -> str:
    """The server's words on the code, if it refused that."""
    said = (act.answer or {}) if act is not None and act.outcome == "refused" else {}
    found = [
        each["message"] for each in said.get("violations", []) if each.get("propertyPath") == coupon_field
    ]
    return " ".join(found)


# --- addresses ---


def url(act: Act, step: str = "") -> str:
    """Of its first page, or of "confirm" or "proof"."""
    kind = KINDS[act.kind]
    kwargs = {"org": act.organization}
    if kind.names_record:
        kwargs["subscription_id"] = act.record
    if not step:
        return reverse(kind.page, kwargs=kwargs)
    return reverse(f"{kind.page}-{step}", kwargs={**kwargs, "operation": act.pk})


def request_url(act: Act) -> str:
    """Where it waits for a second person, or did; "" where nobody was asked."""
    if act.asked_at is None:
        return ""
    return reverse("approvals:show", kwargs={"org": act.organization, "operation": act.pk})


def again_url(act: Act) -> str:
    return f"{url(act)}?{FROM}={act.pk}"
