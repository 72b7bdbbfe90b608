"""The trail: what it holds of each write, who may read which part of it, and what a record's page tells of it."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection as database
from django.urls import NoReverseMatch

from dashboard.accounts.models import Person
from dashboard.audit import chain, history, outcomes, reading
from dashboard.audit.models import Entry, Open
from dashboard.audit.trail import Trail
from dashboard.flowtly import errors
from dashboard.upstream import connection
from dashboard.web.request import OpenOrganization, StaffRequest, link
from tests.support.audit import on_record
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

LIST = "/o/org_1001/locations/"
ONE = f"{LIST}1/"
AUDIT = "/audit/"

SignIn = Callable[[str], CheckedClient]


def told(page: str) -> list[str]:
    """The records that a page of the trail names, in its order."""
    return [unescape(name) for name in re.findall(r"(?:>|\s)(Place \d+|[A-Z]\w+kade)(?=<| )", page)]


def last() -> Entry:
    """The latest line of the trail."""
    entry = Entry.objects.first()
    assert entry is not None
    return entry


@pytest.fixture
def trail(people: dict[str, Person]) -> dict[str, str]:
    """A write of each kind that tells who may see what: what it is about → its id."""
    money = {"entity": "subscriptions", "method": "POST", "path": "/subscriptions/apply-coupon"}
    return {
        "Place 1": on_record(people["backoffice"], 1),
        "Place 2": on_record(people["backoffice2"], 2),
        "Place 3": on_record(people["accounts"], 3, entity="clients"),
        "Place 4": on_record(people["finance"], 4, entity="subscriptions"),
        "Place 5": on_record(people["finance2"], 5, kind="apply-coupon", **money),
        "Place 6": on_record(people["admin"], 6, kind="cancel", **money),
        "Place 7": on_record(people["finance2"], 7, entity="subscriptions", kind="create"),
        "Place 8": on_record(people["backoffice"], 8, kind="cancel", entity="meetings"),
    }


class TestWhatALineHolds:
    def test_a_save_leaves_what_was_asked_and_what_became_of_it(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        before = backoffice.get(ONE).content.decode()
        name = re.search(r'name="name" value="([^"]*)"', before)
        answer = backoffice.send(ONE, {"name": "Noordkade"})
        (asked, answered) = Entry.objects.order_by("number")
        assert (asked.phase, answered.phase, answered.outcome) == ("intent", "outcome", "applied")
        assert asked.write == answered.write
        assert (asked.username, asked.roles, asked.organization) == ("backoffice", "backoffice", "org_1001")
        assert name is not None
        assert asked.changes == {"name": [unescape(name[1]), "Noordkade"]}
        assert (asked.method, asked.path, answered.status) == ("PATCH", "/locations/1", 200)
        assert answered.milliseconds is not None
        (sent,) = [r for r in sandbox.requests() if r["method"] == "PATCH"]
        assert asked.request_id == sent["headers"]["x-request-id"] == answer["X-Request-Id"]
        assert list(chain.faults()) == []

    @pytest.mark.parametrize(
        ("fault", "outcome"),
        [
            (
                {"status": 422, "body": {"violations": [{"propertyPath": "name", "message": "No."}]}},
                "refused",
            ),
            ({"status": 403}, "refused"),
            ({"status": 409}, "conflict"),
            ({"status": 500}, "not-applied"),
            ({"status": 504, "act": False}, "unknown"),
            ({"drop": "before"}, "unknown"),
            ({"drop": "after"}, "applied"),
        ],
    )
    def test_whatever_comes_of_it_is_on_record(
        self, backoffice: CheckedClient, sandbox: Sandbox, fault: dict[str, Any], outcome: str
    ) -> None:
        sandbox.faults("PATCH /locations/1", fault)
        backoffice.send(ONE, {"name": "Noordkade"})
        assert last().outcome == outcome
        assert Open.objects.exists() is (outcome == "unknown")
        page = backoffice.get(AUDIT).content.decode()
        assert f'data-entry-outcome="{outcome}" data-status="{outcome}"' in page
        assert f'<option value="{outcome}">' in page
        assert told(backoffice.get(AUDIT, {"outcome": outcome}).content.decode()) != []
        assert told(backoffice.get(AUDIT, {"outcome": "nothing"}).content.decode()) == []

    def test_one_that_never_left_is_on_record_as_not_sent(
        self, signed_in: SignIn, people: dict[str, Person], settings: Any
    ) -> None:
        """Flowtly is gone when the call is made, although it was there for the reads before."""
        settings.FLOWTLY_TOKEN = "a-token"
        connection.forget()
        api = connection.flowtly("a-request", on_write=Trail(people["backoffice"])).within("kwelgeest_7f3a")
        with pytest.raises(errors.NotSent):
            api.locations.create({"name": "Noordkade"})
        connection.forget()
        assert [entry.outcome for entry in Entry.objects.order_by("number")] == ["", "not-sent"]
        assert not Open.objects.exists()
        page = signed_in("backoffice").get(f"{AUDIT}{last().write}/").content.decode()
        assert 'data-status="not-sent"' in page
        assert "Nothing to take back: it was not done." in page

    def test_without_a_line_nothing_is_sent_and_what_was_typed_is_kept(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        with database.cursor() as cursor:
            cursor.execute(
                "CREATE TRIGGER broken BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
        answer = backoffice.send(ONE, {"name": "Noordkade", "officeOpenHour": "11"})
        page = answer.content.decode()
        assert answer.status_code == 503
        assert 'data-outcome="not-sent"' in page
        assert 'value="Noordkade"' in page
        assert '<option value="11" selected>' in page
        assert [r for r in sandbox.requests() if r["method"] == "PATCH"] == []
        assert not Entry.objects.exists() and not Open.objects.exists()


class TestWhoSeesWhat:
    @pytest.mark.parametrize(
        ("username", "seen"),
        [
            ("admin", {1, 2, 3, 4, 5, 6, 7, 8}),
            ("backoffice", {1, 8}),
            ("backoffice2", {2}),
            ("accounts", {3}),
            ("finance", {4, 5, 6}),
            ("finance2", {5, 6, 7}),
        ],
    )
    def test_the_list_and_each_write_show_what_one_may_see(
        self, signed_in: SignIn, trail: dict[str, str], username: str, seen: set[int]
    ) -> None:
        client = signed_in(username)
        assert set(told(client.get(AUDIT).content.decode())) == {f"Place {n}" for n in seen}
        for name, write in trail.items():
            expected = 200 if int(name.split()[1]) in seen else 404
            assert client.get(f"{AUDIT}{write}/").status_code == expected, name

    @pytest.mark.parametrize("record", ["PLACE 1", "plàce 1", "Pla\u0301ce 1"])
    def test_a_record_is_found_whatever_the_case_and_accents(
        self, signed_in: SignIn, trail: dict[str, str], record: str
    ) -> None:
        page = signed_in("admin").get(AUDIT, {"record": record}).content.decode()
        assert told(page) == ["Place 1"]

    def test_no_filter_reaches_further(self, signed_in: SignIn, trail: dict[str, str]) -> None:
        client = signed_in("backoffice")
        for query in ({"person": "admin"}, {"record": "place"}, {"kind": "apply-coupon"}, {"after": "1"}):
            assert not set(told(client.get(AUDIT, query).content.decode())) - {"Place 1", "Place 8"}
        page = client.get(AUDIT).content.decode()
        assert "finance2" not in page

    def test_a_viewer_finds_neither_the_page_nor_the_way_to_it(
        self, sandbox: Sandbox, signed_in: SignIn
    ) -> None:
        assert signed_in("viewer").get(AUDIT).status_code == 403
        assert AUDIT not in signed_in("viewer").get("/").content.decode()
        assert f'href="{AUDIT}"' in signed_in("accounts").get("/").content.decode()

    def test_the_way_to_it_is_there_within_an_organization_too(self, backoffice: CheckedClient) -> None:
        assert f'<a href="{AUDIT}"' in backoffice.get(LIST).content.decode()


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "seen"),
        [
            ({"person": "finance2"}, {5, 7}),
            ({"organization": "org_1001"}, {1, 2, 3, 4, 5, 6, 7, 8}),
            ({"organization": "kwelgeest"}, {1, 2, 3, 4, 5, 6, 7, 8}),
            ({"organization": "org_1"}, set()),
            ({"record": "place 3"}, {3}),
            ({"record": "1", "person": "accounts"}, {3}),
            ({"kind": "cancel"}, {6, 8}),
            ({"outcome": "applied"}, {1, 2, 3, 4, 5, 6, 7, 8}),
            ({"outcome": "refused"}, set()),
            ({"kind": "cancel", "person": "backoffice"}, {8}),
            ({"from": "2000-01-01", "to": "2999-12-31"}, {1, 2, 3, 4, 5, 6, 7, 8}),
            ({"from": "2999-01-01"}, set()),
            ({"to": "2000-01-01"}, set()),
            ({"to": "9999-12-31", "from": "0001-01-01", "kind": ""}, {1, 2, 3, 4, 5, 6, 7, 8}),
        ],
    )
    def test_narrow_what_is_shown(
        self, signed_in: SignIn, trail: dict[str, str], query: dict[str, str], seen: set[int]
    ) -> None:
        page = signed_in("admin").get(AUDIT, query).content.decode()
        assert set(told(re.sub(r"<ul class=\"chips\".*?</ul>", "", page, flags=re.S))) == {
            f"Place {n}" for n in seen
        }

    def test_a_creation_is_found_by_the_id_it_was_given(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        backoffice.send(f"{LIST}new/", {"name": "Noordkade"})
        made = last().record
        assert made
        page = backoffice.get(AUDIT, {"record": made}).content.decode()
        assert "Noordkade" in page
        assert f'href="{LIST}{made}/"' in page

    def test_days_are_days_of_the_reader(
        self, signed_in: SignIn, people: dict[str, Person], time_machine: Any
    ) -> None:
        time_machine.move_to("2026-05-04T23:30:00Z", tick=False)  # half past one on the fifth in Amsterdam
        on_record(people["admin"], 1)
        time_machine.move_to("2026-05-05T09:00:00Z", tick=False)
        client = signed_in("admin")
        assert told(client.get(AUDIT, {"from": "2026-05-05", "to": "2026-05-05"}).content.decode()) == [
            "Place 1"
        ]
        assert told(client.get(AUDIT, {"to": "2026-05-04"}).content.decode()) == []

    def test_what_is_no_date_is_said_and_left_out(self, signed_in: SignIn, trail: dict[str, str]) -> None:
        page = signed_in("admin").get(AUDIT, {"from": "yesterday"}).content.decode()
        assert "“yesterday” is no date" in page
        assert len(told(page)) == 8

    def test_each_has_a_chip_to_leave_it_out(self, signed_in: SignIn, trail: dict[str, str]) -> None:
        page = signed_in("admin").get(AUDIT, {"person": "finance2", "kind": "cancel"}).content.decode()
        assert "Nothing on record matches" in page
        assert 'href="/audit/?person=finance2"' in page
        assert 'href="/audit/?kind=cancel"' in page
        assert "What: Cancel subscription" in page

    def test_an_empty_trail_says_what_would_be_there(self, signed_in: SignIn) -> None:
        assert "Nothing is on record yet" in signed_in("admin").get(AUDIT).content.decode()


class TestPages:
    @pytest.fixture
    def long(self, people: dict[str, Person]) -> None:
        for n in range(1, 121):
            on_record(people["admin"], n, outcome="")

    def test_fifty_at_a_time_newest_first_there_and_back(self, signed_in: SignIn, long: None) -> None:
        client, seen, url = signed_in("admin"), [], AUDIT
        pages = []
        while url:
            page = client.get(url).content.decode()
            pages.append(told(page))
            seen += pages[-1]
            onward = re.search(r'rel="next"[^>]* href="([^"]+)"', page)
            url = AUDIT + unescape(onward[1]) if onward else ""
        assert [len(each) for each in pages] == [50, 50, 20]
        assert seen == [f"Place {n}" for n in range(120, 0, -1)]
        back = re.search(r'rel="prev"[^>]* href="([^"]+)"', page)
        assert back is not None
        page = client.get(AUDIT + unescape(back[1])).content.decode()
        assert told(page) == pages[1]
        back = re.search(r'rel="prev"[^>]* href="([^"]+)"', page)
        assert back is not None
        assert told(client.get(AUDIT + unescape(back[1])).content.decode()) == pages[0]

    def test_lines_that_come_meanwhile_move_nothing(
        self, signed_in: SignIn, long: None, people: dict[str, Person]
    ) -> None:
        client = signed_in("admin")
        second = told(client.get(AUDIT, {"before": "71"}).content.decode())
        on_record(people["admin"], 999)
        assert told(client.get(AUDIT, {"before": "71"}).content.decode()) == second

    @pytest.mark.parametrize("number", ["x", "-1", "²", "9" * 30, ""])
    def test_a_number_that_is_none_means_the_newest(self, signed_in: SignIn, long: None, number: str) -> None:
        assert len(told(signed_in("admin").get(AUDIT, {"before": number}).content.decode())) == 50

    def test_past_the_end_there_is_the_way_back(self, signed_in: SignIn, long: None) -> None:
        page = signed_in("admin").get(AUDIT, {"before": "1"}).content.decode()
        assert "The trail ends before this page" in page

    def test_never_counts_or_skips_rows(self, people: dict[str, Person], long: None) -> None:
        sql = str(reading.visible(people["admin"]).filter(number__lt=20)[:51].query)
        assert "OFFSET" not in sql

    def test_a_page_asks_the_database_a_few_times_whatever_its_length(
        self, signed_in: SignIn, long: None, django_assert_max_num_queries: Any
    ) -> None:
        client = signed_in("admin")
        client.get(AUDIT)
        with django_assert_max_num_queries(18):  # the menu's two counts are among them
            client.get(AUDIT)

    def test_the_part_comes_alone_where_htmx_asks_for_it(self, signed_in: SignIn, long: None) -> None:
        asked = {"HX-Request": "true", "HX-Target": "audit-list"}
        page = signed_in("admin").get(AUDIT, headers=asked).content.decode()
        assert "<html" not in page
        assert len(told(page)) == 50


class TestOneWrite:
    def test_is_told_whole(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        answer = backoffice.send(ONE, {"name": "Noordkade"})
        page = unescape(backoffice.get(f"{AUDIT}{last().write}/").content.decode())
        for words in (
            "PATCH /locations/1",
            "Kwelgeest Groep",
            "Noordkade",
            "200",
            " ms",
            "applied",
            "answered",
        ):
            assert words in page, words
        assert answer["X-Request-Id"] in page
        assert f'href="{ONE}"' in page
        assert "(backoffice)" in page

    def test_an_unknown_outcome_can_be_settled_from_there(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("PATCH /locations/1", {"drop": "before"})
        backoffice.send(ONE, {"name": "Noordkade"})
        write = last().write
        page = backoffice.get(f"{AUDIT}{write}/").content.decode()
        assert f'action="/o/org_1001/settle/{write}/"' in page

    def test_secret_fields_are_masked_everywhere(
        self, backoffice: CheckedClient, sandbox: Sandbox, people: dict[str, Person], monkeypatch: Any
    ) -> None:
        from dashboard.entities.locations.forms import LocationForm

        monkeypatch.setattr(LocationForm, "secret", frozenset({"name"}))
        backoffice.send(ONE, {"name": "Hushkade", "officeOpenHour": "3"})
        sandbox.faults("PATCH /locations/1", {"drop": "before"})
        backoffice.send(ONE, {"name": "Hushkade again"})
        lines = [f"{entry.changes} {entry.words}" for entry in Entry.objects.all()]
        kept = " ".join([*lines, *(str(open_.sent) for open_ in Open.objects.all())])
        assert "Hushkade" not in kept
        assert "•••" in kept
        intent = Entry.objects.filter(phase="intent").first()
        assert intent is not None
        page = backoffice.get(f"{AUDIT}{intent.write}/").content.decode()
        assert "•••" in page


class TestHistory:
    def test_tells_who_changed_what_when_by_the_words_of_the_form(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        backoffice.send(ONE, {"officeOpenHour": "3"})
        page = unescape(backoffice.get(ONE).content.decode())
        panel = page[page.index('id="history"') :]
        assert re.search(r'title="backoffice">\w+ [^<]+ changed [^<]+ \(Location\)</span>', panel)
        assert "Opens at: " in panel
        assert "<ins>03:00</ins>" in panel
        assert re.search(r'<time datetime="\d{4}-', panel)
        assert "Only what was done through this dashboard" in panel

    def test_without_any_says_that_it_knows_only_what_was_done_here(self, backoffice: CheckedClient) -> None:
        assert "Changes made outside this dashboard are not shown" in backoffice.get(ONE).content.decode()

    def test_who_may_only_look_sees_it_and_is_offered_nothing(
        self, backoffice: CheckedClient, signed_in: SignIn
    ) -> None:
        backoffice.send(ONE, {"name": "Noordkade"})
        page = signed_in("viewer").get(ONE).content.decode()
        assert "<ins>Noordkade</ins>" in page
        assert "Take this back" not in page
        assert "cannot be taken back" not in page
        assert "Take this back" in backoffice.get(ONE).content.decode()

    def test_what_cannot_be_taken_back_says_why(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults("PATCH /locations/1", {"status": 403}, times=1)
        backoffice.send(ONE, {"name": "Noordkade"})
        assert "Nothing to take back: it was not done." in backoffice.get(ONE).content.decode()
        sandbox.faults("PATCH /locations/1", {"drop": "before"}, times=1)
        backoffice.send(ONE, {"name": "Noordkade"})
        assert "It is not known yet whether this was done" in backoffice.get(ONE).content.decode()
        backoffice.send(f"{LIST}new/", {"name": "Nieuwekade"})
        page = backoffice.get(f"{LIST}{last().record}/").content.decode()
        assert "only changes of fields can" in page

    def test_of_another_record_or_organization_is_not_shown(self, backoffice: CheckedClient) -> None:
        backoffice.send(ONE, {"name": "Noordkade"}, follow=True)
        assert "Noordkade" not in backoffice.get(f"{LIST}2/").content.decode()
        assert history.of_record("org_1002", "locations", "1") == []

    def test_an_address_that_was_added_leads_to_its_removal(self, people: dict[str, Person]) -> None:
        write = on_record(people["backoffice"], entity="addresses", kind="create", record="addr_1")
        (one,) = history.told(outcomes.with_outcomes(Entry.objects.filter(write=write, phase="intent")), "")
        url = history.record_url("addresses", "org_1001", "addr_1", "delete/")
        assert one["undo_url"] == url
        assert one["can_be_taken_back"] is bool(url)

    @pytest.mark.parametrize(
        ("entity", "organization", "record", "url"),
        [
            ("locations", "org_1001", "1", ONE),
            ("locations", "org_1001", "new", ""),
            ("locations", "org_1001", "..", ""),
            ("locations", "org_1001", "a/b", ""),
            ("locations", "..", "1", ""),
            ("locations", "", "1", ""),
            ("nothing", "org_1001", "1", ""),
            ("organizations", "org_1001", "org_1001", "/o/org_1001/"),
        ],
    )
    def test_a_record_has_a_link_where_it_has_a_page(
        self, entity: str, organization: str, record: str, url: str
    ) -> None:
        assert history.record_url(entity, organization, record) == url


def test_a_link_has_the_organization_only_where_the_url_takes_one(rf: Any) -> None:
    request: StaffRequest = rf.get("/")
    assert link(request, "audit:index") == AUDIT
    with pytest.raises(NoReverseMatch):
        link(request, "locations:index")
    request.organization = OpenOrganization("org_1001", "Kwelgeest", "kwelgeest", "production", "Production")
    assert link(request, "audit:index") == AUDIT
    assert link(request, "locations:edit", location_id="1") == ONE
    with pytest.raises(NoReverseMatch):
        link(request, "locations:edit")


@pytest.mark.parametrize("page", [AUDIT, ONE])
def test_a_long_value_is_short_in_a_list(
    page: str, sandbox: Sandbox, people: dict[str, Person], signed_in: SignIn
) -> None:
    client, long = signed_in("backoffice"), "long " * 40_000
    before = len(client.get(page).content)
    on_record(people["backoffice"], changes={"name": ["short", long]}, reason=long, outcome="")
    shown = client.get(page).content
    assert shown.count(b"long long") > 10
    assert len(shown) < before + 20_000
