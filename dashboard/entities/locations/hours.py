"""Opening hours in words and as a bar of the day."""

from typing import Any

from django.utils.translation import gettext as _

DAY = 24


def clock(hour: Any) -> str:
    """An hour of the day as people write it; anything else as it came."""
    if _is_hour(hour):
        return f"{hour:02}:00"
    return "—" if hour is None else str(hour)


def text(opens: Any, closes: Any) -> str:
    if opens is None and closes is None:
        return "—"
    if closes is None:
        return _("from %(hour)s") % {"hour": clock(opens)}
    if opens is None:
        return _("until %(hour)s") % {"hour": clock(closes)}
    span = f"{clock(opens)}–{clock(closes)}"
    if _is_hour(opens) and _is_hour(closes) and closes < opens:
        return _("%(span)s, overnight") % {"span": span}
    return span


def bar(opens: Any, closes: Any) -> list[dict[str, int]]:
    """The open part of a day: one piece, or two where it closes on the next day. Nothing where it is not known."""
    if not (_is_hour(opens) and _is_hour(closes)) or opens == closes:
        return []
    if opens < closes:
        return [{"x": opens, "width": closes - opens}]
    pieces = [{"x": 0, "width": closes}, {"x": opens, "width": DAY - opens}]
    return [piece for piece in pieces if piece["width"]]


def _is_hour(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= DAY
