"""Reference data: countries, languages, currencies. The published reference gives each nothing but an id."""

from dataclasses import dataclass

from dashboard.flowtly.resources.base import Creates, Gets, Lists
from dashboard.flowtly.resources.records import Record, text


@dataclass(frozen=True)
class Country(Record):
    """`id` is an ISO 3166 alpha-2 code (assumed); `name` only if the API ever gives one."""

    name: str | None = text()


@dataclass(frozen=True)
class Language(Record):
    """`id` is an ISO 639 code or a locale (assumed)."""

    name: str | None = text()


@dataclass(frozen=True)
class Currency(Record):
    """`id` is an ISO 4217 code. The collection itself is assumed; it may answer 404."""

    name: str | None = text()


class Countries(Lists[Country], Gets[Country]):
    path = "/countries"
    record = Country


class Languages(Lists[Language], Gets[Language], Creates[Language]):
    """Adding one cannot be taken back: the published reference has neither patch nor delete."""

    path = "/languages"
    creates = ("id",)
    record = Language


class Currencies(Lists[Currency]):
    path = "/currencies"
    optional = True
    record = Currency
