from collections.abc import Callable
from typing import Any

import pytest

from dashboard.accounts.models import Person
from dashboard.actions.models import Act
from tests.support.actions import TENANTS, WHY, subscription_of
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox


@pytest.fixture
def finance(sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]) -> CheckedClient:
    return signed_in("finance")


@pytest.fixture
def make_draft(people: dict[str, Person]) -> Callable[..., Act]:
    """An act that has its reason and is not confirmed yet."""

    def make(kind: str = "apply-coupon", organization: str = "org_1001", **more: Any) -> Act:
        number = Act.objects.count()
        code = "SPRING-30" if kind == "apply-coupon" else ""
        record = subscription_of(organization)
        fields = {"code": code, "person": people["finance"], "record": record, **WHY, **more}
        return Act.objects.create(
            id=f"act-{number}",
            kind=kind,
            organization=organization,
            organization_name=TENANTS[organization][0],
            **fields,
        )

    return make
