"""The same work in a browser that runs no script."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.records import Api
from tests.support.windows import OpenPage, sign_in

pytestmark = pytest.mark.usefixtures("location")
EDIT = "/o/org_1001/locations/1/"


def test_from_signing_in_to_a_saved_location(open_page: OpenPage, api: Api) -> None:
    page = open_page(username="", scripts=False, own=True)
    sign_in(page, "backoffice")
    page.get_by_role("searchbox", name="Search by name").fill("kwelgeest groep")
    page.get_by_role("button", name="Search and filter").click()
    page.get_by_role("rowheader").get_by_role("link", name="Kwelgeest Groep").click()
    expect(page.get_by_role("region", name="Subscription")).to_contain_text("Seats")
    page.get_by_role("navigation", name="Sections").get_by_role("link", name="Locations").click()
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile(r"\?page=2$"))
    page.get_by_role("link", name="Previous").click()
    page.get_by_role("link", name="Depot Oost").click()
    page.get_by_label("Opens at").select_option("9")
    page.get_by_label("Closes at").select_option("")
    page.get_by_role("button", name="Save location").click()
    expect(page.get_by_text("Saved Depot Oost.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Depot Oost")).to_contain_text("from 09:00")
    assert api.sent("PATCH") == [{"officeOpenHour": 9, "officeCloseHour": None}]
    page.locator("summary", has_text="Bram Visser").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_wrong_password_keeps_the_name(open_page: OpenPage) -> None:
    page = open_page("/accounts/login/", "", scripts=False)
    page.get_by_label("Username").fill("accounts")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Username")).to_have_value("accounts")


def test_what_is_refused_lands_on_its_field_and_everything_typed_stays(open_page: OpenPage, api: Api) -> None:
    words = "This value is already used."
    refusal = {"status": 422, "violations": [{"propertyPath": "name", "message": words}]}
    api.sandbox.faults("PATCH /locations/1", refusal, times=1)
    page = open_page(EDIT, scripts=False)
    page.get_by_label("Name", exact=True).fill("Depot Zuid")
    page.get_by_label("Opens at").select_option("6")
    page.get_by_role("button", name="Save location").click()
    expect(page).to_have_title(re.compile(r"^Error: "))
    name = page.get_by_label("Name", exact=True)
    expect(name).to_have_value("Depot Zuid")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_have_accessible_description(re.compile(re.escape(words)))
    expect(page.get_by_label("Opens at")).to_have_value("6")
    page.get_by_role("link", name=f"Name: {words}").click()
    expect(page).to_have_url(re.compile(r"#id_name$"))
    page.get_by_role("button", name="Save location").click()
    expect(page.get_by_text("Saved Depot Zuid.")).to_be_visible()


def test_what_we_ourselves_find_wrong_is_never_sent(open_page: OpenPage, api: Api) -> None:
    page = open_page(EDIT, scripts=False)
    page.get_by_label("Name", exact=True).fill("")
    page.get_by_label("Closes at").select_option("21")
    page.get_by_role("button", name="Save location").click()
    expect(page.get_by_role("alert")).to_contain_text("one thing needs your attention")
    expect(page.get_by_label("Closes at")).to_have_value("21")
    assert api.sent("PATCH") == []


def test_saving_without_a_change_says_so(open_page: OpenPage, api: Api) -> None:
    page = open_page(EDIT, scripts=False)
    page.get_by_role("button", name="Save location").click()
    expect(page.get_by_text("Nothing was changed, so nothing was sent.")).to_be_visible()
    assert api.sent("PATCH") == []


def test_a_lost_answer_keeps_what_was_typed_and_is_settled_before_anything_else_is_sent(
    open_page: OpenPage, api: Api
) -> None:
    edit = api.depot(11)
    api.sandbox.faults("PATCH /locations/11", {"drop": "before"}, times=1)
    page = open_page(edit, scripts=False)
    page.get_by_label("Name", exact=True).fill("Depot Zuid")
    page.get_by_role("button", name="Save location").click()
    expect(page.locator("[data-outcome=unknown]")).to_contain_text("We do not know whether this was saved")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Depot Zuid")
    page.get_by_role("button", name="Save location").click()
    expect(page.locator("[data-outcome=not-sent]")).to_contain_text("an earlier attempt is not settled")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Depot Zuid")
    assert len(api.sent("PATCH", "/locations/11")) == 1
    page.get_by_role("button", name="I have checked: it was not done").click()
    expect(page.locator("[data-outcome=not-applied]")).to_be_visible()
    expect(page.locator("[data-doubt]")).to_have_count(0)
    page.get_by_label("Name", exact=True).fill("Depot Zuid")
    page.get_by_role("button", name="Save location").click()
    expect(page.get_by_text("Saved Depot Zuid.")).to_be_visible()
    assert api.read("/locations/11")["name"] == "Depot Zuid"


def test_a_panel_that_fails_leaves_the_others_and_can_be_tried_again(open_page: OpenPage, api: Api) -> None:
    api.sandbox.faults("GET /subscriptions", {"status": 500})
    page = open_page("/o/org_1001/", scripts=False)
    panel = page.get_by_role("region", name="Subscription")
    expect(panel.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("region", name="Identity")).to_contain_text("kwelgeest-groep")
    api.sandbox.clear_faults()
    panel.get_by_role("link", name="Try again").click()
    expect(panel).to_contain_text("Seats")


@pytest.mark.parametrize("choice", ["Dark", "Light"])
def test_the_theme_can_be_chosen(open_page: OpenPage, choice: str) -> None:
    page = open_page("/help/", scripts=False, own=True)
    page.locator("summary", has_text="Bram Visser").click()
    page.get_by_role("button", name=choice).click()
    expect(page).to_have_url(re.compile(r"/help/$"))
    expect(page.locator("html")).to_have_attribute("data-theme", choice.lower())
    background: Any = page.locator("html").evaluate("(html) => getComputedStyle(html).backgroundColor")
    lightness = sum(int(part) for part in re.findall(r"\d+", background)[:3])
    assert (lightness < 3 * 128) == (choice == "Dark"), background


def test_the_menu_of_a_phone_opens(open_page: OpenPage) -> None:
    page = open_page("/o/org_1001/", phone=True, scripts=False)
    menu = page.get_by_role("navigation", name="Sections")
    expect(menu).to_be_hidden()
    page.get_by_text("Menu", exact=True).click()
    menu.get_by_role("link", name="Locations").click()
    expect(page.get_by_role("heading", name="Locations", level=1)).to_be_visible()
