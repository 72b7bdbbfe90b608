"""Notes about organizations, clients and subscriptions: written once, kept honestly, and told to nobody else."""

from collections.abc import Callable
from datetime import UTC, datetime
from html import escape

import pytest
import time_machine
from django.test import Client

from dashboard.accounts.models import Person
from dashboard.audit.models import Entry, Phase
from dashboard.notes.models import FollowUp, Note
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.any_flavour

SignIn = Callable[[str], CheckedClient]

NOTES = "/o/org_1001/notes"
PLACES = {
    "organizations": ("/o/org_1001/", f"{NOTES}/organizations/org_1001/"),
    "clients": ("/o/org_1001/clients/1/", f"{NOTES}/clients/1/"),
    "subscriptions": ("/o/org_1001/subscriptions/sub_1001/", f"{NOTES}/subscriptions/sub_1001/"),
}
PAGE, ABOUT = PLACES["clients"]
IN_THE_PANEL = {"HX-Request": "true", "HX-Target": "notes-panel"}


def kinds() -> list[str]:
    return list(Entry.objects.filter(phase=Phase.INTENT).order_by("number").values_list("kind", flat=True))


@pytest.mark.parametrize("entity", PLACES)
def test_a_note_stands_on_the_page_of_its_record_and_nothing_goes_to_flowtly(
    entity: str, backoffice: CheckedClient, signed_in: SignIn, sandbox: Sandbox
) -> None:
    page, about = PLACES[entity]
    answer = backoffice.send(about, {"text": "Rang <b>them</b>.\r\nThey ring back.", "due": ""})
    assert (answer.status_code, answer["Location"]) == (302, f"{page}#notes-panel")
    shown = signed_in("viewer").get(page).content.decode()
    assert "Rang &lt;b&gt;them&lt;/b&gt;.<br>They ring back." in shown
    assert "Write a note" not in shown
    assert [r for r in sandbox.requests() if r["method"] != "GET" and "log" not in r["path"]] == []
    entry = Entry.objects.get(phase=Phase.INTENT)
    assert (entry.entity, entry.kind, entry.organization) == (entity, "note", "org_1001")
    assert entry.changes["text"] == [None, "Rang <b>them</b>.\nThey ring back."]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": "  "}, "This field is required"),
        ({"text": "x" * 4001}, "at most 4000"),
        ({"text": "Ring back", "due": "2026-11-19"}, "That day is over"),
        ({"text": "Ring back", "due": "soon"}, "valid date"),
    ],
)
def test_what_cannot_be_kept_is_said_and_what_was_typed_stays(
    fields: dict[str, str], said: str, backoffice: CheckedClient
) -> None:
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC)):
        answer = backoffice.send(ABOUT, fields)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert escape(fields["text"]) in answer.content.decode()
    assert (Note.objects.count(), kinds()) == (0, [])


def test_four_thousand_signs_count_as_people_count_them(backoffice: CheckedClient) -> None:
    assert backoffice.send(ABOUT, {"text": "a\r\n" * 1999 + "zz"}).status_code == 302


def test_today_is_the_day_it_is_where_somebody_is(
    backoffice: CheckedClient, people: dict[str, Person]
) -> None:
    with time_machine.travel(datetime(2026, 11, 20, 23, 30, tzinfo=UTC)):  # the 21st in Amsterdam
        assert backoffice.send(ABOUT, {"text": "x", "due": "2026-11-20"}).status_code == 422
        assert backoffice.send(ABOUT, {"text": "x", "due": "2026-11-21"}).status_code == 302


def test_a_form_sent_twice_makes_one_note_and_one_promise(backoffice: CheckedClient) -> None:
    posted = {**backoffice.hidden(ABOUT), "text": "Ring back", "due": "2999-01-01"}
    assert [backoffice.post(ABOUT, posted).status_code for _ in range(2)] == [302, 302]
    assert (Note.objects.count(), FollowUp.objects.count()) == (1, 1)
    assert kinds() == ["note", "follow-up"]
    other = backoffice.post(ABOUT, {**posted, "text": "Something else"})
    assert other.status_code == 422
    assert "Something else" in other.content.decode()
    assert backoffice.post(ABOUT, {"text": "No operation"}).status_code == 422
    assert Note.objects.count() == 1


def test_in_the_panel_only_the_panel_is_drawn(backoffice: CheckedClient) -> None:
    form = backoffice.get(ABOUT, headers=IN_THE_PANEL).content.decode()
    assert "<html" not in form
    assert 'name="text"' in form
    wrong = backoffice.send(ABOUT, {"text": ""}, headers=IN_THE_PANEL)
    assert (wrong.status_code, "<html" in wrong.content.decode()) == (422, False)
    written = backoffice.send(ABOUT, {"text": "Rang them"}, headers=IN_THE_PANEL).content.decode()
    assert "Rang them" in written
    assert 'name="text"' not in written


def test_what_was_typed_outlives_the_session(backoffice: CheckedClient, signed_in: SignIn) -> None:
    posted = {**backoffice.hidden(ABOUT), "text": "Long thoughts"}
    assert Client().post(ABOUT, posted).status_code == 302
    assert "Long thoughts" in backoffice.get(f"{ABOUT}?draft={_operation(posted)}").content.decode()
    assert (
        "Long thoughts"
        not in signed_in("finance").get(f"{ABOUT}?draft={_operation(posted)}").content.decode()
    )


def _operation(posted: dict[str, str]) -> str:
    from dashboard.audit import operations

    return operations.read(posted["operation"])[0]  # type: ignore[index]


def test_its_writer_changes_and_withdraws_it_and_nobody_else(
    backoffice: CheckedClient, signed_in: SignIn
) -> None:
    backoffice.send(ABOUT, {"text": "Pays late", "due": "2999-01-01"})
    one = f"{NOTES}/{Note.objects.get().pk}/"
    finance = signed_in("finance")
    assert one not in finance.get(PAGE).content.decode()
    for answer in (
        finance.post(one, {"text": "Mine now"}, follow=True),
        finance.post(f"{one}withdraw/", follow=True),
    ):
        assert "Only who wrote a note can change or withdraw it" in answer.content.decode()
    assert signed_in("viewer").get(one).status_code == 403
    assert backoffice.get(one.replace("org_1001", "org_1002")).status_code == 404

    posted = {**backoffice.hidden(one), "text": "Pays on time"}
    for _ in range(2):
        assert "Saved the note" in backoffice.post(one, posted, follow=True).content.decode()
    page = finance.get(PAGE).content.decode()
    assert "Pays on time" in page
    assert "changed " in page
    assert "Pays late" not in page
    assert FollowUp.objects.get().text == "Pays on time"
    for _ in range(2):
        backoffice.post(f"{one}withdraw/")
    assert "Pays on time" not in finance.get("/followups/?whose=everybody").content.decode()
    page = finance.get(PAGE).content.decode()
    assert "Withdrawn by its writer" in page
    assert "Pays on time</p>" not in page
    assert kinds() == ["note", "follow-up", "change-note", "withdraw-note"]
    assert [e.changes["text"] for e in Entry.objects.filter(kind="change-note", phase=Phase.INTENT)] == [
        ["Pays late", "Pays on time"]
    ]


def test_a_note_is_about_a_record_that_is_there_and_of_this_organization(backoffice: CheckedClient) -> None:
    for about in ("organizations/org_1002", "clients/987654", "locations/1", "nothing/1"):
        assert backoffice.get(f"{NOTES}/{about}/").status_code == 404
    backoffice.send(ABOUT, {"text": "Of the first organization"})
    assert "Of the first" not in backoffice.get("/o/org_1002/clients/1/").content.decode()


def test_notes_do_not_push_changes_out_of_the_history(backoffice: CheckedClient) -> None:
    backoffice.send(PLACES["organizations"][1], {"text": "Just a note"})
    page = backoffice.get("/o/org_1001/").content.decode()
    assert "wrote a note" not in page
    assert "wrote a note" in backoffice.get("/audit/").content.decode()


def test_a_long_list_is_cut_on_the_record_and_whole_on_its_own_page(
    backoffice: CheckedClient, people: dict[str, Person]
) -> None:
    whose = {"organization": "org_1001", "organization_name": "K", "entity": "clients", "record": "1"}
    Note.objects.bulk_create(Note(text=f"Note {n}.", person=people["finance"], **whose) for n in range(8))
    page = backoffice.get(PAGE).content.decode()
    assert "All 8 notes" in page
    assert ("Note 7." in page, "Note 0." in page) == (True, False)
    assert "Note 0." in backoffice.get(f"{ABOUT}?closed=1").content.decode()
