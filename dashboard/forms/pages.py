"""Pages of a form: to fill in, again with what is wrong, and where it leads once saved."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from dashboard.audit import field_authors, history, unresolved
from dashboard.forms.record import FlowtlyForm
from dashboard.forms.results import Saved
from dashboard.web import permission_messages, responses
from dashboard.web.request import StaffRequest, link, may, to_change

FORM_PART = "form-part"


def form_page(
    request: StaffRequest, title: str, form: FlowtlyForm, template: str = "form.html", **context: object
) -> HttpResponse:
    """A form to fill in, or again with what was typed and what is wrong with it."""
    record = form.record.id if form.record is not None else ""
    zone = getattr(request.user, "time_zone", "")
    entries = (
        history.of_record(form.organization_id, form.entity, record, history.LOOKED_AT) if record else []
    )
    form.last_set = field_authors.told(entries, form, request.user)
    context = {
        "title": title,
        "form": form,
        "save_label": _("Save"),
        "doubts": unresolved.told(request, form.entity, record),
        "history": history.told(entries[: history.SHOWN], zone, form) if record else None,
        "can_change": may(request, to_change(form.entity)),
        "why_not": permission_messages.why_not(request, to_change(form.entity)),
        **context,
    }
    for fact in _facts(context):
        fact["last_set"] = form.last_set.get(fact.get("name", ""))
    return responses.page(request, template, context, parts=[FORM_PART], status=form.status)


def _facts(context: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What a page shows in place of the form, to somebody who may only look."""
    if context.get("read_only"):
        yield from context.get("facts", ())
        for group in context.get("groups", ()):
            yield from group["facts"]


def done(request: StaffRequest, saved: Saved[Any], text: str, name: str, **kwargs: str) -> HttpResponse:
    """Says what became of it, on the page that comes next."""
    if saved.outcome == "unchanged":
        messages.info(request, _("Nothing was changed, so nothing was sent."), "outcome-unchanged")
    elif not saved.visible:
        accepted = _("Flowtly accepted it, but nothing of it shows yet. Look again before you repeat it.")
        messages.warning(request, accepted, f"outcome-{saved.outcome} not-visible")
    elif saved.rewritten or saved.left:
        messages.warning(request, " ".join(_held(saved, text)), f"outcome-{saved.outcome}")
    else:
        messages.success(request, text, f"outcome-{saved.outcome}")
    return responses.go_to(request, link(request, name, **kwargs))


def _held(saved: Saved[Any], text: str) -> Iterator[str]:
    """Whole sentences about fields that do not hold what was sent. Where one holds a value that nobody entered, it is
    not called saved."""
    if not saved.rewritten:
        yield text
    elif saved.name:
        yield _("%(name)s: Flowtly stored other values than you entered.") % {"name": saved.name}
    else:
        yield _("Flowtly stored other values than you entered.")
    for label, stored, sent in saved.rewritten:
        if stored:
            words = _("%(field)s: Flowtly stored %(stored)s instead of %(sent)s.")
            yield words % {"field": label, "stored": stored, "sent": sent}
        else:
            yield _("%(field)s: Flowtly changed the text. Check it.") % {"field": label}
    if saved.left:
        yield _("Flowtly left this as it was: %(fields)s.") % {"fields": ", ".join(saved.left)}
