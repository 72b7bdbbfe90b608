"""What becomes of a write whose answer was lost: settled by a look, by a person's word, or by a command."""

import re
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from dashboard.accounts.models import Person
from dashboard.audit import chain
from dashboard.audit.models import Draft, Entry, Open, Operation, Saving
from tests.support.actions import api
from tests.support.markup import CheckedClient
from tests.support.processes import MakeDashboard
from tests.support.sandbox import Sandbox

LIST = "/o/org_1001/locations/"
ONE = f"{LIST}1/"

SignIn = Callable[[str], CheckedClient]

# Workers that are killed when their answer comes, or does not: what they had asked for is on record, and no more.
KILLED = """
import os, sys
from dashboard.upstream import connection
from dashboard.accounts.models import Person
from dashboard.audit.trail import About, Trail

def write(kind, id, name):
    trail = Trail(Person.objects.get())
    def heard(write):
        if write.phase == "outcome":
            os._exit(9)
        trail(write)
    api = connection.flowtly("killed-worker")
    tenant = api.organizations.tenant("org_1001")
    api = connection.flowtly("killed-worker", on_write=heard).within(tenant)
    if kind == "update":
        record = api.locations.get(id)
        trail.about = About("locations", "update", id, before=record.raw)
        api.locations.update(record, {"name": name})
    else:
        trail.about = About("locations", "create")
        api.locations.create({"name": name})

for each in sys.argv[1:]:
    if not (worker := os.fork()):
        write(*each.split(","))
    assert os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) == 9, each
"""


CLIENT = {
    "name": "Twin Works B.V.", "status": "active", "documentsLanguage": "nl", "country": "NL", "tinType": "company",
    "tin": "820546588", "tinCountry": "NL", "vatNumber": "NL820546588B01", "currency": "EUR",
    "addressPostCode": "1012 AB",
}  # fmt: skip
# What a colleague's record says otherwise, and whether it is another one for sure.
ALIKE: dict[str, tuple[dict[str, str], bool]] = {
    "another VAT number": ({"vatNumber": "NL004495445B01"}, True),
    "another tax number": ({"tin": "004495445"}, True),
    "another post code": ({"addressPostCode": "3511 LX"}, True),
    "its VAT number spelt otherwise": ({"vatNumber": "nl 8205.46.588.B01"}, False),
    "its VAT number without the country": ({"vatNumber": "820546588B01"}, False),
    "its post code without a blank": ({"addressPostCode": "1012AB"}, False),
    "its name in capitals": ({"name": "TWIN WORKS B.V."}, False),
}


def reconcile() -> str:
    said = StringIO()
    call_command("reconcile", stdout=said)
    return said.getvalue()


def outcomes() -> list[str]:
    return [entry.outcome for entry in Entry.objects.order_by("number")]


def aged(seconds: float = 75) -> None:
    Open.objects.update(at=timezone.now() - timedelta(seconds=seconds))


@pytest.fixture
def lost(backoffice: CheckedClient, sandbox: Sandbox) -> Open:
    """A change that nobody knows of whether it was made. It was not."""
    sandbox.faults("PATCH /locations/1", {"drop": "before"}, times=1)
    backoffice.send(ONE, {"name": "Noordkade"})
    return Open.objects.get()


@pytest.fixture
def made_after_all(backoffice: CheckedClient, sandbox: Sandbox) -> Open:
    """One that was, and the look at once did not get to see it."""
    sandbox.faults("PATCH /locations/1", {"status": 504, "act": True}, times=1)
    carried = backoffice.hidden(ONE)
    sandbox.faults("GET /locations/1", {"delay": 0}, times=1)  # the read before the write
    sandbox.faults("GET /locations/1", {"status": 404})
    backoffice.post(ONE, {**carried, "name": "Noordkade"})
    sandbox.clear_faults()
    return Open.objects.get()


class TestByAPerson:
    def settle(self, client: CheckedClient, open_: Open, decision: str, org: str = "org_1001") -> Any:
        return client.post(
            f"/o/{org}/settle/{open_.write}/", {"decision": decision, "next": ONE}, follow=True
        )

    @pytest.mark.parametrize(
        ("decision", "outcome", "words"),
        [
            ("applied", "applied", "Settled: it was done."),
            ("not-applied", "not-applied", "Settled: it was not done."),
        ],
    )
    def test_who_looked_may_say_what_happened(
        self, signed_in: SignIn, lost: Open, decision: str, outcome: str, words: str
    ) -> None:
        page = self.settle(signed_in("backoffice2"), lost, decision).content.decode()
        assert words in page
        assert f'data-outcome="{outcome}"' in page
        entry = Entry.objects.first()
        assert entry is not None
        assert (entry.phase, entry.outcome, entry.username) == ("settled", outcome, "backoffice2")
        assert not Open.objects.exists()
        assert "data-doubt" not in signed_in("backoffice").get(ONE).content.decode()

    def test_a_look_that_sees_it_settles_it(self, backoffice: CheckedClient, made_after_all: Open) -> None:
        page = self.settle(backoffice, made_after_all, "look").content.decode()
        assert 'data-outcome="applied"' in page
        assert outcomes()[-1] == "applied"

    def test_a_look_that_does_not_see_it_settles_nothing_within_a_minute(
        self, backoffice: CheckedClient, lost: Open
    ) -> None:
        page = self.settle(backoffice, lost, "look").content.decode()
        assert 'data-outcome="unknown"' in page
        assert Open.objects.exists()
        aged()
        assert 'data-outcome="not-applied"' in self.settle(backoffice, lost, "look").content.decode()

    def test_a_look_that_fails_settles_nothing_and_says_why(
        self, backoffice: CheckedClient, sandbox: Sandbox, lost: Open
    ) -> None:
        aged()
        sandbox.faults("GET /locations/1", {"status": 500}, times=1)
        page = self.settle(backoffice, lost, "look").content.decode()
        assert "Flowtly could not be read" in page
        assert Open.objects.exists()

    def test_what_somebody_else_changed_since_tells_nothing(
        self, backoffice: CheckedClient, sandbox: Sandbox, lost: Open
    ) -> None:
        aged()
        sandbox.faults("GET /locations/1", {"merge": {"name": "A third one"}})
        self.settle(backoffice, lost, "look")
        assert Open.objects.exists()

    def test_while_it_is_being_saved_nobody_settles_it(self, backoffice: CheckedClient, lost: Open) -> None:
        until = timezone.now() + timedelta(seconds=20)
        Saving.objects.create(key="org_1001/locations/1", holder="x", until=until)
        page = self.settle(backoffice, lost, "not-applied").content.decode()
        assert "still being saved" in page
        assert Open.objects.exists()

    @pytest.mark.parametrize("username", ["viewer", "accounts", "finance"])
    def test_who_may_not_change_the_record_may_not_settle_it(
        self, signed_in: SignIn, lost: Open, username: str
    ) -> None:
        for decision in ("applied", "not-applied", "look"):
            assert self.settle(signed_in(username), lost, decision).status_code == 403
        assert Open.objects.exists()
        assert "data-doubt" in (page := signed_in(username).get(ONE).content.decode())
        assert "/settle/" not in page

    @pytest.mark.parametrize(
        "url", ["/o/org_1002/settle/{}/", "/audit/{}/settle/", "/o/org_1001/settle/other/"]
    )
    def test_from_elsewhere_nothing_is_settled(self, backoffice: CheckedClient, lost: Open, url: str) -> None:
        answer = backoffice.post(
            url.format(lost.write), {"decision": "applied", "next": "https://evil.example/"}
        )
        assert answer.status_code == 302
        assert answer["Location"].startswith("/")
        assert Open.objects.exists()

    def test_is_put_on_record_once(self, backoffice: CheckedClient, lost: Open) -> None:
        self.settle(backoffice, lost, "applied")
        page = self.settle(backoffice, lost, "not-applied").content.decode()
        assert "nothing to settle" in page
        assert outcomes() == ["", "unknown", "applied"]
        assert list(chain.faults()) == []

    def test_opening_the_address_settles_nothing(self, backoffice: CheckedClient, lost: Open) -> None:
        assert backoffice.get(f"/o/org_1001/settle/{lost.write}/").status_code == 404
        assert Open.objects.exists()

    def test_one_outside_of_any_organization_is_settled_on_the_trail(
        self, signed_in: SignIn, lost: Open
    ) -> None:
        Open.objects.update(organization="")
        client = signed_in("admin")
        page = client.get(f"/audit/{lost.write}/").content.decode()
        (url,) = re.findall(r'action="(/audit/[^"]+/settle/)"', page)
        client.post(url, {"decision": "not-applied"})
        assert not Open.objects.exists()


class TestByTheCommand:
    def test_what_shows_is_applied(self, made_after_all: Open) -> None:
        assert f"{made_after_all.write} update locations 1" in (said := reconcile())
        assert ": applied" in said
        assert outcomes()[-1] == "applied"
        assert not Open.objects.exists()

    def test_what_does_not_show_stays_open_for_a_minute_and_is_not_applied_then(self, lost: Open) -> None:
        assert "it may yet show" in reconcile()
        aged(50)
        assert "it may yet show" in reconcile()
        aged()
        assert ": not-applied" in reconcile()
        assert outcomes()[-1] == "not-applied"
        assert "Open: 0." in reconcile()

    def test_an_addition_that_was_made_is_found_among_the_records(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        carried = backoffice.hidden(f"{LIST}new/")
        sandbox.faults("POST /locations", {"drop": "before"}, times=1)
        backoffice.post(f"{LIST}new/", {**carried, "name": "Noordkade"})
        lost = Open.objects.get()
        Open.objects.all().delete()
        backoffice.send(f"{LIST}new/", {"name": "Noordkade"})
        made = Entry.objects.latest("number").record
        lost.save(force_insert=True)
        assert ": applied" in reconcile()
        assert Entry.objects.latest("number").record == made

    def test_an_addition_that_is_not_among_them_is_not_applied(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("POST /locations", {"drop": "before"})
        backoffice.send(f"{LIST}new/", {"name": "Noordkade"})
        aged()
        assert ": not-applied" in reconcile()

    @pytest.mark.parametrize("name", ALIKE)
    @pytest.mark.parametrize("made", [True, False], ids=["made", "never made"])
    def test_an_addition_is_not_taken_for_a_colleagues_of_the_same_name(
        self, made: bool, name: str, signed_in: SignIn, sandbox: Sandbox
    ) -> None:
        """The colleague adds theirs elsewhere, while nobody knows what became of ours."""
        theirs, another = ALIKE[name]
        sandbox.faults("POST /clients", {"drop": "before"}, times=1)
        signed_in("accounts").send("/o/org_1001/clients/new/", CLIENT)
        sent = Open.objects.get().sent
        added = api().clients.create({**sent, **theirs})
        ours = api().clients.create(sent) if made else added  # a late server
        aged()
        said = reconcile()
        if made:
            assert ": applied" in said
            assert Entry.objects.latest("number").record == ours.id
        else:
            assert (": not-applied" in said, "it may yet show" in said) == (another, not another)

    def test_what_is_being_saved_is_left_alone(self, lost: Open) -> None:
        until = timezone.now() + timedelta(seconds=20)
        Saving.objects.create(key="org_1001/locations/1", holder="x", until=until)
        aged()
        assert "being saved just now" in reconcile()
        Saving.objects.all().delete()
        Open.objects.update(answered=False, at=timezone.now())
        assert "being saved just now" in reconcile()
        assert Open.objects.exists()

    @pytest.mark.parametrize(
        "other", [{"kind": "apply-coupon"}, {"sent": {}}, {"record": "2"}, {"write": "gone"}]
    )
    def test_what_a_record_cannot_tell_stays_open_and_is_listed(
        self, lost: Open, other: dict[str, Any]
    ) -> None:
        aged()
        Open.objects.update(**other)
        said = reconcile()
        assert "its record cannot tell" in said
        assert "Open: 1." in said
        assert Open.objects.exists()

    def test_with_flowtly_away_all_stays_open_and_it_says_so(
        self, lost: Open, settings: Any, sandbox: Sandbox
    ) -> None:
        from dashboard.upstream import connection

        aged()
        settings.FLOWTLY_BASE_URL = "http://127.0.0.1:9"
        connection.forget()
        said = reconcile()
        assert "Flowtly cannot be asked, so what is open stays open." in said
        assert "Open: 1." in said

    def test_one_that_cannot_be_read_does_not_keep_the_others_from_being_settled(
        self, backoffice: CheckedClient, sandbox: Sandbox, lost: Open
    ) -> None:
        sandbox.faults("PATCH /locations/2", {"drop": "before"}, times=1)
        backoffice.send(f"{LIST}2/", {"name": "Zuidkade"})
        aged()
        sandbox.faults("GET /locations/1", {"status": 404})
        said = reconcile()
        assert "still open, it could not be read" in said
        assert ": not-applied" in said
        assert Open.objects.get() == lost

    def test_clears_away_what_has_had_its_time(self, people: dict[str, Person], sandbox: Sandbox) -> None:
        now, person = timezone.now(), people["backoffice"]
        for name, age in (("old", timedelta(days=3)), ("new", timedelta(minutes=1))):
            Operation.objects.create(id=name, person=person, claimed_at=now - age)
            Draft.objects.create(operation=name, person=person, path="/", data="", at=now - age)
            Saving.objects.create(key=name, holder="x", until=now - age if name == "old" else now + age)
        assert "Cleared away: 3." in reconcile()
        assert [Operation.objects.get().id, Draft.objects.get().operation, Saving.objects.get().key] == [
            "new"
        ] * 3


def test_what_killed_workers_left_is_settled_rightly(
    sandbox: Sandbox, on_sqlite: MakeDashboard, tmp_path: Path
) -> None:
    names = {
        f"FLOWTLY_{name.upper()}": value
        for name, value in sandbox.names.items()
        if name in {"login_path", "tenant_header", "tenant_field", "search_parameter"}
    }
    dashboard = on_sqlite(FLOWTLY_BASE_URL=sandbox.base_url, **names)
    for match, fault in (("PATCH /locations/1", "after"), ("PATCH /locations/2", "before"),
                         ("POST /locations", "after"), ("POST /locations", "before")):  # fmt: skip
        sandbox.faults(match, {"drop": fault}, times=1)
    dashboard.run(KILLED, "update,1,Noordkade", "update,2,Zuidkade", "create,,Oostkade", "create,,Westkade")
    assert dashboard.manage("reconcile").count("being saved just now") == 4
    long_ago = (timezone.now() - timedelta(seconds=75)).replace(tzinfo=None)
    with sqlite3.connect(tmp_path / "db.sqlite3") as database:
        database.execute("UPDATE audit_open SET at = ?", [str(long_ago)])
        written = [line[0] for line in database.execute("SELECT write FROM audit_entry ORDER BY number")]
    said = dashboard.manage("reconcile")
    outcomes = [re.findall(rf"{write} .*: ([\w-]+)", said) for write in written]
    assert outcomes == [["applied"], ["not-applied"], ["applied"], ["not-applied"]], said
    assert "Open: 0." in said
    assert "whole: 8 lines" in dashboard.manage("verify_audit")
