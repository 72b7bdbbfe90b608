"""Lists as files: whole, with the list's filters, safe to open, and on the trail."""

import csv
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.audit.models import Entry, Phase
from dashboard.entity import entities
from dashboard.flowtly import errors
from dashboard.tables.exports import lines
from dashboard.web.formatting import as_it_is
from tests.support.api_caller import Caller
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

EXPORTED = [entity for entity in entities() if entity.plan]
LOCATIONS = "/o/org_1001/export/locations.csv"


def rows(client: CheckedClient, url: str, **query: str) -> list[dict[str, str]]:
    answer = client.get(url, query)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_holds_every_page_of_the_list_under_the_names_of_the_api(backoffice: CheckedClient) -> None:
    found = rows(backoffice, LOCATIONS)
    assert len(found) == 64
    assert set(found[0]) == {"id", "name", "officeOpenHour", "officeCloseHour"}
    assert len({row["id"] for row in found}) == 64


def test_keeps_the_search_of_the_list_whether_the_api_can_do_it_or_not(
    backoffice: CheckedClient, sandbox: Sandbox
) -> None:
    told = rows(backoffice, LOCATIONS, q="utrecht")
    assert told
    assert all("Utrecht" in row["name"] for row in told)
    sandbox.settings(mappings="hidden", docs="off")
    assert rows(backoffice, LOCATIONS, q="utrecht") == told


def test_the_next_page_is_asked_for_while_one_is_written_and_no_more(
    backoffice: CheckedClient, sandbox: Sandbox
) -> None:
    caller = Caller(sandbox).signed_in()
    sandbox.settings(max_items=10)
    backoffice.get("/o/org_1001/locations/")
    sandbox.clear_requests()
    sandbox.faults("GET /locations", {"together": 2}, times=4)  # each of ours with one of the export's
    with ThreadPoolExecutor(1) as pool:
        beside_the_first = pool.submit(caller.get, "/locations")
        pieces = backoffice.get(LOCATIONS).streaming_content  # type: ignore[attr-defined]
        assert beside_the_first.result().status == 200
    assert caller.get("/locations").status == 200, "nobody has taken a line, and the second page is asked for"
    asked = [r["query"]["page"] for r in sandbox.requests() if "page" in r["query"]]
    assert asked[:2] == ["1", "2"]
    assert "3" not in asked
    assert b"".join(pieces).count(b"\r\n") == 65


def test_organizations_are_exported_by_their_filters(backoffice: CheckedClient) -> None:
    found = rows(backoffice, "/export/organizations.csv", status="suspended")
    assert found
    assert {row["status"] for row in found} == {"suspended"}


def test_every_list_page_offers_its_file(backoffice: CheckedClient) -> None:
    for entity in EXPORTED:
        where = {"org": "org_1001"} if entity.of_organization else None
        page = backoffice.get(reverse(entity.pages.list, kwargs=where))
        assert f"export/{entity.name}.csv" in page.content.decode(), entity.name


def test_clients_are_those_that_the_search_of_the_list_finds(backoffice: CheckedClient) -> None:
    every = rows(backoffice, "/o/org_1001/export/clients.csv")
    assert len(every) == 400
    name = every[7]["name"]
    found = rows(backoffice, "/o/org_1001/export/clients.csv", q=name)
    assert name in {row["name"] for row in found}
    assert len(found) < 400


def test_secrets_of_configs_stay_here(backoffice: CheckedClient, sandbox: Sandbox) -> None:
    shown = {row["id"]: row for row in rows(backoffice, "/o/org_1001/export/configs.csv")}
    assert "secret, not exported" in str(shown["stripe.secret_key"])
    assert "secret, not exported" not in str(shown["theme"])


def test_meetings_are_those_of_the_month_on_the_screen(backoffice: CheckedClient) -> None:
    every = rows(backoffice, "/o/org_1001/export/meetings.csv")
    month = timezone.localtime().strftime("%Y-%m")
    assert every
    assert {row["dateFrom"][:4] for row in every} == {month[:4]}
    assert rows(backoffice, "/o/org_1001/export/meetings.csv", month="2001-01") == []


def test_is_offered_with_the_list_as_it_is_shown_to_whoever_may(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]
) -> None:
    finance = signed_in("finance")
    page = finance.get("/o/org_1001/locations/", {"q": "utrecht"}).content.decode()
    assert f'href="{LOCATIONS}?q=utrecht"' in page
    assert f'href="{LOCATIONS}"' in finance.get("/o/org_1001/locations/", {"page": "2"}).content.decode()
    assert "export" not in signed_in("viewer").get("/o/org_1001/locations/").content.decode()
    assert signed_in("viewer").get(LOCATIONS).status_code == 403


def test_is_on_the_trail_with_who_and_what(backoffice: CheckedClient) -> None:
    rows(backoffice, LOCATIONS, q="utrecht")
    entry = Entry.objects.filter(phase=Phase.INTENT).latest("number")
    assert (entry.kind, entry.entity, entry.organization, entry.username) == (
        "export",
        "locations",
        "org_1001",
        "backoffice",
    )
    assert entry.words == "q=utrecht"


def test_an_api_that_is_away_is_a_page_and_no_file(backoffice: CheckedClient, sandbox: Sandbox) -> None:
    backoffice.get("/o/org_1001/locations/")
    sandbox.faults("GET /locations", {"status": 500})
    answer = backoffice.get(LOCATIONS)
    assert answer.status_code == 502
    assert "Flowtly could not be read" in answer.content.decode()


def test_one_that_breaks_off_says_so_and_does_not_end_as_if_it_were_whole(
    backoffice: CheckedClient, sandbox: Sandbox
) -> None:
    sandbox.settings(max_items=10)
    backoffice.get("/o/org_1001/locations/")
    answer = backoffice.get(LOCATIONS)
    sandbox.faults("GET /locations", {"status": 500})
    told = []
    with pytest.raises(Exception, match="error of its own"):
        for piece in answer.streaming_content:  # type: ignore[attr-defined]
            told.append(piece.decode())
    assert "NOT COMPLETE" in told[-1]


@pytest.fixture
def thirty(sandbox: Sandbox) -> tuple[Caller, list[str]]:
    """Thirty addresses, ten a page; their ids in the order of the list."""
    caller = Caller(sandbox).signed_in().of("org_1006")
    fields = {"type": "billing", "street": "Kade 1", "postCode": "1012 AB", "city": "Amsterdam",
              "country": sandbox.country("NL")}  # fmt: skip
    ids = [one["id"] for one in caller.get("/organization-addresses").members]
    for number in range(len(ids), 30):
        made = caller.post("/organization-addresses", {**fields, "name": f"Adres {number}"})
        ids.append(made.json["id"])
    sandbox.settings(max_items=10)
    return caller, ids


@pytest.mark.parametrize("totals", ["shown", "hidden"])
@pytest.mark.parametrize(
    ("pages_read", "gone"),
    [
        (1, [3]),
        (1, [0, 4, 9]),
        (2, [0]),
        (2, [19]),
        (1, [15]),  # of what is not read yet: nothing moves past the reader
        (1, [9, 10]),
        (2, [29]),
        (1, []),
    ],
)
def test_what_moves_forward_when_others_are_deleted_is_in_the_file(
    backoffice: CheckedClient,
    sandbox: Sandbox,
    thirty: tuple[Caller, list[str]],
    totals: str,
    pages_read: int,
    gone: list[int],
) -> None:
    caller, ids = thirty
    sandbox.settings(totals=totals)
    pieces = backoffice.get("/o/org_1006/export/addresses.csv").streaming_content  # type: ignore[attr-defined]
    text = [next(pieces) for _piece in range(1 + pages_read)]  # the page after next is not asked for yet
    for number in gone:
        assert caller.delete(f"/organization-addresses/{ids[number]}").status == 204
    told = b"".join([*text, *pieces]).decode("utf-8-sig")
    assert "NOT COMPLETE" not in told
    exported = [row["id"] for row in csv.DictReader(io.StringIO(told, newline=""))]
    assert {*ids} - {ids[number] for number in gone} <= set(exported)
    assert len(exported) == len(set(exported))


@pytest.mark.parametrize("totals", ["shown", "hidden"])
def test_where_more_moves_than_can_be_read_again_the_file_is_not_called_whole(
    backoffice: CheckedClient, sandbox: Sandbox, thirty: tuple[Caller, list[str]], totals: str
) -> None:
    caller, ids = thirty
    sandbox.settings(totals=totals)
    pieces = backoffice.get("/o/org_1006/export/addresses.csv").streaming_content  # type: ignore[attr-defined]
    told = [next(pieces)]
    for identifier in ids[:10]:
        assert caller.delete(f"/organization-addresses/{identifier}").status == 204
    with pytest.raises(errors.Truncated):
        told += pieces
    assert "NOT COMPLETE" in told[-1].decode()


GUARDED = {
    "=1+1": "'=1+1",
    "+1": "'+1",
    "-1": "'-1",
    "@x": "'@x",
    ";x": "';x",
    " =1": " '=1",
    "＝1": "'＝1",
    "＋1": "'＋1",
    "－1": "'－1",
    "＠x": "'＠x",
    "'x": "''x",
    "\t=1": "'\t'=1",
    "\r\n=1": "'\r'\n'=1",
    "Foo;=1+1;bar": "Foo;'=1+1;bar",
    "Foo; -1": "Foo; '-1",
    "Foo|@x": "Foo|'@x",
    "Foo\t=1": "Foo\t'=1",
    "Foo\n=1": "Foo\n'=1",
    "Foo;'x": "Foo;''x",
    "Foo, -1 = 2": "Foo, -1 = 2",
    "a\u202eb": "a⟨U+202E⟩b",
    "\0=1": "⟨U+0000⟩=1",
}
SEPARATORS = ",;\t|"


@pytest.mark.parametrize("text", GUARDED)
def test_no_cell_is_a_formula_or_hides_anything(text: str) -> None:
    assert lines.cell(text) == GUARDED[text]


@pytest.mark.parametrize("separator", SEPARATORS)
@given(values=st.lists(st.text(alphabet="ab=+-@;,\t|\r\n\"' ＝")))
def test_whatever_separator_it_is_read_with_no_cell_begins_like_one(
    separator: str, values: list[str]
) -> None:
    """A spreadsheet of another country parts by semicolons, and then our quotation marks are not at the edge."""
    line = lines._written([[lines.cell(value) for value in values]])
    for part in csv.reader(io.StringIO(line, newline=""), delimiter=separator):
        assert not [each for each in part if each.lstrip(" ").startswith(("=", "+", "-", "@", "＝"))]


@given(st.text())
@example("Foo;'=1⟨")
def test_a_text_comes_back_as_it_went(text: str) -> None:
    assert lines.uncell(lines.cell(text)) == text


@given(st.one_of(st.integers(), st.booleans(), st.lists(st.integers()), st.none()))
def test_a_number_stays_one(value: object) -> None:
    assert lines.uncell(lines.cell(value)) == ("" if value is None else as_it_is(value))
