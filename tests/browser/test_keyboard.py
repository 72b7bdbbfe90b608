"""The same work with nothing but a keyboard: Tab, Enter, Space and the keys of a list of choices."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.records import Api
from tests.support.windows import OpenPage

pytestmark = pytest.mark.usefixtures("location")

FOCUS_IS_SEEN = """(one) => {
  const seen = (element) => {
    if (!element) return false;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
  };
  return one.matches(":focus-visible") && (seen(one) || seen(one.nextElementSibling));
}"""


def tab_to(page: Page, wanted: Locator, *, most: int = 60) -> None:
    """Goes on with Tab until this has the focus, which has to be seen wherever it comes by."""
    expect(wanted).to_be_attached()
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.locator(":focus")
        if not here.count():
            continue  # the browser's own controls come after the last of the page's
        assert here.evaluate(FOCUS_IS_SEEN), f"focus is not seen on {here.evaluate('one => one.outerHTML')}"
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
    raise AssertionError(f"{most} times Tab did not lead to {wanted}")


def test_from_signing_in_to_a_saved_location(open_page: OpenPage, api: Api) -> None:
    page = open_page("/", "", own=True)
    tab_to(page, page.get_by_label("Username"))
    page.keyboard.type("backoffice")
    tab_to(page, page.get_by_label("Password"))
    page.keyboard.type("demo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Organizations", level=1)).to_be_visible()

    tab_to(page, page.get_by_role("searchbox", name="Search by name"))
    page.keyboard.type("kwelgeest groep")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=kwelgeest(\+|%20)groep$"))
    expect(page.get_by_role("searchbox", name="Search by name")).to_be_focused()
    tab_to(page, page.get_by_role("rowheader").get_by_role("link", name="Kwelgeest Groep"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/o/org_1001/$"))
    tab_to(page, page.get_by_role("navigation", name="Sections").get_by_role("link", name="Locations"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Locations", level=1)).to_be_visible()
    tab_to(page, page.get_by_role("link", name="Depot Oost"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Depot Oost", level=1)).to_be_visible()

    tab_to(page, page.get_by_label("Name", exact=True))
    page.keyboard.press("End")
    page.keyboard.type(" 2")
    tab_to(page, page.get_by_label("Opens at"))
    page.keyboard.type("10")
    tab_to(page, page.get_by_role("button", name="Save location"))
    page.keyboard.press("Space")
    expect(page.get_by_role("main").get_by_text("Saved Depot Oost 2.")).to_be_visible()
    expect(page.locator("body")).not_to_be_focused()
    assert api.sent("PATCH") == [{"name": "Depot Oost 2", "officeOpenHour": 10}]


def test_a_refusal_is_put_right(open_page: OpenPage, api: Api) -> None:
    page = open_page("/o/org_1001/locations/1/")
    name = page.get_by_label("Name", exact=True)
    tab_to(page, name)
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    tab_to(page, summary.get_by_role("link"), most=1)
    page.keyboard.press("Enter")
    expect(name).to_be_focused()
    page.keyboard.type("Depot Noord")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main").get_by_text("Saved Depot Noord.")).to_be_visible()
    assert api.sent("PATCH") == [{"name": "Depot Noord"}]


def test_the_first_tab_offers_to_skip_to_the_content(open_page: OpenPage) -> None:
    page = open_page("/o/org_1001/locations/")
    tab_to(page, page.get_by_role("link", name="Skip to content"), most=1)
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    tab_to(page, page.get_by_role("link", name="Add a location"), most=1)


def test_focus_stays_where_it_was_when_a_list_is_swapped(open_page: OpenPage) -> None:
    page = open_page("/")
    following = page.get_by_role("link", name="Next")
    tab_to(page, page.get_by_role("columnheader").get_by_role("link", name="Name"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="Name")).to_have_attribute("aria-sort", "ascending")
    expect(page.get_by_role("columnheader").get_by_role("link", name="Name")).to_be_focused()
    tab_to(page, following, most=90)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"page=2$"))
    expect(page.get_by_role("link", name="Previous")).to_be_visible()
    expect(page.locator("#organizations-list:focus, #organizations-list :focus")).to_have_count(1)


def test_the_menus_of_the_frame_open_and_close(open_page: OpenPage) -> None:
    page = open_page("/o/org_1001/", own=True)
    person = page.locator("summary", has_text="Bram Visser")
    tab_to(page, person)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Dark"))
    page.keyboard.press("Space")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Dark")).to_be_focused()
    page.keyboard.press("Escape")
    expect(person).to_be_focused()
    expect(page.get_by_role("button", name="Dark")).to_be_hidden()


def test_the_menu_of_a_phone_opens_and_closes(open_page: OpenPage) -> None:
    page = open_page("/o/org_1001/", phone=True)
    menu = page.get_by_role("navigation", name="Sections")
    button: Any = page.get_by_label("Menu", exact=True)
    tab_to(page, button, most=5)
    page.keyboard.press("Space")
    expect(menu).to_be_visible()
    tab_to(page, menu.get_by_role("link", name="Overview"))
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
