"""JSON web tokens: signing in, checking, and the words a refused one is answered with."""

import hmac
import secrets
import time

import jwt

from dashboard.sandbox.refusals import Refusal


class Tokens:
    def __init__(self, username: str, password: str, long_lived: str | None = None) -> None:
        self._username = username
        self._password = password
        self._long_lived = long_lived
        self._key = secrets.token_bytes(32)

    def sign_in(self, username: str, password: str, ttl: float) -> str:
        """A new token, or a refusal."""
        if not (_same(username, self._username) and _same(password, self._password)):
            raise Refusal(401, "Invalid credentials.")
        now = time.time()
        claims = {
            "username": username,
            "roles": ["ROLE_USER"],
            "iat": int(now),
            "exp": int(now + ttl),
            "jti": secrets.token_hex(8),
        }
        return jwt.encode(claims, self._key, "HS256")

    def check(self, authorization: str | None) -> None:
        scheme, _, token = (authorization or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise Refusal(401, "JWT Token not found")
        if self._long_lived and _same(token, self._long_lived):
            return
        try:
            jwt.decode(token, self._key, algorithms=["HS256"])
        except jwt.ExpiredSignatureError:
            raise Refusal(401, "Expired JWT Token") from None
        except jwt.InvalidTokenError:
            raise Refusal(401, "Invalid JWT Token") from None

    def revoke_all(self) -> None:
        self._key = secrets.token_bytes(32)


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
