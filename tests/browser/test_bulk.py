"""A list of organizations that goes on by itself, while its page is loaded anew."""

import re

from playwright.sync_api import expect

from tests.support.accessibility import everything_wrong
from tests.support.page_watch import Watch
from tests.support.records import Api
from tests.support.windows import OpenPage

PASTED = "org_1001\nmaison-berenice\norg_1004\n/organizations/org_1005 org_1007\nnobody\norg_1006"


def test_five_organizations_over_a_reload(open_page: OpenPage, api: Api, watch: Watch) -> None:
    page = open_page("/coupons/new/", "finance")
    page.get_by_label("Organizations").fill(PASTED)
    page.get_by_label("Coupon code").fill("Loyal-10")
    page.get_by_label("Reason").select_option("campaign")
    page.get_by_label("Note").fill("Spring campaign.")
    page.get_by_role("button", name="Rehearse it").click()
    button = page.get_by_role("button", name="Apply Loyal-10 to 5 organizations")
    tick = page.get_by_label("Send: Zażółć Logistyka sp. z o.o. (org_1005)")
    expect(tick).not_to_be_checked()  # it is suspended
    tick.check()
    expect(button).to_be_visible()
    tick.uncheck()
    expect(page.get_by_role("button", name="Apply Loyal-10 to 4 organizations")).to_be_visible()
    expect(tick).to_be_focused()
    tick.check()
    expect(button).to_be_visible()
    rehearsal = page.url
    watch.end()
    assert everything_wrong(page) == {}
    page.goto(rehearsal)
    tick.check()
    watch.begin()
    api.sandbox.faults("POST /subscriptions/apply-coupon", {"delay": 0.7})
    api.sandbox.clear_requests()
    button.click()
    expect(page.locator("#progress-part")).to_contain_text(re.compile("[12] of 5"))
    page.reload()
    page.get_by_role("button", name="Stop here").focus()
    expect(page.locator("#progress-part")).to_contain_text(re.compile("[34] of 5"))
    expect(page.get_by_role("button", name="Stop here")).to_be_focused()
    expect(page.locator("#announce")).to_contain_text("Flowtly accepted all of them")
    assert page.locator("tbody [data-outcome]").count() == 7
    assert page.locator("tbody [data-outcome=nothing-shows]").count() == 5
    posted = [r for r in api.sandbox.requests() if r["path"].endswith("/apply-coupon")]
    assert len({r["headers"]["instance"] for r in posted}) == len(posted) == 5
    watch.end()
    assert everything_wrong(page) == {}
    page.goto("about:blank")
    watch.begin()


def test_one_of_several_is_chosen_in_its_row(open_page: OpenPage, api: Api, watch: Watch) -> None:
    page = open_page("/coupons/new/", "finance")
    page.get_by_label("Organizations").fill("org_1001\torg_1002\norg_1004")
    page.get_by_label("Coupon code").fill("Loyal-20")
    page.get_by_label("Reason").select_option("campaign")
    page.get_by_label("Note").fill("Spring campaign.")
    page.get_by_role("button", name="Rehearse it").click()
    page.get_by_role("radio", name=re.compile("maison-berenice")).check()
    page.get_by_role("button", name="Apply Loyal-20 to 1 organization").click()
    expect(page.locator("[data-notice=pending]")).to_be_focused()
    watch.end()
    assert everything_wrong(page) == {}
    page.get_by_role("button", name=re.compile("Choose.*org_1001")).click()
    expect(page.get_by_role("button", name="Apply Loyal-20 to 2 organizations")).to_be_visible()
    expect(page.locator("[data-notice=recounted]")).to_be_focused()
    assert everything_wrong(page) == {}
    page.goto("about:blank")
    watch.begin()
