"""Countries, languages and currencies: short lists that other records refer to."""

from dashboard.sandbox.call import Call
from dashboard.sandbox.declarations import Record, Resource, Route
from dashboard.sandbox.fields import Field, read_only
from dashboard.sandbox.names import Names
from dashboard.sandbox.operations import creates, gets, lists
from dashboard.sandbox.refusals import Violation
from dashboard.sandbox.rules import LOCALE


def check_language(call: Call, record: Record) -> list[Violation]:
    if call.store.get(call.tenant, "languages", str(record.get("id"))) is None:
        return []
    return [Violation("id", "This value is already used.", "23bd9dbf-6b9b-41cd-a99e-4844bcf3077f")]


COUNTRIES = Resource("/countries", "Country", read_only("id"), shared=True)
LANGUAGES = Resource(
    "/languages",
    "Language",
    (Field("id", required=True, rules=(LOCALE,)),),
    check=check_language,
)
CURRENCIES = Resource(
    "/currencies",
    "Currency",
    read_only("id"),
    shared=True,
    available=lambda call: call.switches.currencies,
)


def routes(names: Names) -> list[Route]:
    return [
        lists(COUNTRIES),
        gets(COUNTRIES),
        lists(LANGUAGES),
        creates(LANGUAGES),
        gets(LANGUAGES),
        lists(CURRENCIES),
        gets(CURRENCIES),
    ]
