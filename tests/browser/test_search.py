"""From the list of organizations to a record: searching, filtering, turning pages, switching."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.support.windows import OpenPage

LIST = "#organizations-list"


def shown(page: Page) -> Locator:
    """Which rows the list says it shows."""
    return page.get_by_role("navigation", name="Pages").get_by_role("paragraph")


def mark_what_must_stay(page: Page) -> None:
    """Marks the frame and the part, to see later which of them was replaced."""
    page.evaluate(
        f'document.querySelectorAll("h1, {LIST}").forEach((one) => {{ one.dataset.before = "1"; }})'
    )


def expect_only_the_part_to_be_new(page: Page) -> None:
    expect(page.locator(f"{LIST}:not([data-before])")).to_have_count(1)
    expect(page.locator("h1[data-before]")).to_have_count(1)


def test_a_search_replaces_the_list_alone_and_stands_in_the_address(open_page: OpenPage) -> None:
    page = open_page("/")
    mark_what_must_stay(page)
    page.get_by_role("searchbox", name="Search by name").fill("kwelgeest")
    page.get_by_role("searchbox", name="Search by name").press("Enter")
    expect(page).to_have_url(re.compile(r"/\?q=kwelgeest$"))
    expect_only_the_part_to_be_new(page)
    expect(page.get_by_role("row").filter(has=page.get_by_role("link"))).to_have_count(2 + 1)
    expect(page.get_by_role("searchbox", name="Search by name")).to_be_focused()
    expect(page.locator("#announce")).to_have_text(re.compile("1–2 of 2"))


def test_turning_the_page_replaces_the_list_alone_and_back_turns_it_back(open_page: OpenPage) -> None:
    page = open_page("/")
    first = page.locator("tbody th").first.inner_text()
    mark_what_must_stay(page)
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile(r"/\?page=2$"))
    expect_only_the_part_to_be_new(page)
    expect(shown(page)).to_have_text(re.compile(r"^31–\d+ of \d+"))
    expect(page.locator("tbody th").first).not_to_have_text(first)
    page.go_back()
    expect(page).to_have_url(re.compile(r"/$"))
    expect(page.locator("tbody th").first).to_have_text(first)
    page.go_forward()
    expect(shown(page)).to_have_text(re.compile(r"^31–\d+ of"))
    page.reload()
    expect(shown(page)).to_have_text(re.compile(r"^31–\d+ of"))


def test_a_filter_works_as_soon_as_it_is_chosen_and_its_chip_takes_it_back(open_page: OpenPage) -> None:
    page = open_page("/")
    mark_what_must_stay(page)
    page.get_by_label("Status", exact=True).select_option("suspended")
    expect(page).to_have_url(re.compile(r"/\?status=suspended$"))
    expect_only_the_part_to_be_new(page)
    statuses = page.locator("tbody td[data-label=Status]")
    expect(statuses.first).to_have_text("Suspended")
    assert set(statuses.all_inner_texts()) == {"Suspended"}
    page.get_by_role("link", name=re.compile("^Status: Suspended")).click()
    expect(page).to_have_url(re.compile(r"/$"))
    expect(shown(page)).to_have_text(re.compile(r"^1–30 of \d+"))


def test_sorting_by_name_turns_round_on_the_second_click(open_page: OpenPage) -> None:
    page = open_page("/")
    heading = page.get_by_role("columnheader", name="Name")
    heading.get_by_role("link").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    lowest = page.locator("tbody th").first.inner_text()
    heading.get_by_role("link").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    expect(page.locator("tbody th").first).not_to_have_text(lowest)


def test_a_search_that_finds_nothing_says_what_to_do(open_page: OpenPage) -> None:
    page = open_page("/?q=zzzz")
    expect(page.get_by_text("No organization matches")).to_be_visible()
    page.get_by_role("link", name="Show all organizations").click()
    expect(shown(page)).to_have_text(re.compile(r"^1–30 of"))
    expect(page).to_have_url(re.compile(r"/$"))


def test_an_organization_opens_with_its_name_id_and_kind_on_top(open_page: OpenPage) -> None:
    page = open_page("/?q=Kwelgeest+Groep")
    page.get_by_role("rowheader").get_by_role("link", name="Kwelgeest Groep").click()
    expect(page).to_have_url(re.compile(r"/o/org_1001/$"))
    expect(page).to_have_title(re.compile("Kwelgeest Groep"))
    top = page.get_by_role("banner")
    for words in ("Kwelgeest Groep", "org_1001", "Production"):
        expect(top.locator("summary").get_by_text(words)).to_be_visible()
    expect(page.get_by_role("region", name="Identity")).to_contain_text("kwelgeest-groep")
    expect(page.get_by_role("region", name="Subscription")).to_contain_text("Seats")
    page.get_by_role("navigation", name="Sections").get_by_role("link", name="Locations").click()
    expect(page.get_by_role("heading", name="Locations", level=1)).to_be_visible()
    expect(shown(page)).to_have_text(re.compile(r"^1–30 of \d+"))


def test_the_switcher_offers_what_was_opened_lately_and_finds_the_rest(open_page: OpenPage) -> None:
    page = open_page("/o/org_1004/", "finance")
    page.goto("/o/org_1001/")
    switcher = page.get_by_role("banner").locator("details").filter(has_text="Switch organization")
    switcher.locator("summary").click()
    expect(page.get_by_label("Name, id or slug of an organization")).to_be_focused()
    switcher.get_by_role("link", name="Rødgrød Håndværk ApS Demo").click()
    expect(page).to_have_url(re.compile(r"/o/org_1004/$"))
    expect(page.get_by_role("banner").locator("summary").get_by_text("Demo", exact=True)).to_be_visible()
    switcher.locator("summary").click()
    page.get_by_label("Name, id or slug of an organization").fill("lege polder")
    page.get_by_label("Name, id or slug of an organization").press("Enter")
    expect(page.get_by_role("rowheader", name="De Lege Polder B.V.")).to_be_visible()


def test_an_open_menu_closes_by_escape_and_by_a_click_beside_it(open_page: OpenPage) -> None:
    page = open_page("/o/org_1001/")
    menu = page.get_by_role("banner").locator("details").filter(has_text="Switch organization")
    menu.locator("summary").click()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")
    page.get_by_role("region", name="Integrations").click()
    expect(menu).not_to_have_attribute("open", "")


def test_a_slash_goes_to_the_search_and_a_question_mark_to_the_help(open_page: OpenPage) -> None:
    page = open_page("/o/org_1001/locations/")
    search = page.get_by_role("searchbox", name="Search by name")
    page.keyboard.press("/")
    expect(search).to_be_focused()
    page.keyboard.type("a/b?")
    expect(search).to_have_value("a/b?")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Help", level=1)).to_be_visible()


def test_two_tabs_on_two_organizations_do_not_mix(open_page: OpenPage) -> None:
    one = open_page("/o/org_1001/locations/")
    other = one.context.new_page()
    other.goto("/o/org_1004/locations/")
    one.get_by_role("searchbox", name="Search by name").fill("1")
    one.get_by_role("searchbox", name="Search by name").press("Enter")
    expect(one).to_have_url(re.compile(r"/o/org_1001/locations/\?q=1$"))
    expect(one.get_by_role("link", name="Magazijn Zwolle 1", exact=True)).to_be_visible()
    expect(other.get_by_role("link", name="Magazijn København 1")).to_be_visible()
