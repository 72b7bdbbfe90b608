"""Credentials: who we are to the API."""

import re
from dataclasses import dataclass, field

_FIT_FOR_A_HEADER = re.compile(r"[\x21-\x7e]{1,8192}")


@dataclass(frozen=True)
class Login:
    """A technical user of the API."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Token:
    """A long-lived token issued for this dashboard (assumed: the API issues such)."""

    value: str = field(repr=False)

    def __post_init__(self) -> None:
        if not usable(self.value):
            raise ValueError("This token cannot be sent in a header.")


def usable(token: object) -> bool:
    return isinstance(token, str) and _FIT_FOR_A_HEADER.fullmatch(token) is not None
