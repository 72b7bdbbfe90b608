"""What a real browser sends of values that its own controls would change, beside one that somebody changed."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.records import Api
from tests.support.windows import OpenPage

ODD = "a\rb\r\nc\nd"
CLIENT = {
    "name": "Foo\nbar", "status": " active ", "tin": "\tNL 1\t", "tinType": ODD, "vatNumber": "  ", "dueDays": "net 30",
    "country": {"@id": "/countries/NL"}, "tinCountry": "Mars", "addressCountry": 528, "currency": "/currencies/ZZZ",
    "invoiceComment": f"\n{ODD}\n", "costGroup": ["a", {"b": 2}], "defaultCost": 12.5, "defaultTaxRate": True,
    "attributeSet": {"id": 3}, "documentsLanguage": ["nl", "en"],
}  # fmt: skip
CONTACT = {"name": ODD, "email": " x@y.example ", "type": "Foo\nbar", "position": "first"}
MEETING = {"dateFrom": "2031-05-06", "dateTo": "half past nine", "time": ODD, "employee": "/employees/nobody"}
LOCATION = {"officeOpenHour": 9.5, "officeCloseHour": "late\r\nvery"}
ADDRESS = {
    "type": ODD,
    "name": "Foo\nbar",
    "email": " x@y.example",
    "tin": 5,
    "country": "NL/BE",
    "tinCountry": False,
}


def meeting(api: Api) -> str:
    return str(api.read("/meetings")["hydra:member"][0]["id"])


# The page, the record's path, what it holds, and the field that is changed with what is sent of it.
CASES: dict[str, tuple[str, str, dict[str, Any], str, Any]] = {
    "client": ("clients/1/", "/clients/1", CLIENT, "addressCity", "Delft"),
    "contact": ("clients/1/contacts/1/", "/client-contacts/1", CONTACT, "title", "Inkoop"),
    "meeting": ("meetings/{meeting}/", "/meetings/{meeting}", MEETING, "notes", "Jaargesprek"),
    "location": ("locations/1/", "/locations/1", LOCATION, "name", "Noordkade"),
    "address": ("addresses/addr_1001_1/", "/organization-addresses/addr_1001_1", ADDRESS, "city", "Delft"),
}


def save(page: Page) -> None:
    page.locator("[data-action=save]").click()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("case", CASES)
def test_only_what_was_changed_is_sent(case: str, scripts: bool, open_page: OpenPage, api: Api) -> None:
    where, path, held, field, typed = CASES[case]
    where, path = (text.format(meeting=meeting(api) if "{" in text else "") for text in (where, path))
    api.sandbox.faults(f"GET {path}", {"merge": held})
    page = open_page(
        f"/o/org_1001/{where}",
        "backoffice" if case in {"location", "address"} else "accounts",
        scripts=scripts,
    )
    page.locator(f"#id_{field}").fill(typed)
    save(page)
    expect(page.locator("[data-outcome=applied]")).to_be_visible()
    assert api.sent("PATCH", path) == [{field: typed}]


@pytest.mark.parametrize("value", ["a\rb", ODD, " x ", "\n", "x\ty"])
def test_a_value_of_a_config_that_nobody_touched_is_not_sent(
    value: str, open_page: OpenPage, api: Api
) -> None:
    api.sandbox.faults("GET /configs/session.timeout", {"merge": {"value": value}})
    page = open_page("/o/org_1001/configs/session.timeout/")
    save(page)
    expect(page.locator("[data-outcome=unchanged]")).to_be_visible()
    assert api.sent("PATCH", "/configs/session.timeout") == []


def test_the_wheel_changes_no_number_and_half_a_number_is_refused(open_page: OpenPage, api: Api) -> None:
    page = open_page("/o/org_1001/clients/1/", "accounts")
    days = page.get_by_label("Days to pay")
    before = days.input_value()
    days.focus()
    days.hover()
    page.mouse.wheel(0, 300)
    days.press("ArrowUp")
    expect(days).to_have_value(before)
    days.fill("1,5")
    save(page)
    expect(page.locator("#id_dueDays_error")).to_contain_text("Enter a whole number, for example 30.")
    expect(days).to_have_value("1,5")
    assert api.sent("PATCH", "/clients/1") == []
