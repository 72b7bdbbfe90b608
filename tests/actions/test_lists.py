"""Lists of coupons: what a pasted sheet means, what is selected by itself, and what a list says it has come to."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.utils import timezone

from dashboard.accounts.models import Person
from dashboard.actions.bulk import parse
from dashboard.actions.bulk.models import Batch, Row, RowState
from dashboard.actions.models import Act, State
from tests.support.actions import TENANTS, WHY
from tests.support.markup import CheckedClient, hidden_of
from tests.support.sandbox import Sandbox

# What is pasted → its rows.
SPLIT: dict[str, tuple[str, list[str]]] = {
    "one per line": ("org_1001\norg_1002\r\n\norg_1004", ["org_1001", "org_1002", "org_1004"]),
    "ids with blanks between them": (
        "org_1001 org_1002  /o/org_1004/",
        ["org_1001", "org_1002", "/o/org_1004/"],
    ),
    "a name with blanks": (
        "Kwelgeest Groep\nDe Lege Polder B.V.",
        ["Kwelgeest Groep", "De Lege Polder B.V."],
    ),
    "a sheet with tabs": (
        "org_1001\tTeam\t38\norg_1002\tTeam\t12",
        ["org_1001\tTeam\t38", "org_1002\tTeam\t12"],
    ),
    "a sheet with its head": (
        "Name;ID;Plan\nKwelgeest Groep;org_1001;team",
        ["Kwelgeest Groep;org_1001;team"],
    ),
    "with commas": ("org_1001, Kwelgeest", ["org_1001, Kwelgeest"]),
    "a single word that is a head too": ("name", []),
    "nothing": (" \n\t\n;", []),
}


@pytest.mark.parametrize("name", SPLIT)
def test_a_line_is_a_row(name: str) -> None:
    text, rows = SPLIT[name]
    assert parse.split(text) == rows


# A row of a sheet → the organization it names, or why it names none.
CELLS = {
    "Kwelgeest Groep\torg_1001\tTeam\t38": "org_1001",
    "38;maison-berenice;Team": "org_1002",
    "Team, /organizations/org_1004, 3": "org_1004",
    "maison bérénice & FILS\tTeam": "org_1002",
    "Maison Berenice & Fils": "org_1002",
    "org_1001\tkwelgeest-groep": "org_1001",
    "org_1001\torg_1002": "ambiguous",
    "KWELGEEST-PROEFTUIN\tTeam": "org_1007",
    "ro​edgroed-haandvaerk": "org_1004",
    "Kwelgeest": "not-found",
    "Nobody B.V.\tTeam\t12": "not-found",
    "https://elsewhere.example/o/org_1001/\tTeam": "elsewhere",
}


@pytest.fixture
def sheet(settings: Any) -> None:
    settings.COUPONS_AT_ONCE = len(CELLS)


def test_a_row_of_a_sheet_names_one_organization(
    finance: CheckedClient, sandbox: Sandbox, sheet: None
) -> None:
    url = pasted(finance, "\n".join(CELLS))
    finance.post(url, {**finance.hidden(url), "confirm": "1"})
    page = finance.get(url).content.decode()
    shown = re.findall(r'<tr data-record="([^"]*)">', page)
    assert shown == [one if one.startswith("org_") else "" for one in CELLS.values()]
    for one, text in {
        "ambiguous": "more than one organization",
        "elsewhere": "neither this dashboard",
    }.items():
        assert one in CELLS.values() and text in page


@pytest.fixture
def alike(sandbox: Sandbox) -> None:
    """Two organizations of one name."""
    both = [("org_1001", "kwelgeest-groep"), ("org_1002", "maison-berenice")]
    listed = [
        {"id": one, "slug": slug, "name": "Twin Works B.V.", **tenant_of(sandbox, one)} for one, slug in both
    ]
    listed.append({"id": "org_1004", "slug": "x", "name": "Other", **tenant_of(sandbox, "org_1004")})
    sandbox.faults("GET /organizations", {"replace": {"member": listed, "totalItems": len(listed)}})


def tenant_of(sandbox: Sandbox, organization: str) -> dict[str, str]:
    return {sandbox.names["tenant_field"]: TENANTS[organization][2]}


ROWS = {"HX-Request": "true", "HX-Target": "preview-part"}
BUTTON = {"HX-Request": "true", "HX-Target": "confirm-part"}


@pytest.mark.usefixtures("alike")
class TestANameThatFitsSeveral:
    def test_they_are_offered_and_none_is_chosen(self, finance: CheckedClient) -> None:
        page = finance.get(pasted(finance, "Twin Works B.V.\norg_1004")).content.decode()
        offered = re.findall(
            r'<input type="radio" name="organization.1" value="(\w+)">\s*([^<]+?) <code>([^<]+)', page
        )
        assert offered == [
            ("org_1001", "Twin Works B.V.", "kwelgeest-groep"), ("org_1002", "Twin Works B.V.", "maison-berenice"),
        ]  # fmt: skip
        assert "more than one organization" in page
        assert re.findall(r'name="rows" value="(\d)" (checked)?', page) == [("2", "checked")]

    @pytest.mark.parametrize("scripts", [True, False])
    def test_the_one_that_is_chosen_becomes_an_ordinary_row(
        self, scripts: bool, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        url = pasted(finance, "Twin Works B.V.\norg_1004")
        filled = {**finance.hidden(url), "rows": [], "organization.1": "org_1002"}
        page = finance.post(url, filled, headers=ROWS if scripts else {}).content.decode()
        assert ("<main" in page) is not scripts
        for shown in (page, finance.get(url).content.decode()):  # it stays chosen
            assert 'data-record="org_1002"' in shown and 'type="radio"' not in shown
            assert "Twin Works B.V." in shown
        assert re.findall(r'name="rows" value="(\d)" (checked)?', page) == [("1", "checked"), ("2", "")]
        finance.post(url, {**hidden_of(page), "rows": ["1"], "confirm": "1"})
        (row,) = Row.objects.filter(state=RowState.DONE)
        assert (row.organization, row.typed) == ("org_1002", "Twin Works B.V.")
        assert [act.organization for act in Act.objects.all()] == ["org_1002"]

    def test_nothing_is_sent_with_a_choice_that_the_button_does_not_count(
        self, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        url = pasted(finance, "Twin Works B.V.\norg_1004")
        filled = {**finance.hidden(url), "rows": ["2"], "organization.1": "org_1001", "confirm": "1"}
        page = finance.post(url, filled).content.decode()
        assert Batch.objects.get().confirmed_at is None
        assert 'data-notice="recounted"' in page
        assert "Apply SPRING-30 to 2 organizations" in page

    def test_with_scripts_the_button_says_that_a_choice_is_not_taken_yet(
        self, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        url = pasted(finance, "Twin Works B.V.\norg_1004")
        filled = {**finance.hidden(url), "rows": ["2"], "organization.1": "org_1001"}
        assert 'data-notice="pending"' not in finance.post(url, filled, headers=BUTTON).content.decode()
        pressed = finance.post(url, {**filled, "confirm": "1"}, headers=BUTTON)
        assert 'data-notice="pending"' in pressed.content.decode()
        assert Batch.objects.get().confirmed_at is None

    @pytest.mark.parametrize("forged", ["org_1004", "../x", "x" * 500])
    def test_only_one_of_them_can_be_chosen(
        self, forged: str, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        url = pasted(finance, "Twin Works B.V.\norg_1004")
        typed = {**finance.hidden(url), "rows": ["2"], "organization.1": forged}
        page = finance.post(url, typed).content.decode()
        assert 'data-candidates="1"' in page
        finance.post(url, {**hidden_of(page), "rows": ["2"], "confirm": "1"})
        assert [(row.organization, row.state) for row in Row.objects.order_by("place")] == [
            ("", "skipped"), ("org_1004", "done"),
        ]  # fmt: skip

    def test_a_list_that_is_confirmed_meanwhile_keeps_its_rows(
        self, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        url = pasted(finance, "Twin Works B.V.\norg_1004")
        open_elsewhere = {**finance.hidden(url), "organization.1": "org_1001"}
        finance.post(url, {**finance.hidden(url), "rows": ["2"], "confirm": "1"})
        finance.post(url, open_elsewhere)
        assert Row.objects.get(place=1).organization == ""


WARNED: dict[str, tuple[str, dict[str, Any]]] = {
    "suspended": ("GET /organizations/org_1001", {"status": "suspended"}),
    "billed by hand": ("GET /organizations/org_1001", {"manualBilling": True}),
    "past due": ("GET /subscriptions/sub_1001", {"status": "past_due"}),
    "inactive": ("GET /subscriptions/sub_1001", {"active": False}),
    "ending": ("GET /subscriptions/sub_1001", {"cancelAtPeriodEnd": True}),
}


@pytest.mark.parametrize("name", WARNED)
def test_a_row_with_a_warning_is_not_selected_by_itself(
    name: str, finance: CheckedClient, sandbox: Sandbox
) -> None:
    match, merged = WARNED[name]
    sandbox.faults(match, {"merge": merged})
    page = finance.get(pasted(finance, "org_1001\norg_1002")).content.decode()
    assert re.findall(r'name="rows" value="(\d)" (checked)?', page) == [("1", ""), ("2", "checked")]
    assert 'data-notice="warned"' in page
    assert "Apply SPRING-30 to 1 organization" in page


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_note_is_as_long_as_it_was_typed(newline: str, finance: CheckedClient, sandbox: Sandbox) -> None:
    """A browser without scripts sends two characters for the end of a line."""
    note = newline.join(["x" * 19] * 100)
    assert len(note.replace("\r\n", "\n")) == 1999
    pasted(finance, "org_1001", note=note)
    assert Batch.objects.get().note == note.replace("\r\n", "\n")


# The rows of a list → its colour among the lists, and what its own page says of the end.
ENDINGS: dict[str, tuple[list[dict[str, Any]], str, str]] = {
    "all applied": ([{"outcome": "applied", "visible": True}] * 2, "good", "applied"),
    "nothing shows of one": (
        [{"outcome": "applied", "visible": True}, {"outcome": "applied", "visible": False}], "attention", "accepted",
    ),
    "one refused": ([{"outcome": "applied", "visible": True}, {"outcome": "refused"}], "danger", "mixed"),
    "one unknown": ([{"outcome": "applied", "visible": True}, {"outcome": "unknown"}], "danger", "mixed"),
    "one waiting": ([{"outcome": "applied", "visible": True}, {"state": State.WAITING}], "attention", "waiting"),
    "one declined": ([{"state": State.DECLINED}], "danger", "mixed"),
    "nothing sent": ([], "neutral", "nothing"),
}  # fmt: skip


@pytest.mark.parametrize("name", ENDINGS)
def test_green_is_for_a_list_whose_coupons_are_all_applied(
    name: str, finance: CheckedClient, people: dict[str, Person], sandbox: Sandbox
) -> None:
    acts, tone, ending = ENDINGS[name]
    make(people["finance"], "list", *acts)
    page = finance.get("/coupons/").content.decode()
    assert re.findall(r'class="pill pill-(\w+)">', page[page.index("<tbody>") :]) == [tone]
    assert f'data-ending="{ending}"' in finance.get("/coupons/list/").content.decode()


def test_the_newest_list_comes_first(
    finance: CheckedClient, people: dict[str, Person], sandbox: Sandbox
) -> None:
    for n, days in enumerate((2, 0, 5, 1)):
        batch = make(people["finance"], f"list-{n}")
        Batch.objects.filter(pk=batch.pk).update(made_at=timezone.now() - timedelta(days=days))
    page = finance.get("/coupons/").content.decode()
    assert re.findall(r'data-record="list-(\d)"', page) == ["1", "3", "0", "2"]


def make(person: Person, name: str, *acts: dict[str, Any]) -> Batch:
    now = timezone.now()
    batch = Batch.objects.create(id=name, person=person, code="SPRING-30", confirmed_at=now, **WHY)
    about: dict[str, Any] = {"kind": "apply-coupon", "person": person, "code": "SPRING-30", **WHY}
    shown = {"before": {"id": "s"}, "after": {"id": "s", "discount": {"coupon": "SPRING-30"}}}
    for place, fields in enumerate(acts, 1):
        whose = {"organization": f"org_100{place}", "organization_name": f"Number {place}", "record": "s"}
        seen = shown if fields.get("visible") else {"before": {"id": "s"}, "after": {"id": "s"}}
        made = {"state": State.SENT, "sent_at": now, **about, **whose, **seen, **fields}
        act = Act.objects.create(
            id=f"{name}-{place}", asked_at=now, expires_at=now + timedelta(hours=9), **made
        )
        Row.objects.create(batch=batch, place=place, typed=f"org_100{place}", state=RowState.DONE, act=act)
    Row.objects.create(batch=batch, place=99, typed="x", state=RowState.SKIPPED, skipped="unticked")
    return batch


def pasted(client: CheckedClient, organizations: str, **typed: str) -> str:
    """The address of the preview of these."""
    answer = client.send(
        "/coupons/new/", {"code": "SPRING-30", **WHY, "organizations": organizations, **typed}
    )
    assert answer.status_code == 302, unescape(answer.content.decode())
    return str(answer["Location"])
