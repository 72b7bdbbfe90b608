"""A note, from the page of its record to the day that was promised with it."""

from playwright.sync_api import expect

from tests.support.accessibility import everything_wrong
from tests.support.page_watch import Watch
from tests.support.windows import OpenPage

CLIENT = "/o/org_1001/clients/2/"


def test_a_note_written_in_its_panel_leaves_what_was_typed_beside_it_alone(
    open_page: OpenPage, watch: Watch
) -> None:
    page = open_page(CLIENT, username="accounts")
    name = page.get_by_label("Name", exact=True)
    name.fill("Typed and not saved")
    notes = page.get_by_role("region", name="Notes")
    notes.get_by_role("link", name="Write a note").click()
    text = notes.get_by_label("Note", exact=True)
    expect(text).to_be_focused()
    notes.get_by_role("button", name="Keep note").click()
    expect(notes.get_by_role("alert")).to_be_focused()
    text.fill("They ring back <soon>.\nAsk for Noor.")
    notes.get_by_label("Follow up on").fill("2999-12-24")
    notes.get_by_role("button", name="Keep note").click()
    expect(notes).to_contain_text("They ring back <soon>.")
    expect(notes).to_contain_text("Follow up 24 Dec 2999")
    expect(text).to_have_count(0)
    expect(name).to_have_value("Typed and not saved")

    page.get_by_role("button", name="Save client").click()
    page.get_by_text("Set here by accounts").click()
    expect(page.get_by_text("Last set here")).to_be_visible()
    notes.get_by_role("link", name="Write a note").click()
    expect(text).to_be_focused()
    watch.end()  # axe itself tries inline styles, which the security policy blocks
    assert everything_wrong(page) == {}


def test_without_scripts_a_promise_is_made_and_kept(open_page: OpenPage) -> None:
    page = open_page(CLIENT, username="finance", scripts=False)
    page.get_by_role("link", name="Write a note").click()
    page.get_by_label("Note", exact=True).fill("Look at the invoice")
    page.get_by_label("Follow up on").fill("2999-12-25")
    page.get_by_role("button", name="Keep note").click()
    expect(page.get_by_role("region", name="Notes")).to_contain_text("Look at the invoice")
    page.get_by_role("navigation", name="Sections").get_by_role("link", name="Follow-ups").click()
    row = page.get_by_role("row").filter(has_text="Look at the invoice")
    row.get_by_role("button", name="Done").click()
    expect(page.get_by_role("main")).to_contain_text("Done: the follow-up about")
    expect(row).to_have_count(0)
