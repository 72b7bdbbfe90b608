"""An organization's profile: its facts, its pictures, the footer of its mails."""

from base64 import b64encode
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from dashboard.audit.models import Outcome
from dashboard.entities.profile import footer, footer_fields, panels, pending_content, pictures
from dashboard.entities.profile.forms import FooterForm, PictureForm, picture_record
from dashboard.flowtly import errors
from dashboard.flowtly.resources.organizations import Organization
from dashboard.flowtly.resources.records import Record
from dashboard.forms import pages, tenant_check
from dashboard.forms.results import Result, Saved, Seen
from dashboard.forms.signed_base import shown_record
from dashboard.upstream import connection
from dashboard.web import responses
from dashboard.web.request import StaffRequest, link, may, permission

PREVIEW_PART = "footer-preview"
# For HTML that somebody typed, in a frame that may do nothing.
PREVIEW_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"


@permission("view_organizations")
def index(request: StaffRequest) -> HttpResponse:
    asked = responses.part_asked(request, panels.PARTS)
    clears = settings.ALLOW_ORGANIZATION_CLEAR and may(request, "clear_organization")
    context = {
        "panels": panels.read(request, [asked] if asked else panels.PARTS),
        "can_change": may(request, "change_organizations"),
        "clear_url": link(request, "clearing:clear") if clears else "",
    }
    return responses.page(request, "profile/index.html", context, parts=panels.PARTS)


# --- logo and icon ---


@permission("change_organizations", "change_organizations")
def picture(request: StaffRequest, what: str) -> HttpResponse:
    api, whose_id = request.flowtly, request.organization.id
    reads = {"organization": lambda: connection.organization(api, whose_id, fresh=True)}
    answers, whose = tenant_check.ask(request, reads, acting=True)
    organization: Organization = answers["organization"].get()
    form = PictureForm.of(request, picture_record(what), whose=whose)
    names = {"what": form.label.lower(), "name": request.organization.name}
    if form.is_confirmed and isinstance(saved := _sent(request, form, what, organization), Saved):
        return pages.done(request, saved, _("Sent the %(what)s to %(name)s.") % names, "profile:index")
    shown = form.shown if form.is_bound and form.errors is not None else None
    context: dict[str, Any] = {
        "what": what,
        "label": form.label,
        "current": panels.picture(request, what, organization),
        "back_url": link(request, "profile:index"),
        "save_label": _("Look at it first"),
    }
    if shown:
        send = _("Send %(what)s to %(name)s") % names
        context |= {"save_label": send, "shown": _shown(shown), "form_extra": "profile/_picture_check.html"}
    return pages.form_page(request, form.label, form, "profile/picture.html", **context)


def _sent(request: StaffRequest, form: PictureForm, what: str, before: Organization) -> Result[Record] | None:
    api = request.flowtly.organizations
    upload = {"logo": api.upload_logo, "icon": api.upload_icon}[what]
    shown = form.shown if form.is_valid() else None

    def call() -> Record:
        assert shown is not None
        return upload(shown.content, shown.media_type, f"{what}.{shown.ending}")

    def look() -> Seen:
        """Only the picture itself tells: a record need not name one, and names it by an address of its own making."""
        now = connection.organization(request.flowtly, request.organization.id, fresh=True)
        address = panels.address_of(now, what)
        if shown is None or not address:
            return Seen(Outcome.UNKNOWN)
        if api.picture(address) == shown.content:
            return Seen(Outcome.APPLIED, now)
        same = address == panels.address_of(before, what)
        return Seen(Outcome.NOT_APPLIED if same else Outcome.UNKNOWN)

    return form.act(what, call, look)


def _shown(picture: pictures.Picture) -> dict[str, Any]:
    """As data, so that what is looked at needs no address of its own."""
    grounds = [
        {"label": words, "data": _as_data(pictures.on_ground(picture, ground))}
        for ground, words in (("light", _("On light")), ("dark", _("On dark")))
    ]
    size = max(1, round(len(picture.content) / 1000))
    values = {"kind": picture.format, "width": picture.width, "height": picture.height, "size": size}
    return {"grounds": grounds, "facts": _("%(kind)s, %(width)s × %(height)s pixels, %(size)s kB") % values}


def _as_data(png: bytes) -> str:
    return f"data:image/png;base64,{b64encode(png).decode()}"


@permission("view_organizations")
def current(request: StaffRequest, what: str) -> HttpResponse:
    """Picture that the record names, fetched and drawn anew by us; 404 for whatever is none."""
    organization = connection.organization(request.flowtly, request.organization.id)
    address = panels.address_of(organization, what)
    ground = "dark" if request.GET.get("on") == "dark" else "light"
    if not address:
        raise Http404
    try:
        drawn = pictures.on_ground(pictures.take(request.flowtly.organizations.picture(address)), ground)
    except (pictures.PictureRefused, errors.ForeignAddress, errors.NotFound, errors.Unreadable):
        raise Http404 from None
    return HttpResponse(drawn, content_type="image/png")


# --- the mail footer ---


@permission("view_organizations", "change_organizations")
def mail_footer(request: StaffRequest, record: str) -> HttpResponse:
    resource = request.flowtly.mail_footers
    reads = {} if shown_record(request, resource, record) else {"footer": lambda: resource.get(record)}
    answers, whose = tenant_check.ask(request, reads, acting=True)
    read = answers["footer"].get() if reads else None
    form = FooterForm.over(request, resource, record, read=read, whose=whose)
    if isinstance(saved := form.save(), Saved):
        return pages.done(request, saved, _("Saved the mail footer."), "profile:mail-footer")
    now = form.current()
    context: dict[str, Any] = {
        "record": now,
        "read_only": not may(request, "change_organizations") or not form.base,
        "nothing_offered": not form.base,
        "back_url": link(request, "profile:index"),
        "preview_url": link(request, "profile:footer-preview"),
        "save_label": _("Show what will be saved"),
        "form_extra": "profile/_footer_check.html",
        "other_fields": [
            {"name": name, "value": str(value)}
            for name, value in footer_fields.others(request.flowtly, now).items()
        ],
    }
    if form.to_be_shown:
        context |= {"save_label": _("Save mail footer"), "checks": form.seen_before_saving()}
    if form.is_bound:
        context["preview_url"] = _keep_preview(request, form.texts())
    return pages.form_page(request, _("Mail footer"), form, "profile/mail_footer.html", **context)


@permission("view_organizations", "change_organizations")
def footer_preview(request: StaffRequest) -> HttpResponse:
    """Preview by itself, to be shown in a frame. A POST keeps what was typed so far and answers with a frame for it."""
    if request.method == "POST":
        typed = [(footer_fields.label_of(name), text) for name, text in footer_fields.typed(request.POST)]
        url = _keep_preview(request, typed)
        if not responses.part_asked(request, [PREVIEW_PART]):
            return HttpResponseRedirect(url)
        template = "profile/_footer_check.html"
        return responses.page(request, template, {"preview_url": url}, parts=[PREVIEW_PART])
    key = request.GET.get("of", "")
    kept = pending_content.find(request, request.path, key) if key else _preview_of_now(request)
    if kept is None:
        raise Http404
    response = HttpResponse(kept, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = PREVIEW_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["X-DNS-Prefetch-Control"] = "off"
    return response


def _preview_of_now(request: StaffRequest) -> bytes:
    now = request.flowtly.mail_footers.get()
    return footer.preview(footer_fields.texts(request.flowtly, now)).encode()


def _keep_preview(request: StaffRequest, texts: list[tuple[str, str]]) -> str:
    path = link(request, "profile:footer-preview")
    return f"{path}?of={pending_content.keep(request, path, footer.preview(texts).encode())}"
