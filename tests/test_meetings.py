"""Meetings of an organization, from the page to what goes over the wire."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard import connection, listing
from dashboard.accounts.models import Person
from dashboard.meetings import moments
from dashboard.words import zones
from tests.markup import CheckedClient, hidden_of
from tests.sandbox.running import Sandbox

LIST = "/o/org_1001/meetings/"
NEW = f"{LIST}new/"
FILLED = {"dateFrom": "2031-05-06T10:00", "dateTo": "2031-05-06T11:30", "notes": "Jaargesprek"}
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
PART = {"HX-Request": "true", "HX-Target": "employee-part"}


def writes(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [r for r in sandbox.requests() if r["method"] != "GET" and "/meetings" in r["path"]]


def bodies(sandbox: Sandbox) -> list[Any]:
    return [r["body"] for r in writes(sandbox)]


def reads(sandbox: Sandbox, path: str = "/meetings") -> list[dict[str, Any]]:
    return [r for r in sandbox.requests() if r["method"] == "GET" and r["path"].endswith(path)]


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def meetings_on(page: str) -> list[str]:
    """The URLs of the meetings on a calendar or a list."""
    return re.findall(rf'<a href="({LIST}[0-9a-f-]{{36}}/)"', page)


def day(page: str, number: int) -> str:
    """The cell of a day of the month that is shown."""
    cells = re.findall(rf"<td [^>]*>.{{0,40}}>{number}</span>.*?</td>", page, re.S)
    return next((cell for cell in cells if 'class="muted"' not in cell), cells[0])


def shown(page: str, name: str) -> str:
    """What the form's field of that name shows."""
    found = re.search(rf'<input type="[a-z-]+" name="{name}"(?: value="([^"]*)")?', page)
    assert found, name
    return unescape(found[1] or "")


def chosen(page: str) -> tuple[str, str]:
    (option,) = re.findall(r'<option value="(/[^"]*)" selected>([^<]+)</option>', page)
    return option


def choices(page: str) -> dict[str, str]:
    select = page[page.index('<select name="employee" id="id_employee"') :]
    return dict(
        re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)</option>', select[: select.index("</select>")])
    )


def nothing_announced(sandbox: Sandbox) -> None:
    """An API that does not say which filters it has."""
    connection.forget()
    listing.forget_all()
    sandbox.settings(mappings="hidden", docs="off")


def posted(page: str) -> dict[str, str]:
    """What a browser sends for a form that nobody touched."""
    text = unescape(page)
    notes = re.search(r'<textarea name="notes"[^>]*>\n?(.*?)</textarea>', text, re.S)
    employee = re.findall(r'<option value="([^"]*)" selected>', text)
    moments = {name: shown(page, name) for name in ("dateFrom", "dateTo", "time")}
    return {**hidden_of(page), **moments, "notes": notes[1] if notes else "", "employee": "".join(employee[-1:]),
            "employee-q": "", "employee-found": ""}  # fmt: skip


@pytest.fixture
def made(backoffice: CheckedClient, sandbox: Sandbox) -> Callable[..., str]:
    """Adds a meeting through the page; its URL."""

    def make(**fields: str) -> str:
        wanted = {**FILLED, **fields}
        before = set(
            meetings_on(text(backoffice.get(LIST, {"view": "list", "day": wanted["dateFrom"][:10]})))
        )
        answer = backoffice.send(NEW, wanted)
        assert answer.status_code == 302, text(answer)
        after = meetings_on(text(backoffice.get(LIST, {"view": "list", "day": wanted["dateFrom"][:10]})))
        (url,) = set(after) - before
        sandbox.clear_requests()
        return url

    return make


@pytest.fixture
def url(made: Callable[..., str]) -> str:
    """A meeting of our own, on a morning in May 2031."""
    return made()


@pytest.fixture
def iri(sandbox: Sandbox) -> Callable[[int], str]:
    """An employee as this API names one in a meeting."""
    before = "/api/employees" if sandbox.names["iris"] == "prefixed" else "/employees"
    return lambda number: f"{before}/emp_{number:03}"


class TestMonth:
    def test_shows_the_month_that_is_asked_for_with_each_meeting_on_its_day(
        self, backoffice: CheckedClient, url: str
    ) -> None:
        page = text(backoffice.get(LIST, {"month": "2031-05"}))
        assert "May 2031" in page
        assert url in day(page, 6)
        assert "<b>10:00</b>" in day(page, 6)
        assert meetings_on(page) == [url]

    def test_weeks_begin_on_monday_and_hold_the_whole_month(self, backoffice: CheckedClient) -> None:
        page = text(backoffice.get(LIST, {"month": "2031-05"}))
        assert re.findall(r'<th scope="col"><span aria-hidden="true">(\w+)', page)[0] == "Mon"
        numbers = [int(number) for number in re.findall(r'class="date" aria-hidden="true">(\d+)<', page)]
        assert numbers == [28, 29, 30, *range(1, 32), 1]

    @pytest.mark.parametrize("month", ["2026-02", "2027-02", "2026-11", "2028-02", "2026-08"])
    def test_every_month_is_whole(self, backoffice: CheckedClient, month: str) -> None:
        page = text(backoffice.get(LIST, {"month": month}))
        numbers = [int(number) for number in re.findall(r'class="date" aria-hidden="true">(\d+)<', page)]
        assert len(numbers) % 7 == 0
        first = numbers.index(1)
        last = (date.fromisoformat(f"{month}-01") + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        assert numbers[first : first + last.day] == list(range(1, last.day + 1))
        assert first < 7
        assert len(numbers) - first - last.day < 7

    def test_leads_to_the_months_before_and_after_over_the_turn_of_a_year(
        self, backoffice: CheckedClient
    ) -> None:
        page = text(backoffice.get(LIST, {"month": "2026-12"}))
        assert '?month=2026-11"' in page
        assert '?month=2027-01"' in page

    def test_without_a_month_it_is_this_one_with_today_marked(self, backoffice: CheckedClient) -> None:
        today = datetime.now(AMSTERDAM).date()
        page = text(backoffice.get(LIST))
        (marked,) = re.findall(r'<td [^>]*aria-current="date"[^>]*><span[^>]*>(\d+)<', page)
        assert int(marked) == today.day

    def test_what_is_no_month_is_said_and_this_month_shown(self, backoffice: CheckedClient) -> None:
        for wrong in ("2026-13", "never", "26-1", "0000-01", "9999-12"):
            page = text(backoffice.get(LIST, {"month": wrong}))
            assert f"“{wrong}” is no month or day" in page
            assert 'aria-current="date"' in page

    def test_of_a_day_with_many_three_are_shown_and_the_rest_is_a_link_to_the_days_list(
        self, backoffice: CheckedClient, made: Callable[..., str]
    ) -> None:
        urls = [
            made(dateFrom=f"2031-05-06T{hour:02}:00", dateTo=f"2031-05-06T{hour:02}:30")
            for hour in range(8, 13)
        ]
        cell = day(text(backoffice.get(LIST, {"month": "2031-05"})), 6)
        assert meetings_on(cell) == urls[:3]
        assert "+2 more" in cell
        (more,) = re.findall(r'href="(\?[^"]+)"', cell)
        page = text(backoffice.get(LIST + more))
        assert meetings_on(page) == urls
        assert "Tuesday 6 May 2031" in page
        assert "?month=2031-05" in page

    def test_a_cancelled_meeting_is_struck_through_and_says_so(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        row = {"id": "m1", "status": "cancelled", "dateFrom": "2031-05-06T08:00:00+00:00"}
        sandbox.faults("GET /meetings", {"replace": [row]})
        page = text(backoffice.get(LIST, {"month": "2031-05"}))
        assert "<s>10:00 nobody</s>" in page
        assert "(Cancelled)" in page

    def test_an_empty_month_says_so_and_offers_the_first(self, backoffice: CheckedClient) -> None:
        page = text(backoffice.get(LIST, {"month": "2044-03"}))
        assert "Kwelgeest Groep has no meetings in March 2044" in page
        assert NEW in page

    def test_names_the_employees(
        self, backoffice: CheckedClient, sandbox: Sandbox, made: Any, iri: Any
    ) -> None:
        made(employee=iri(1))
        page = day(text(backoffice.get(LIST, {"month": "2031-05"})), 6)
        assert "Daniël Bakker" in page

    def test_an_employee_that_the_list_embeds_or_nobody_knows_is_named_as_well_as_can_be(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        at = {"dateFrom": "2031-05-06T08:00:00+00:00", "dateTo": "2031-05-06T09:00:00+00:00"}
        rows = [
            {"id": "m1", **at, "employee": {"@id": "/employees/x1", "id": "x1", "fullName": "Fleur Één"}},
            {"id": "m2", **at, "employee": "/employees/x2"},
            {"id": "m3", **at, "employee": ["x3"]},
        ]
        sandbox.faults("GET /meetings", {"replace": rows})
        page = text(backoffice.get(LIST, {"view": "list", "month": "2031-05"}))
        assert "Fleur Één" in page
        assert ">x2<" in page

    def test_two_of_one_name_are_told_apart(self, backoffice: CheckedClient) -> None:
        page = text(backoffice.get(NEW))
        twice = [name for name in choices(page).values() if name.startswith("Noor Bakker")]
        assert len(twice) > 1
        assert len(set(twice)) == len(twice)
        assert all("emp_" in name for name in twice)

    def test_without_employees_it_shows_their_ids(self, backoffice: CheckedClient, sandbox: Sandbox, made: Any, iri: Any) -> None:  # fmt: skip
        made(employee=iri(1))
        sandbox.settings(employees=False)
        listing.forget_all()
        assert "emp_001" in day(text(backoffice.get(LIST, {"month": "2031-05"})), 6)

    def test_flowtly_failing_leaves_the_way_to_other_months_and_a_retry(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /meetings", {"status": 500})
        answer = backoffice.get(LIST, {"month": "2031-05"})
        assert answer.status_code in {502, 503}
        assert "Try again" in text(answer)
        assert "?month=2031-06" in text(answer)

    def test_employees_failing_leaves_the_calendar_standing(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        listing.forget_all()
        sandbox.faults("GET /employees", {"status": 500})
        answer = backoffice.get(LIST, {"month": "2031-05"})
        assert answer.status_code == 200
        assert url in text(answer)

    def test_comes_alone_for_htmx(self, backoffice: CheckedClient) -> None:
        asked = {"HX-Request": "true", "HX-Target": "meetings-month"}
        page = backoffice.get(LIST, {"month": "2031-05"}, headers=asked).content.decode()
        assert page.strip().startswith("<section")
        assert "<html" not in page


class TestList:
    def test_shows_the_month_in_order_with_time_state_and_notes(
        self, backoffice: CheckedClient, made: Callable[..., str]
    ) -> None:
        later, first = made(dateFrom="2031-05-20T09:00", dateTo="2031-05-20T09:45"), made()
        page = text(backoffice.get(LIST, {"month": "2031-05", "view": "list"}))
        assert meetings_on(page) == [first, later]
        for words in ("10:00–11:30", "Planned", "Jaargesprek", "1–2 of 2"):
            assert words in page

    def test_holds_the_days_of_the_month_and_no_others(
        self, backoffice: CheckedClient, made: Callable[..., str]
    ) -> None:
        made(dateFrom="2031-04-30T09:00", dateTo="2031-04-30T10:00")
        mine = made(dateFrom="2031-05-01T00:00", dateTo="2031-05-01T01:00")
        made(dateFrom="2031-06-01T00:00", dateTo="2031-06-01T01:00")
        assert meetings_on(text(backoffice.get(LIST, {"month": "2031-05", "view": "list"}))) == [mine]

    def test_thirty_a_page(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        rows = [{"id": f"m{n}", "dateFrom": f"2031-05-{n % 28 + 1:02}T08:00:00+00:00"} for n in range(64)]
        sandbox.faults("GET /meetings", {"replace": rows})
        page = text(backoffice.get(LIST, {"month": "2031-05", "view": "list", "page": "3"}))
        assert "61–64 of 64" in page
        assert "page=2" in page
        assert "page=4" not in page

    def test_one_that_ends_on_another_day_says_so(
        self, backoffice: CheckedClient, made: Callable[..., str]
    ) -> None:
        made(dateFrom="2031-05-06T22:00", dateTo="2031-05-07T02:00")
        assert "22:00–02:00 (+1 days)" in text(backoffice.get(LIST, {"month": "2031-05", "view": "list"}))


class TestHonestCalendar:
    """The API ignores filters it does not know, and gives what it likes of a list."""

    def test_asks_for_the_days_by_the_apis_own_filters(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        backoffice.get(LIST, {"month": "2031-05", "view": "list"})
        query = dict(reads(sandbox)[-1]["query"])
        assert query["dateFrom[after]"] == "2031-04-30T22:00:00Z"
        assert query["dateFrom[before]"] == "2031-05-31T22:00:00Z"

    def test_asks_for_an_employee_and_a_status_by_the_apis_own_names(
        self, backoffice: CheckedClient, sandbox: Sandbox, made: Any, iri: Any
    ) -> None:
        mine, _other = made(employee=iri(2)), made(employee=iri(3))
        sandbox.clear_requests()
        asked = {"month": "2031-05", "employee": "emp_002", "status": "planned"}
        page = text(backoffice.get(LIST, asked))
        assert meetings_on(page) == [mine]
        query = dict(reads(sandbox)[-1]["query"])
        assert (query["employee"], query["status"]) == (iri(2), "planned")
        assert "Employee: Bram Jansen" in page
        assert "Status: Planned" in page
        assert 'href="?month=2031-06&employee=emp_002&status=planned"' in page

    def test_without_announced_filters_all_are_read_and_the_age_is_said(
        self, backoffice: CheckedClient, sandbox: Sandbox, made: Any, iri: Any
    ) -> None:
        mine, _other = made(employee=iri(2)), made(employee=iri(3))
        nothing_announced(sandbox)
        sandbox.settings(max_items=7)
        sandbox.clear_requests()
        page = text(backoffice.get(LIST, {"month": "2031-05", "employee": "emp_002"}))
        assert meetings_on(page) == [mine]
        assert len(reads(sandbox)) > 10
        assert not any("dateFrom" in str(r["query"]) or "employee" in str(r["query"]) for r in reads(sandbox))
        assert re.search(r"\d+ meetings were read \d+ s ago and sifted here", page)
        assert "fresh=1" in page

    def test_what_was_read_is_kept_a_minute_for_other_months_and_read_again_when_asked(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        nothing_announced(sandbox)
        backoffice.get(LIST, {"month": "2031-05"})
        sandbox.clear_requests()
        backoffice.get(LIST, {"month": "2031-06"})
        assert reads(sandbox) == []
        backoffice.get(LIST, {"month": "2031-06", "fresh": "1"})
        assert reads(sandbox) != []

    @pytest.mark.parametrize("announced", [True, False])
    @pytest.mark.parametrize("size", [3, 30, 100])
    def test_the_months_together_hold_every_meeting_there_is(
        self, backoffice: CheckedClient, sandbox: Sandbox, announced: bool, size: int
    ) -> None:
        if not announced:
            nothing_announced(sandbox)
        sandbox.settings(max_items=size)
        everything = {m["id"] for m in _every_meeting(sandbox)}
        today, seen = datetime.now(AMSTERDAM).date(), set()
        for months in range(-2, 3):
            month = today.replace(day=15) + timedelta(days=30 * months)
            for page in range(1, 5):
                asked = {"month": f"{month:%Y-%m}", "view": "list", "page": str(page)}
                seen |= {url.split("/")[-2] for url in meetings_on(text(backoffice.get(LIST, asked)))}
        assert seen == everything

    def test_an_api_that_gives_one_page_whatever_is_asked_is_not_taken_for_the_whole(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        nothing_announced(sandbox)
        rows = [{"id": f"m{n}", "dateFrom": "2031-05-06T08:00:00+00:00"} for n in range(100)]
        sandbox.faults("GET /meetings", {"replace": rows})
        page = text(backoffice.get(LIST, {"month": "2031-05"}))
        assert "Not all meetings are shown" in page

    def test_more_rows_than_are_read_are_said(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        nothing_announced(sandbox)
        rows = {
            "member": [{"id": f"m{n}"} for n in range(100)],
            "totalItems": 2600,
            "view": {"next": "?page=1"},
        }
        sandbox.faults("GET /meetings", {"status": 200, "body": rows})
        page = text(backoffice.get(LIST, {"month": "2031-05"}))
        assert "Not all meetings are shown" in page
        assert "note-warning" in page

    def test_an_api_that_announces_filters_and_ignores_them_is_called_out_and_sifted(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        backoffice.get(LIST)
        rows = [
            {"id": "mine", "status": "planned", "dateFrom": "2031-05-06T08:00:00+00:00"},
            {"id": "month", "status": "planned", "dateFrom": "2031-08-06T08:00:00+00:00"},
            {"id": "state", "status": "done", "dateFrom": "2031-05-06T09:00:00+00:00"},
        ]
        sandbox.faults("GET /meetings", {"replace": rows})
        page = text(backoffice.get(LIST, {"month": "2031-05", "status": "planned"}))
        assert "seems to ignore" in page
        assert f"{LIST}mine/" in page
        assert f"{LIST}month/" not in page
        assert f"{LIST}state/" not in page

    def test_one_without_a_start_is_said_and_stands_at_the_end_of_the_list(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        rows = [
            {"id": "none"},
            {"id": "odd", "dateFrom": "tomorrow", "status": 7, "notes": ["x"]},
            {"id": "fine", "dateFrom": "2031-05-06T08:00:00Z"},
        ]
        sandbox.faults("GET /meetings", {"replace": rows})
        assert "2 meetings have no start that can be read" in text(backoffice.get(LIST, {"month": "2031-05"}))
        page = text(backoffice.get(LIST, {"month": "2031-05", "view": "list"}))
        assert page.index(f"{LIST}fine/") < page.index(f"{LIST}none/")
        assert "tomorrow" in page

    def test_an_id_that_no_path_can_hold_is_listed_without_a_link(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /meetings", {"replace": [{"id": "../x", "dateFrom": "2031-05-06T08:00:00Z"}]})
        for view in ("month", "list"):
            assert "(this id cannot be opened)" in text(
                backoffice.get(LIST, {"month": "2031-05", "view": view})
            )


def _every_meeting(sandbox: Sandbox) -> list[dict[str, Any]]:
    client = connection.flowtly("test").within("kwelgeest_7f3a")
    return [dict(meeting.raw) | {"id": meeting.id} for meeting in client.meetings.every().items]
