"""Finding things with the keyboard alone: the palette, the keys that go somewhere, and the switch that ends them."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.support.records import Api
from tests.support.windows import OpenPage

LOCATION = "/o/org_1001/locations/1/"


def palette(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Find")


def active(page: Page) -> Locator:
    """The option that Enter opens; the focus stays in the field."""
    expect(palette(page).get_by_role("option", selected=True)).to_have_count(1)
    chosen = palette(page).get_by_role("option", selected=True)
    field = palette(page).get_by_role("combobox")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-activedescendant", str(chosen.get_attribute("id")))
    return chosen


def test_the_palette_is_walked_by_keys_and_gives_the_focus_back(open_page: OpenPage) -> None:
    page = open_page(LOCATION)
    name = page.get_by_label("Name", exact=True)
    name.focus()
    page.keyboard.press("Control+k")
    expect(active(page)).to_contain_text("Kwelgeest Groep")
    page.keyboard.type("zwolle")
    expect(palette(page).get_by_role("status")).to_have_text("10 found")
    options = palette(page).get_by_role("group", name="Locations").get_by_role("option")
    expect(options).to_have_count(5)
    expect(active(page)).not_to_contain_text("Zwolle")
    page.keyboard.press("ArrowUp")
    expect(active(page)).to_contain_text(options.last.inner_text().split("\n")[0])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(palette(page)).to_be_hidden()
    expect(name).to_be_focused()
    page.keyboard.press("Control+k")
    expect(palette(page).get_by_role("combobox")).to_have_value("zwolle")
    page.keyboard.type("winkel zwolle 8")
    expect(palette(page).get_by_role("option")).to_have_count(1)
    active(page)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/o/org_1001/locations/8/$"))


def test_what_was_pasted_leads_straight_there_before_any_answer_came(open_page: OpenPage, api: Api) -> None:
    page = open_page(LOCATION)
    page.get_by_role("banner").get_by_role("link", name="Find").click()
    active(page)
    api.sandbox.settings(latency=300)
    page.keyboard.insert_text("https://user@staging.example/o/org_1001/locations/7/")
    page.keyboard.press("Enter")
    expect(page.get_by_text("staging.example is neither this dashboard")).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.insert_text("/api/locations/7")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/o/org_1001/locations/7/$"))
    api.sandbox.settings(latency=0)


def test_keys_go_to_sections_and_leave_what_is_typed_alone(open_page: OpenPage) -> None:
    page = open_page(LOCATION)
    name = page.get_by_label("Name", exact=True)
    name.fill("")
    name.press_sequentially("gc/?go")
    expect(name).to_have_value("gc/?go")
    expect(page).to_have_url(re.compile(f"{LOCATION}$"))
    page.goto("/o/org_1001/")
    page.keyboard.press("c")
    page.keyboard.press("g")
    page.keyboard.press("Control+c")
    expect(page).to_have_url(re.compile(r"/o/org_1001/$"))
    page.keyboard.press("g")
    page.keyboard.press("l")
    expect(page).to_have_url(re.compile(r"/o/org_1001/locations/$"))
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search by name")).to_be_focused()
    page.goto("/help/")
    page.keyboard.press("/")
    expect(palette(page).get_by_role("combobox")).to_be_focused()
    page.keyboard.type("?")
    expect(palette(page).get_by_role("combobox")).to_have_value("?")
    page.keyboard.press("Escape")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_in_viewport()


def test_one_switch_turns_every_key_off_and_the_button_still_works(open_page: OpenPage) -> None:
    page = open_page("/accounts/me/", "finance2")
    page.get_by_role("button", name="Turn the keys off").click()
    expect(page.get_by_text("The keys are off.")).to_be_visible()
    for key in ("/", "?", "Control+k", "g", "o"):
        page.keyboard.press(key)
    expect(palette(page)).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/accounts/me/$"))
    page.get_by_role("banner").get_by_role("link", name="Find").click()
    expect(active(page)).to_be_visible()
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Turn the keys on").click()
    expect(page.get_by_text("The keys are on.")).to_be_visible()
