"""When Flowtly, the connection or the session fails: what is said, what stays, and the way on."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.records import Api
from tests.support.windows import OpenPage

pytestmark = pytest.mark.usefixtures("location")
EDIT = "/o/org_1001/locations/1/"


def test_a_panel_fails_alone_and_its_retry_works_once_flowtly_does(open_page: OpenPage, api: Api) -> None:
    api.sandbox.faults("GET /subscriptions", {"status": 503})
    page = open_page("/o/org_1001/")
    panel = page.get_by_role("region", name="Subscription")
    expect(panel.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("region", name="Identity")).to_contain_text("kwelgeest-groep")
    expect(page.get_by_role("region", name="Records")).to_contain_text("locations")
    expect(page.get_by_role("alert")).to_have_count(1)
    page.evaluate("document.querySelector('#identity-panel').dataset.before = '1'")
    panel.get_by_role("link", name="Try again").click()
    expect(panel.get_by_role("alert")).to_be_focused()
    api.sandbox.clear_faults()
    panel.get_by_role("link", name="Try again").click()
    expect(panel).to_contain_text("Seats")
    expect(panel.get_by_role("alert")).to_have_count(0)
    expect(page.locator("#identity-panel[data-before]")).to_have_count(1)


def test_a_lost_answer_is_said_to_be_unknown_and_everything_typed_stays(
    open_page: OpenPage, api: Api
) -> None:
    edit = api.depot(12)
    api.sandbox.faults("PATCH /locations/12", {"drop": "before"}, times=1)
    page = open_page(edit)
    page.get_by_label("Name", exact=True).fill("Depot Zuid")
    page.get_by_label("Opens at").select_option("6")
    page.get_by_role("button", name="Save location").click()
    trouble = page.locator("[data-outcome=unknown]")
    expect(trouble).to_be_focused()
    expect(trouble).to_contain_text("We do not know whether this was saved")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Depot Zuid")
    expect(page.get_by_label("Opens at")).to_have_value("6")
    page.get_by_role("button", name="Save location").click()
    blocked = page.locator("[data-outcome=not-sent]")
    expect(blocked).to_be_focused()
    expect(blocked).to_contain_text("an earlier attempt is not settled")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Depot Zuid")
    expect(page.get_by_label("Opens at")).to_have_value("6")
    assert len(api.sent("PATCH", "/locations/12")) == 1
    page.get_by_role("button", name="I have checked: it was not done").click()
    expect(page.locator("[data-outcome=not-applied]")).to_be_visible()
    expect(page.get_by_role("region", name="An attempt that is not settled")).to_have_count(0)
    page.get_by_label("Name", exact=True).fill("Depot Zuid")
    page.get_by_role("button", name="Save location").click()
    expect(page.get_by_role("main").get_by_text("Saved Depot Zuid.")).to_be_visible()
    assert api.read("/locations/12")["name"] == "Depot Zuid"


def test_looking_again_finds_what_a_late_server_has_done(open_page: OpenPage, api: Api) -> None:
    edit = api.depot(13)
    api.sandbox.faults("PATCH /locations/13", {"drop": "before"}, times=1)
    page = open_page(edit)
    page.get_by_label("Name", exact=True).fill("Depot Zuid")
    page.get_by_role("button", name="Save location").click()
    expect(page.locator("[data-outcome=unknown]")).to_be_focused()
    page.get_by_role("button", name="Look again").click()
    doubt = page.get_by_role("region", name="An attempt that is not settled")
    expect(page.locator("[data-outcome=unknown]").first).to_be_visible()
    expect(doubt).to_contain_text("Depot Zuid")
    api.patch("/locations/13", {"name": "Depot Zuid"})
    doubt.get_by_role("button", name="Look again").click()
    expect(page.locator("[data-outcome=applied]")).to_be_visible()
    expect(doubt).to_have_count(0)
    page.get_by_label("Opens at").select_option("6")
    page.get_by_role("button", name="Save location").click()
    expect(page.get_by_role("main").get_by_text("Saved Depot Zuid.")).to_be_visible()


def test_flowtly_gone_before_saving_leaves_the_form_as_it_is(open_page: OpenPage, api: Api) -> None:
    page = open_page(EDIT)
    api.sandbox.faults(".*", {"drop": "before"})
    page.get_by_label("Name", exact=True).fill("Depot Zuid")
    page.get_by_role("button", name="Save location").click()
    trouble = page.get_by_role("alert")
    expect(trouble).to_be_focused()
    expect(trouble).to_contain_text("What you typed is still here")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Depot Zuid")
    assert api.sent("PATCH") == []
    api.sandbox.clear_faults()
    page.get_by_role("button", name="Save location").click()
    expect(page.get_by_role("main").get_by_text("Saved Depot Zuid.")).to_be_visible()


def test_the_dashboard_gone_while_saving_leaves_the_form_as_it_is(open_page: OpenPage, api: Api) -> None:
    page = open_page(EDIT, own=True)
    page.get_by_label("Name", exact=True).fill("Depot Zuid")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save location").click()
    trouble = page.get_by_role("alert")
    expect(trouble).to_be_focused()
    expect(trouble).to_contain_text("No answer came back")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Depot Zuid")
    page.context.set_offline(False)
    page.get_by_role("button", name="Save location").click()
    expect(page.get_by_role("main").get_by_text("Saved Depot Zuid.")).to_be_visible()


def test_a_list_that_cannot_be_read_says_so_in_its_place(open_page: OpenPage, api: Api) -> None:
    page = open_page("/o/org_1001/locations/")
    api.sandbox.faults("GET /locations", {"status": 502, "body": "<h1>Bad gateway</h1>"})
    page.get_by_role("link", name="Next").click()
    trouble = page.get_by_role("alert")
    expect(trouble).to_be_focused()
    expect(page.get_by_role("heading", name="Locations", level=1)).to_be_visible()
    api.sandbox.clear_faults()
    trouble.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("navigation", name="Pages")).to_contain_text(re.compile(r"31–60 of \d+"))


def test_a_record_that_is_gone_leads_back(open_page: OpenPage) -> None:
    page = open_page("/o/org_1001/locations/999999/")
    expect(page.get_by_role("heading", name="There is nothing at this address")).to_be_visible()
    page.get_by_role("main").get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/o/org_1001/$"))


def test_waiting_is_shown_and_ends(open_page: OpenPage, api: Api) -> None:
    page = open_page("/o/org_1001/locations/")
    api.sandbox.faults("GET /locations", {"delay": 2.5}, times=1)
    expect(page.locator("#waiting")).to_be_hidden()
    page.get_by_role("link", name="Next").click()
    expect(page.locator("#locations-list")).to_have_attribute("aria-busy", "true")
    expect(page.locator("#waiting")).to_be_visible()
    expect(page.get_by_role("navigation", name="Pages")).to_contain_text(re.compile(r"31–60 of \d+"))
    expect(page.locator("#waiting")).to_be_hidden()
    expect(page.locator("[aria-busy]")).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_search_for_far_too_long_a_text_gets_a_page_of_ours(open_page: OpenPage, scripts: bool) -> None:
    page = open_page("/o/org_1001/locations/", scripts=scripts, own=True)
    search = page.locator("#main input[name=q]")
    search.fill("x" * 20_000)
    search.press("Enter")
    expect(page.get_by_role("heading", name="The request is too long")).to_be_visible()
