"""What a request carries when it reaches a view, and what a view says about who may reach it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from dashboard.accounts.models import Person
from dashboard.audit.trail import Trail
from dashboard.entity import get
from dashboard.flowtly import Flowtly
from dashboard.flowtly.resources.organizations import Organization
from dashboard.web.formatting import label, record_name

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)


@dataclass(frozen=True)
class OpenOrganization:
    """The organization a page is about, as its frame names it."""

    id: str
    name: str
    slug: str
    kind: str
    kind_label: str

    @classmethod
    def of(cls, record: Organization, organization_id: str) -> "OpenOrganization":
        kind, words = kind_of(record)
        return cls(organization_id, record_name(record.name, organization_id), record.slug or "", kind, words)

    @property
    def url(self) -> str:
        return reverse("organizations:overview", kwargs={"org": self.id})

    @property
    def production(self) -> bool:
        return self.kind == "production"


def kind_of(record: Organization) -> tuple[str, str]:
    """What sort of organization it is, as a name for the eye and in words. A status that is not `active` comes
    before everything; a demo before production, for a record may say both."""
    if record.status == "suspended":
        return "suspended", label("suspended")
    if record.status and record.status != "active":
        return "inactive", label(record.status)
    if is_demo(record):
        return "demo", label("demo")
    if record.type == "production" or record.production_like:
        return "production", label("production")
    return "unknown", label(record.type) if record.type else label("")


def is_demo(record: Organization) -> bool:
    """Whatever its status: a trial can be a demo too."""
    return bool(record.demo) or record.type == "demo"


class StaffRequest(HttpRequest):
    """A request that has passed the middleware."""

    id: str
    user: Person
    htmx: HtmxDetails
    flowtly: Flowtly
    organization: OpenOrganization
    trail: Trail


def asked_ahead(request: HttpRequest) -> bool:
    """A page that nobody has opened yet: the script, or a browser by itself, asks for it ahead of a click."""
    return "X-Ahead" in request.headers or "prefetch" in request.headers.get("Sec-Purpose", "")


def by_hand(request: HttpRequest) -> bool:
    """Whether somebody did something. What pages ask by themselves, each request marked by the script, writes nothing
    down and keeps nobody signed in."""
    return "X-Poll" not in request.headers and not asked_ahead(request)


def may(request: HttpRequest, codename: str) -> bool:
    return bool(request.user.has_perm(f"accounts.{codename}"))


def to_change(entity: str) -> str:
    """The permission that somebody needs to change what the trail knows by this name."""
    found = get(entity)
    return found.change_permission if found else f"change_{entity}"


def link(request: HttpRequest, name: str, **kwargs: str) -> str:
    """A URL by its name, within the organization that the request is about where the URL is of one."""
    organization = getattr(request, "organization", None)
    if ":" in name and organization:
        with suppress(NoReverseMatch):
            return reverse(name, kwargs={"org": organization.id, **kwargs})
    return reverse(name, kwargs=kwargs or None)


def next_url(request: HttpRequest, wanted: str, otherwise: str) -> str:
    """Where to go next: where the request says, unless that leads away from this site."""
    here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if here else otherwise


# --- Who may reach a view. A view without one of these three is refused to everybody. ---


@dataclass(frozen=True)
class Rule:
    """`view` to read it and `change` to POST to it: codenames, or "" for any staff. `change` None: no POST."""

    view: str = ""
    change: str | None = None
    public: bool = False

    def codename(self, method: str) -> str | None:
        return self.view if method in {"GET", "HEAD"} else self.change if method == "POST" else None


def permission(view: str, change: str | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Who may read the page, and who may act on it; without `change` it takes no POST."""
    return _ruled(Rule(view, change))


def staff(*, post: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Anybody who is signed in."""
    return _ruled(Rule(change="" if post else None))


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Anybody at all."""
    return _ruled(Rule(change="", public=True))(view)


def rule_of(view: Callable[..., HttpResponseBase]) -> Rule | None:
    return getattr(view, "rule", None)


def _ruled(rule: Rule) -> Callable[[Callable[P, R]], Callable[P, R]]:
    def mark(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def marked(*args: P.args, **kwargs: P.kwargs) -> R:
            return view(*args, **kwargs)

        marked.rule = rule  # type: ignore[attr-defined]
        return marked

    return mark
