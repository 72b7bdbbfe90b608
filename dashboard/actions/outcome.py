"""What a subscription tells of an act on money: whether it was done, was not, or cannot be told. Pure functions over
what Flowtly answered before and answers now.

No discount is part of the published record. Where none has ever been shown, silence is no answer.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from dashboard.audit.models import Outcome
from dashboard.upstream.merge import same

Raw = Mapping[str, Any]

DISCOUNTS = ("discount", "discounts", "coupon")
CANCELLED = {"cancelled", "canceled"}
# What an organization has that goes when it is cleared, and nothing else takes away: counted, as `counting` does.
DESTROYED = ("locations", "clients", "meetings")
# The fields that could tell anything, kept with an act whose answer is lost.
WATCHED = ("status", "active", *DISCOUNTS, *DESTROYED)


def watched(raw: Raw) -> dict[str, Any]:
    return {name: raw[name] for name in WATCHED if name in raw}


def applied(was: Raw, now: Raw, code: str) -> Outcome:
    """Done where a discount names the code and did not before, or is another one by now."""
    if same(discount(was), discount(now)):
        unmoved = shows_discounts(was) and not _names(discount(was), code)
        return Outcome.NOT_APPLIED if unmoved else Outcome.UNKNOWN
    return Outcome.APPLIED if _names(discount(now), code) else Outcome.UNKNOWN


def cleared(was: Raw, now: Raw, _code: str = "") -> Outcome:
    """Done where there was a discount and is none. Where none was shown, none can be seen to go."""
    if not discount(was):
        return Outcome.UNKNOWN
    if not discount(now):
        return Outcome.APPLIED
    return Outcome.NOT_APPLIED if same(discount(was), discount(now)) else Outcome.UNKNOWN


def cancelled(was: Raw, now: Raw, _code: str = "") -> Outcome:
    """Done where the state is cancelled and was not, or it is active no more."""
    if not tells_cancelling(was):
        return Outcome.UNKNOWN
    if now.get("status") in CANCELLED or (was.get("active") is True and now.get("active") is False):
        return Outcome.APPLIED
    unmoved = all(same(was.get(name), now.get(name)) for name in ("status", "active"))
    return Outcome.NOT_APPLIED if unmoved else Outcome.UNKNOWN


def emptied(was: Raw, now: Raw, _code: str = "") -> Outcome:
    """Done where there was something to destroy and some of it is gone: there is no other way to be rid of it."""
    had = [name for name in DESTROYED if was.get(name)]
    if any(now.get(name) == 0 for name in had):
        return Outcome.APPLIED
    unmoved = had and all(same(was[name], now.get(name)) for name in had)
    return Outcome.NOT_APPLIED if unmoved else Outcome.UNKNOWN


def may_show(_raw: Raw) -> bool:
    """A discount may come to show on a record that never had one."""
    return True


def shows_discounts(raw: Raw) -> bool:
    """Whether this API says anything of discounts. A field that is left out may be null, or not there at all."""
    return any(name in raw for name in DISCOUNTS)


def shows_a_discount(raw: Raw) -> bool:
    return bool(discount(raw))


def tells_cancelling(raw: Raw) -> bool:
    """Whether it would show: it is not cancelled already, and says what it is."""
    running = raw.get("active") is True or isinstance(raw.get("status"), str)
    return running and raw.get("status") not in CANCELLED


def has_something(raw: Raw) -> bool:
    return any(raw.get(name) for name in DESTROYED)


def discount(raw: Raw) -> dict[str, Any]:
    """What is shown under the likely names; empty where nothing is."""
    return {name: raw[name] for name in DISCOUNTS if raw.get(name) not in (None, "", [], {})}


def _names(found: Any, code: str) -> bool:
    return code in _texts(found)


def _texts(value: Any) -> Iterator[str]:
    """Every text in it, and the last part of every address."""
    if isinstance(value, str):
        yield value
        yield value.rpartition("/")[2]
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
