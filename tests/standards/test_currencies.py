"""Amounts in minor units, as the payment provider counts them."""

import pytest
from django.utils.translation import override

from dashboard.web.formatting import money

AMOUNTS = [
    (1234500, "RSD", "RSD12,345.00"),  # ISO 4217 has two decimals, CLDR none
    (1234500, "rsd", "RSD12,345.00"),
    (150, "HUF", "HUF1.50"),
    (50000, "TWD", "NT$500.00"),
    (500, "ISK", "ISK5.00"),  # without decimals since 2007, counted in hundredths all the same
    (500, "UGX", "UGX5.00"),
    (1234550, "EUR", "€12,345.50"),
    (-1234550, "EUR", "-€12,345.50"),
    (12345, "JPY", "¥12,345"),
    (12345, "CLP", "CLP12,345"),
    (12345, "MGA", "MGA12,345"),
    (12345, "KWD", "KWD12.345"),
    (12340, "TND", "TND12.340"),
    (10**20 + 1, "EUR", "€1,000,000,000,000,000,000.01"),
    (10**30 + 1, "EUR", f"{10**30 + 1} EUR"),  # more digits than can be grouped: as it came
]


@pytest.mark.parametrize(("minor_units", "currency", "text"), AMOUNTS)
def test_an_amount_is_counted_in_the_providers_minor_units(
    minor_units: int, currency: str, text: str
) -> None:
    assert money(minor_units, currency).replace("\xa0", " ").replace("CLP ", "CLP") == text


def test_the_decimals_do_not_depend_on_the_language() -> None:
    with override("nl"):
        assert money(1234500, "RSD").replace("\xa0", " ") == "RSD 12.345,00"
