"""Pages of the audit log: what a person may see of it, what they ask for, and fifty entries of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from dashboard.accounts.models import Person
from dashboard.audit import finding
from dashboard.audit.known import MONEY_ENTITY, MONEY_KINDS
from dashboard.audit.models import Entry, Known, Phase
from dashboard.audit.outcomes import with_outcomes
from dashboard.web.formatting import number, zones

ROWS = 50
MONEY = Q(entity=MONEY_ENTITY, kind__in=MONEY_KINDS)
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
    money = entry.entity == MONEY_ENTITY and entry.kind in MONEY_KINDS
    own = entry.person_id == person.pk or (money and person.has_perm("accounts.act_money"))
    return own and person.has_perm("accounts.view_audit")


def people(person: Person) -> list[str]:
    """Whose actions somebody may see, by user name."""
    acted = Known.objects.filter(person=OuterRef("pk"))
    if person.is_superuser:
        return list(
            Person.objects.filter(Exists(acted)).order_by("username").values_list("username", flat=True)
        )
    # Asked one after the other: an "or" of both has PostgreSQL read the whole table.
    names = {person.username} if Known.objects.filter(person=person).exists() else set()
    if person.has_perm("accounts.act_money"):
        names |= set(
            Person.objects.filter(Exists(acted.filter(money=True))).values_list("username", flat=True)
        )
    return sorted(names)


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
    looked_to: int = 0  # where the look ended before all had been looked at: see `finding`


def read(person: Person, asked: Asked) -> Found:
    """By its place and never by offset: the thousandth page costs what the first does."""
    either, rest = _asked_for(person, asked)
    edge = finding.edge(asked.after or asked.before)
    since, until = _span(asked, _zone(person.time_zone), edge)
    if asked.after:
        found = finding.find(either, since, until, rest, ROWS + 1, oldest_first=True)
        numbers = found.numbers[ROWS - 1 :: -1] if len(found.numbers) > ROWS else found.numbers[::-1]
        more_newer, more_older = len(found.numbers) > ROWS, True
    elif asked.before and edge is None:
        return Found([])
    else:
        found = finding.find(either, since, until, rest, ROWS + 1)
        numbers, more_newer, more_older = found.numbers[:ROWS], bool(asked.before), len(found.numbers) > ROWS
    if not numbers:
        return Found([], looked_to=found.looked_to)
    entries = with_outcomes(finding.entries(numbers))
    return Found(
        entries,
        newer=numbers[0] if more_newer else 0,
        older=numbers[-1] if more_older else 0,
        looked_to=found.looked_to,
    )


def lines(write: str) -> list[Entry]:
    """All that is on record about one write, in its order."""
    return list(Entry.objects.filter(write=write).select_related("person").order_by("number"))


def _asked_for(person: Person, asked: Asked) -> tuple[list[finding.Where], Q]:
    """What is asked for of what this person may see, as an index can tell it, and the rest. What is a known id is meant
    as one; anything else is part of a name."""
    said, rest = asked.filters, Q()
    where: dict[str, Any] = {}
    if "person" in said:
        where["username"] = said["person"]
    where |= {name: said[name] for name in ("kind", "outcome") if name in said}
    if name := said.get("organization"):
        if Known.objects.filter(organization=name).exists():
            where["organization"] = name
        else:
            rest &= Q(organization_name__folded__contains=name)
    either = [where]
    if name := said.get("record"):
        if any(Known.objects.filter(**{column: name}).exists() for column in ("record", "found")):
            either = [{**where, "record": name}, {**where, "found": name}]  # a creation's id comes after
        else:
            rest &= Q(record_name__folded__contains=name)
    return [{**each, **seen} for each in either for seen in _seen(person)], rest


def _seen(person: Person) -> list[finding.Where]:
    """As `visible` has it."""
    if person.is_superuser:
        return [{}]
    own: finding.Where = {"person_id": person.pk}
    return [own, {"money": True}] if person.has_perm("accounts.act_money") else [own]


def _span(asked: Asked, zone: ZoneInfo, edge: finding.Edge | None) -> tuple[Q, Q]:
    """Since and until when: the day that was asked for, or the page's edge where that is nearer."""
    first, last = asked.day("from"), asked.day("to")
    since = datetime.combine(first, time(), zone) if first else None
    until = datetime.combine(last + timedelta(days=1), time(), zone) if last else None
    lower = Q(at__gte=since) if since else Q()
    upper = Q(at__lt=until) if until else Q()
    if edge and asked.after:
        return lower if since and since > edge.at else edge.newer, upper
    if edge:
        return lower, upper if until and until <= edge.at else edge.older
    return lower, upper


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


def notes(asked: Asked, found: Found) -> list[dict[str, str]]:
    text = _("“%(day)s” is no date, so it was left out.")
    said = [{"level": "warning", "text": text % {"day": day}} for day in asked.not_a_day]
    if found.looked_to:
        text = _("%(n)s actions were looked at for this page. There are more that may match.")
        on = {"after" if asked.after else "before": found.looked_to}
        said.append({
            "level": "info",
            "text": text % {"n": number(finding.LOOKED_AT)},
            "url": asked.query(**on),
            "url_label": _("Look on among newer ones") if asked.after else _("Look on among older ones"),
        })  # fmt: skip
    return said


def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name if name in zones() else settings.TIME_ZONE)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
