"""Actions on money, as tests start, confirm and follow them."""

import re
from typing import Any

from dashboard.actions import draft
from dashboard.actions.models import Act
from dashboard.flowtly import Flowtly
from dashboard.upstream import connection
from tests.support.markup import Answer, CheckedClient
from tests.support.sandbox import Sandbox

TENANTS = {
    "org_1001": ("Kwelgeest Groep", "kwelgeest-groep", "kwelgeest_7f3a"),
    "org_1002": ("Maison Bérénice & Fils", "maison-berenice", "berenice_c41d"),
    "org_1003": ("Conceição & Irmãos, Lda.", "conceicao-irmaos", "conceicao_02be"),
    "org_1004": ("Rødgrød Håndværk ApS", "roedgroed-haandvaerk", "roedgroed_9e57"),
    "org_1006": ("De Lege Polder B.V.", "de-lege-polder", "polder_0b0b"),
}
WHY = {"reason": "goodwill", "note": "Asked for by phone."}


def api(organization: str = "org_1001") -> Flowtly:
    """The API asked directly, to see what it holds."""
    return connection.flowtly("what-it-holds").within(TENANTS[organization][2])


def coupon_on(sandbox: Sandbox, organization: str) -> str:
    """The coupon that the current subscription really has, whether or not the API shows it."""
    before = sandbox.settings()["discounts"]
    sandbox.settings(discounts="shown")
    found = api(organization).subscriptions.get(subscription_of(organization)).raw.get("discount") or {}
    sandbox.settings(discounts=before)
    return str(found.get("coupon", ""))


def subscription_of(organization: str) -> str:
    return organization.replace("org", "sub")


def start(kind: str, organization: str = "org_1001") -> str:
    where = {"apply-coupon": "coupon/apply", "clear-coupon": "coupon/clear"}
    return f"/o/{organization}/subscriptions/{where.get(kind, subscription_of(organization) + '/cancel')}/"


def typed(kind: str, organization: str) -> dict[str, str]:
    """What is typed to confirm it."""
    return {"slug": TENANTS[organization][1]} if kind == "cancel" else {}


def words(answer: Answer) -> str:
    """What a page says, without its markup."""
    page = answer.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.find("<main") :]))


def outcome(client: CheckedClient, answer: Answer) -> tuple[str, bool]:
    """The word on the page that comes of it, and whether it says that something shows."""
    page = (client.get(answer["Location"]) if answer.status_code == 302 else answer).content.decode()
    found = set(re.findall(r'data-outcome="([^"]+)"( data-visible="no")?', page))
    assert len(found) == 1, found
    ((word, unseen),) = found
    return word, not unseen


def writes(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [r for r in sandbox.requests() if r["method"] != "GET" and "/login" not in r["path"]]


def confirm(client: CheckedClient, act: Act, **fields: str) -> Answer:
    return client.send(draft.url(act, "confirm"), {**typed(act.kind, act.organization), **fields})
