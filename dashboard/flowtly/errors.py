"""Everything that can go wrong between us and the API, as one tree.

    FlowtlyError
    ├── NotSent               surely nothing of this call reached the API
    │   ├── CannotConnect         refused, unreachable, TLS refused, no such host
    │   ├── Busy                  calls of this kind hang, and enough wait already
    │   ├── OutOfTime             the time for this page was spent before the call began
    │   ├── BadIdentifier         an id that cannot stand in a path
    │   ├── TenantUnknown         which organization's data to ask for is not known
    │   ├── AnotherTenant         the records read under the tenant header are another organization's
    │   ├── TenantUnproved        no record could be read that would tell whose they are
    │   ├── GivenUp               it failed over and over, so it is left alone for a while
    │   ├── KindGivenUp           the same of this kind of call; others are answered
    │   ├── ForeignAddress        another scheme, host or port than the API's
    │   ├── NotSignedIn           our credentials are missing, were refused, or rest after a refusal
    │   └── SignInFailed          signing in gave no usable answer
    ├── NoAnswer              it was sent, and no complete answer came back
    │   ├── Timeout
    │   ├── ConnectionLost        closed or reset before an answer
    │   │   └── Garbled               what came was not HTTP
    │   └── Truncated             the answer broke off
    ├── Answered              the API (or a proxy before it) said no
    │   ├── BadRequest 400 · Unauthorized 401 · Forbidden 403 · NotFound 404 · MethodNotAllowed 405
    │   ├── NotAcceptable 406 · Conflict 409 · TooLarge 413 · UnsupportedMediaType 415 · Invalid 422
    │   ├── TooManyRequests 429
    │   ├── ServerError 5xx
    │   │   └── Unavailable 502 503 504
    │   └── Unexpected            3xx and whatever has no name above
    ├── NothingThere          nothing of the API's is at the address that is set
    └── Unreadable            2xx, and its body is not what this call answers with
        └── AnotherRecord         it is a record of another id than the one asked for

For a write, `outcome_unknown` says whether it may have been done all the same.
"""
# ruff: noqa: N818 - named after what happened

from dataclasses import KW_ONLY, dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Violation:
    """A complaint about a field. `path` is the API's, may be dotted, indexed or empty (whole record)."""

    path: str
    message: str
    code: str = ""


@dataclass(eq=False, repr=False)
class FlowtlyError(Exception):
    """What is common to all: which call, what the server said, and whether it can have had an effect.

    `title` is ours, one plain English sentence; `detail` holds the server's own words as plain text,
    capped; `retry_after` is in seconds. `path` is without host and query.
    """

    sentence: ClassVar[str] = "The call to Flowtly failed."
    sent: ClassVar[bool] = True

    title: str = ""
    _: KW_ONLY
    method: str = ""
    path: str = ""
    status: int | None = None
    request_id: str = ""
    detail: str = ""
    violations: tuple[Violation, ...] = ()
    outcome_unknown: bool = False
    retry_after: float | None = None

    def __post_init__(self) -> None:
        self.title = self.title or self.sentence

    def __str__(self) -> str:
        call = f"{self.method} {self.path}".strip()
        words = [f"{call}:" if call else "", str(self.status or ""), self.title, self.detail]
        return " ".join(word for word in words if word)


class NotSent(FlowtlyError):
    sentence = "Nothing was sent to Flowtly."
    sent = False


class CannotConnect(NotSent):
    sentence = "Flowtly cannot be reached."


class Busy(NotSent):
    sentence = "Too many calls of this kind are waiting for Flowtly already."


class GivenUp(NotSent):
    sentence = "Flowtly has not answered lately, so it is left alone for a moment."


class KindGivenUp(NotSent):
    sentence = "This part of Flowtly has not answered lately, so it is left alone for a moment."


class OutOfTime(NotSent):
    sentence = "There was no time left to ask Flowtly."


class BadIdentifier(NotSent):
    sentence = "This identifier cannot be used in an address."


class TenantUnknown(NotSent):
    sentence = "Which organization's data to ask for is not known."


@dataclass(eq=False, repr=False)
class AnotherTenant(NotSent):
    """`wanted` is the id of the organization that is meant, `found` the one that a record named."""

    sentence = "Flowtly answers with the records of another organization."

    _: KW_ONLY
    wanted: str = ""
    found: str = ""


@dataclass(eq=False, repr=False)
class TenantUnproved(NotSent):
    """`reason` is what kept a record from being read."""

    sentence = "Whose records Flowtly answers with could not be read."

    _: KW_ONLY
    reason: FlowtlyError | None = None


class ForeignAddress(NotSent):
    sentence = "This address is not the Flowtly API's."


class NotSignedIn(NotSent):
    sentence = "Flowtly does not accept this dashboard's credentials."


class SignInFailed(NotSent):
    sentence = "Signing in to Flowtly failed."


class NoAnswer(FlowtlyError):
    sentence = "Flowtly did not answer."


class Timeout(NoAnswer):
    sentence = "Flowtly did not answer in time."


class ConnectionLost(NoAnswer):
    sentence = "The connection to Flowtly broke before an answer came."


class Garbled(ConnectionLost):
    sentence = "What came over the connection to Flowtly was no answer."


class Truncated(NoAnswer):
    sentence = "Flowtly's answer broke off."


class NothingThere(FlowtlyError):
    sentence = "Flowtly is not at the address that is set."


class Unreadable(FlowtlyError):
    sentence = "Flowtly's answer cannot be read."


@dataclass(eq=False, repr=False)
class AnotherRecord(Unreadable):
    """`wanted` is the id that was asked for, `found` the one that the record bears."""

    sentence = "Flowtly gave another record than the one asked for."

    _: KW_ONLY
    wanted: str = ""
    found: str = ""


class Answered(FlowtlyError):
    sentence = "Flowtly refused."


class BadRequest(Answered):
    sentence = "Flowtly could not make sense of the request."


class Unauthorized(Answered):
    sentence = "Flowtly did not accept this dashboard's token."


class Forbidden(Answered):
    sentence = "Flowtly does not allow this."


class NotFound(Answered):
    sentence = "Flowtly has no such thing."


class MethodNotAllowed(Answered):
    sentence = "Flowtly does not offer this operation."


class NotAcceptable(Answered):
    sentence = "Flowtly cannot answer in a form this dashboard reads."


class Conflict(Answered):
    sentence = "Flowtly reports a conflict."


class TooLarge(Answered):
    sentence = "This is too large for Flowtly."


class UnsupportedMediaType(Answered):
    sentence = "Flowtly does not take this kind of content."


class Invalid(Answered):
    sentence = "Flowtly found mistakes."


class TooManyRequests(Answered):
    sentence = "Flowtly asks for fewer requests."


class ServerError(Answered):
    sentence = "Flowtly had an error of its own."


class Unavailable(ServerError):
    sentence = "Flowtly is not available."


class Unexpected(Answered):
    sentence = "Flowtly answered in a way this dashboard does not know."


BY_STATUS: dict[int, type[Answered]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    406: NotAcceptable,
    409: Conflict,
    413: TooLarge,
    415: UnsupportedMediaType,
    422: Invalid,
    429: TooManyRequests,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}


def by_status(status: int) -> type[Answered]:
    """The class for a status that is not 2xx."""
    return BY_STATUS.get(status, ServerError if status >= 500 else Unexpected)
