"""Connection pool: sockets that never outlive the deadline.

httpx knows no total timeout (its own and httpcore's trackers keep asking for one), so the deadline is put
where it cannot be missed: into a network backend for httpcore's public `ConnectionPool`, which shortens the
timeout of every single connect, handshake, read and write to what is left.
"""

import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import httpcore
import httpx

from dashboard.flowtly import deadline, resolver
from dashboard.flowtly.names import Limits

SocketOptions = Iterable[httpcore.SOCKET_OPTION] | None

_SAME_ERROR: dict[type[Exception], type[httpx.TransportError]] = {
    httpcore.ConnectTimeout: httpx.ConnectTimeout,
    httpcore.ReadTimeout: httpx.ReadTimeout,
    httpcore.WriteTimeout: httpx.WriteTimeout,
    httpcore.PoolTimeout: httpx.PoolTimeout,
    httpcore.ConnectError: httpx.ConnectError,
    httpcore.ReadError: httpx.ReadError,
    httpcore.WriteError: httpx.WriteError,
    httpcore.RemoteProtocolError: httpx.RemoteProtocolError,
    httpcore.LocalProtocolError: httpx.LocalProtocolError,
    httpcore.UnsupportedProtocol: httpx.UnsupportedProtocol,
}


class Pool(httpx.BaseTransport):
    """Connections for reads are kept for the next one. A write gets one of its own: an idle one that dies under it
    would leave its outcome unknown, which costs a person more than a handshake costs a machine."""

    def __init__(self, limits: Limits, *, tls: bool) -> None:
        # The environment may name the certificates to trust (SSL_CERT_FILE); it may not name a proxy.
        context = httpx.create_ssl_context() if tls else None
        self._reads = _pool(context, limits, keep=limits.connections)
        self._writes = _pool(context, limits, keep=0)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        pool = self._reads if request.method == "GET" else self._writes
        with _as_httpx():
            response = pool.handle_request(_core_request(request))
        assert isinstance(response.stream, Iterable)
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Body(response.stream, response.close),
            extensions=response.extensions,
        )

    def close(self) -> None:
        self._reads.close()
        self._writes.close()


def _pool(context: ssl.SSLContext | None, limits: Limits, keep: int) -> httpcore.ConnectionPool:
    return httpcore.ConnectionPool(
        ssl_context=context,
        max_connections=limits.connections,
        max_keepalive_connections=keep,
        keepalive_expiry=limits.keepalive,
        network_backend=_Backend(),
    )


def _core_request(request: httpx.Request) -> httpcore.Request:
    assert isinstance(request.stream, httpx.SyncByteStream)
    url = request.url
    return httpcore.Request(
        method=request.method,
        url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )


class _Body(httpx.SyncByteStream):
    def __init__(self, pieces: Iterable[bytes], close: Callable[[], None]) -> None:
        self._pieces = pieces
        self._close = close

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx():
            yield from self._pieces

    def close(self) -> None:
        self._close()


@contextmanager
def _as_httpx() -> Iterator[None]:
    try:
        yield
    except tuple(_SAME_ERROR) as error:
        raise _SAME_ERROR[type(error)](str(error)) from error


class _Backend(httpcore.NetworkBackend):
    def __init__(self) -> None:
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: SocketOptions = None,
    ) -> httpcore.NetworkStream:
        with deadline.within(timeout if timeout is not None else 60.0):
            return _Stream(self._first_that_answers(host, port, local_address, socket_options))

    def _first_that_answers(
        self, host: str, port: int, local_address: str | None, socket_options: SocketOptions
    ) -> httpcore.NetworkStream:
        # The standard connect gives each address of a host the whole timeout anew; together they share it.
        failure: Exception = httpcore.ConnectError("no address")
        for address in _addresses(host, port):
            left = _left(None, httpcore.ConnectTimeout)
            try:
                return self._plain.connect_tcp(address, port, left, local_address, socket_options or [])
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


def _addresses(host: str, port: int) -> list[str]:
    try:
        return resolver.addresses(host, port, deadline.at_most(60.0))
    except TimeoutError:
        raise httpcore.ConnectTimeout("looking up the host took too long") from None
    except OSError as error:
        raise httpcore.ConnectError(str(error)) from error


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # The standard write waits the whole timeout anew after each part a slow receiver takes.
        connection: socket.socket = self._stream.get_extra_info("socket")
        rest = memoryview(buffer)
        while rest:
            connection.settimeout(_left(timeout, httpcore.WriteTimeout))
            try:
                rest = rest[connection.send(rest) :]
            except TimeoutError as error:
                raise httpcore.WriteTimeout(str(error)) from error
            except OSError as error:
                raise httpcore.WriteError(str(error)) from error

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _left(timeout: float | None, late: type[Exception]) -> float:
    left = deadline.at_most(timeout if timeout is not None else 60.0)
    if left <= 0:
        raise late("the deadline has passed")
    return left
