"""Flowtly goes away while somebody types, and comes back: what is said, what stays, and nobody is disturbed."""

from playwright.sync_api import Page, expect

from tests.support.records import Api
from tests.support.windows import OpenPage

AWAY = {"status": 503, "body": "<h1>Service unavailable</h1>"}


def looks(page: Page) -> None:
    """Comes back to the window, as people do, until it says what is now: a Flowtly that has failed is left alone for
    some seconds."""
    for _ in range(60):
        page.evaluate("dispatchEvent(new Event('focus'))")
        page.wait_for_timeout(1000)
        if page.locator("#away [data-away]").count() == 0:
            return


def test_an_open_form_outlasts_an_api_that_goes_away_and_comes_back(open_page: OpenPage, api: Api) -> None:
    edit = api.depot(14)
    page = open_page(edit)
    name, save = page.get_by_label("Name", exact=True), page.get_by_role("button", name="Save location")
    banner = page.locator("#away")
    expect(banner).to_be_empty()
    name.fill("Depot Zuid")
    api.sandbox.faults(".*", AWAY)
    save.click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was sent")
    expect(banner).to_contain_text("Flowtly has not answered since")
    expect(name).to_have_value("Depot Zuid")
    save.click()  # it is asked at once, is still away, and nothing is sent
    expect(page.locator("#announce")).to_contain_text("Saving is off")
    expect(name).to_have_value("Depot Zuid")

    # Another page of then: what was last read, and no way to send it.
    then = open_page(edit, own=True)
    expect(then.locator("#away")).to_contain_text("This page shows what you last read of it")
    expect(then.get_by_label("Name", exact=True)).to_have_value("Depot Oost")
    expect(then.get_by_role("button", name="Save location")).to_be_disabled()
    then.get_by_label("Name", exact=True).fill("Depot West")

    api.sandbox.clear_faults()
    looks(then)
    expect(then.locator("#away")).to_contain_text("Flowtly answers again")
    expect(then.get_by_label("Name", exact=True)).to_have_value("Depot West")
    expect(then.get_by_role("button", name="Save location")).to_be_enabled()
    then.get_by_role("button", name="Save location").click()
    expect(then.get_by_role("alert")).to_contain_text("too old")
    expect(then.get_by_label("Name", exact=True)).to_have_value("Depot West")

    name.focus()
    page.bring_to_front()
    looks(page)
    expect(banner).to_be_empty()
    expect(name).to_be_focused()
    save.click()
    expect(page.get_by_role("main").get_by_text("Saved Depot Zuid.")).to_be_visible()
    assert api.sent("PATCH", "/locations/14") == [{"name": "Depot Zuid"}]
