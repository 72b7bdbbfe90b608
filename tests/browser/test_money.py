"""Coupons and cancellations in front of somebody's eyes: from the first look to the receipt."""

import re

from playwright.sync_api import Page, expect

from tests.support.accessibility import everything_wrong
from tests.support.page_watch import Watch
from tests.support.records import Api
from tests.support.windows import OpenPage

APPLY = "/o/org_1001/subscriptions/coupon/apply/"
CANCEL = "/o/org_1004/subscriptions/sub_1004/cancel/"
LOOKS = 120_000  # milliseconds: two looks or three


def give_a_reason(page: Page, note: str) -> None:
    page.get_by_label("Reason").select_option(label="Goodwill")
    page.get_by_label("Note", exact=True).fill(note)
    page.get_by_role("button", name="Go on").click()


def test_a_coupon_is_refused_tried_again_and_proved(open_page: OpenPage, api: Api, watch: Watch) -> None:
    page = open_page(APPLY, "finance")
    page.get_by_label("Coupon code").fill("nope")
    give_a_reason(page, "Asked for by phone.")
    page.get_by_role("button", name="Apply nope to Kwelgeest Groep").click()
    expect(page.locator("[data-outcome=refused]")).to_be_focused()
    expect(page.locator("#id_code_error")).to_contain_text("No such coupon: 'nope'")
    page.get_by_role("link", name="Try again").click()
    code = page.get_by_label("Coupon code")
    expect(code).to_have_value("nope")
    expect(page.get_by_label("Note", exact=True)).to_have_value("Asked for by phone.")
    code.fill("SPRING-30")
    page.get_by_role("button", name="Go on").click()
    button = page.get_by_role("button", name="Apply SPRING-30 to Kwelgeest Groep")
    expect(button).to_be_visible()
    page.reload()
    button.dblclick()
    expect(page.locator("[data-outcome=applied][data-visible=no]")).to_contain_text("no change is visible")
    receipt = page.get_by_role("button", name="Copy receipt").get_attribute("data-copy") or ""
    assert re.search(r"Coupon code: SPRING-30\nReason: Goodwill\nNote: Asked for by phone\.\n", receipt)
    assert len(api.sent("POST", "/subscriptions/apply-coupon")) == 2
    page.get_by_role("button", name="Remind me of it").click()
    expect(page.get_by_text("It is among the promised dates.")).to_be_visible()
    watch.end()
    assert everything_wrong(page) == {}
    page.goto(APPLY)
    assert everything_wrong(page) == {}


def test_a_cancellation_needs_no_script(open_page: OpenPage, api: Api) -> None:
    page = open_page(CANCEL, "finance", scripts=False)
    give_a_reason(page, "The contract ends.")
    cancel = page.get_by_role("button", name="Cancel the subscription of Rødgrød Håndværk ApS")
    cancel.click()
    expect(page.get_by_label("Slug of Rødgrød Håndværk ApS")).to_have_attribute("aria-invalid", "true")
    assert api.sent("POST", "/subscriptions/sub_1004/cancel") == []
    page.get_by_label("Slug of Rødgrød Håndværk ApS").fill("roedgroed-haandvaerk")
    cancel.click()
    expect(page.locator("[data-outcome=applied]")).to_contain_text("cancelled the subscription of")
    expect(page.get_by_role("region", name="Before and after")).to_contain_text("cancelled")
    assert len(api.sent("POST", "/subscriptions/sub_1004/cancel")) == 1


def test_a_lost_answer_is_found_by_itself_before_ones_eyes(open_page: OpenPage, api: Api) -> None:
    page = open_page("/o/org_1002/subscriptions/sub_1002/cancel/", "finance")
    give_a_reason(page, "The contract ends.")
    page.get_by_label("Slug of Maison Bérénice & Fils").fill("maison-berenice")
    api.sandbox.faults("POST /subscriptions/sub_1002/cancel", {"act_after": 3600, "drop": "before"})
    page.get_by_role("button", name="Cancel the subscription of").click()
    expect(page.locator("[data-outcome=unknown]")).to_be_visible()
    page.get_by_role("link", name="Go on to the receipt").click()
    note = page.get_by_label("To do")
    note.fill("Ask Bérénice")
    api.sandbox.act_now()
    expect(page.locator("#outcome-part [data-outcome=applied]")).to_be_visible(timeout=LOOKS)
    expect(note).to_be_focused()
    expect(note).to_have_value("Ask Bérénice")
