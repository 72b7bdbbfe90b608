"""Open writes: those whose outcome is not known. Finding them, telling from a record what became of one, ending one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, Protocol, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from dashboard.accounts.models import Person
from dashboard.audit import chain
from dashboard.audit.locks import is_being_saved
from dashboard.audit.models import Open, Outcome, Phase
from dashboard.audit.trail import followed
from dashboard.flowtly.calls import Filters
from dashboard.flowtly.resources.pagination import Every
from dashboard.flowtly.resources.records import Record
from dashboard.upstream.merge import same, same_meaning

R = TypeVar("R", bound=Record)

MOST = 2000
FEW = 5
# Fields that tell one record of a collection from another.
NUMBERS = ("tin", "vatNumber")
IDENTIFYING = ("name", "slug", "email", "postCode", "addressPostCode", *NUMBERS)


def of(organization: str, entity: str, record: str) -> QuerySet[Open]:
    """What is open about one record; with record "" the creations of that entity."""
    return Open.objects.filter(organization=organization, entity=entity, record=record)


def same_creation(
    entity: str, organization: str, fields: Mapping[str, Any], secret: frozenset[str] = frozenset()
) -> bool:
    """Whether the very same creation is still open: a second one would be a blind repeat. What is secret was
    not kept and cannot tell two of them apart."""
    known = {name: value for name, value in fields.items() if name not in secret}
    return any(same(open_.sent, known) for open_ in of(organization, entity, "").filter(kind="create"))


class Searched(Protocol[R]):
    """A collection that records can be looked for in."""

    def filters(self) -> frozenset[str] | None: ...
    def every(self, filters: Filters = ..., most: int = ...) -> Every[R]: ...
    def get(self, identifier: str) -> R: ...


def alike(resource: Searched[R], fields: Mapping[str, Any]) -> tuple[list[R], bool]:
    """The records that could be what this creation makes, and whether these are all there are. Whatever the API may
    have made of the values, what identifies it is told again; a record that does not tell could be any."""
    name = fields.get("name")
    filters: Filters = (
        {"name": name} if isinstance(name, str) and "name" in (resource.filters() or ()) else {}
    )
    found = resource.every(filters=filters, most=MOST)
    could = [each for each in found.items if all(_told(each.raw, fields, name) for name in IDENTIFYING)]
    return could, found.complete


def _told(said: Mapping[str, Any], sent: Mapping[str, Any], name: str) -> bool:
    """Whether a field may be what was sent, spelt as the API may: a number with its country or without."""
    now, then = said.get(name), sent.get(name)
    if not now or not (isinstance(now, str) and isinstance(then, str)):
        return True
    short, long = sorted((_letters(now), _letters(then)), key=len)
    return long.endswith(short) if name in NUMBERS else long == short


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


@dataclass(frozen=True)
class Creation(Generic[R]):
    """What can be seen of a creation: `record` if one new record is just as it was sent, `nothing` if there is
    no new one that could be it. Neither: there is one, or more, and they do not tell."""

    record: R | None = None
    nothing: bool = False


def creation(resource: Searched[R], fields: Mapping[str, Any], before: Collection[str]) -> Creation[R]:
    """`before` are the ids of those that were alike already. Lists may tell half: each new one is read whole."""
    found, complete = alike(resource, fields)
    new = [record for record in found if record.id not in before]
    whole = [resource.get(record.id) for record in new if record.id] if len(new) <= FEW else []
    just_so = [each for each in whole if all(same_meaning(each.raw.get(k), v) for k, v in fields.items())]
    if len(just_so) == 1:
        return Creation(just_so[0])
    return Creation(nothing=complete and not new)


def change(now: Mapping[str, Any], was: Mapping[str, Any], sent: Mapping[str, Any]) -> Outcome:
    """What a record tells of a change. A field that is neither as it was nor as it was sent tells nothing:
    somebody may have changed it over ours, or the API made something else of it."""
    if sent and all(same_meaning(now.get(name), value) for name, value in sent.items()):
        return Outcome.APPLIED
    untouched = sent and all(same_meaning(now.get(name), was.get(name)) for name in sent)
    return Outcome.NOT_APPLIED if untouched else Outcome.UNKNOWN


def settle(write: str, outcome: Outcome, words: str, person: Person | None = None, record: str = "") -> None:
    """Puts on record what was found out, once. `person` where it was decided by somebody."""
    with transaction.atomic():
        chain.queue()
        if Open.objects.filter(write=write).exists():
            followed(write, Phase.SETTLED, outcome, words=words, record=record, person=person)


def under_way(open_: Open) -> bool:
    """Whether somebody is still waiting for its answer. A creation holds no record, so it goes by the clock."""
    if is_being_saved(f"{open_.organization}/{open_.entity}/{open_.record}"):
        return True
    return not open_.answered and timezone.now() - open_.at < timedelta(seconds=settings.PAGE_WRITE_TIMEOUT)
