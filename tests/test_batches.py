"""A coupon for several organizations: what was pasted, the rehearsal, one call per row whatever happens, and what came
of each."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from tests.markup import CheckedClient, hidden_of
from tests.sandbox.running import Sandbox

NEW = "/coupons/new/"
WHY = {"code": "SPRING-30", "reason": "campaign", "note": "Spring campaign, agreed with sales."}
SENT = re.compile(r"POST .*/subscriptions/apply-coupon")


@pytest.fixture
def finance(sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]) -> CheckedClient:
    return signed_in("finance")


def pasted(client: CheckedClient, *organizations: str, **typed: str) -> str:
    """The address of the rehearsal of these."""
    answer = client.send(NEW, {**WHY, "organizations": "\n".join(organizations), **typed})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def text(html: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", html).split()))


def rows(page: str) -> list[str]:
    return [text(row) for row in re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2], re.DOTALL)]


def test_rehearses(finance: CheckedClient, sandbox: Sandbox) -> None:
    url = pasted(finance, "org_1001", "maison-berenice", "nobody", "org_1006", "kwelgeest-groep")
    page = finance.get(url).content.decode()
    assert "Apply SPRING-30 to 2 organizations" in page
    answer = finance.post(url, {**hidden_of(page), "rows": ["1", "2"], "confirm": "1"})
    page = finance.get(url).content.decode()
    assert len(rows(page)) == 5
