"""Which Flowtly this process talks to. Nothing else knows."""

import time
from collections.abc import Callable
from functools import cache
from hashlib import sha256

from django.conf import settings

from dashboard.flowtly import Connection, Flowtly, Limits, Login, Names, Token
from dashboard.flowtly.listeners import Listener
from dashboard.flowtly.reads import LastRead
from dashboard.flowtly.resources.organizations import Organization
from dashboard.flowtly.writes import OnWrite
from dashboard.upstream.cache import Store, forget_all
from dashboard.upstream.memory import Memory

# Which setting says what of the API, for whoever has to tell people what to change.
SETTINGS = {
    "base_url": "FLOWTLY_BASE_URL",
    "login_path": "FLOWTLY_LOGIN_PATH",
    "tenant_header": "FLOWTLY_TENANT_HEADER",
    "tenant_field": "FLOWTLY_TENANT_FIELD",
    "coupon_field": "FLOWTLY_COUPON_FIELD",
    "upload_field": "FLOWTLY_UPLOAD_FIELD",
    "search_parameter": "FLOWTLY_SEARCH_PARAMETER",
    "enroll_fields": "FLOWTLY_ENROLL_FIELDS",
    "footer_fields": "FLOWTLY_FOOTER_FIELDS",
    "config_value_field": "FLOWTLY_CONFIG_FIELD",
    "config_keys": "FLOWTLY_CONFIG_KEYS_PARAMETER",
}
TEN_MINUTES = 600.0  # what is drawn around a page may be this old, a record page never is

_listeners: list[Callable[[Names], Listener]] = []
_organizations: Store[str, tuple[float, Organization]] = Store(TEN_MINUTES, 500)


@cache
def connection() -> Connection:
    """The one pool, token and bulkhead of this process, made at its first use (so after any fork)."""
    limits = Limits(
        read_total=settings.FLOWTLY_READ_TIMEOUT,
        write_total=settings.FLOWTLY_WRITE_TIMEOUT,
        in_flight=settings.FLOWTLY_IN_FLIGHT,
        breaker=settings.FLOWTLY_BREAKER,
    )
    return Connection(
        address(), credentials(), names(), limits, [make(names()) for make in _listeners], memory
    )


def listen(make: Callable[[Names], Listener]) -> None:
    """From now on every connection has a listener made by this. For applications, when they start."""
    _listeners.append(make)


def address() -> str:
    return str(settings.FLOWTLY_BASE_URL)


def names() -> Names:
    tenant_id, client_id = settings.FLOWTLY_ENROLL_FIELDS
    return Names(
        login_path=settings.FLOWTLY_LOGIN_PATH,
        tenant_header=settings.FLOWTLY_TENANT_HEADER,
        tenant_field=settings.FLOWTLY_TENANT_FIELD,
        coupon_field=settings.FLOWTLY_COUPON_FIELD,
        upload_field=settings.FLOWTLY_UPLOAD_FIELD,
        search_parameter=settings.FLOWTLY_SEARCH_PARAMETER,
        enroll_fields=(tenant_id, client_id),
        footer_fields=tuple(settings.FLOWTLY_FOOTER_FIELDS),
        config_value_field=settings.FLOWTLY_CONFIG_FIELD,
    )


def credentials() -> Login | Token:
    if settings.FLOWTLY_TOKEN:
        return Token(settings.FLOWTLY_TOKEN)
    return Login(settings.FLOWTLY_USERNAME, settings.FLOWTLY_PASSWORD)


def identity() -> str:
    """Which API, as whom, and by which tenant header: what one told is not what another would."""
    account = settings.FLOWTLY_USERNAME or sha256(settings.FLOWTLY_TOKEN.encode()).hexdigest()
    return " ".join([address(), account, settings.FLOWTLY_TENANT_HEADER])


# What was learnt of it, by whichever process.
memory = Memory(lambda: f"{identity()} {names()}")


def config_keys() -> str | None:
    """The parameter that a list of configs is asked with, where it has to be."""
    return settings.FLOWTLY_CONFIG_KEYS_PARAMETER if settings.FLOWTLY_CONFIG_KEYS else None


def used() -> Connection | None:
    """The connection, if this process has needed one so far."""
    return connection() if connection.cache_info().currsize else None


def flowtly(request_id: str, on_write: OnWrite | None = None, last_read: LastRead | None = None) -> Flowtly:
    """The API as one request sees it, before it is known whose data it is about. `on_write` hears of each write,
    `last_read` stands in for reads where the API is away."""
    return Flowtly(connection(), request_id=request_id, on_write=on_write, last_read=last_read)


def organization(api: Flowtly, organization_id: str, *, fresh: bool = False) -> Organization:
    """The organization, as the frame around its pages shows it: read at most every ten minutes, and again once
    something of it was written."""
    at, kept = _organizations.get(organization_id) or (0.0, None)
    if kept and not fresh and not memory.written_since(organization_id, time.monotonic() - at):
        return kept
    at, read = time.monotonic(), api.organizations.get(organization_id)
    if not api.stale:  # what is given instead of an answer is one person's, and not of now
        _organizations.set(organization_id, (at, read))
    return read


def forget() -> None:
    """Starts anew with the settings as they are now."""
    if connection.cache_info().currsize:
        connection().close()
    connection.cache_clear()
    memory.forget()
    forget_all()
