"""Two people with one record open, each in a browser of their own."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.records import Api
from tests.support.windows import OpenPage

pytestmark = pytest.mark.usefixtures("location")
EDIT = "/o/org_1001/locations/1/"


@pytest.fixture
def mine(open_page: OpenPage) -> Page:
    return open_page(EDIT)


@pytest.fixture
def theirs(open_page: OpenPage) -> Page:
    return open_page(EDIT, "backoffice2")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save location").click()


def saved(page: Page) -> None:
    save(page)
    expect(page.locator("[data-outcome=applied]")).to_be_visible()


def test_what_they_change_in_different_fields_both_survives(mine: Page, theirs: Page, api: Api) -> None:
    theirs.get_by_label("Closes at").select_option("20")
    saved(theirs)
    mine.get_by_label("Opens at").select_option("9")
    saved(mine)
    record = api.read("/locations/1")
    assert (record["officeOpenHour"], record["officeCloseHour"]) == (9, 20)
    assert api.sent("PATCH") == [{"officeCloseHour": 20}, {"officeOpenHour": 9}]


@pytest.mark.parametrize(("choice", "hour"), [("Save what I typed", 9), ("Keep what is there now", 10)])
def test_in_the_same_field_the_second_one_sees_all_three_values_and_chooses(
    choice: str, hour: int, mine: Page, theirs: Page, api: Api
) -> None:
    theirs.get_by_label("Opens at").select_option("10")
    theirs.get_by_label("Closes at").select_option("20")
    saved(theirs)
    mine.get_by_label("Opens at").select_option("9")
    save(mine)
    expect(mine.locator("[data-outcome=conflict]")).to_be_focused()
    question = mine.get_by_role("group", name="Opens at")
    expect(question).to_contain_text("08:00")
    expect(question.get_by_label("Keep what is there now")).to_have_accessible_name(
        "Keep what is there now: 10:00"
    )
    expect(question.get_by_label("Save what I typed")).to_have_accessible_name("Save what I typed: 09:00")
    expect(mine.get_by_label("Closes at")).to_have_value("20")
    expect(mine.get_by_role("radio", checked=True)).to_have_count(0)
    assert len(api.sent("PATCH")) == 1
    question.get_by_label(choice).check()
    save(mine)
    expect(mine.locator("[data-outcome]")).to_be_visible()
    mine.wait_for_url("**/locations/")
    record = api.read("/locations/1")
    assert (record["officeOpenHour"], record["officeCloseHour"]) == (hour, 20)


def test_an_answer_that_is_lost_stands_on_the_record_of_the_other_one_too_until_somebody_settles_it(
    open_page: OpenPage, api: Api
) -> None:
    edit = api.depot(14)
    mine, theirs = open_page(edit), open_page(edit, "backoffice2")
    api.sandbox.faults("PATCH /locations/14", {"drop": "before"}, times=1)
    mine.get_by_label("Opens at").select_option("9")
    save(mine)
    expect(mine.locator("[data-outcome=unknown]")).to_be_focused()
    theirs.reload()
    doubt = theirs.get_by_role("region", name="An attempt that is not settled")
    expect(doubt).to_contain_text("backoffice")
    theirs.get_by_label("Opens at").select_option("10")
    save(theirs)
    expect(theirs.locator("[data-outcome=not-sent]")).to_be_focused()
    expect(theirs.get_by_label("Opens at")).to_have_value("10")
    assert len(api.sent("PATCH", "/locations/14")) == 1
    theirs.get_by_role("button", name="I have checked: it was not done").click()
    expect(theirs.locator("[data-outcome=not-applied]")).to_be_visible()
    expect(doubt).to_have_count(0)
    theirs.get_by_label("Opens at").select_option("10")
    saved(theirs)
    assert api.read("/locations/14")["officeOpenHour"] == 10


def test_a_double_click_saves_once(open_page: OpenPage, api: Api) -> None:
    page = open_page("/o/org_1001/locations/new/")
    page.get_by_label("Name", exact=True).fill("Dubbelzout")
    api.sandbox.faults("POST /locations", {"delay": 0.5})
    page.get_by_role("button", name="Add location").dblclick()
    expect(page.locator("[data-outcome=applied]").first).to_be_visible()
    assert len(api.sent("POST", "/locations")) == 1


def test_a_double_click_without_scripts_saves_once(open_page: OpenPage, api: Api) -> None:
    page = open_page("/o/org_1001/locations/new/", scripts=False)
    page.get_by_label("Name", exact=True).fill("Dubbelzout")
    api.sandbox.faults("POST /locations", {"delay": 0.5})
    page.get_by_role("button", name="Add location").dblclick()
    expect(page.locator("[data-outcome=applied]").first).to_be_visible()
    assert len(api.sent("POST", "/locations")) == 1
