"""Signing in: HS256 tokens with an expiry, and the words a refused one is answered with."""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import threading
import time
from typing import Any


class Unacceptable(Exception):  # noqa: N818 - an outcome, not a mistake
    """A token that does not open the door; the message is what the caller reads."""


class Tokens:
    def __init__(self, username: str, password: str, long_lived: str | None = None) -> None:
        self._username = username
        self._password = password
        self._long_lived = long_lived
        self._key = secrets.token_bytes(32)
        self._generation = 0
        self._lock = threading.Lock()

    def sign_in(self, username: str, password: str, ttl: float) -> str:
        """A new token, or Unacceptable."""
        right_name = hmac.compare_digest(username.encode(), self._username.encode())
        right_word = hmac.compare_digest(password.encode(), self._password.encode())
        if not (right_name and right_word):
            raise Unacceptable("Invalid credentials.")
        return self._signed({"username": username, "roles": ["ROLE_USER"]}, ttl)

    def check(self, authorization: str | None) -> None:
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unacceptable("JWT Token not found")
        if self._long_lived and hmac.compare_digest(token.strip().encode(), self._long_lived.encode()):
            return
        self._check_signed(token.strip())

    def revoke_all(self) -> None:
        with self._lock:
            self._generation += 1

    def _signed(self, claims: dict[str, Any], ttl: float) -> str:
        now = time.time()
        exp = now + ttl
        claims |= {
            "iat": int(now),
            "exp": int(exp) if ttl == int(ttl) else exp,
            "generation": self._generation,
            "jti": secrets.token_hex(8),
        }
        unsigned = _part({"typ": "JWT", "alg": "HS256"}) + "." + _part(claims)
        return unsigned + "." + self._signature(unsigned)

    def _check_signed(self, token: str) -> None:
        unsigned, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(unsigned).encode()):
            raise Unacceptable("Invalid JWT Token")
        claims = _claims(unsigned)
        if claims.get("generation") != self._generation:
            raise Unacceptable("Invalid JWT Token")
        if claims.get("exp", 0) <= time.time():
            raise Unacceptable("Expired JWT Token")

    def _signature(self, unsigned: str) -> str:
        digest = hmac.new(self._key, unsigned.encode("utf-8", "replace"), hashlib.sha256).digest()
        return _encoded(digest)


def _part(value: dict[str, Any]) -> str:
    return _encoded(json.dumps(value, separators=(",", ":")).encode())


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _claims(unsigned: str) -> dict[str, Any]:
    try:
        body = unsigned.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (IndexError, ValueError, binascii.Error):
        raise Unacceptable("Invalid JWT Token") from None
    return claims if isinstance(claims, dict) else {}
