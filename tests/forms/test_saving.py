"""A write, whatever happens to it: one act at most, and no false word about what became of it.

Each fault meets a change, an addition and a deletion, once with a server that acts and once with one that does not.
What the page says, what the trail says and what is left open are held against what the API then really holds.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection as database
from django.utils import timezone

from dashboard.audit import operations, outcomes
from dashboard.audit.models import Entry, Open, Operation, Phase
from dashboard.flowtly import Flowtly, errors
from dashboard.forms import saving
from dashboard.upstream import connection
from tests.support.markup import Answer, CheckedClient, hidden_of
from tests.support.sandbox import Sandbox

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

    def send(self, client: CheckedClient) -> Answer:
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


def word(client: CheckedClient, answer: Answer) -> tuple[str, bool]:
    """The word on the page that comes of it, and whether it says that something shows."""
    page = (client.get(answer["Location"]) if answer.status_code == 302 else answer).content.decode()
    found = re.findall(r'data-outcome="([^"]+)"( data-visible="no")?', page)
    assert len(found) == 1, found
    return found[0][0], not found[0][1]


def writes(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [r for r in sandbox.requests() if r["method"] != "GET" and "/login" not in r["path"]]


def in_the_trail() -> str:
    (entry,) = outcomes.with_outcomes(Entry.objects.filter(phase=Phase.INTENT))
    return str(entry.outcome)


def make_hasty(settings: Any) -> None:
    """A write that is not answered is given up after a moment. No other write is in such a hurry."""
    settings.FLOWTLY_WRITE_TIMEOUT = 0.6
    connection.forget()


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
    name: str, acts: bool, backoffice: CheckedClient, sandbox: Sandbox, settings: Any
) -> None:
    case = CASES[name]
    if case.fault.keys() & {"hang", "slow_headers", "drip"}:
        make_hasty(settings)
    for way in ways():
        sandbox.faults(way.match, {**case.fault, **({} if case.times else {"act": acts})}, times=case.times)
        sandbox.clear_requests()
        Entry.objects.all().delete()
        Open.objects.all().delete()

        answer = way.send(backoffice)
        said, shows = word(backoffice, answer)

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


# --- before it is sent ---


class TestNeverSent:
    def test_a_record_that_cannot_be_read_sends_nothing_and_keeps_what_was_typed(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        form = backoffice.hidden(RECORD)
        sandbox.faults("GET /locations/1", {"status": 403})
        answer = backoffice.post(RECORD, {**form, **TYPED})
        assert answer.status_code == 503
        assert word(backoffice, answer) == ("not-sent", True)
        assert writes(sandbox) == []
        sandbox.clear_faults()
        page = answer.content.decode()
        assert 'value="Nieuwe Kade"' in page
        answer = backoffice.post(RECORD, {**hidden_of(page), **TYPED})
        assert answer.status_code == 302
        assert api().locations.get("1").name == "Nieuwe Kade"

    def test_a_list_that_cannot_be_read_sends_no_addition(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        form = backoffice.hidden(NEW)
        sandbox.faults("GET /locations", {"status": 403})
        answer = backoffice.post(NEW, {**form, **ADDED})
        assert answer.status_code == 503
        assert word(backoffice, answer) == ("not-sent", True)
        assert f'value="{ADDED["name"]}"' in answer.content.decode()
        assert writes(sandbox) == []

    def test_with_hardly_any_time_left_it_is_not_even_tried(
        self, backoffice: CheckedClient, sandbox: Sandbox, settings: Any
    ) -> None:
        form = backoffice.hidden(RECORD)
        settings.FLOWTLY_WRITE_TIMEOUT, settings.PAGE_WRITE_TIMEOUT, settings.PAGE_REREAD_TIMEOUT = 60, 14, 2
        answer = backoffice.post(RECORD, {**form, **TYPED})
        assert word(backoffice, answer) == ("not-sent", True)
        assert answer.status_code == 503
        assert writes(sandbox) == []

    @pytest.mark.parametrize("table", ["audit_operation", "audit_saving", "audit_entry", "audit_open"])
    def test_where_our_own_database_fails_nothing_is_sent(
        self, table: str, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        form = backoffice.hidden(RECORD)
        with refusing(table, "INSERT"):
            answer = backoffice.post(RECORD, {**form, **TYPED})
        assert answer.status_code == 503
        assert word(backoffice, answer) == ("not-sent", True)
        assert 'value="Nieuwe Kade"' in answer.content.decode()
        assert writes(sandbox) == []

    @pytest.mark.parametrize("page", [RECORD, NEW])
    @pytest.mark.parametrize("spoilt", ["operation", "base", "both", "neither"])
    def test_a_form_without_both_its_signatures_is_drawn_again(
        self, spoilt: str, page: str, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        form = {} if spoilt == "neither" else backoffice.hidden(page)
        for name in {"both": ["operation", "base"]}.get(spoilt, [spoilt]):
            if name in form:
                form[name] = form[name][:-3] + "abc"
        self.is_drawn_again(backoffice, sandbox, page, form)

    def test_somebody_elses_operation_does_not_act(
        self, backoffice: CheckedClient, signed_in: Callable[[str], CheckedClient], sandbox: Sandbox
    ) -> None:
        self.is_drawn_again(backoffice, sandbox, RECORD, signed_in("backoffice2").hidden(RECORD))

    def test_an_operation_of_another_page_does_not_act(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        form = backoffice.hidden(RECORD)
        other = backoffice.hidden("/o/org_1001/locations/2/")
        self.is_drawn_again(backoffice, sandbox, RECORD, {**form, "operation": other["operation"]})
        self.is_drawn_again(backoffice, sandbox, RECORD, {**form, "base": other["base"]})

    def test_an_operation_of_yesterday_does_not_act_and_its_form_still_knows_what_it_was_drawn_from(
        self, people: Any, signed_in: Callable[[str], CheckedClient], sandbox: Sandbox, time_machine: Any
    ) -> None:
        form = signed_in("backoffice").hidden(RECORD)
        shown = api().locations.get("1")
        api().locations.update("1", {"officeCloseHour": 23})
        time_machine.move_to(timezone.now() + timedelta(hours=25))
        later = signed_in("backoffice")
        untouched = {"officeCloseHour": str(shown.office_close_hour)}
        answer = self.is_drawn_again(later, sandbox, RECORD, {**form, **untouched})
        sandbox.clear_requests()
        later.post(RECORD, {**hidden_of(answer.content.decode()), **TYPED, **untouched})
        assert [r["body"] for r in writes(sandbox)] == [{"name": "Nieuwe Kade", "officeOpenHour": 9}]

    def is_drawn_again(
        self, client: CheckedClient, sandbox: Sandbox, page: str, form: dict[str, str]
    ) -> Answer:
        before = len(writes(sandbox))
        answer: Answer = client.post(page, {**form, **TYPED})
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "data-outcome" not in text
        assert 'value="Nieuwe Kade"' in text
        assert hidden_of(text).get("operation") != form.get("operation")
        assert len(writes(sandbox)) == before
        return answer


# --- once ---


class TestOnce:
    def test_a_second_submit_is_told_what_the_first_was_told(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        form = {**backoffice.hidden(NEW), **ADDED}
        answers = [backoffice.post(NEW, form) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        page = backoffice.get(NEW).content.decode()
        assert page.count("Added Proefplein.") == 2
        assert len(writes(sandbox)) == 1

    def test_a_refusal_is_told_again_field_by_field(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        wrong = [
            {"propertyPath": "name", "message": "Too plain."},
            {"propertyPath": "", "message": "Frozen."},
        ]
        sandbox.faults("PATCH /locations/1", {"status": 422, "body": {"violations": wrong}})
        form = {**backoffice.hidden(RECORD), **TYPED}
        first, second = (backoffice.post(RECORD, form).content.decode() for _ in range(2))
        for page in (first, second):
            assert 'data-outcome="refused"' in page
            assert re.search(r'id="id_name_error"[^>]*>.*?Too plain', page, re.S)
            assert "Frozen." in page
            assert 'value="Nieuwe Kade"' in page
        assert len(writes(sandbox)) == 1

    def test_the_same_form_sent_with_other_values_does_not_pass_for_saved(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        form = backoffice.hidden(RECORD)
        backoffice.post(RECORD, {**form, **TYPED})
        answer = backoffice.post(RECORD, {**form, "name": "Nog nieuwer"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "sent before, with other values" in page
        assert 'value="Nog nieuwer"' in page
        assert len(writes(sandbox)) == 1

    def test_a_form_drawn_again_is_another_operation(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("PATCH /locations/1", {"status": 422}, times=1)
        answer = backoffice.send(RECORD, TYPED)
        again = backoffice.post(RECORD, {**hidden_of(answer.content.decode()), **TYPED})
        assert again.status_code == 302
        assert len(writes(sandbox)) == 2

    def test_nobody_waits_for_a_first_submit_that_died_long_ago(
        self, backoffice: CheckedClient, sandbox: Sandbox, people: Any, settings: Any
    ) -> None:
        form = {**backoffice.hidden(RECORD), **TYPED}
        known = operations.read(form["operation"])
        assert known is not None
        long_ago = timezone.now() - timedelta(minutes=5)
        Operation.objects.create(id=known[0], person=people["backoffice"], claimed_at=long_ago)
        settings.PAGE_WRITE_TIMEOUT = 240
        began = time.monotonic()
        answer = backoffice.post(RECORD, form)
        assert time.monotonic() - began < 240 / 4
        assert answer.status_code == 502
        assert word(backoffice, answer) == ("unknown", True)
        assert writes(sandbox) == []

    def test_a_mistake_of_our_own_is_no_claim_and_nobody_hangs_on_it(
        self, backoffice: CheckedClient, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        form = {**backoffice.hidden(RECORD), **TYPED}
        monkeypatch.setattr(saving, "_held_against", _breaks)
        for answer in (backoffice.post(RECORD, form), backoffice.post(RECORD, form)):
            assert answer.status_code == 502
            assert word(backoffice, answer) == ("unknown", True)
            assert 'value="Nieuwe Kade"' in answer.content.decode()
        assert len(writes(sandbox)) == 1


def _breaks(*_: Any) -> Any:
    raise ZeroDivisionError


# --- after an answer was lost ---


class TestUnknown:
    @pytest.fixture
    def open_(self, backoffice: CheckedClient, sandbox: Sandbox) -> Open:
        """A change whose answer was lost, and that the server has not made so far."""
        sandbox.faults("PATCH /locations/1", {"drop": "before"}, times=1)
        assert backoffice.send(RECORD, TYPED).status_code == 502
        sandbox.clear_requests()
        return Open.objects.get()

    def settle(self, client: CheckedClient, open_: Open, decision: str) -> str:
        url = f"/o/org_1001/settle/{open_.write}/"
        answer = client.post(url, {"decision": decision, "next": RECORD})
        return word(client, answer)[0]

    def test_the_record_says_so_to_whoever_comes_next_until_it_is_settled(
        self, open_: Open, backoffice: CheckedClient, signed_in: Callable[[str], CheckedClient]
    ) -> None:
        colleague = signed_in("backoffice2")
        assert f'data-doubt="{open_.write}"' in colleague.get(RECORD).content.decode()
        self.settle(colleague, open_, "not-applied")
        assert "data-doubt" not in backoffice.get(RECORD).content.decode()

    def test_what_it_shows_now_is_said_in_the_words_of_the_form(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        name = api().locations.get("1").name
        sandbox.faults("PATCH /locations/1", {"drop": "before"}, times=1)
        assert f"It now shows: Name: {name}; Opens at: " in unescape(
            backoffice.send(RECORD, TYPED).content.decode()
        )

    def test_a_repeat_sends_nothing_until_it_is_settled_and_then_does(
        self, open_: Open, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        answer = backoffice.send(RECORD, {"name": "Iets anders"})
        assert answer.status_code == 503
        assert word(backoffice, answer) == ("not-sent", True)
        assert writes(sandbox) == []
        self.settle(backoffice, open_, "not-applied")
        assert backoffice.send(RECORD, TYPED).status_code == 302
        assert [r["body"]["name"] for r in writes(sandbox)] == ["Nieuwe Kade"]

    def test_the_same_addition_is_blocked_and_another_is_not(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("POST /locations", {"drop": "before"}, times=1)
        backoffice.send(NEW, ADDED)
        sandbox.clear_requests()
        answer = backoffice.send(NEW, ADDED)
        assert word(backoffice, answer) == ("not-sent", True)
        assert writes(sandbox) == []
        assert "data-doubt" in backoffice.get(NEW).content.decode()
        assert (
            "Added Iets anders."
            in backoffice.send(NEW, {"name": "Iets anders"}, follow=True).content.decode()
        )
        self.settle(backoffice, Open.objects.get(), "not-applied")
        assert backoffice.send(NEW, ADDED).status_code == 302
        assert len(named(ADDED["name"])) == 1

    def test_not_applied_is_said_only_after_a_minute(
        self, open_: Open, backoffice: CheckedClient, settings: Any, time_machine: Any
    ) -> None:
        settings.FLOWTLY_WRITE_TIMEOUT = 0.6
        assert self.settle(backoffice, open_, "look") == "unknown"
        time_machine.move_to(open_.at + timedelta(seconds=60.5), tick=False)
        assert self.settle(backoffice, open_, "look") == "unknown"
        time_machine.move_to(open_.at + timedelta(seconds=60.6))
        assert self.settle(backoffice, open_, "look") == "not-applied"
        assert in_the_trail() == "not-applied"
        assert not Open.objects.exists()

    @pytest.mark.parametrize("number", [0, 1])
    def test_a_server_that_acts_when_nobody_waits_any_more_is_found_out(
        self, number: int, backoffice: CheckedClient, sandbox: Sandbox, settings: Any
    ) -> None:
        make_hasty(settings)
        way = ways()[number]
        sandbox.faults(way.match, {"act_after": 3600})
        answer = way.send(backoffice)
        assert word(backoffice, answer) == ("unknown", True)
        assert not way.done()
        sandbox.act_now()
        assert self.settle(backoffice, Open.objects.get(), "look") == "applied"
        assert in_the_trail() == "applied"
        assert way.done() == 1

    def test_a_record_that_is_neither_as_it_was_nor_as_it_was_sent_does_not_tell(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        """Ours may have been applied and then overwritten: even a complete failure is no "no" then."""
        sandbox.faults("PATCH /locations/1", {"status": 500})
        form = {**backoffice.hidden(RECORD), **TYPED}
        sandbox.faults("GET /locations/1", {"merge": {}}, times=1)
        sandbox.faults("GET /locations/1", {"merge": {"name": "Van een ander"}})
        answer = backoffice.post(RECORD, form)
        assert word(backoffice, answer) == ("unknown", True)
        assert Open.objects.exists()

    def test_two_that_could_be_the_addition_do_not_tell(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        form = {**backoffice.hidden(NEW), **ADDED}
        twins = [{"id": 901, "name": ADDED["name"], "officeOpenHour": 9}, {"id": 902, "name": "PROEFPLEIN "}]
        sandbox.faults("POST /locations", {"status": 500})
        sandbox.faults("GET /locations", {"merge": {}}, times=1)
        sandbox.faults("GET /locations", {"replace": twins})
        for twin in twins:
            sandbox.faults(
                f"GET /locations/{twin['id']}", {"status": 200, "body": {**twin, "officeOpenHour": 8}}
            )
        assert word(backoffice, backoffice.post(NEW, form)) == ("unknown", True)


def test_an_accepted_change_of_which_a_field_is_left_as_it_was_says_so(
    backoffice: CheckedClient, sandbox: Sandbox
) -> None:
    shown = api().locations.get("1")
    left = {**shown.raw, "name": "Nieuwe Kade"}
    sandbox.faults("PATCH /locations/1", {"status": 200, "body": left})
    form = {**backoffice.hidden(RECORD), **TYPED}
    sandbox.faults("GET /locations/1", {"merge": {}}, times=1)
    sandbox.faults("GET /locations/1", {"replace": left})
    page = backoffice.post(RECORD, form, follow=True).content.decode()
    assert 'data-outcome="applied"' in page
    assert "Flowtly left this as it was: Opens at." in page


class refusing:  # noqa: N801 - reads as a sentence where it is used
    """A table that takes no more rows of one kind of statement."""

    def __init__(self, table: str, statement: str) -> None:
        self.name = f"refuse_{table}"
        self.sql = (
            f"CREATE TRIGGER {self.name} BEFORE {statement} ON {table} "
            f"BEGIN SELECT there_is_no_such_function(); END"
        )

    def __enter__(self) -> None:
        with database.cursor() as cursor:
            cursor.execute(self.sql)

    def __exit__(self, *_: object) -> None:
        with database.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {self.name}")
