from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.audit.trail import MASK
from dashboard.entities.configs import config_values
from dashboard.entities.configs.forms import SecretForm, form_for, secret_status
from dashboard.flowtly.resources.configs import Config
from dashboard.forms import pages
from dashboard.forms.results import Saved
from dashboard.forms.signed_base import shown_record
from dashboard.standards import checked_json
from dashboard.tables import table
from dashboard.upstream import redaction
from dashboard.upstream.redaction import Guarded
from dashboard.web import drafts, responses
from dashboard.web.converters import is_identifier
from dashboard.web.formatting import NOTHING, other_fields
from dashboard.web.request import StaffRequest, link, may, permission

PART = "configs-list"
KEY = "key"  # asks for one config by its key


@permission("view_configs")
def index(request: StaffRequest) -> HttpResponse:
    wanted = request.GET.get(KEY, "").strip()
    if is_identifier(wanted):
        return HttpResponseRedirect(link(request, "configs:edit", config_id=wanted))
    plan = table.Plan(
        part=PART,
        columns=(
            table.Column(gettext_lazy("Key"), order="id"),
            table.Column(gettext_lazy("Value")),
            table.Column(gettext_lazy("Type")),
        ),
        row=row_with(link(request, "configs:edit", config_id="ID"), request.flowtly.names.config_value_field),
        search="id",
        search_label=gettext_lazy("Search by key"),
        holds=config_values.by_key,
    )
    found = table.read(request, _configs(request), plan, request.organization.id)
    found.notes += _notes(request, found)
    context = {"listing": found, "wanted": wanted, "key_name": KEY, "needs_keys": _needs_keys(found)}
    return responses.page(request, "configs/index.html", context, parts=[PART], status=found.status)


@permission("view_configs", "change_configs")
def edit(request: StaffRequest, config_id: str) -> HttpResponse:
    configs, name = _configs(request), request.flowtly.names.config_value_field
    shown = shown_record(request, configs, config_id)
    secret = shown is not None and name in request.POST.getlist(drafts.UNKEPT)
    config = shown or configs.get(config_id)
    form = form_for(config, name, secret=secret).over(
        request, configs, config_id, read=None if shown else config
    )
    text = "" if isinstance(form, SecretForm) else config_values.shown(config.raw.get(name))
    too_long = len(text) > checked_json.LONGEST
    if not too_long and isinstance(saved := form.save(), Saved):
        return pages.done(request, saved, _("Saved %(key)s.") % {"key": config.key}, "configs:index")
    config = form.current()
    return pages.form_page(
        request,
        config.key or config_id,
        form,
        "configs/edit.html",
        save_label=_("Save %(key)s") % {"key": config.key or config_id},
        back_url=link(request, "configs:index"),
        record=config,
        kind_label=config_values.KINDS[form.kind],
        secret_words=secret_status(config.raw.get(name)) if isinstance(form, SecretForm) else "",
        text=text,
        too_long=too_long,
        read_only=too_long or not may(request, "change_configs"),
        unknown_field=_unknown_field(config, name),
        other_fields=_others(config, name),
    )


def row_with(url: str, name: str) -> Callable[[Config], dict[str, Any]]:
    """A row's view model. The URL is made once for the list and holds ID where the id belongs."""
    cannot_be_opened, silent = _("(this id cannot be opened)"), NOTHING

    def row(config: Config) -> dict[str, Any]:
        value, secret = config.raw.get(name), redaction.is_secret(config)
        kind = redaction.kind_of_hidden(value) if secret else redaction.kind_of(value)
        return {
            "url": table.url_of(url, config.id),
            "url_label": cannot_be_opened,
            "key": config.key or silent,
            "value": secret_status(value) if secret else config_values.short(value),
            "secret": secret,
            "kind": config_values.KINDS[kind],
            "said": config.said(name),
        }

    return row


def _configs(request: StaffRequest) -> Guarded:
    keys = list(settings.FLOWTLY_CONFIG_KEYS)
    always = {settings.FLOWTLY_CONFIG_KEYS_PARAMETER: keys} if keys else {}
    return Guarded(request.flowtly.configs, always)


def _notes(request: StaffRequest, found: table.Listing) -> list[dict[str, str]]:
    notes = []
    if keys := len(settings.FLOWTLY_CONFIG_KEYS):
        text = ngettext(
            "This list asks for %(n)s key, the one that FLOWTLY_CONFIG_KEYS names. Others can be looked up by key.",
            "This list asks for %(n)s keys, those that FLOWTLY_CONFIG_KEYS names. Others can be looked up by key.",
            keys,
        )
        notes.append(table.note("info", text % {"n": keys}))
    if found.rows and not any(row["said"] for row in found.rows):
        text = _(
            "No row here holds a field “%(name)s”. If values go by another name, set FLOWTLY_CONFIG_FIELD."
        )
        name = request.flowtly.names.config_value_field
        notes.append(table.note("warning", text % {"name": name}))
    return notes


def _needs_keys(found: table.Listing) -> bool:
    """A list that is empty or refused may want its keys named."""
    return not found.rows and not found.filtered and not found.previous_url


def _unknown_field(config: Config, name: str) -> str:
    """The fields that came instead of the one that should hold the value, where one of them may be it."""
    others = [each for each in config.raw if each not in redaction.PLAIN and not each.startswith("@")]
    return "" if name in config.raw else ", ".join(others)


def _others(config: Config, name: str) -> list[dict[str, str]]:
    others = {
        each: MASK if redaction.is_hidden(value) else value
        for each, value in config.raw.items()
        if each not in {"id", name} and not each.startswith("@")
    }
    return other_fields(replace(config, other=others))
