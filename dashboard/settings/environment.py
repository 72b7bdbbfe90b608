"""Environment variables, as settings read them: stripped, and refused in words where they cannot be meant.

django-environ reads `.env` and the two URLs. Its casts are not used: to it "onn" is off, "8s" is 8, and a password
that begins with a dollar sign is the name of another variable.
"""

import math
import os
from collections.abc import Collection, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network

from django.core.exceptions import ImproperlyConfigured

KEY_LENGTH = 50
ON, OFF = ("on", "true", "yes", "1"), ("off", "false", "no", "0")


def text(name: str, default: str = "") -> str:
    """As it stands, without the blanks around it; the default only where it is not set at all."""
    return os.environ.get(name, default).strip()


def password(name: str) -> str:
    """As it stands, to the last blank."""
    return os.environ.get(name, "")


def required(name: str, why: str) -> str:
    value = text(name)
    if not value:
        raise missing(name, why)
    return value


def missing(name: str, why: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} is not set: {why}. `make run` sets it for a try-out on the sandbox.")


def key(name: str, value: str) -> str:
    """A key that seals something. One that can be guessed lets anybody make what it seals."""
    if len(value) < KEY_LENGTH:
        raise ImproperlyConfigured(
            f"{name} has {len(value)} characters and needs at least {KEY_LENGTH}. One is made by: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return value


def flag(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    if value and value not in ON + OFF:
        raise ImproperlyConfigured(f"{name} is {value!r}. Say on or off.")
    return value in ON if value else default


def whole(name: str, default: int, least: int = 1, most: int | None = None) -> int:
    return int(_within(name, int, "a whole number", default, least, most))


def seconds(name: str, default: float) -> float:
    return _within(name, float, "a number of seconds", default, 0.001, 24 * 3600.0)


def choice(name: str, default: str, known: Collection[str]) -> str:
    return _known(name, text(name) or default, known)


def words(
    name: str, default: Sequence[str] = (), known: Collection[str] | None = None, why: str = ""
) -> list[str]:
    """A list, separated by commas; with `why` it has to be set. One word that is not `known` refuses all of it: what
    it was meant to switch on would stay off without a sign."""
    found = [word for each in text(name).split(",") if (word := each.strip())] or list(default)
    if why and not found:
        raise missing(name, why)
    return found if known is None else [_known(name, word, known) for word in found]


def proxies(name: str) -> list[IPv4Network | IPv6Network | str]:
    """Addresses and networks, or `unix`. Everybody is no proxy."""
    found: list[IPv4Network | IPv6Network | str] = []
    for word in words(name):
        try:
            network = ip_network(word) if word != "unix" else word
        except ValueError:
            network = None
        if network is None or (not isinstance(network, str) and not network.prefixlen):
            raise ImproperlyConfigured(
                f"{name} does not know {word!r}. It takes addresses, networks such as 10.0.0.0/24, and unix."
            )
        found.append(network)
    return found


def this_machine(host: str) -> bool:
    """Whether a name, as a URL or ALLOWED_HOSTS has it, can be none but this machine's own."""
    return host.strip("[]").lower() in {"localhost", "127.0.0.1", "::1"}


def field_names(name: str, default: Sequence[str] = ()) -> list[str]:
    """A list of names of fields, in the API's spelling."""
    found = words(name, default)
    if wrong := next((each for each in found if not each.replace("-", "_").isidentifier()), ""):
        raise ImproperlyConfigured(f"{name} names {wrong!r}, which cannot be the name of a field.")
    return found


def _known(name: str, value: str, known: Collection[str]) -> str:
    if value not in known:
        choices = f" It takes: {', '.join(known)}." if len(known) < 20 else ""
        raise ImproperlyConfigured(f"{name} does not know {value!r}.{choices}")
    return value


def _within(
    name: str, cast: type[int] | type[float], what: str, default: float, least: float, most: float | None
) -> float:
    try:
        value = cast(text(name) or default)
    except ValueError:
        value = math.nan
    if not (value >= least and (most is None or value <= most)):
        bounds = f"at least {least}" if most is None else f"{least} to {most}"
        raise ImproperlyConfigured(f"{name} is {text(name)!r}. It takes {what}, {bounds}.")
    return value
