"""A coupon code that may not be what was meant is asked about, and goes out as the person chose."""

from collections.abc import Callable

import pytest

from dashboard.actions.bulk.models import Batch
from dashboard.actions.coupon_code import as_typed_plainly
from dashboard.actions.models import Act
from tests.support.actions import WHY, start
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

START = start("apply-coupon")
DOUBTFUL = {
    "SPRING–30": "SPRING-30",
    "SPRING\u200b-30": "SPRING-30",
    "SPRING\u202e-30": "SPRING-30",
    "SPRING\xa030": "SPRING 30",
    "ＳＰＲＩＮＧ-30": "SPRING-30",
    "SPRІNG-30": "SPRING-30",
    "КОД–30": "КОД-30",
    "L’ÉTÉ": "L'ÉTÉ",
}
CLEAR = ["SPRING-30", "spring_30", "ÉTÉ-30", "КОД-30", "\u05d0\u05d1-30", "50%"]


@pytest.fixture
def finance(sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]) -> CheckedClient:
    return signed_in("finance")


@pytest.mark.parametrize("code", DOUBTFUL)
def test_which_is_another_on_a_plain_keyboard(code: str) -> None:
    assert as_typed_plainly(code) == DOUBTFUL[code]
    assert as_typed_plainly(DOUBTFUL[code]) == DOUBTFUL[code]


@pytest.mark.parametrize("code", CLEAR)
def test_which_is_the_same_is_not_asked_about(code: str, finance: CheckedClient) -> None:
    assert finance.send(START, {**WHY, "code": code}).status_code == 302
    assert Act.objects.get().code == code


@pytest.mark.parametrize("around", ["\u200bSPRING-30\u200b", "\ufeff SPRING-30\u202c\n", "\xa0SPRING-30"])
def test_what_cannot_be_seen_around_it_means_nothing(around: str, finance: CheckedClient) -> None:
    assert finance.send(START, {**WHY, "code": around}).status_code == 302
    assert Act.objects.get().code == "SPRING-30"


@pytest.mark.parametrize("code", DOUBTFUL)
@pytest.mark.parametrize("path", [START, "/coupons/new/"])
def test_a_person_says_which(path: str, code: str, finance: CheckedClient) -> None:
    typed = {**WHY, "code": code, "organizations": "org_1001"}
    kept = Batch if path == "/coupons/new/" else Act
    asked = finance.send(path, typed)
    assert asked.status_code == 422
    assert not kept.objects.exists()
    page = asked.content.decode()
    assert page.count('type="radio" name="code_meant"') == 2
    assert "checked" not in page.partition('name="code_meant"')[2].partition("</fieldset>")[0]
    for meant in (DOUBTFUL[code], code):
        assert finance.send(path, {**typed, "code_meant": meant}).status_code == 302
        assert kept.objects.filter(code=meant).count() == 1
    assert finance.send(path, {**typed, "code_meant": "ANOTHER"}).status_code == 422
