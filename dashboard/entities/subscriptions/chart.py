"""Totals over time as a picture: rectangles for an inline SVG. The table beside it says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from dashboard.entities.subscriptions.money import amount

WIDTH, HEIGHT, THINNEST = 600.0, 56.0, 1.5


@dataclass(frozen=True)
class Bar:
    """Bar of a chart. `pale` is what nobody owes any more."""

    at: datetime
    total: int
    currency: str
    title: str
    date: str
    pale: bool = False


def draw(bars: Sequence[Bar]) -> dict[str, Any] | None:
    """Bar chart; None where it would say nothing, or would put two currencies on one scale."""
    if len(bars) < 2 or len({bar.currency for bar in bars}) > 1:
        return None
    ordered = sorted(bars, key=lambda bar: bar.at)
    highest, lowest = max(0, *(bar.total for bar in bars)), min(0, *(bar.total for bar in bars))
    if highest == lowest:
        return None
    zero = HEIGHT * (highest / (highest - lowest))
    width = max(THINNEST, WIDTH / len(bars) * 0.7)
    return {
        "view_box": f"0 0 {WIDTH:g} {HEIGHT:g}",
        "zero": f"{zero:.2f}",
        "right": f"{WIDTH:g}",
        "bars": [
            _drawn(bar, x, width, zero, highest - lowest)
            for bar, x in zip(ordered, _places(ordered, width), strict=True)
        ],
        "first": ordered[0].date,
        "last": ordered[-1].date,
        "text": _text(bars),
        "pale": any(bar.pale for bar in bars),
    }


def _places(bars: Sequence[Bar], width: float) -> list[float]:
    """Where each begins, by its moment; side by side where all have the same."""
    begins, ends = bars[0].at, bars[-1].at
    span = (ends - begins).total_seconds()
    room = WIDTH - width
    if not span:
        return [room * number / (len(bars) - 1) for number in range(len(bars))]
    return [room * ((bar.at - begins).total_seconds() / span) for bar in bars]


def _drawn(bar: Bar, x: float, width: float, zero: float, span: int) -> dict[str, Any]:
    height = HEIGHT * (abs(bar.total) / span)
    return {
        "x": f"{x:.2f}",
        "y": f"{zero - height if bar.total > 0 else zero:.2f}",
        "width": f"{width:.2f}",
        "height": f"{height:.2f}",
        "opacity": "0.3" if bar.pale else "1",
        "title": bar.title,
    }


def _text(bars: Sequence[Bar]) -> str:
    low, high = min(bars, key=lambda bar: bar.total), max(bars, key=lambda bar: bar.total)
    if low.total == high.total:
        return _("Each of these invoices is for %(total)s.") % {"total": amount(low.total, low.currency)}
    return _("The totals of these invoices, from %(low)s to %(high)s.") % {
        "low": amount(low.total, low.currency),
        "high": amount(high.total, high.currency),
    }
