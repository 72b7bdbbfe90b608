"""Client address: whose request it is, by the proxies in front that are trusted to say (`TRUSTED_PROXIES`)."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

THIS_MACHINE = "127.0.0.1"  # what comes over a unix socket comes from here
UNIX = "unix"

Address = IPv4Address | IPv6Address


def client_address(request: HttpRequest) -> str:
    """The nearest address that is no trusted proxy's. Every proxy adds the one it was asked by at the end of
    X-Forwarded-For; what stands before an address that is not trusted could have been written by anybody."""
    peer = request.META.get("REMOTE_ADDR", "")
    nearest = THIS_MACHINE if not peer else _shown(_parsed(peer)) or peer
    if not from_trusted_proxy(request):
        return nearest
    for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        address = _parsed(hop)
        if address is None:
            break
        nearest = _shown(address)
        if not _trusted(address):
            break
    return nearest


def from_trusted_proxy(request: HttpRequest) -> bool:
    """Whether what its headers say was set by a proxy of ours."""
    peer = request.META.get("REMOTE_ADDR", "")
    return _trusted(_parsed(peer) if peer else None)


def _trusted(address: Address | None) -> bool:
    if address is None:
        return UNIX in settings.TRUSTED_PROXIES
    return any(network != UNIX and address in network for network in settings.TRUSTED_PROXIES)


def _parsed(text: str) -> Address | None:
    """An address as a proxy writes it: with a port, in brackets, or an IPv4 one inside an IPv6 one."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _shown(address: Address | None) -> str:
    return str(address) if address is not None else ""
