"""What can be seen wrong with a page as it stands: by axe, and by whether a phone has to scroll it sideways."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.support.windows import DESKTOP, PHONE

AXE = (Path(__file__).parent / "vendor/axe/axe.min.js").read_text()
NARROWEST = 320  # pixels
# Only the colours change with the light, and they do not with the width; they are also the dear part.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERY_RULE = {"runOnly": TAGS}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
EVERY_RULE_BUT_COLOURS = {"runOnly": TAGS, "rules": {"color-contrast": {"enabled": False}}}
# Of a long list of choices the first ones stand for all.
RUN = """(rules) => axe.run(
  { exclude: "option:nth-child(n+6)" },
  { ...rules, resultTypes: ["violations"] },
).then((found) => found.violations.map(
  (one) => one.id + ": " + one.nodes.slice(0, 3).map((node) => node.html + " " + node.failureSummary).join("; ")))"""
BEYOND_THE_EDGE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def everything_wrong(page: Page) -> dict[str, list[str]]:
    """In the light, in the dark and on a phone; {} is how it should be. axe tries inline styles, which the security
    policy blocks: nobody may be watching any more."""
    page.evaluate(AXE)
    found = {"light": _violations(page, EVERY_RULE)}
    page.emulate_media(color_scheme="dark")
    found["dark"] = _violations(page, COLOURS)
    page.set_viewport_size(PHONE)
    found["phone"] = _violations(page, EVERY_RULE_BUT_COLOURS) + _sideways(page, PHONE["width"])
    page.set_viewport_size({"width": NARROWEST, "height": 640})
    found["narrow"] = _sideways(page, NARROWEST)
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="light")
    return {where: troubles for where, troubles in found.items() if troubles}


def _violations(page: Page, rules: dict[str, Any]) -> list[str]:
    found: list[str] = page.evaluate(RUN, rules)
    return found


def _sideways(page: Page, width: int) -> list[str]:
    beyond = page.evaluate(BEYOND_THE_EDGE)
    return [f"{beyond} of {width + beyond} pixels lie beyond the edge"] if beyond else []
