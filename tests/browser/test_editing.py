"""A location, from opening it to what became of it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.support.records import Api
from tests.support.windows import OpenPage

pytestmark = pytest.mark.usefixtures("location")
EDIT = "/o/org_1001/locations/1/"


def row_of(page: Page, name: str) -> Any:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def test_changed_hours_are_saved_alone_and_stand_in_the_list(open_page: OpenPage, api: Api) -> None:
    page = open_page("/o/org_1001/locations/")
    page.get_by_role("link", name="Depot Oost").click()
    expect(page.get_by_role("heading", name="Depot Oost", level=1)).to_be_visible()
    page.get_by_label("Opens at").select_option("9")
    page.get_by_label("Closes at").select_option("20")
    page.get_by_role("button", name="Save location").click()
    expect(page.get_by_role("main").get_by_text("Saved Depot Oost.")).to_be_visible()
    expect(page.locator("[data-outcome=applied]")).to_be_visible()
    expect(page.locator("#announce")).to_have_text(re.compile(r"^Saved Depot Oost\. 1–30 of \d+$"))
    expect(page.locator("[aria-busy]")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/o/org_1001/locations/$"))
    expect(row_of(page, "Depot Oost")).to_contain_text("09:00–20:00")
    assert api.sent("PATCH") == [{"officeOpenHour": 9, "officeCloseHour": 20}]


def test_an_emptied_hour_is_cleared(open_page: OpenPage, api: Api) -> None:
    page = open_page(EDIT)
    page.get_by_label("Closes at").select_option("")
    page.get_by_role("button", name="Save location").click()
    expect(row_of(page, "Depot Oost")).to_contain_text("from 08:00")
    assert api.sent("PATCH") == [{"officeCloseHour": None}]
    assert "officeCloseHour" not in api.read("/locations/1")


def test_saving_without_a_change_says_so_and_sends_nothing(open_page: OpenPage, api: Api) -> None:
    page = open_page(EDIT)
    page.get_by_role("button", name="Save location").click()
    expect(page.get_by_role("main").get_by_text("Nothing was changed, so nothing was sent.")).to_be_visible()
    expect(page.locator("[data-outcome=unchanged]")).to_be_visible()
    assert api.sent("PATCH") == []


def test_a_location_can_be_added(open_page: OpenPage, api: Api) -> None:
    page = open_page("/o/org_1001/locations/")
    page.get_by_role("link", name="Add a location").click()
    page.get_by_label("Name", exact=True).fill("Nieuwe Haven")
    page.get_by_label("Opens at").select_option("22")
    page.get_by_label("Closes at").select_option("6")
    page.get_by_role("button", name="Add location").click()
    expect(page.get_by_role("main").get_by_text("Added Nieuwe Haven.")).to_be_visible()
    page.goto("/o/org_1001/locations/?q=Nieuwe+Haven")
    expect(row_of(page, "Nieuwe Haven")).to_contain_text("22:00–06:00, overnight")
    assert api.sent("POST", "/locations") == [
        {"name": "Nieuwe Haven", "officeOpenHour": 22, "officeCloseHour": 6}
    ]


def test_what_flowtly_refuses_lands_on_its_field_and_everything_typed_stays(
    open_page: OpenPage, api: Api
) -> None:
    words = "This value should be between 0 and 12."
    refusal = {"status": 422, "violations": [{"propertyPath": "officeOpenHour", "message": words}]}
    api.sandbox.faults("PATCH /locations/1", refusal, times=1)
    page = open_page(EDIT)
    page.get_by_label("Name", exact=True).fill("Depot Zuid")
    page.get_by_label("Opens at").select_option("13")
    page.get_by_role("button", name="Save location").click()
    expect(page.locator("[data-outcome=refused]")).to_be_focused()
    opens = page.get_by_label("Opens at")
    expect(opens).to_have_attribute("aria-invalid", "true")
    expect(opens).to_have_accessible_description(re.compile(re.escape(words)))
    expect(page.get_by_label("Name", exact=True)).to_have_value("Depot Zuid")
    expect(opens).to_have_value("13")
    expect(page.get_by_label("Closes at")).to_have_value("17")
    page.get_by_role("link", name=f"Opens at: {words}").click()
    expect(opens).to_be_focused()
    page.get_by_role("button", name="Save location").click()
    expect(page.get_by_role("main").get_by_text("Saved Depot Zuid.")).to_be_visible()
    assert api.sent("PATCH") == [{"name": "Depot Zuid", "officeOpenHour": 13}] * 2


def test_what_the_api_itself_finds_wrong_lands_there_too(open_page: OpenPage, api: Api) -> None:
    """No fault: the API is stricter than the form. What is wrong with a field stands at it, the rest on top."""
    page = open_page("/o/org_1001/addresses/addr_1001_1/")
    code, country = page.get_by_label("Post code"), page.get_by_label("Tax country")
    kept = country.input_value()
    code.fill("7000 AA and a good deal more")
    country.select_option("")
    page.get_by_role("button", name="Save address").click()
    summary = page.locator("[data-outcome=refused]")
    expect(summary).to_be_focused()
    expect(page.get_by_role("main")).to_contain_text("A tax number needs its country.")
    expect(code).to_have_attribute("aria-invalid", "true")
    expect(code).to_have_accessible_description(re.compile("too long"))
    expect(code).to_have_value("7000 AA and a good deal more")
    expect(country).to_have_value("")
    assert len(api.sent("PATCH", "/organization-addresses/addr_1001_1")) == 1
    code.fill("7000 AA")
    country.select_option(kept)
    page.get_by_role("button", name="Save address").click()
    expect(page.locator("[data-outcome=applied]")).to_be_visible()
    assert api.read("/organization-addresses/addr_1001_1")["postCode"] == "7000 AA"


def test_a_value_the_form_would_not_offer_stays_as_it_is(open_page: OpenPage, api: Api) -> None:
    api.sandbox.faults("GET /locations/1", {"merge": {"officeOpenHour": 25}})
    page = open_page(EDIT)
    expect(page.get_by_label("Opens at")).to_have_value("25")
    page.get_by_label("Closes at").select_option("20")
    page.get_by_role("button", name="Save location").click()
    expect(page.get_by_role("main").get_by_text("Saved Depot Oost.")).to_be_visible()
    assert api.sent("PATCH") == [{"officeCloseHour": 20}]


def test_what_we_ourselves_find_wrong_is_never_sent(open_page: OpenPage, api: Api) -> None:
    page = open_page(EDIT)
    page.get_by_label("Name", exact=True).fill("")
    page.get_by_label("Closes at").select_option("21")
    page.get_by_role("button", name="Save location").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("one thing needs your attention")
    expect(page.get_by_label("Name", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Closes at")).to_have_value("21")
    assert api.sent("PATCH") == []


def test_two_clicks_on_save_save_once(open_page: OpenPage, api: Api) -> None:
    api.sandbox.faults("PATCH /locations/1", {"delay": 0.5})
    page = open_page(EDIT)
    page.get_by_label("Opens at").select_option("10")
    page.get_by_role("button", name="Save location").dblclick()
    expect(page.get_by_role("main").get_by_text("Saved Depot Oost.")).to_be_visible()
    assert api.sent("PATCH") == [{"officeOpenHour": 10}]


def test_a_changed_field_is_marked_until_it_is_as_it_was(open_page: OpenPage) -> None:
    page = open_page(EDIT)
    marked = page.locator(".field.changed")
    page.get_by_label("Name", exact=True).fill("Depot Oosten")
    page.get_by_label("Opens at").select_option("11")
    expect(marked).to_have_count(2)
    page.get_by_label("Opens at").select_option("8")
    expect(marked).to_have_count(1)
    page.get_by_label("Name", exact=True).fill("Depot Oost")
    expect(marked).to_have_count(0)


def test_leaving_with_unsaved_changes_is_asked_about(open_page: OpenPage) -> None:
    page = open_page(EDIT, own=True)
    asked: list[str] = []
    answers = iter(["stay", "leave"])

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        if next(answers) == "stay":
            dialog.dismiss()
        else:
            dialog.accept()

    page.on("dialog", answer)
    page.get_by_label("Name", exact=True).fill("Depot West")
    page.get_by_role("link", name="Help").first.click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Depot West")
    assert asked == ["beforeunload"]
    page.get_by_role("link", name="Help").first.click()
    expect(page.get_by_role("heading", name="Help", level=1)).to_be_visible()
    assert asked == ["beforeunload"] * 2


def test_leaving_without_changes_is_not(open_page: OpenPage) -> None:
    page = open_page(EDIT, own=True)
    page.on("dialog", lambda dialog: pytest.fail(f"asked: {dialog.type}"))
    page.get_by_label("Name", exact=True).fill("Depot West")
    page.get_by_label("Name", exact=True).fill("Depot Oost")
    page.get_by_role("link", name="Leave without saving").click()
    expect(page.get_by_role("heading", name="Locations", level=1)).to_be_visible()


def test_who_may_not_change_it_sees_facts_and_no_form(open_page: OpenPage) -> None:
    page = open_page(EDIT, "viewer")
    facts = page.locator("#form-part")
    expect(facts.get_by_role("term")).to_have_text(["Name", "Opens at", "Closes at"])
    expect(facts.get_by_role("definition")).to_contain_text(["Depot Oost", "08:00", "17:00"])
    expect(page.get_by_role("main").locator("form, input, select, button[type=submit]")).to_have_count(0)
    expect(page.get_by_role("link", name="Take this back")).to_have_count(0)
    page.goto("/o/org_1001/locations/")
    expect(page.get_by_role("link", name="Depot Oost")).to_be_visible()
    expect(page.get_by_role("link", name="Add a location")).to_have_count(0)
