"""Pages of the audit log: what a person may see of it, what they ask for, and fifty entries of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from dashboard.accounts.models import Person
from dashboard.audit.models import Entry, Outcome, Phase
from dashboard.audit.outcomes import with_outcomes
from dashboard.web.formatting import zones

ROWS = 50
# The acts on money, which whoever may do them may also see done by others.
MONEY_KINDS = (
    "apply-coupon", "clear-coupon", "cancel",
    "request", "approve", "decline", "withdraw", "request-expired", "request-void",
)  # fmt: skip
MONEY = Q(entity="subscriptions", kind__in=MONEY_KINDS)
FILTERS = ("person", "organization", "record", "kind", "outcome", "from", "to")


def visible(person: Person) -> QuerySet[Entry]:
    """The intents that somebody may see: a superuser all, others their own, and money where they act on it."""
    intents = Entry.objects.filter(phase=Phase.INTENT)
    if person.is_superuser:
        return intents
    theirs = Q(person=person)
    return intents.filter(theirs | MONEY if person.has_perm("accounts.act_money") else theirs)


def sees(person: Person, entry: Entry) -> bool:
    """The same of one of them, without asking the database."""
    if person.is_superuser:
        return True
    money = entry.entity == "subscriptions" and entry.kind in MONEY_KINDS
    own = entry.person_id == person.pk or (money and person.has_perm("accounts.act_money"))
    return own and person.has_perm("accounts.view_audit")


def people(person: Person) -> list[str]:
    """Whose actions somebody may see, by user name."""
    acted = Person.objects.filter(Exists(visible(person).filter(person=OuterRef("pk"))))
    return list(acted.order_by("username").values_list("username", flat=True))


@dataclass(frozen=True)
class Asked:
    """What the query string asks for. `before` and `after` are numbers of lines: the page's edges."""

    filters: Mapping[str, str]
    before: int = 0
    after: int = 0

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        filters = {name: value for name in FILTERS if (value := query.get(name, "").strip())}
        return cls(filters, _number(query.get("before", "")), _number(query.get("after", "")))

    def query(self, **other: str | int) -> str:
        """The query string of the same with something else about it; "" leaves a part out."""
        parts = {name: value for name, value in {**self.filters, **other}.items() if value}
        return "?" + urlencode(parts)

    def day(self, name: str) -> date | None:
        try:
            day = date.fromisoformat(self.filters.get(name, ""))
        except ValueError:
            return None
        return day if 1900 < day.year < 3000 else None  # further off no zone can be reckoned with

    @property
    def not_a_day(self) -> list[str]:
        return [self.filters[name] for name in ("from", "to") if name in self.filters and not self.day(name)]


@dataclass(frozen=True)
class Found:
    """A page of the trail, newest first, with each one's outcome as it is known now."""

    entries: list[Entry]
    newer: int = 0  # the number that the page with newer ones comes after; 0 where there is none
    older: int = 0


def read(person: Person, asked: Asked) -> Found:
    """By number and never by offset: the thousandth page costs what the first does."""
    rows = _asked_for(visible(person).select_related("person"), asked, _zone(person.time_zone))
    if asked.after:
        found = list(rows.filter(number__gt=asked.after).order_by("number")[: ROWS + 1])
        entries = found[ROWS - 1 :: -1] if len(found) > ROWS else found[::-1]
        more_newer, more_older = len(found) > ROWS, True
    else:
        rows = rows.filter(number__lt=asked.before) if asked.before else rows
        found = list(rows[: ROWS + 1])
        entries, more_newer, more_older = found[:ROWS], bool(asked.before), len(found) > ROWS
    if not entries:
        return Found([])
    newer = entries[0].number if more_newer else 0
    return Found(with_outcomes(entries), newer, entries[-1].number if more_older else 0)


def lines(write: str) -> list[Entry]:
    """All that is on record about one write, in its order."""
    return list(Entry.objects.filter(write=write).select_related("person").order_by("number"))


def _asked_for(rows: QuerySet[Entry], asked: Asked, zone: ZoneInfo) -> QuerySet[Entry]:
    said = asked.filters
    if "person" in said:
        rows = rows.filter(username=said["person"])
    if "organization" in said:
        name = said["organization"]
        rows = rows.filter(Q(organization=name) | Q(organization_name__folded__contains=name))
    if "record" in said:
        name = said["record"]
        made = Entry.objects.filter(write=OuterRef("write"), record=name)  # a creation's id comes after
        rows = rows.filter(Q(record=name) | Q(record_name__folded__contains=name) | Q(Exists(made)))
    if "kind" in said:
        rows = rows.filter(kind=said["kind"])
    if "outcome" in said:
        later = Entry.objects.filter(write=OuterRef("write")).exclude(phase=Phase.INTENT)
        latest = Subquery(later.order_by("-number").values("outcome")[:1])
        known = Coalesce(latest, Value(Outcome.UNKNOWN.value))
        rows = rows.annotate(known=known).filter(known=said["outcome"])
    if since := asked.day("from"):
        rows = rows.filter(at__gte=datetime.combine(since, time(), zone))
    if until := asked.day("to"):
        rows = rows.filter(at__lt=datetime.combine(until + timedelta(days=1), time(), zone))
    return rows


def chips(
    asked: Asked, path: str, labels: Mapping[str, str], words: Mapping[str, str]
) -> list[dict[str, str]]:
    """What is asked for, each with the way to ask for it no more."""
    return [
        {
            "label": f"{labels[name]}: {words.get(value, value)}",
            "remove_url": path + asked.query(**{name: ""}),
        }
        for name, value in asked.filters.items()
    ]


def notes(asked: Asked) -> list[dict[str, str]]:
    text = _("“%(day)s” is no date, so it was left out.")
    return [{"level": "warning", "text": text % {"day": day}} for day in asked.not_a_day]


def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name if name in zones() else settings.TIME_ZONE)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
