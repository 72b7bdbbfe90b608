from collections.abc import Callable
from functools import cache, partial
from typing import Any, TypeVar

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.audit import history, unresolved
from dashboard.entities.reference import language_names
from dashboard.entities.reference.forms import LanguageForm
from dashboard.entities.reference.sorted_list import SortedList
from dashboard.flowtly import Flowtly, errors
from dashboard.flowtly.resources.base import Lists
from dashboard.flowtly.resources.records import Record, Reference
from dashboard.flowtly.resources.reference import Country, Language
from dashboard.forms import pages
from dashboard.forms.results import Saved
from dashboard.standards import countries
from dashboard.tables import filtering, table
from dashboard.upstream import list_cache
from dashboard.upstream.parallel import Started, beside
from dashboard.web import responses
from dashboard.web.formatting import NOTHING, other_fields
from dashboard.web.request import StaffRequest, link, may, permission

R = TypeVar("R", bound=Record)

Usual = Callable[[], dict[str, list[str]]]

CODE, OTHER = "id", "other"  # of the form that chooses a language


@permission("view_reference")
def language_list(request: StaffRequest) -> HttpResponse:
    addresses = beside(partial(_countries_of_addresses, request.flowtly))
    plan = _plan("languages-list", "reference:language", request, language_name, lambda: _usual(addresses))
    found = _read(request, request.flowtly.languages, plan, language_name)
    context = {
        "listing": found,
        "can_change": may(request, "change_reference"),
        "new_url": link(request, "reference:new-language"),
        "doubts": unresolved.told(request, "reference", ""),
    }
    return responses.page(
        request, "reference/languages.html", context, parts=[plan.part], status=found.status
    )


@permission("change_reference", "change_reference")
def new_language(request: StaffRequest) -> HttpResponse:
    """First which one, then whether to add just that one."""
    code = (request.GET.get(OTHER, "") or request.GET.get(CODE, "")).strip()
    if request.method != "POST" and not language_names.CODE.fullmatch(code):
        return _choose(request, code)
    return _confirm(request, code)


@permission("view_reference")
def language(request: StaffRequest, language_id: str) -> HttpResponse:
    addresses = beside(partial(_countries_of_addresses, request.flowtly))
    record = request.flowtly.languages.get(language_id)
    places = _usual(addresses).get(language_id, [])
    facts = [(_("Name"), language_name(record)), (_("Code"), record.id)]
    if places:
        facts.append((_("Official language of"), ", ".join(places)))
    return _record_page(request, record, language_name(record), facts, "reference:languages", _("Languages"))


@permission("view_reference")
def country_list(request: StaffRequest) -> HttpResponse:
    plan = _plan("countries-list", "reference:country", request, country_name, dict)
    found = _read(request, request.flowtly.countries, plan, country_name)
    return responses.page(
        request, "reference/countries.html", {"listing": found}, parts=[plan.part], status=found.status
    )


@permission("view_reference")
def country(request: StaffRequest, country_id: str) -> HttpResponse:
    record = request.flowtly.countries.get(country_id)
    code = countries.code(record.id)
    spoken = [one for one, places in language_names.usual([code]).items() if places]
    facts = [(_("Name"), country_name(record)), (_("Code"), record.id)]
    if spoken:
        facts.append((_("Official languages"), ", ".join(map(language_names.name, spoken))))
    if code in countries.POST_CODES:
        facts.append((_("A post code, such as"), countries.POST_CODES[code][1]))
    return _record_page(request, record, country_name(record), facts, "reference:countries", _("Countries"))


@permission("view_reference")
def show(request: StaffRequest, language_id: str) -> HttpResponse:
    """Only languages are ever added, so what the trail tells of is one."""
    return HttpResponseRedirect(link(request, "reference:language", language_id=language_id))


def language_name(record: Language) -> str:
    return record.name or language_names.name(record.id)


def country_name(record: Country) -> str:
    return record.name or countries.name(record.id)


# --- the lists ---


def _plan(
    part: str, page: str, request: StaffRequest, named: Callable[[Any], str], usual: Usual
) -> table.Plan:
    return table.Plan(
        part=part,
        columns=(table.Column(gettext_lazy("Name")), table.Column(gettext_lazy("Code"))),
        row=_row_with(_pattern(request, page), named, usual),
        search="id",
        search_label=gettext_lazy("Search by name or code"),
        holds=lambda record, asked: filtering.contains(f"{named(record)} {record.id}", asked),
    )


def _pattern(request: StaffRequest, page: str) -> str:
    return link(request, page, **{"language_id" if page.endswith("language") else "country_id": "ID"})


def _read(
    request: StaffRequest, resource: Lists[R], plan: table.Plan, named: Callable[[R], str]
) -> table.Listing:
    whose = request.organization.id
    return table.read(request, SortedList(resource, whose, named), plan, whose)


def _row_with(url: str, named: Callable[[Any], str], usual: Usual) -> Callable[[Any], dict[str, Any]]:
    usual = cache(usual)
    cannot_be_opened, usual_in = _("(this id cannot be opened)"), _("usual in %(places)s")

    def row(record: Record) -> dict[str, Any]:
        places = ", ".join(usual().get(record.id, []))
        return {
            "url": table.url_of(url, record.id),
            "url_label": cannot_be_opened,
            "name": named(record),
            "code": record.id or NOTHING,
            "usual": usual_in % {"places": places} if places else "",
        }

    return row


def _countries_of_addresses(api: Flowtly) -> list[Reference | None]:
    return [address.country for address in api.addresses.list().items]


def _usual(addresses: Started[list[Reference | None]]) -> dict[str, list[str]]:
    """Language → the countries of the organization's addresses where it is usual; none where they cannot be read."""
    return language_names.usual(addresses().value or [])


# --- adding a language ---


def _choose(request: StaffRequest, wrong: str) -> HttpResponse:
    addresses = beside(partial(_countries_of_addresses, request.flowtly))
    there, usual = _there(request), _usual(addresses)
    offered = [
        one
        for one in language_names.choices()
        if not any(language_names.same(one[0], each) for each in there)
    ]
    context = {
        "title": _("Add a language"),
        "back_url": link(request, "reference:languages"),
        "wrong": wrong,
        "usual": [one for one in offered if one[0] in usual],
        "offered": [one for one in offered if one[0] not in usual],
        "there": ", ".join(language_names.named(each) for each in there),
    }
    return responses.page(request, "reference/choose.html", context)


def _confirm(request: StaffRequest, code: str) -> HttpResponse:
    there = _there(request)
    form = LanguageForm.of(request, there=there, initial={"id": code})
    code = str(form.data.get("id") or code) if form.is_bound else code
    if isinstance(saved := form.save(request.flowtly.languages), Saved):
        list_cache.forget(request.organization.id)
        added = language_names.named(saved.record.id or code)
        return pages.done(
            request, saved, _("Added %(language)s.") % {"language": added}, "reference:languages"
        )
    language = language_names.named(code)
    return pages.form_page(
        request,
        _("Add %(language)s?") % {"language": language},
        form,
        "reference/confirm.html",
        save_label=_("Add %(language)s") % {"language": language},
        language=language,
        unknown=not language_names.known(code),
        is_there=any(language_names.same(code, each) for each in there),
        back_url=link(request, "reference:new-language"),
    )


def _there(request: StaffRequest) -> list[str]:
    """None where they cannot be read: then the API says which it has, and nothing is sent unless it can be looked
    for."""
    try:
        return [record.id for record in request.flowtly.languages.every().items if record.id]
    except errors.FlowtlyError:
        return []


# --- a record ---


def _record_page(
    request: StaffRequest, record: Record, title: str, facts: list[tuple[str, str]], back: str, list_name: str
) -> HttpResponse:
    of_it = history.of_record(request.organization.id, "reference", record.id) if "lang" in back else []
    context = {
        "title": title,
        "record": record,
        "facts": [{"label": label, "value": value or NOTHING} for label, value in facts],
        "other_fields": [one for one in other_fields(record) if one["name"] != "name"],
        "back_url": link(request, back),
        "list_name": list_name,
        "is_language": "lang" in back,
        "history": history.told(of_it, request.user.time_zone),
        "can_change": False,
    }
    return responses.page(request, "reference/record.html", context)
