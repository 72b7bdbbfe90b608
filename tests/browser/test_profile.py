"""Pictures and the mail footer, in a browser that would run and load whatever gets through."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Dialog, Page, Request, expect

from tests.support.hostile_html import PAYLOADS
from tests.support.records import Api
from tests.support.windows import OpenPage

LOGO = "/o/org_1001/profile/logo/"
FOOTER = "/o/org_1001/profile/mail-footer/"
PATCHED = "/organizations/mail-footer"


def hostile() -> str:
    """Each payload in a place of its own; without those that swallow what follows them."""
    return "".join(f"<p>Line {number} {one}</p>" for number, one in enumerate(PAYLOADS) if "\0" not in one)


def strangers(page: Page) -> list[str]:
    """Fills with what the page asks of anybody but the dashboard."""
    found: list[str] = []
    own = page.url.split("/o/")[0]

    def look(request: Request) -> None:
        if not request.url.startswith((own, "data:", "about:")):
            found.append(request.url)

    def dismiss(dialog: Dialog) -> None:
        found.append(dialog.message)
        dialog.dismiss()

    page.on("request", look)
    page.on("dialog", dismiss)
    return found


def test_what_flowtly_already_holds_does_nothing_when_it_is_shown(open_page: OpenPage, api: Api) -> None:
    api.patch(PATCHED, {"mailFooter": hostile()[:19_000]})
    page = open_page("/o/org_1001/profile/", own=True)
    found = strangers(page)
    for path in ("/o/org_1001/profile/", FOOTER):
        page.goto(path)
        frame = page.frame_locator("iframe[title='Preview of the mail footer']")
        expect(frame.get_by_text("Line 0", exact=True)).to_be_visible()
        expect(
            frame.locator("script, svg, iframe, form, input, style ~ style, a[href], img[src]")
        ).to_have_count(0)
    assert found == []


def test_the_preview_follows_what_is_typed_and_nothing_in_it_runs(open_page: OpenPage, api: Api) -> None:
    page = open_page(FOOTER, own=True)
    found = strangers(page)
    page.get_by_label("Mail footer").fill(f"<p>Typed just now</p>{hostile()}")
    frame = page.frame_locator("iframe[title='Preview of the mail footer']")
    expect(frame.get_by_text("Typed just now")).to_be_visible()
    expect(page.get_by_label("Mail footer")).to_be_focused()
    assert api.sent("PATCH", PATCHED) == []
    assert found == []


@pytest.mark.parametrize("scripts", [True, False])
def test_a_footer_is_seen_before_it_is_saved(open_page: OpenPage, api: Api, scripts: bool) -> None:
    page = open_page(FOOTER, scripts=scripts)
    page.get_by_label("Mail footer").fill("<p>Kwelgeest</p><script>alert(1)</script>")
    page.get_by_role("button", name="Show what will be saved").click()
    expect(page.get_by_text("This will be saved")).to_be_visible()
    expect(page.locator("[data-taken-out]")).to_have_text("<script>")
    expect(page.frame_locator("iframe").get_by_text("Kwelgeest")).to_be_visible()
    assert api.sent("PATCH", PATCHED) == []
    page.get_by_role("button", name="Save mail footer").click()
    expect(page.locator("[data-outcome=applied]")).to_be_visible()
    assert api.sent("PATCH", PATCHED) == [{"mailFooter": "<p>Kwelgeest</p>"}]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_logo_is_looked_at_before_it_is_sent(open_page: OpenPage, api: Api, scripts: bool) -> None:
    out = BytesIO()
    Image.new("RGB", (120, 40), (200, 30, 90)).save(out, "PNG")
    page = open_page(LOGO, scripts=scripts)
    file = {"name": "logo.png", "mimeType": "image/png", "buffer": out.getvalue()}
    page.get_by_label("Picture").set_input_files(file)  # type: ignore[arg-type]
    if not scripts:
        page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_role("img", name="The picture you chose")).to_have_count(2)
    expect(page.get_by_text("Nothing is sent yet")).to_be_visible()
    assert api.sent("POST", "/organizations/logo") == []
    page.get_by_role("button", name="Send logo to Kwelgeest Groep").click()
    expect(page.get_by_text("Sent the logo to Kwelgeest Groep.")).to_be_visible()
    assert len(api.sent("POST", "/organizations/logo")) == 1
