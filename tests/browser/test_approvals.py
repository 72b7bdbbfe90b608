"""Two people and one act, each in a browser of their own: on a phone, and without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.accessibility import everything_wrong
from tests.support.page_watch import NOWHERE, Watch
from tests.support.product import started
from tests.support.records import Api
from tests.support.windows import Windows


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[tuple[Windows, Api]]:
    """The product where a coupon takes two, and organizations may be cleared."""
    own = {"SECOND_PERSON_FOR": "apply-coupon", "ALLOW_ORGANIZATION_CLEAR": "on", "WEB_PROCESSES": "1"}
    with started(tmp_path_factory.mktemp("desks"), SANDBOX_OPTIONS="--control", **own) as run:
        run.wait_until_ready()
        windows = Windows(chromium, run.address, Watch())
        yield windows, Api(run.sandbox)
        windows.close()


def reason(page: Page, why: str, note: str) -> None:
    page.get_by_label("Reason").select_option(label=why)
    page.get_by_label("Note", exact=True).fill(note)
    page.get_by_role("button", name="Go on").click()


def test_one_asks_to_clear_an_organization_and_another_agrees_on_a_phone(desks: tuple[Windows, Api]) -> None:
    windows, api = desks
    windows.watch.begin()
    page = windows.open("/o/org_1003/profile/", "backoffice")
    page.get_by_role("link", name="Look at what clearing would destroy").click()
    reason(page, "Correction", "Imported twice.")
    page.get_by_label("Slug of Conceição").fill("conceicao-irmaos")
    page.get_by_role("button", name="Ask a second person to clear Conceição").click()
    page.get_by_role("link", name="Open the request").click()
    expect(page.get_by_role("button", name="Withdraw the request")).to_be_visible()
    request = page.url
    colleague = windows.open("/approvals/", "backoffice2", phone=True)
    colleague.get_by_role("link", name="Clear Conceição").click()
    windows.watch.end()
    assert everything_wrong(colleague) == {}
    colleague.goto(NOWHERE)
    windows.watch.begin()
    colleague.goto(request)
    agree = colleague.get_by_role("button", name="Approve: Clear Conceição")
    agree.click()
    expect(colleague.locator("[data-error-summary]")).to_be_focused()
    assert api.sent("POST", "/organizations/clear") == []
    colleague.get_by_label("Slug of Conceição").fill("conceicao-irmaos")
    agree.click()
    expect(colleague.locator("#outcome-part [data-outcome=applied]")).to_contain_text("erased the data of")
    expect(colleague.get_by_role("region", name="Before and after")).to_contain_text("clients")
    assert len(api.sent("POST", "/organizations/clear")) == 1
    windows.watch.end()


def test_without_scripts_one_asks_and_another_declines_with_a_reason(desks: tuple[Windows, Api]) -> None:
    windows, api = desks
    windows.watch.begin()
    page = windows.open("/o/org_1001/subscriptions/coupon/apply/", "finance", scripts=False)
    page.get_by_label("Coupon code").fill("SPRING-30")
    reason(page, "Goodwill", "The outage of last week.")
    page.get_by_role("button", name="Ask a second person to apply SPRING-30").click()
    colleague = windows.open("/approvals/", "finance2", scripts=False)
    colleague.get_by_role("link", name="Apply a coupon to Kwelgeest Groep").click()
    decline = colleague.get_by_role("button", name="Decline")
    decline.click()
    expect(colleague.get_by_role("main")).to_contain_text("Say why it is declined")
    colleague.get_by_label("What you say to it").fill("They had one in March.")
    decline.click()
    expect(colleague.get_by_role("main")).to_contain_text("They had one in March.")
    page.goto("/approvals/")
    expect(page.get_by_role("region", name="Decided in the last 30 days")).to_contain_text(
        "Frederik Sørensen"
    )
    assert api.sent("POST", "/subscriptions/apply-coupon") == []
    windows.watch.end()
