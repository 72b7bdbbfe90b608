"""Taking a change back: the ordinary form with the old values, and nothing sent before it is saved."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from dashboard.audit.models import Entry, Phase
from tests.support.markup import CheckedClient, hidden_of
from tests.support.sandbox import Sandbox

LIST = "/o/org_1001/locations/"

SignIn = Callable[[str], CheckedClient]


def patches(sandbox: Sandbox) -> list[Any]:
    return [request["body"] for request in sandbox.requests() if request["method"] == "PATCH"]


def write_of(kind: str = "update") -> str:
    return Entry.objects.filter(phase=Phase.INTENT, kind=kind).latest("number").write


def field(page: str, name: str) -> str:
    if found := re.search(rf'<input[^>]* name="{name}" value="([^"]*)"', page):
        return unescape(found[1])
    select = page[page.index(f'<select name="{name}"') :]
    chosen = re.search(r'<option value="([^"]*)" selected', select[: select.index("</select>")])
    return chosen[1] if chosen else ""


@pytest.fixture
def url(backoffice: CheckedClient, sandbox: Sandbox) -> str:
    """A location that was changed from Westkade 8–17 to Oostkade 9–17."""
    backoffice.send(
        f"{LIST}new/", {"name": "Westkade", "officeOpenHour": "8", "officeCloseHour": "17"}, follow=True
    )
    url = f"{LIST}{Entry.objects.latest('number').record}/"
    backoffice.send(url, {"name": "Oostkade", "officeOpenHour": "9"}, follow=True)
    sandbox.clear_requests()
    return url


def test_the_link_opens_the_form_with_the_old_values_and_sends_nothing(
    backoffice: CheckedClient, sandbox: Sandbox, url: str
) -> None:
    link = re.search(r'href="([^"]+\?revert=[^"]+)"', backoffice.get(url).content.decode())
    assert link is not None
    answer = backoffice.get(link[1])
    page = answer.content.decode()
    assert answer.status_code == 200
    assert [field(page, name) for name in ("name", "officeOpenHour", "officeCloseHour")] == [
        "Westkade",
        "8",
        "17",
    ]
    assert "Nothing is sent yet" in page
    assert "is put back: Name, Opens at." in page
    assert patches(sandbox) == []


def test_saving_it_is_an_ordinary_save(backoffice: CheckedClient, sandbox: Sandbox, url: str) -> None:
    back = f"{url}?revert={write_of()}"
    page = backoffice.get(back).content.decode()
    typed = {name: field(page, name) for name in ("name", "officeOpenHour", "officeCloseHour")}
    answer = backoffice.post(back, {**hidden_of(page), **typed})
    assert answer.status_code == 302
    assert patches(sandbox) == [{"name": "Westkade", "officeOpenHour": 8}]
    entry = Entry.objects.filter(phase=Phase.INTENT).latest("number")
    assert entry.changes == {"name": ["Oostkade", "Westkade"], "officeOpenHour": [9, 8]}


def test_what_was_changed_since_is_listed_and_left_alone(
    backoffice: CheckedClient, signed_in: SignIn, sandbox: Sandbox, url: str
) -> None:
    write = write_of()
    signed_in("backoffice2").send(url, {"officeOpenHour": "11"})
    page = backoffice.get(f"{url}?revert={write}").content.decode()
    assert (field(page, "name"), field(page, "officeOpenHour")) == ("Westkade", "11")
    assert "Changed since, and left alone: Opens at." in page
    assert "is put back: Name." in page


def test_what_somebody_changes_while_the_form_is_open_is_a_clash_as_ever(
    backoffice: CheckedClient, signed_in: SignIn, sandbox: Sandbox, url: str
) -> None:
    page = backoffice.get(f"{url}?revert={write_of()}").content.decode()
    signed_in("backoffice2").send(url, {"name": "Zuidkade"})
    sandbox.clear_requests()
    answer = backoffice.post(url, {**hidden_of(page), "name": "Westkade", "officeOpenHour": "8"})
    assert answer.status_code == 409
    assert patches(sandbox) == []


def test_when_nothing_of_it_stands_the_page_says_so(
    backoffice: CheckedClient, sandbox: Sandbox, url: str
) -> None:
    write = write_of()
    backoffice.send(url, {"name": "Westkade", "officeOpenHour": "11"})
    page = backoffice.get(f"{url}?revert={write}").content.decode()
    assert "Nothing is left to take back" in page
    assert "left alone: Opens at." in page
    assert field(page, "name") == "Westkade"


def test_a_field_that_was_empty_before_is_emptied_again(
    backoffice: CheckedClient, sandbox: Sandbox, url: str
) -> None:
    backoffice.send(url, {"officeCloseHour": ""})
    backoffice.send(url, {"officeCloseHour": "20"})
    page = backoffice.get(f"{url}?revert={write_of()}").content.decode()
    assert field(page, "officeCloseHour") == ""
    sandbox.clear_requests()
    backoffice.post(url, {**hidden_of(page), "officeCloseHour": ""})
    assert patches(sandbox) == [{"officeCloseHour": None}]


def test_an_addition_and_what_was_never_done_cannot_and_it_says_why(
    backoffice: CheckedClient, sandbox: Sandbox, url: str
) -> None:
    page = backoffice.get(f"{url}?revert={write_of('create')}").content.decode()
    assert "only changes of fields can" in page
    sandbox.faults("PATCH /locations/.*", {"status": 403}, times=1)
    backoffice.send(url, {"name": "Noordkade"})
    page = backoffice.get(f"{url}?revert={write_of()}").content.decode()
    assert "Nothing to take back: it was not done." in page
    assert field(page, "name") == "Oostkade"


@pytest.mark.parametrize("where", [f"{LIST}1/", "/o/org_1002/locations/1/"])
def test_on_another_record_it_does_nothing(backoffice: CheckedClient, url: str, where: str) -> None:
    answer = backoffice.get(f"{where}?revert={write_of()}")
    assert answer.status_code in {200, 404}
    assert "Westkade" not in answer.content.decode()


def test_another_record_with_the_same_values_is_left_alone_too(
    backoffice: CheckedClient, sandbox: Sandbox, url: str
) -> None:
    write, twin = write_of(), f"{LIST}1/"
    backoffice.send(twin, {"name": "Oostkade", "officeOpenHour": "9"})
    page = backoffice.get(f"{twin}?revert={write}").content.decode()
    assert [field(page, name) for name in ("name", "officeOpenHour")] == ["Oostkade", "9"]
    assert "Nothing is sent yet" not in page


@pytest.mark.parametrize("nonsense", ["", "x", "1", "%00", "'"])
def test_what_is_no_write_is_the_form_as_ever(backoffice: CheckedClient, url: str, nonsense: str) -> None:
    answer = backoffice.get(f"{url}?revert={nonsense}")
    assert answer.status_code == 200
    assert "Nothing is sent yet" not in answer.content.decode()


def test_who_may_only_look_is_shown_the_record_and_no_form(signed_in: SignIn, url: str) -> None:
    page = signed_in("viewer").get(f"{url}?revert={write_of()}").content.decode()
    assert "Nothing is sent yet" not in page
    assert '<form class="form"' not in page


def test_the_page_of_the_write_leads_there_too(backoffice: CheckedClient, url: str) -> None:
    page = backoffice.get(f"/audit/{write_of()}/").content.decode()
    assert f'href="{url}?revert={write_of()}"' in page
