"""Token of this process: fetched once however many ask for it, renewed before it expires, kept in memory only.

It is a JWT that lives 3600 s by default and cannot be refreshed (LexikJWTAuthenticationBundle); its `exp` can be
read without the key.
"""

import base64
import binascii
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from copy import copy
from dataclasses import dataclass

from dashboard.flowtly import deadline, strict_json
from dashboard.flowtly.credentials import Login, Token
from dashboard.flowtly.errors import FlowtlyError, NotSignedIn, OutOfTime
from dashboard.flowtly.names import Limits


@dataclass(frozen=True)
class TokenState:
    """What may be told of a token. `kind`: "login", "long-lived", or "none"; moments in seconds since 1970, None
    where there is no such moment: no token yet, one that never ends, no rest."""

    kind: str
    since: float | None = None
    until: float | None = None
    resting_until: float | None = None


class Tokens:
    """`sign_in` gives a token for a login, or raises NotSignedIn where it was refused: then it rests a while.
    `clock` is monotonic, in seconds."""

    def __init__(
        self,
        credentials: Login | Token | None,
        sign_in: Callable[[Login], str],
        limits: Limits,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.clock = clock
        self._credentials = credentials
        self._sign_in = sign_in
        self._limits = limits
        self._lock = threading.Lock()
        self._flight: Future[str] | None = None  # the sign-in under way, for all who wait for it
        self._token = credentials.value if isinstance(credentials, Token) else None
        self._good_until = float("inf")
        self._since: float | None = None
        self._rest_until = 0.0
        self._trouble_until = 0.0

    def current(self) -> str | None:
        """A token that is not about to expire; None if we have no credentials. May sign in."""
        if not isinstance(self._credentials, Login):
            return self._token
        with self._lock:
            if self._held():
                return self._token
            self._refuse_while_resting()
            flight, leads = self._flight or Future(), self._flight is None
            self._flight = flight
        if leads:
            self._fetch(self._credentials, flight)
        return self._landed(flight, leads)

    def instead_of(self, refused: str | None) -> str | None:
        """Another token than the one the API refused; None if there is none to be had. May sign in."""
        if not isinstance(self._credentials, Login):
            return None
        with self._lock:
            if self._token == refused:
                if self.clock() < self._trouble_until:
                    return None
                self._token = None
        return self.current()

    def fresh_one_was_refused(self) -> None:
        """Signing in did not help. It will not help the next caller either, so it rests a while."""
        with self._lock:
            self._trouble_until = self.clock() + self._limits.rest

    def secrets(self) -> tuple[str, ...]:
        """What must never appear in a message."""
        password = self._credentials.password if isinstance(self._credentials, Login) else None
        return tuple(secret for secret in (self._token, password) if secret)

    def state(self) -> TokenState:
        """Since when the token is held, and until when it is good; never the token itself. Signs nobody in."""
        with self._lock:
            token, since = self._token, self._since
        if self._credentials is None:
            return TokenState("none")
        if isinstance(self._credentials, Token):
            return TokenState("long-lived", until=_claimed(token or "", "exp"))
        rest = self._rest_until - self.clock()
        resting = time.time() + rest if rest > 0 else None
        if token is None or since is None:
            return TokenState("login", resting_until=resting)
        life = _life(token)
        return TokenState("login", since, None if life is None else since + life, resting)

    def _held(self) -> bool:
        return self._token is not None and self.clock() < self._good_until

    def _refuse_while_resting(self) -> None:
        left = self._rest_until - self.clock()
        if left > 0:
            raise NotSignedIn("Flowtly refused this dashboard's credentials a moment ago.", retry_after=left)

    def _fetch(self, login: Login, flight: Future[str]) -> None:
        """Signs in for all who wait, whatever interrupts the one who does it."""
        failure: BaseException = OutOfTime()
        token = None
        try:
            token = self._sign_in(login)
        except FlowtlyError as error:
            failure = error
        finally:
            with self._lock:
                self._flight = None
                if token is not None:
                    self._token, self._since = token, time.time()
                    self._good_until = self.clock() + _good_for(token, self._limits.renew_early)
                elif isinstance(failure, NotSignedIn):
                    self._rest_until = self.clock() + self._limits.rest
            if token is None:
                flight.set_exception(failure)
            else:
                flight.set_result(token)

    def _landed(self, flight: Future[str], leads: bool) -> str | None:
        try:
            return flight.result(deadline.remaining())
        except TimeoutError:
            raise OutOfTime("There was no time left to wait for signing in.") from None
        except FlowtlyError as error:
            # The one who signed in had no time left; whoever waited may have some.
            if isinstance(error, OutOfTime) and not leads:
                return self.current()
            # Each waiting thread raises a copy: one exception raised in many threads mixes their tracebacks.
            raise copy(error) from None


def _good_for(token: str, early: float) -> float:
    """Seconds until it is renewed: before `exp`, by the issuer's clock where it tells its own."""
    life = _life(token)
    return float("inf") if life is None else life - min(early, life / 5)


def _life(token: str) -> float | None:
    """Seconds a JWT has to live; None for a token that is no JWT or never expires."""
    expires, issued = _claimed(token, "exp"), _claimed(token, "iat")
    if expires is None:
        return None
    return max(0.0, expires - (time.time() if issued is None else issued))


def _claimed(token: str, name: str) -> float | None:
    """A moment that a JWT names, in seconds since 1970; None for a token that is no JWT or names none."""
    try:
        middle = token.split(".")[1]
        claims = strict_json.parse(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (IndexError, binascii.Error, ValueError, strict_json.BadBody):
        return None
    value = claims.get(name) if isinstance(claims, dict) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
