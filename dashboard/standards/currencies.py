"""Minor units of the payment provider: how many of them make one unit of a currency.

Amounts of invoices and products are Stripe's. Stripe counts most currencies in hundredths, also those that ISO 4217
or CLDR give no decimals (RSD, HUF, TWD), and keeps ISK and UGX in hundredths for the sake of older callers.
Source: Stripe's page on supported currencies, its zero-decimal and three-decimal lists and its special cases.
"""

DECIMALS = 2
ZERO_DECIMAL = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
THREE_DECIMAL = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])


def decimals(currency: str) -> int:
    """The decimals of an amount in minor units; the code in capitals or not."""
    code = currency.upper()
    return 0 if code in ZERO_DECIMAL else 3 if code in THREE_DECIMAL else DECIMALS
