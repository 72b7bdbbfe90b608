"""What an installation may set about the API: its unpublished names, and how long and how much we allow."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    """Names the published reference does not give; each can be changed without touching code.

    `login_path` and `tenant_header` come from a public connector (n8n); `tenant_field` was seen in a live
    list of organizations only; the rest are assumed. An empty `tenant_header` sends none at all.
    """

    login_path: str = "/login"
    tenant_header: str = "instance"
    tenant_field: str = "instance"
    coupon_field: str = "coupon"
    upload_field: str = "file"
    search_parameter: str = "q"
    enroll_fields: tuple[str, str] = ("tenantId", "clientId")
    footer_fields: tuple[str, ...] = ()
    config_value_field: str = "value"


@dataclass(frozen=True)
class Limits:
    """How long (seconds), how big (bytes) and how many (counts) a conversation with the API may be.

    `in_flight` is for each kind of call; one of which nothing has been answered within `wait` hangs.
    """

    connect: float = 2.0
    read: float = 5.0
    write: float = 5.0
    pool: float = 1.0
    read_total: float = 8.0
    write_total: float = 12.0
    in_flight: int = 8
    wait: float = 1.0
    body: int = 2 * 1024 * 1024
    attempts: int = 3
    backoff: float = 0.1
    backoff_most: float = 2.0
    retry_after_most: float = 5.0
    retry_share: float = 0.1
    retry_least: int = 3
    breaker: bool = True
    breaker_calls: int = 20
    breaker_window: float = 10.0
    breaker_share: float = 0.5
    breaker_refused: int = 5
    breaker_rest: float = 5.0
    breaker_rest_most: float = 60.0
    rest: float = 60.0
    renew_early: float = 30.0
    connections: int = 128
    keepalive: float = 5.0
