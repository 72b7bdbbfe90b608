"""A morning of the finance desk: five coupons, one of them with a lost answer, a coupon cleared, and a cancellation
that a colleague agrees to on a phone."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.accessibility import everything_wrong
from tests.support.page_watch import Watch
from tests.support.product import started
from tests.support.records import Api
from tests.support.windows import Windows

SCREENSHOTS = os.environ.get("SCREENSHOTS", "")  # a folder to leave them in, for whoever wants to look
COUPONS = (
    ("org_1001", "Kwelgeest Groep", "SPRING-30"),
    ("org_1002", "Maison Bérénice & Fils", "Loyal-10"),
    ("org_1004", "Rødgrød Håndværk ApS", "SPRING-30"),
    ("org_1005", "Zażółć Logistyka sp. z o.o.", "EUR-500"),
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[tuple[Windows, Api]]:
    """The product where a cancellation takes two."""
    own = {"SANDBOX_OPTIONS": "--control", "WEB_PROCESSES": "1", "SECOND_PERSON_FOR": "cancel"}
    with started(tmp_path_factory.mktemp("desk"), **own) as run:
        run.wait_until_ready()
        windows = Windows(chromium, run.address, Watch())
        yield windows, Api(run.sandbox)
        windows.close()


def shot(page: Page, name: str) -> None:
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)


def reason(page: Page, why: str, note: str) -> None:
    page.get_by_label("Reason").select_option(label=why)
    page.get_by_label("Note", exact=True).fill(note)
    page.get_by_role("button", name="Go on").click()


def apply(page: Page, organization: str, name: str, code: str) -> None:
    page.goto(f"/o/{organization}/subscriptions/")
    page.get_by_role("link", name="Apply coupon").click()
    page.get_by_label("Coupon code").fill(code)
    reason(page, "Campaign", f"Agreed with {name} by e-mail.")
    expect(page.get_by_role("main")).to_contain_text(
        f"Coupon {code} will be applied to the subscription of {name}"
    )
    page.get_by_role("button", name=f"Apply {code} to {name}").click()


def test_from_the_first_coupon_to_a_cancellation_that_two_agreed_to(desk: tuple[Windows, Api]) -> None:
    windows, api = desk
    windows.watch.begin()
    page = windows.open("/", "finance")
    for organization, name, code in COUPONS:
        apply(page, organization, name, code)
        expect(page.locator("#outcome-part [data-outcome=applied]")).to_be_visible()
        expect(page.get_by_role("region", name="Receipt")).to_contain_text(organization)
    shot(page, "1-receipt")

    # The fifth: applied before, so warned of; and its answer is lost.
    api.sandbox.faults("POST /subscriptions/apply-coupon", {"drop": "after"}, times=1)
    page.goto("/o/org_1001/subscriptions/coupon/apply/")
    page.get_by_label("Coupon code").fill("Loyal-10")
    reason(page, "Contract", "Second year of the contract.")
    page.get_by_role("button", name="Apply Loyal-10 to Kwelgeest Groep").click()
    expect(page.locator("[data-outcome=unknown]")).to_be_visible()
    shot(page, "2-unknown")
    page.get_by_role("link", name="Go on to the receipt").click()
    expect(page.locator("#outcome-part [data-outcome=unknown]")).to_be_visible()
    shot(page, "3-unknown-receipt")
    # Another attempt is not let through before somebody has looked and said what they saw.
    page.get_by_role("button", name="It was done").click()
    expect(page.get_by_text("Settled: it was done.")).to_be_visible()
    assert len(api.sent("POST", "/subscriptions/apply-coupon")) == 5

    page.goto("/o/org_1002/subscriptions/coupon/clear/")
    reason(page, "Correction", "Given to the wrong client.")
    page.get_by_role("button", name="Clear the coupon of Maison Bérénice & Fils").click()
    expect(page.locator("#outcome-part [data-outcome=applied]")).to_be_visible()
    assert len(api.sent("POST", "/subscriptions/clear-coupon")) == 1

    page.goto("/o/org_1004/subscriptions/sub_1004/cancel/")
    reason(page, "Contract", "They stop at the end of the month.")
    page.get_by_label("Slug of Rødgrød Håndværk ApS").fill("roedgroed-haandvaerk")
    page.get_by_role("button", name="Ask a second person to cancel").click()
    expect(page.get_by_role("main")).to_contain_text("waiting for approval")
    shot(page, "4-asked")
    assert api.sent("POST", "/subscriptions/sub_1004/cancel") == []

    colleague = windows.open("/approvals/", "finance2", phone=True)
    shot(colleague, "5-approvals")
    colleague.get_by_role("link", name="Cancel the subscription").click()
    expect(colleague.get_by_role("main")).to_contain_text("nothing has changed since it was asked for")
    shot(colleague, "6-decide")
    colleague.get_by_label("What you say to it").fill("Seen the letter.")
    colleague.get_by_label("Slug of Rødgrød Håndværk ApS").fill("roedgroed-haandvaerk")
    colleague.get_by_role("button", name="Cancel the subscription of Rødgrød Håndværk ApS").click()
    expect(colleague.locator("#outcome-part [data-outcome=applied]")).to_contain_text(
        "cancelled the subscription of"
    )
    shot(colleague, "7-cancelled")
    assert len(api.sent("POST", "/subscriptions/sub_1004/cancel")) == 1

    page.goto("/audit/?organization=org_1004")
    expect(page.get_by_role("main")).to_contain_text("finance2")
    shot(page, "8-audit")
    windows.watch.end()
    assert everything_wrong(page) == {}
