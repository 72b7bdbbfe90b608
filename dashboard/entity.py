"""Registry of entities: what the rest of the site has to know of each kind of record, said once.

A package of `entities/` declares its own in `ENTITIES` of its `__init__.py`; `settings.ENTITIES` lists the packages, in
the order of the menu. Menu, URLs, roles, search, exports, notes, reconciling, the counts of a clearing, the table of
endpoints and the contract tests are derived from it.

This module is below `web/`, so a package can be imported before any view is: functions are dotted names, pages are
URL names, and both are looked up when they are used.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Literal, Protocol, TypeVar, cast

from django.conf import settings
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from dashboard.flowtly import Flowtly
from dashboard.flowtly.calls import Filters
from dashboard.flowtly.resources.pagination import Every, Page
from dashboard.flowtly.resources.records import Record
from dashboard.flowtly.resources.walk import Step

Words = str | Promise
R = TypeVar("R", bound=Record)


class MenuGroup(TextChoices):
    """Headings of the menu, in its order. All but the last are of the organization that is open."""

    ORGANIZATION = "organization", _("Organization")
    PLACES = "places", _("People & places")
    CLIENTS = "clients", _("Clients")
    BILLING = "billing", _("Billing")
    SETTINGS = "settings", _("Settings")
    FLOWTLY = "flowtly", _("Flowtly")


@dataclass(frozen=True)
class MenuItem:
    """An entry of the menu: of an entity, or of an application that has it as `menu` of its AppConfig."""

    label: Words
    url_name: str  # its namespace says which section the page belongs to
    icon: str
    group: MenuGroup = MenuGroup.FLOWTLY
    permission: str = ""  # or several, of which any will do
    key: str = ""  # the letter that goes there, after a g
    order: int = 0  # within the group
    waiting: str = ""  # dotted name of a function of the request: the rows that wait there for this person
    counted: Words = ""  # what is counted, to be read aloud
    sections: tuple[str, ...] = ()  # namespaces of other pages that belong to it

    @property
    def inside(self) -> bool:
        """Whether it is of the organization that is open."""
        return self.group != MenuGroup.FLOWTLY


class Collection(Protocol[R]):
    """What a resource of the client offers to whoever need not know which one it is."""

    @property
    def path(self) -> str: ...
    @property
    def record(self) -> type[R]: ...
    def filters(self) -> frozenset[str] | None: ...
    def get(self, identifier: str) -> R: ...
    def find(self, identifier: str, /) -> R: ...
    def list(self, page: int = ..., items: int = ..., filters: Filters = ...) -> Page[R]: ...
    def every(self, filters: Filters = ..., most: int = ...) -> Every[R]: ...
    def stream(self, filters: Filters = ...) -> Iterator[Step[R]]: ...


@dataclass(frozen=True)
class Pages:
    """The URL names of an entity's pages, "" where there is none."""

    list: str = ""
    new: str = ""
    edit: str = ""  # of a record that can be changed,
    show: str = ""  # or only be read
    delete: str = ""
    argument: str = ""  # what the record's page calls the id
    query: str = ""  # or the parameter of the list that stands for a page of its own

    @property
    def record(self) -> str:
        return self.edit or self.show


@dataclass(frozen=True)
class Search:
    """How records are found: by their address always, and `by` what else. `title` says what one is called: an
    attribute of the record, or a dotted function of it; "" where nothing but its id does. Lower ranks come first."""

    by: tuple[Literal["id", "words", "email", "number"], ...] = ()
    title: str = "name"
    rank: int = 9
    finder: str = ""  # dotted: its own way to look, see `search.query`
    optional: bool = False  # an installation may not have the collection


@dataclass(frozen=True)
class Entity:
    """A kind of record. `name` is the word for it in the trail, and in its addresses here."""

    name: str
    one: Words
    many: Words
    # The API: the path of its collection, and the client's attribute that reads it.
    path: str = ""
    resource: str = ""
    of_organization: bool = True  # or there is one list of them for all
    # Where Flowtly gives a record otherwise than it is sent: the resource (dotted, made of the client) that reads it
    # in one spelling, to tell whether a write whose answer is lost was done.
    as_sent: str = ""
    # Its pages: their URLs (dotted) stand below its name within an organization.
    urls: str = ""
    pages: Pages = Pages()
    # Its place in the menu, with the letter that goes there after a g; other items that it has.
    icon: str = ""
    key: str = ""
    group: MenuGroup = MenuGroup.FLOWTLY
    sections: tuple[str, ...] = ()
    menu: tuple[MenuItem, ...] = ()
    # Who may: the row of `accounts.roles`, and what change_… is for, as the beginning of a sentence. Or the entity
    # whose permissions it goes by.
    area: str = ""
    changing: Words = ""
    permission: str = ""
    search: Search | None = None
    # Its export: dotted functions of the request. What the list filters by; and what gives the rows, if not the
    # resource itself.
    plan: str = ""
    rows: str = ""
    noted: bool = False  # whether notes can be written about a record
    clearing: Literal["", "emptied", "counted"] = ""  # what clearing an organization does to it
    # Whether the API's published pages list the calls of the pages above; and what they list besides: method, path,
    # and the name of the page that covers it.
    published: bool = True
    endpoints: tuple[tuple[str, str, str], ...] = ()

    @property
    def view_permission(self) -> str:
        return f"view_{self.permission or self.name}"

    @property
    def change_permission(self) -> str:
        return f"change_{self.permission or self.name}"

    @property
    def collection(self) -> str:
        """The collection as the API's addresses name it."""
        return self.path.strip("/")

    def of(self, api: Flowtly) -> Collection[Record]:
        return cast(Collection[Record], getattr(api, self.resource))

    def as_sent_of(self, api: Flowtly) -> Collection[Record]:
        return cast(Collection[Record], call(self.as_sent, api)) if self.as_sent else self.of(api)

    def title_of(self, record: Record) -> str | None:
        title = self.search.title if self.search else ""
        return call(title, record) if "." in title else getattr(record, title, None) if title else None

    def menu_items(self) -> Iterator[MenuItem]:
        if self.icon:
            page, may = self.pages.list, self.view_permission
            yield MenuItem(self.many, page, self.icon, self.group, may, self.key, sections=self.sections)
        yield from self.menu

    def every_endpoint(self) -> Iterator[tuple[str, str, str]]:
        """Method, path and page of all that the API's published pages list of it."""
        one, pages = f"{self.path}/{{id}}", self.pages
        usual = (
            ("GET", self.path, pages.list),
            ("POST", self.path, pages.new),
            ("GET", one, pages.record),
            ("PATCH", one, pages.edit),
            ("DELETE", one, pages.delete),
        )
        if self.published:
            yield from (each for each in usual if each[2])
        yield from self.endpoints


def get(name: str) -> Entity | None:
    """The entity of this name in the trail."""
    return registry().get(name)


def entities() -> tuple[Entity, ...]:
    return tuple(registry().values())


@cache
def registry() -> dict[str, Entity]:
    """Every entity by its name, in the order of `settings.ENTITIES`."""
    packages = [import_module(name) for name in settings.ENTITIES]
    found: list[Entity] = [each for package in packages for each in package.ENTITIES]
    return {each.name: each for each in found}


def searchable() -> dict[str, Entity]:
    """Entities that can be found, by the collection's name at the API, those that are looked for most first."""
    found = [(each.search.rank, each) for each in entities() if each.search]
    return {each.collection: each for _rank, each in sorted(found, key=lambda pair: pair[0])}


def call(dotted: str, *arguments: object) -> Any:
    """Calls what a declaration names."""
    return import_string(dotted)(*arguments)
