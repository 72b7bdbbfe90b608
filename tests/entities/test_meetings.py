"""Meetings of an organization, from the page to what goes over the wire."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.accounts.models import Person
from dashboard.entities.meetings import date_times
from dashboard.upstream import connection, list_cache
from dashboard.web.formatting import zones
from tests.support.markup import CheckedClient, hidden_of
from tests.support.sandbox import Sandbox

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
    return str(next((cell for cell in cells if 'class="muted"' not in cell), cells[0]))


def shown(page: str, name: str) -> str:
    """What the form's field of that name shows."""
    found = re.search(rf'<input type="[a-z-]+" name="{name}"(?: value="([^"]*)")?', page)
    assert found, name
    return unescape(found[1] or "")


def chosen(page: str) -> tuple[str, str]:
    ((value, words),) = re.findall(r'<option value="(/[^"]*)" selected>([^<]+)</option>', page)
    return value, words


def choices(page: str) -> dict[str, str]:
    select = page[page.index('<select name="employee"') :]
    return dict(
        re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)</option>', select[: select.index("</select>")])
    )


def in_amsterdam(local: str) -> str:
    moment = datetime.fromisoformat(local)
    return f"{local}:00Z" if moment.year == 9999 else moment.replace(tzinfo=AMSTERDAM).isoformat()


def text_of_file(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode()


def nothing_announced(sandbox: Sandbox) -> None:
    """An API that does not say which filters it has."""
    connection.forget()
    list_cache.forget_all()
    sandbox.settings(mappings="hidden", docs="off")


def posted(page: str) -> dict[str, str]:
    """What a browser sends for a form that nobody touched."""
    text = unescape(page)
    notes = re.search(r'<textarea name="notes"[^>]*>\n?(.*?)</textarea>', text, re.S)
    employee = re.findall(r'<option value="([^"]*)" selected>', text)
    times = {name: shown(page, name) for name in date_times.MOMENTS}
    return {**hidden_of(page), **times, "notes": notes[1] if notes else "", "employee": "".join(employee[-1:]),
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

    def test_weeks_begin_on_monday_and_hold_the_whole_month(
        self, backoffice: CheckedClient, url: str
    ) -> None:
        page = text(backoffice.get(LIST, {"month": "2031-05"}))
        assert re.findall(r'<th scope="col"><span aria-hidden="true">(\w+)', page)[0] == "Mon"
        numbers = [int(number) for number in re.findall(r'class="date" aria-hidden="true">(\d+)<', page)]
        assert numbers == [28, 29, 30, *range(1, 32), 1]

    @pytest.mark.parametrize("month", ["2026-02", "2027-02", "2026-11", "2028-02", "2026-08"])
    def test_every_month_is_whole(self, backoffice: CheckedClient, sandbox: Sandbox, month: str) -> None:
        sandbox.faults("GET /meetings", {"replace": [{"id": "m1", "dateFrom": f"{month}-15T08:00:00Z"}]})
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

    def test_without_employees_it_shows_their_ids(
        self, backoffice: CheckedClient, sandbox: Sandbox, made: Any, iri: Any
    ) -> None:
        made(employee=iri(1))
        sandbox.settings(employees=False)
        list_cache.forget_all()
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
        list_cache.forget_all()
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
        assert "22:00–02:00 (+1 day)" in text(backoffice.get(LIST, {"month": "2031-05", "view": "list"}))


class TestClockOfTheApi:
    """An API that keeps the clock of a moment and drops its offset, in a zone of its own."""

    @pytest.mark.parametrize("zone", ["UTC", "Europe/Amsterdam", "America/New_York"])
    @pytest.mark.parametrize("typed", ["2031-01-14T10:00", "2031-07-15T10:00"])
    def test_a_meeting_is_kept_at_the_moment_that_was_entered(
        self, zone: str, typed: str, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        """The record is of May; so its own offset is not that of January."""
        sandbox.settings(zone=zone)
        page = text(backoffice.send(url, {"dateFrom": typed, "dateTo": f"{typed[:11]}11:30"}, follow=True))
        # An hour off where no moment was seen that says its clock has winters; and then it is said.
        off = zone == "America/New_York" and typed == "2031-01-14T10:00"
        assert ("Flowtly stored other values" in page) is off
        assert shown(text(backoffice.get(url)), "dateFrom") == ("2031-01-14T11:00" if off else typed)

    @pytest.mark.parametrize("zone", ["UTC", "Europe/Amsterdam", "America/New_York"])
    @pytest.mark.parametrize("day", ["2031-01-14", "2031-07-15"])
    def test_a_new_one_is_written_by_the_clock_of_the_others(
        self, zone: str, day: str, backoffice: CheckedClient, sandbox: Sandbox, made: Callable[..., str]
    ) -> None:
        sandbox.settings(zone=zone)
        made(dateFrom=f"{day}T09:00", dateTo=f"{day}T09:30")  # no other record of these months before
        url = made(dateFrom=f"{day}T23:30", dateTo=f"{day}T23:45")
        assert shown(text(backoffice.get(url)), "dateFrom") == f"{day}T23:30"
        month = {"month": day[:7], "view": "list"}
        assert url in meetings_on(text(backoffice.get(LIST, month)))

    def test_one_that_was_shifted_is_said_and_not_called_added(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.settings(zone="America/New_York")
        sandbox.faults("GET /meetings", {"replace": {"hydra:member": []}})  # nothing to tell its clock by
        page = text(backoffice.send(NEW, FILLED, follow=True))
        words = "Starts: Flowtly stored 6 May 2031 14:00 CEST instead of 6 May 2031 10:00 CEST."
        assert words in page
        assert "Added the meeting" not in page

    def test_the_first_of_an_api_that_keeps_moments_goes_in_utc(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        backoffice.send(NEW, FILLED)
        assert bodies(sandbox)[0]["dateFrom"] == "2031-05-06T08:00:00+00:00"


class TestHonestCalendar:
    """The API ignores filters it does not know, and gives what it likes of a list."""

    def test_asks_for_the_days_by_the_apis_own_filters(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        backoffice.get(LIST, {"month": "2031-05", "view": "list"})
        query = dict(reads(sandbox)[-1]["query"])
        assert query["dateTo[after]"] == "2031-04-30T08:00:00Z"
        assert query["dateFrom[before]"] == "2031-06-01T12:00:00Z"
        assert "dateFrom[after]" not in query

    @pytest.mark.parametrize("filters", ["both", "starts", "none"])
    @pytest.mark.parametrize(
        ("start", "end", "days"),
        [
            ("2031-03-10T23:30", "2031-03-11T01:30", ["10 23:30", "11 until 01:30"]),
            ("2031-03-10T23:30", "2031-03-11T00:00", ["10 23:30"]),
            ("2031-03-10T00:00", "2031-03-11T00:00", ["10 00:00"]),
            (
                "2031-02-20T09:00",
                "2031-03-10T17:00",
                [f"{n} all day" for n in range(1, 10)] + ["10 until 17:00"],
            ),
            ("2031-03-30T22:00", "2031-04-01T08:00", ["30 22:00", "31 all day"]),
            ("2031-03-10T10:00", "2031-03-10T09:00", ["10 10:00"]),
            ("2031-03-10T10:00", None, ["10 10:00"]),
            ("2031-03-31T10:00", "9999-12-31T23:59", ["31 10:00"]),
            ("2031-02-20T09:00", "2031-03-01T00:00", []),
            ("2031-04-01T00:00", "2031-04-01T08:00", []),
        ],
    )
    def test_one_in_progress_is_on_every_day_of_it(
        self, backoffice: CheckedClient, sandbox: Sandbox, start: str, end: str | None, days: list[str], filters: str
    ) -> None:  # fmt: skip
        """In the month, in the list of each day, and in the file of it."""
        meeting = {"id": "over", "status": "planned", "dateFrom": in_amsterdam(start)}
        meeting |= {"dateTo": in_amsterdam(end)} if end else {}
        if filters == "none":
            nothing_announced(sandbox)
        else:
            announced = ["dateFrom[after]", "dateFrom[before]", "dateTo[after]"][
                : 2 if filters == "starts" else 3
            ]
            search = {"mapping": [{"variable": name} for name in announced]}
            answer = {"member": [meeting], "totalItems": 1, "search": search}
            sandbox.faults("GET /meetings", {"replace": answer})
            backoffice.get(LIST)
        sandbox.faults("GET /meetings", {"replace": [meeting]})
        page = text(backoffice.get(LIST, {"month": "2031-03"}))
        seen = [
            f"{n} {words}"
            for n in range(1, 32)
            for words in re.findall(r"over/.*?<b>(.*?)</b>", day(page, n), re.S)
        ]
        assert seen == days
        for date_ in (f"2031-03-{n:02}" for n in (1, 10, 11, 31)):
            listed = f"{LIST}over/" in text(backoffice.get(LIST, {"day": date_}))
            exported = "over" in text_of_file(
                backoffice.get("/o/org_1001/export/meetings.csv", {"day": date_})
            )
            assert listed is exported is any(int(one.split()[0]) == int(date_[-2:]) for one in days)

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

    @pytest.mark.parametrize("spelling", ["canceled", "cancelled"])
    def test_a_state_with_two_spellings_is_offered_once_and_found_in_both(
        self, backoffice: CheckedClient, sandbox: Sandbox, spelling: str
    ) -> None:
        backoffice.get(LIST)
        day_ = {"dateFrom": "2031-05-06T08:00:00Z", "dateTo": "2031-05-06T09:00:00Z"}
        found = [{"id": "one", "status": "canceled", **day_}, {"id": "two", "status": "cancelled", **day_}]
        sandbox.faults("GET /meetings", {"replace": found})
        page = text(backoffice.get(LIST, {"month": "2031-05", "status": spelling}))
        assert f"{LIST}one/" in page
        assert f"{LIST}two/" in page
        assert re.findall(r'<option value="cancell?ed"( selected)?>', page) == [" selected"]
        assert "seems to ignore" not in page

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

    @pytest.mark.parametrize(("announced", "size"), [(True, 7), (True, 100), (False, 7), (False, 100)])
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
            for page in range(1, 4):
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

    def test_a_month_of_which_not_all_was_read_is_not_called_empty(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        nothing_announced(sandbox)
        rows = [{"id": f"m{n}", "dateFrom": "2031-05-06T08:00:00+00:00"} for n in range(100)]
        sandbox.faults("GET /meetings", {"replace": rows})
        page = text(backoffice.get(LIST, {"month": "2031-08"}))
        assert "has no meetings" not in page
        assert "Nothing is here among the meetings that were read" in page

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


class TestAdd:
    def test_sends_moments_with_their_offset_and_the_employee_even_if_nobody(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        answer = backoffice.send(NEW, {**FILLED, "time": "", "status": "done", "id": "7"})
        assert answer.status_code == 302
        assert bodies(sandbox) == [
            {
                "employee": None,
                "dateFrom": "2031-05-06T08:00:00+00:00",
                "dateTo": "2031-05-06T09:30:00+00:00",
                "notes": "Jaargesprek",
            }
        ]

    def test_sends_the_employee_as_flowtly_names_one(
        self, backoffice: CheckedClient, sandbox: Sandbox, iri: Callable[[int], str]
    ) -> None:
        value = next(v for v, name in choices(text(backoffice.get(NEW))).items() if name == "Bram Jansen")
        assert value == iri(2)
        assert backoffice.send(NEW, {**FILLED, "employee": value}).status_code == 302
        assert bodies(sandbox)[0]["employee"] == iri(2)

    def test_goes_on_to_the_month_it_is_in_and_says_when_that_is(self, backoffice: CheckedClient) -> None:
        answer = backoffice.send(NEW, FILLED)
        assert answer["Location"] == f"{LIST}?month=2031-05"
        page = text(backoffice.get(answer["Location"]))
        assert "Added the meeting of 6 May 2031 10:00 CEST." in page
        assert 'data-outcome="applied"' in page

    def test_for_htmx_too(self, backoffice: CheckedClient) -> None:
        headers = {"HX-Request": "true", "HX-Target": "form-part"}
        assert "?month=2031-05" in backoffice.send(NEW, FILLED, headers=headers)["HX-Location"]

    @pytest.mark.parametrize(
        ("fields", "field", "words"),
        [
            ({"dateFrom": ""}, "dateFrom", "required"),
            ({"dateTo": "half past nine"}, "dateTo", "Enter a date and a time"),
            ({"dateFrom": "2031-05-06"}, "dateFrom", "Enter a date and a time"),
            ({"dateFrom": "0001-01-01T00:00"}, "dateFrom", "Enter a date and a time"),
            ({"dateTo": "2031-05-06T09:59"}, "dateTo", "before the start, 6 May 2031 10:00 CEST"),
            ({"dateFrom": "2031-03-30T02:30", "dateTo": "2031-03-30T04:00"}, "dateFrom", "skips this time"),
        ],
    )
    def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_sent(
        self, backoffice: CheckedClient, sandbox: Sandbox, fields: dict[str, str], field: str, words: str
    ) -> None:
        answer = backoffice.send(NEW, {**FILLED, **fields})
        assert answer.status_code == 422
        assert re.search(rf'id="id_{field}_error"[^>]*>.*?{words}', text(answer), re.S)
        assert "Jaargesprek" in text(answer)
        assert writes(sandbox) == []

    def test_a_time_that_comes_twice_is_taken_as_the_first_and_that_is_said(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        twice = {"dateFrom": "2031-10-26T02:30", "dateTo": "2031-10-26T02:45"}
        page = text(backoffice.send(NEW, twice, follow=True))
        assert bodies(sandbox)[0]["dateFrom"] == "2031-10-26T00:30:00+00:00"
        assert "26 Oct 2031 02:30 CEST, the first, was taken" in page

    def test_and_so_it_is_on_a_form_that_comes_back(self, backoffice: CheckedClient) -> None:
        answer = backoffice.send(NEW, {"dateFrom": "2031-10-26T02:30", "dateTo": ""})
        assert answer.status_code == 422
        assert "26 Oct 2031 02:30 CEST, the first, was taken" in text(answer)

    def test_what_flowtly_says_of_a_field_stands_there(self, backoffice: CheckedClient) -> None:
        answer = backoffice.send(NEW, {**FILLED, "dateTo": FILLED["dateFrom"]})
        assert answer.status_code == 422
        assert '<a href="#id_dateTo">' in text(answer)

    def test_an_employee_that_flowtly_does_not_know_is_told_at_that_field(
        self, backoffice: CheckedClient
    ) -> None:
        answer = backoffice.send(NEW, {**FILLED, "employee": "/employees/nobody"})
        assert answer.status_code == 422
        assert '<a href="#id_employee">' in text(answer)
        assert 'value="/employees/nobody" selected' in text(answer)

    def test_a_lost_answer_is_looked_up_and_not_sent_again(
        self, backoffice: CheckedClient, sandbox: Sandbox, iri: Callable[[int], str]
    ) -> None:
        sandbox.faults("POST /meetings", {"drop": "after"}, times=1)
        answer = backoffice.send(NEW, {**FILLED, "employee": iri(2)})
        assert len(writes(sandbox)) == 1
        assert answer.status_code == 302, text(answer)


class TestEdit:
    def test_sends_only_what_changed(self, backoffice: CheckedClient, sandbox: Sandbox, url: str) -> None:
        page = backoffice.get(url).content.decode()
        assert backoffice.post(url, {**posted(page), "dateTo": "2031-05-06T12:00"}).status_code == 302
        assert bodies(sandbox) == [{"dateTo": "2031-05-06T10:00:00+00:00"}]

    def test_shows_the_record_and_posted_untouched_sends_nothing(
        self, backoffice: CheckedClient, sandbox: Sandbox, made: Any, iri: Any
    ) -> None:
        url = made(employee=iri(5), time="2031-05-06T09:45")
        page = backoffice.get(url).content.decode()
        assert (shown(page, "dateFrom"), shown(page, "dateTo")) == (FILLED["dateFrom"], FILLED["dateTo"])
        assert shown(page, "time") == "2031-05-06T09:45"
        assert chosen(unescape(page)) == (iri(5), "Daniël van den Berg")
        assert "Time in Europe/Amsterdam" in page
        after = text(backoffice.post(url, posted(page), follow=True))
        assert 'data-outcome="unchanged"' in after
        assert writes(sandbox) == []

    @pytest.mark.parametrize(
        "typed", ["2031-05-06T10:00:00", "2031-05-06 10:00", "2031-05-06T08:00Z", "2031-05-06T17:00+09:00"]
    )
    def test_the_same_moment_spelled_otherwise_is_no_change(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str, typed: str
    ) -> None:
        answer = backoffice.send(url, {"dateFrom": typed})
        assert answer.status_code == 302
        assert writes(sandbox) == []

    def test_a_record_respelled_by_flowtly_meanwhile_is_no_clash(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        page = backoffice.get(url).content.decode()
        sandbox.faults("GET /meetings/.*", {"merge": {"dateFrom": "2031-05-06T10:00:00.000+02:00"}})
        answer = backoffice.post(url, {**posted(page), "dateFrom": "2031-05-06T10:15"})
        assert answer.status_code == 302, text(answer)
        assert bodies(sandbox) == [{"dateFrom": "2031-05-06T10:15:00+02:00"}]

    def test_seconds_are_shown_and_not_lost(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        times = {"dateFrom": "2031-05-06T08:00:30+00:00", "dateTo": "2031-05-06T09:30:00.123456+00:00"}
        sandbox.faults("GET /meetings/.*", {"merge": times})
        page = backoffice.get(url).content.decode()
        assert shown(page, "dateFrom") == "2031-05-06T10:00:30"
        assert shown(page, "dateTo") == "2031-05-06T11:30:00.123"
        backoffice.post(url, {**posted(page), "notes": "Later"})
        assert bodies(sandbox) == [{"notes": "Later"}]

    def test_moments_without_an_offset_stay_readable_and_as_they_are(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        times = {"dateFrom": "2031-05-06T08:00:00", "dateTo": "after lunch", "time": 1936512000}
        sandbox.faults("GET /meetings/.*", {"merge": times})
        page = backoffice.get(url).content.decode()
        assert shown(page, "dateFrom") == "2031-05-06T08:00:00"
        assert shown(page, "dateTo") == "after lunch"
        assert shown(page, "time") == "1936512000"
        assert 'type="datetime-local"' not in page
        assert "without a zone" in page
        backoffice.post(url, {**posted(page), "notes": "Later"})
        assert bodies(sandbox) == [{"notes": "Later"}]
        backoffice.post(url, {**posted(backoffice.get(url).content.decode()), "dateFrom": "2031-05-06T09:00"})
        assert bodies(sandbox)[-1] == {"dateFrom": "2031-05-06T07:00:00+00:00"}

    def test_clearing_sends_null_and_nobody_is_null(
        self, backoffice: CheckedClient, sandbox: Sandbox, made: Any, iri: Any
    ) -> None:
        url = made(employee=iri(1), time="2031-05-06T09:45")
        backoffice.send(url, {"employee": "", "time": "", "notes": ""})
        assert bodies(sandbox) == [{"employee": None, "time": None, "notes": None}]

    def test_an_end_that_was_fine_is_not_any_more_when_the_start_moves_past_it(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        answer = backoffice.send(url, {"dateFrom": "2031-05-06T12:00"})
        assert answer.status_code == 422
        assert '<a href="#id_dateTo">' in text(answer)
        assert writes(sandbox) == []

    def test_what_already_is_the_wrong_way_round_stops_nobody_from_changing_the_rest(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        sandbox.faults("GET /meetings/.*", {"merge": {"dateTo": "2031-05-06T07:00:00+00:00"}})
        assert backoffice.send(url, {"notes": "Later"}).status_code == 302
        assert bodies(sandbox) == [{"notes": "Later"}]

    def test_the_employee_of_the_record_stays_chosen_and_named_however_it_is_given(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        given_as = {
            "/somewhere/employees/zz9": {"@id": "/somewhere/employees/zz9", "id": "zz9", "name": "Fleur Één"},
            "zz8": {"id": "zz8", "firstName": "Fleur", "lastName": "Twee"},
            "/x/zz7": "/x/zz7",
            "7": 7,
        }
        for value, employee in given_as.items():
            sandbox.faults("GET /meetings/.*", {"merge": {"employee": employee}})
            page = text(backoffice.get(url))
            assert re.search(rf'<option value="{value}" selected>', page), value
            backoffice.post(url, {**posted(page), "notes": f"Later {value}"})
            assert bodies(sandbox)[-1] == {"notes": f"Later {value}"}
            sandbox.clear_faults()

    def test_an_embedded_employee_can_be_changed_without_a_clash(
        self, backoffice: CheckedClient, sandbox: Sandbox, made: Any, iri: Any
    ) -> None:
        url = made(employee=iri(1))
        embedded = {"@id": iri(1), "id": "emp_001", "name": "Daniël Bakker"}
        sandbox.faults("GET /meetings/.*", {"merge": {"employee": embedded}})
        answer = backoffice.send(url, {"employee": iri(2)})
        assert answer.status_code == 302, text(answer)
        assert bodies(sandbox) == [{"employee": iri(2)}]

    def test_the_same_moment_changed_by_two_is_a_choice_in_words(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        page = backoffice.get(url).content.decode()
        backoffice.send(url, {"dateTo": "2031-05-06T12:00"})
        answer = backoffice.post(url, {**posted(page), "dateTo": "2031-05-06T13:00"})
        assert answer.status_code == 409
        for words in ("6 May 2031 11:30 CEST", "6 May 2031 12:00 CEST", "6 May 2031 13:00 CEST"):
            assert words in text(answer)

    def test_status_and_unknown_fields_are_shown_and_never_sent(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        sandbox.faults("GET /meetings/.*", {"merge": {"status": "rescheduled", "room": {"floor": 2}}})
        page = text(backoffice.get(url))
        assert "rescheduled" in page
        assert '{"floor": 2}' in page
        backoffice.send(url, {"notes": "Later", "status": "done", "room": "x"})
        assert bodies(sandbox) == [{"notes": "Later"}]

    def test_a_record_with_next_to_nothing_can_be_opened_and_changed(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        fields = ["employee", "dateFrom", "dateTo", "notes", "time", "status"]
        sandbox.faults("GET /meetings/.*", {"remove": fields})
        page = backoffice.get(url).content.decode()
        backoffice.post(url, {**posted(page), "notes": "Later"})
        assert bodies(sandbox) == [{"notes": "Later"}]

    def test_its_history_says_moments_and_employees_in_words(
        self, backoffice: CheckedClient, made: Any, iri: Any
    ) -> None:
        url = made()
        backoffice.send(url, {"dateTo": "2031-05-06T12:00", "employee": iri(2)})
        page = text(backoffice.get(url))
        history = page[page.index('id="history"') :]
        assert "6 May 2031 12:00 CEST" in history
        assert "Bram Jansen" in history
        (undo,) = re.findall(r'href="([^"]*revert=[^"]*)"', history)
        again = text(backoffice.get(undo if undo.startswith("/") else url + undo))
        assert shown(again, "dateTo") == FILLED["dateTo"]

    def test_one_that_is_not_there_is_a_page_with_the_way_back(self, backoffice: CheckedClient) -> None:
        assert backoffice.get(f"{LIST}none/").status_code == 404


class TestEmployeePicker:
    def test_htmx_gets_those_that_are_found_and_keeps_the_one_that_is_chosen(
        self, backoffice: CheckedClient, sandbox: Sandbox, iri: Any
    ) -> None:
        asked = {"employee-q": "smit", "employee": iri(5)}
        page = text(backoffice.get(NEW, asked, headers=PART))
        assert page.strip().startswith('<div id="employee-part">')
        assert "<html" not in page
        found = set(choices(page).values())
        assert len(found) > 2
        assert all("Smit" in name for value, name in choices(page).items() if value != iri(5))
        assert f'<option value="{iri(5)}" selected>' in page
        searched = reads(sandbox, "/employees/search")
        assert searched[0]["query"] == {
            sandbox.names["search_parameter"]: "smit",
            "page": "1",
            "itemsPerPage": "30",
        }

    def test_and_for_a_meeting_that_is_there_its_own_stays_choosable(
        self, backoffice: CheckedClient, made: Any, iri: Any
    ) -> None:
        url = made(employee=iri(5))
        page = text(backoffice.get(url, {"employee-q": "Noor"}, headers=PART))
        assert choices(page)[iri(5)] == "Daniël van den Berg"
        assert any("Noor" in name for name in choices(page).values())

    def test_without_scripts_the_search_button_draws_the_page_again_with_everything_typed(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        typed = {**FILLED, "dateTo": "", "employee-q": "Noor", "employee-found": "", "find": "1"}
        answer = backoffice.send(NEW, typed)
        page = text(answer)
        assert answer.status_code == 200
        assert writes(sandbox) == []
        assert "field-wrong" not in page
        assert shown(page, "dateFrom") == FILLED["dateFrom"]
        assert "Jaargesprek" in page
        assert {name.split(" (")[0] for name in choices(page).values()} == {
            "Noor Bakker",
            "Noor Hoekstra",
            "Noor Smit",
        }
        value = next(iter(choices(page)))
        again = {
            **hidden_of(page),
            **FILLED,
            "employee-q": "Noor",
            "employee-found": "Noor",
            "employee": value,
        }
        assert backoffice.post(NEW, again).status_code == 302
        assert bodies(sandbox)[0]["employee"] == value

    def test_saving_with_a_search_whose_results_nobody_has_seen_searches_first(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        answer = backoffice.send(url, {"notes": "Later", "employee-q": "Noor", "employee-found": ""})
        assert answer.status_code == 200
        assert writes(sandbox) == []
        assert "Later" in text(answer)
        again = {**hidden_of(text(answer)), "notes": "Later", "employee-q": "Noor", "employee-found": "Noor"}
        assert backoffice.post(url, again).status_code == 302
        assert bodies(sandbox) == [{"notes": "Later"}]

    def test_enter_in_a_field_saves_and_does_not_search(self, backoffice: CheckedClient) -> None:
        page = backoffice.get(NEW).content.decode()
        form = page[page.index('<form class="form"') :]
        assert 'name="find"' not in re.findall(r"<button[^>]*>", form)[0]

    def test_one_whom_the_list_does_not_come_as_far_as_is_named_all_the_same(
        self, backoffice: CheckedClient, sandbox: Sandbox, made: Any, iri: Any
    ) -> None:
        url = made(employee=iri(5))
        list_cache.forget_all()
        sandbox.faults("GET /employees", {"replace": []})
        assert "Meeting with Daniël van den Berg" in text(backoffice.get(url))

    def test_nobody_found_is_said(self, backoffice: CheckedClient) -> None:
        page = text(backoffice.get(NEW, {"employee-q": "zzzz"}, headers=PART))
        assert "Nobody matches “zzzz”" in page
        assert choices(page) == {}

    def test_a_search_that_is_ignored_is_said(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        people = [{"id": "emp_001", "fullName": "Daniël Bakker"}, {"id": "emp_999", "fullName": "Ann Other"}]
        sandbox.faults("GET /employees/search", {"replace": people})
        assert "seems to ignore it" in text(backoffice.get(NEW, {"employee-q": "bakker"}, headers=PART))

    def test_without_a_search_of_the_apis_own_the_list_is_searched_here(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /employees/search", {"status": 404})
        page = text(backoffice.get(NEW, {"employee-q": "noor"}, headers=PART))
        assert len(choices(page)) == 5

    def test_a_search_that_fails_leaves_the_rest_to_be_saved(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /employees/search", {"status": 500})
        typed = {**FILLED, "employee-q": "Noor", "employee-found": "", "find": "1"}
        page = text(backoffice.send(NEW, typed))
        assert "did not find anybody just now" in page
        again = {**hidden_of(page), **FILLED, "employee-q": "Noor", "employee-found": "Noor"}
        assert backoffice.post(NEW, again).status_code == 302

    def test_where_flowtly_has_no_employees_one_is_typed_as_flowtly_names_it(
        self, backoffice: CheckedClient, sandbox: Sandbox, made: Any, iri: Any
    ) -> None:
        url = made(employee=iri(4))
        sandbox.settings(employees=False)
        list_cache.forget_all()
        page = text(backoffice.get(url))
        assert shown(page, "employee") == iri(4)
        assert "no list of employees here" in page
        backoffice.send(url, {"employee": iri(6)})
        assert bodies(sandbox) == [{"employee": iri(6)}]

    @pytest.mark.parametrize("fields", [{"fullName": "Ann Één"}, {"name": "Ann Één"}, {"email": "Ann Één"},
                                        {"firstName": "Ann", "lastName": "Één"}, {"title": "Ann Één"}])  # fmt: skip
    def test_employees_are_named_however_they_are(
        self, backoffice: CheckedClient, sandbox: Sandbox, fields: dict[str, str]
    ) -> None:
        list_cache.forget_all()
        sandbox.faults("GET /employees", {"replace": [{"id": "e1", **fields}]})
        assert list(choices(text(backoffice.get(NEW))).values()) == ["Ann Één"]


class TestZones:
    @pytest.fixture
    def in_new_york(self, people: dict[str, Person]) -> None:
        Person.objects.filter(username="backoffice").update(time_zone="America/New_York")

    def test_each_person_sees_and_types_times_of_their_own_zone(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str, in_new_york: None
    ) -> None:
        page = backoffice.get(url).content.decode()
        assert shown(page, "dateFrom") == "2031-05-06T04:00"
        assert "Time in America/New York" in page
        backoffice.post(url, {**posted(page), "dateFrom": "2031-05-06T03:30"})
        assert bodies(sandbox) == [{"dateFrom": "2031-05-06T07:30:00+00:00"}]

    def test_a_meeting_is_on_the_day_that_it_is_there(
        self, backoffice: CheckedClient, made: Callable[..., str], in_new_york: None
    ) -> None:
        url = made(dateFrom="2031-05-31T22:00", dateTo="2031-05-31T23:00")
        page = text(backoffice.get(LIST, {"month": "2031-05"}))
        assert url in day(page, 31)
        assert "Times in America/New York" in page

    @pytest.mark.parametrize(
        ("now", "month"), [("2031-05-31T21:59:00Z", "May 2031"), ("2031-05-31T22:01:00Z", "June 2031")]
    )
    def test_this_month_is_the_persons(
        self, sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], now: str, month: str
    ) -> None:
        with time_machine.travel(now, tick=True):
            page = text(signed_in("backoffice").get(LIST))
        assert f'id="shown" data-announce>{month}<' in page

    def test_a_time_that_comes_twice_survives_untouched_though_it_is_the_second(
        self, backoffice: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        second = {"dateFrom": "2031-10-26T01:30:00+00:00", "dateTo": "2031-10-26T02:30:00+00:00"}
        sandbox.faults("GET /meetings/.*", {"merge": second})
        page = backoffice.get(url).content.decode()
        assert shown(page, "dateFrom") == "2031-10-26T02:30"
        backoffice.post(url, {**posted(page), "notes": "Later"})
        assert bodies(sandbox) == [{"notes": "Later"}]


EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MOMENT = st.integers(-(10**15) * 3, 10**15 * 6).map(lambda many: EPOCH + timedelta(microseconds=many))
ZONE = st.sampled_from(sorted(zones())).map(ZoneInfo)


@given(MOMENT, ZONE)
@example(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), AMSTERDAM)
@example(datetime(1920, 1, 1, tzinfo=UTC), AMSTERDAM)
def test_any_moment_comes_back_as_it_was_shown_in_any_zone(moment: datetime, zone: ZoneInfo) -> None:
    """But for less than a thousandth of a second, and the second of two that go by the same name."""
    shown = date_times.on_the_clock(moment, zone)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{3})?)?", shown)
    typed = date_times.typed(shown, zone)
    assert typed.moment is not None
    lost = moment - typed.moment
    assert timedelta() <= lost < timedelta(milliseconds=1) or typed.twice
    assert date_times.on_the_clock(typed.moment, zone) == shown


@given(st.datetimes(datetime(1970, 1, 1), datetime(2037, 1, 1)), ZONE)
@example(datetime(2026, 3, 29, 2, 30), AMSTERDAM)
@example(datetime(2026, 10, 25, 2, 30), AMSTERDAM)
def test_any_local_time_is_skipped_or_comes_back(local: datetime, zone: ZoneInfo) -> None:
    text = local.replace(microsecond=0).isoformat()
    typed = date_times.typed(text, zone)
    if typed.moment is None:
        around = [local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)]
        assert around[0] != around[1]
    else:
        assert date_times.same_on_the_clock(date_times.on_the_clock(typed.moment, zone), text)


@given(MOMENT, st.integers(-14 * 60, 14 * 60))
def test_two_spellings_of_a_moment_are_one(moment: datetime, minutes: int) -> None:
    elsewhere = moment.astimezone(timezone(timedelta(minutes=minutes))).isoformat()
    assert date_times.spelled(elsewhere) == date_times.spelled(moment.isoformat()) == moment.isoformat()


@pytest.mark.parametrize(
    "value", [None, "", "x", 7, True, [], {}, "2031-05-06", "2031-05-06T08:00", "0001-01-01T00:00:00+14:00",
              "9999-12-31T23:59:59-14:00", "2031-05-06T25:00:00Z"]
)  # fmt: skip
def test_what_is_no_moment_stays_as_it_is(value: Any) -> None:
    assert date_times.read(value) is None
    assert date_times.spelled(value) == value


class TestRoles:
    @pytest.mark.parametrize("role", ["finance", "viewer"])
    def test_who_may_only_look_sees_facts(
        self, sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], url: str, role: str
    ) -> None:
        page = text(signed_in(role).get(url))
        assert "6 May 2031 10:00 CEST" in page
        assert "Jaargesprek" in page
        assert '<form class="form"' not in page
        assert "Add a meeting" not in text(signed_in(role).get(LIST))

    def test_an_account_manager_may_change_meetings(
        self, sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], url: str
    ) -> None:
        assert signed_in("accounts").send(url, {"notes": "Later"}).status_code == 302
        assert bodies(sandbox) == [{"notes": "Later"}]


def _every_meeting(sandbox: Sandbox) -> list[dict[str, Any]]:
    client = connection.flowtly("test").within("kwelgeest_7f3a")
    return [dict(meeting.raw) | {"id": meeting.id} for meeting in client.meetings.every().items]
