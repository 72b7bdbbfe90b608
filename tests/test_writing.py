"""A write, whatever happens to it: one act at most, and no false word about what became of it.

Each fault meets a change, an addition and a deletion, once with a server that acts and once with one that does not.
What the page says, what the trail says and what is left open are held against what the API then really holds.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse

from dashboard import connection
from dashboard.audit import history
from dashboard.audit.models import Entry, Open, Phase
from dashboard.flowtly import Flowtly, errors
from tests.markup import CheckedClient, hidden_of
from tests.sandbox.running import Sandbox

RECORD = "/o/org_1001/locations/1/"
NEW = "/o/org_1001/locations/new/"
TYPED = {"name": "Nieuwe Kade", "officeOpenHour": "9"}
ADDED = {"name": "Proefplein", "officeOpenHour": "9"}
STATUS = {
    "applied": 302, "unchanged": 302, "refused": 422, "conflict": 409,
    "not-sent": 503, "not-applied": 502, "unknown": 502,
}  # fmt: skip


def api() -> Flowtly:
    """The API asked directly, to see what it holds."""
    return connection.flowtly("what-it-holds").within("kwelgeest_7f3a")


def named(name: str) -> list[Any]:
    return [each for each in api().locations.every().items if each.name == name]


@dataclass(frozen=True)
class Way:
    """A way of writing: the form's page, what is typed there, the call it makes, how often that was done."""

    page: str
    typed: dict[str, str]
    match: str
    done: Callable[[], int]
    has_body: bool = True  # in its answer

    def send(self, client: CheckedClient) -> HttpResponse:
        return client.send(self.page, self.typed)


def ways() -> list[Way]:
    address = api().addresses.every().items[-1]
    return [
        Way(RECORD, TYPED, "PATCH /locations/1", lambda: int(api().locations.get("1").name == TYPED["name"])),
        Way(NEW, ADDED, "POST /locations", lambda: len(named(ADDED["name"]))),
        Way(
            f"/o/org_1001/addresses/{address.id}/delete/",
            {},
            f"DELETE /organization-addresses/{re.escape(address.id)}",
            lambda: int(not _is_there(address.id)),
            has_body=False,
        ),
    ]


def _is_there(address: str) -> bool:
    try:
        return bool(api().addresses.get(address))
    except errors.NotFound:
        return False


def word(client: CheckedClient, answer: HttpResponse) -> tuple[str, bool]:
    """The word on the page that comes of it, and whether it says that something shows."""
    page = (client.get(answer["Location"]) if answer.status_code == 302 else answer).content.decode()
    found = re.findall(r'data-outcome="([^"]+)"( data-visible="no")?', page)
    assert len(found) == 1, found
    return found[0][0], not found[0][1]


def writes(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [r for r in sandbox.requests() if r["method"] != "GET" and not r["path"].endswith("/login")]


def in_the_trail() -> str:
    (entry,) = history.with_outcomes(Entry.objects.filter(phase=Phase.INTENT))
    return str(entry.outcome)


@pytest.fixture
def hasty(sandbox: Sandbox, backoffice: CheckedClient, settings: Any) -> CheckedClient:
    """Somebody for whom a write is given up after a moment."""
    settings.FLOWTLY_WRITE_TIMEOUT = 0.6
    connection.forget()
    return backoffice


# --- the table ---


@dataclass(frozen=True)
class Case:
    """`acted` and `idle`: the word where the server did it, and where it did not."""

    fault: dict[str, Any]
    acted: str = ""
    idle: str = ""
    times: int | None = None
    empty_is_fine: bool = False  # an answer that has no body by nature arrives whole all the same
    calls: int = 1
    shows: bool = True


PROXY = "<html><h1>Bad gateway</h1></html>"
LATER = "Wed, 21 Oct 2099 07:28:00 GMT"
OK = "HTTP/1.1 200 OK\r\nContent-Type: application/ld+json\r\nContent-Length: 12\r\n\r\n"
CASES = {
    "answered": Case({"delay": 0.0}, acted="applied"),
    "closed before it acts": Case({"drop": "before"}, idle="unknown"),
    "closed after it acted": Case({"drop": "after"}, acted="applied"),
    "silent": Case({"hang": 30}, acted="applied", idle="unknown"),
    "slow headers": Case({"slow_headers": 30}, acted="applied", idle="unknown"),
    "a dripping body": Case({"drip": 2}, acted="applied", idle="unknown", empty_is_fine=True),
    "broken off": Case({"truncate": 5}, acted="applied", idle="unknown", empty_is_fine=True),
    "garbage": Case({"raw": "\x00\x01 garbage\r\n\r\n"}, acted="applied", idle="unknown"),
    "invalid JSON": Case({"status": 200, "body": "{not json"}, acted="applied", idle="unknown"),
    "invalid UTF-8": Case({"raw": OK + "{\"name\":\"\xff\"}"}, acted="applied", idle="unknown"),
    "200,000 arrays": Case({"status": 200, "body": "[" * 200_000}, acted="applied", idle="unknown"),
    "an empty 200": Case({"status": 200, "body": ""}, acted="applied", idle="applied", shows=False),
    "an HTML 200": Case({"status": 200, "body": PROXY}, acted="applied", idle="unknown"),
    "a redirect": Case({"status": 302, "headers": {"Location": "http://elsewhere.example/"}}, "applied", "unknown"),
    "500, whole": Case({"status": 500}, acted="applied", idle="not-applied"),
    "500, a proxy's": Case({"status": 500, "body": PROXY}, acted="applied", idle="unknown"),
    "502": Case({"status": 502, "body": PROXY}, acted="applied", idle="unknown"),
    "503": Case({"status": 503, "body": PROXY}, acted="applied", idle="unknown"),
    "504": Case({"status": 504, "body": PROXY}, acted="applied", idle="unknown"),
    "400": Case({"status": 400}, idle="refused"),
    "401 once": Case({"status": 401}, idle="applied", times=1, calls=2),
    "401 always": Case({"status": 401}, idle="refused", calls=2),
    "403": Case({"status": 403}, idle="refused"),
    "404": Case({"status": 404}, idle="refused"),
    "405": Case({"status": 405}, idle="refused"),
    "406": Case({"status": 406}, idle="refused"),
    "409": Case({"status": 409}, idle="conflict"),
    "413": Case({"status": 413}, idle="refused"),
    "415": Case({"status": 415}, idle="refused", calls=2),
    "422": Case({"status": 422, "violations": [{"propertyPath": "name", "message": "No."}]}, idle="refused"),
    "422 about nothing": Case({"status": 422, "body": {"violations": [{"message": "No."}]}}, idle="refused"),
    "422 deep": Case({"status": 422, "violations": [{"propertyPath": "a[0].b", "message": "No."}]}, idle="refused"),
    "422 of another shape": Case({"status": 422, "body": {"code": 422, "message": "No."}}, idle="refused"),
    "422 in HTML": Case({"status": 422, "body": PROXY}, idle="refused"),
    "429": Case({"status": 429, "headers": {"Retry-After": "1"}}, idle="refused"),
    "429 until a date": Case({"status": 429, "headers": {"Retry-After": LATER}}, idle="refused"),
    "429 with nonsense": Case({"status": 429, "headers": {"Retry-After": "soon"}}, idle="refused"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "acts"),
    [(name, acts) for name, case in CASES.items() for acts in (True, False) if (case.acted if acts else case.idle)],
)  # fmt: skip
def test_one_act_at_most_and_no_false_word(
    name: str, acts: bool, hasty: CheckedClient, sandbox: Sandbox
) -> None:
    case = CASES[name]
    for way in ways():
        sandbox.faults(way.match, {**case.fault, **({} if case.times else {"act": acts})}, times=case.times)
        sandbox.clear_requests()
        Entry.objects.all().delete()
        Open.objects.all().delete()

        answer = way.send(hasty)
        said, shows = word(hasty, answer)

        arrives_whole = case.empty_is_fine and not way.has_body
        expected = "applied" if arrives_whole else case.acted if acts else case.idle
        assert said == expected, way.match
        assert answer.status_code == STATUS[said]
        assert shows is (acts or case.times is not None or (case.shows and not arrives_whole)), way.match
        assert len(writes(sandbox)) <= case.calls, way.match
        assert_true(said, shows, way)
        assert in_the_trail() == said
        assert Open.objects.exists() is (said == "unknown")
        if said != "applied":
            assert_kept(way, answer.content.decode())


def assert_true(said: str, shows: bool, way: Way) -> None:
    if said == "applied":
        assert way.done() == (1 if shows else 0), way.match
    elif said == "unknown":
        assert way.done() <= 1
    else:
        assert not way.done(), f"{way.match} was done, and the page says {said}"


def assert_kept(way: Way, page: str) -> None:
    """What was typed, and a form that can be sent again."""
    for name in ("operation", "base"):
        assert name in hidden_of(page)
    if way.typed:
        assert f'value="{way.typed["name"]}"' in page
        assert '<option value="9" selected>' in page
