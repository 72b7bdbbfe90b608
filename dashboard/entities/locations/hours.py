"""Opening hours in words and as a bar of the day."""

from typing import TypeGuard

from django.utils.translation import gettext as _

from dashboard.web.formatting import NOTHING

DAY = 24


def clock(hour: object) -> str:
    """Hour of the day as people write it; anything else as it came."""
    if _is_hour(hour):
        return f"{hour:02}:00"
    return NOTHING if hour is None else str(hour)


def text(opens: object, closes: object) -> str:
    if opens is None and closes is None:
        return NOTHING
    if closes is None:
        return _("from %(hour)s") % {"hour": clock(opens)}
    if opens is None:
        return _("until %(hour)s") % {"hour": clock(closes)}
    span = f"{clock(opens)}–{clock(closes)}"
    overnight = _is_hour(opens) and _is_hour(closes) and closes < opens
    return _("%(span)s, overnight") % {"span": span} if overnight else span


def bar(opens: object, closes: object) -> list[dict[str, int]]:
    """Open part of a day: one piece, or two where it closes on the next day. Nothing where it is not known."""
    if not (_is_hour(opens) and _is_hour(closes)) or opens == closes:
        return []
    pieces = [(opens, closes)] if opens < closes else [(0, closes), (opens, DAY)]
    return [{"x": start, "width": end - start} for start, end in pieces if end > start]


def _is_hour(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= DAY
