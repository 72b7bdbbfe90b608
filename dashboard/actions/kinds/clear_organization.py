"""Clear an organization: what that would destroy is counted, and it is done where some of it is gone. It always
takes a second person."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboard.actions.kinds.base import Fact, Kind, Raw
from dashboard.actions.models import Act, KindName
from dashboard.audit.models import Outcome
from dashboard.entity import entities
from dashboard.flowtly import Flowtly, errors
from dashboard.flowtly.resources.organizations import Organization
from dashboard.flowtly.resources.pagination import Page
from dashboard.flowtly.resources.records import Record
from dashboard.upstream.merge import same
from dashboard.upstream.parallel import Result, gather
from dashboard.web.formatting import number
from dashboard.web.panels import fact
from dashboard.web.request import is_demo

# What clearing empties comes before what it may leave.
COUNTED = {
    each.name: each
    for each in sorted(entities(), key=lambda each: each.clearing != "emptied")
    if each.clearing
}
# A list that this installation does not have, or may not read, has no number.
SILENT = (errors.Forbidden, errors.NotFound, errors.MethodNotAllowed)


class ClearOrganization(Kind[Organization]):
    id = KindName.CLEAR.value
    permission = "clear_organization"
    entity = "organizations"
    namespace = "clearing"
    template = "clearing/start.html"
    title = _("Clear %(name)s")
    sentence = _("What %(name)s has at Flowtly will be destroyed.")
    since = _("Nothing brings it back. Flowtly does not say what goes and what stays: see what there is now.")
    button = _("Clear %(name)s and destroy its data")
    ask = _("Ask a second person to clear %(name)s")
    keep = _("Keep its data")
    refused = _("Not cleared: Flowtly refused")
    unknown = _("We do not know whether %(name)s was cleared")
    unseen = _(
        "What can be counted is as it was. Look at the organization again before you take it for cleared."
    )
    types_slug = ends = True
    # What goes with it, and nothing else takes away.
    watched = tuple(each.name for each in entities() if each.clearing == "emptied")

    @property
    def allowed(self) -> bool:
        return bool(settings.ALLOW_ORGANIZATION_CLEAR)

    @property
    def needs_second(self) -> bool:
        return True

    def record_id(self, organization: Organization) -> str:
        return organization.id

    def read(self, api: Flowtly, record_id: str) -> Organization:
        """Its record, with how many it has of each, so that before and after can be told apart. A list that cannot
        be counted raises: what is not known must not look like nothing."""
        calls: dict[str, Callable[[], Any]] = {name: each.of(api).list for name, each in COUNTED.items()}
        found = gather({**calls, "": lambda: api.organizations.get(record_id)})
        record: Organization = found.pop("").get()
        return replace(record, raw={**record.raw, **{name: _count(page) for name, page in found.items()}})

    def call(self, api: Flowtly, act: Act) -> Record:
        return api.organizations.clear()

    def name_of(self, record: Organization) -> str:
        return record.name or record.id

    def facts(self, record: Organization, zone: str) -> list[Fact]:
        """What clearing it would take, as numbers."""
        counts = [(str(each.many), record.raw.get(name)) for name, each in COUNTED.items()]
        return [fact(words, number(n) if isinstance(n, int) else n) for words, n in counts]

    def warnings(
        self, organization: Organization | None, record: Result[Organization], zone: str
    ) -> Iterator[str]:
        if organization is None:
            yield gettext("The organization could not be read, so what speaks against it is not known.")
        elif not is_demo(organization):
            yield gettext(
                "This is not a demo organization. People may be using the data that will be erased."
            )

    def can_show(self, raw: Raw) -> bool:
        return any(raw.get(name) for name in self.watched)

    def outcome(self, was: Raw, now: Raw, code: str) -> Outcome:
        had = [name for name in self.watched if was.get(name)]
        if any(now.get(name) == 0 for name in had):
            return Outcome.APPLIED
        unmoved = had and all(same(was[name], now.get(name)) for name in had)
        return Outcome.NOT_APPLIED if unmoved else Outcome.UNKNOWN


def _count(answer: Result[Page[Any]]) -> int | str | None:
    """The API's own total; without one, what came is at least there."""
    if isinstance(answer.error, SILENT):
        return None
    page = answer.get()
    seen = len(page.items)
    if page.total is not None:
        return max(int(page.total), seen)
    return f"≥ {seen}" if seen and page.has_more is not False else seen
