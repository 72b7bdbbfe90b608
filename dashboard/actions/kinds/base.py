"""Kind of action: its words, what it reads and sends, and how it is seen to be done."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.utils.functional import Promise

from dashboard.actions.models import Act
from dashboard.audit.models import Open, Outcome
from dashboard.flowtly import Flowtly
from dashboard.flowtly.resources.organizations import Organization
from dashboard.flowtly.resources.records import Record
from dashboard.flowtly.resources.subscriptions import Ending
from dashboard.upstream.parallel import Result

R = TypeVar("R", bound=Record)
Words = str | Promise
Raw = Mapping[str, Any]
Fact = dict[str, Any]


class Kind(ABC, Generic[R]):
    """What all kinds have; `R` is the record that one of them is about. %(name)s, %(id)s, %(code)s, %(record)s and
    %(plan)s in its words are filled in by `say`."""

    id: str
    permission: str
    entity: str
    namespace: str  # of its URLs
    template = "acts/start.html"  # of its first page

    title: Words
    sentence: Words
    since: Words
    button: Words
    ask: Words
    keep: Words
    refused: Words
    unknown: Words
    unseen: Words  # where it was accepted and nothing of it shows

    has_code = False
    types_slug = False  # always, not only where nothing else says whose it is
    names_record = False  # its path has the record's id
    ends = False  # it cannot be taken back
    watched: tuple[str, ...]  # the fields that could show it, kept with one whose answer is lost

    @property
    def allowed(self) -> bool:
        """Whether there is such an action here at all."""
        return True

    @property
    def needs_second(self) -> bool:
        """Whether it waits for somebody else to agree."""
        return self.id in settings.SECOND_PERSON_FOR

    def say(self, words: Words, act: Act) -> str:
        said = str(words) % {
            "name": act.organization_name,
            "id": act.organization,
            "code": act.code,
            "record": act.record,
            "plan": act.record_name or act.record,
        }
        return said.removesuffix(".") if said.endswith("..") else said  # a name may end with a dot of its own

    # --- the record it is about, and the call ---

    @abstractmethod
    def record_id(self, organization: Organization) -> str:
        """Which record it is about where its path names none; "" where the organization tells none."""

    @abstractmethod
    def read(self, api: Flowtly, record_id: str) -> R: ...

    def beside(self, api: Flowtly) -> dict[str, Callable[[str], object]]:
        """What else the first page shows of the record."""
        return {}

    @abstractmethod
    def call(self, api: Flowtly, act: Act) -> Record: ...

    # --- in words ---

    @abstractmethod
    def name_of(self, record: R) -> str: ...

    @abstractmethod
    def facts(self, record: R, zone: str) -> list[Fact]: ...

    @abstractmethod
    def warnings(self, organization: Organization | None, record: Result[R], zone: str) -> Iterator[str]: ...

    # --- whether it was done ---

    @abstractmethod
    def can_show(self, raw: Raw) -> bool:
        """Whether a record could show that it was done."""

    @abstractmethod
    def outcome(self, was: Raw, now: Raw, code: str) -> Outcome:
        """What a record tells of it. Where it has never shown such a thing, silence is no answer."""

    def record_in(self, answer: Raw) -> str:
        """The id of the record that Flowtly's answer is about, "" where it names none."""
        return ""

    def ending(self, now: Raw) -> Ending:
        """From when it is done, where a record says that this is later."""
        return Ending()

    def watch(self, raw: Raw) -> dict[str, Any]:
        return {name: raw[name] for name in self.watched if name in raw}

    def can_settle(self, open_: Open) -> bool:
        """Whether looking at the record may settle one whose answer is lost."""
        return bool(open_.before and open_.record and self.can_show(open_.before))

    def look(self, api: Flowtly, record_id: str, was: Raw, code: str) -> tuple[Outcome, R]:
        """The record as it is now, and what that tells."""
        now = self.read(api, record_id)
        return self.outcome(was, now.raw, code), now

    def look_for(self, api: Flowtly, open_: Open) -> Outcome:
        code = str(open_.sent.get(api.names.coupon_field, ""))
        return self.look(api, open_.record, open_.before, code)[0]
