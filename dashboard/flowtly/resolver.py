"""Host names to addresses, within a time: the system's own look-up cannot be interrupted."""

import ipaddress
import socket
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime

_asked: dict[tuple[str, int], Future[list[str]]] = {}
_lock = threading.Lock()


def addresses(host: str, port: int, timeout: float) -> list[str]:
    """All addresses of a host, best first. OSError if it has none, TimeoutError if none were found in time.

    One look-up per host at a time: however many wait for a name server that hangs, one thread hangs with it.
    """
    if _is_address(host):
        return [host]
    with _lock:
        asked = _asked.get((host, port)) or _ask(host, port)
    try:
        return asked.result(timeout)
    except NotInTime:
        raise TimeoutError(host) from None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _ask(host: str, port: int) -> Future[list[str]]:
    asked: Future[list[str]] = Future()
    _asked[host, port] = asked
    threading.Thread(target=_look_up, args=(host, port, asked), daemon=True).start()
    return asked


def _look_up(host: str, port: int, asked: Future[list[str]]) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        _forget(host, port)
        asked.set_exception(error if isinstance(error, OSError) else OSError("not a host name"))
    else:
        _forget(host, port)
        asked.set_result(list(dict.fromkeys(str(entry[4][0]) for entry in found)))


def _forget(host: str, port: int) -> None:
    with _lock:
        _asked.pop((host, port), None)
